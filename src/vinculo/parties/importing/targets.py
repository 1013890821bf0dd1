"""The fields a file of companies or of people may fill."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vinculo.records.transfer.elsewhere import TARGET as ELSEWHERE
from vinculo.records.transfer.headers import Target

_CONTACT = (
    Target("email", _("E-mail"), "email", ("email",), multiple=True),
    Target("phone", _("Phone"), "phone", ("phone",), multiple=True),
    Target("mobile", _("Mobile"), "phone", ("mobile",)),
    Target("fax", _("Fax"), "phone", ("fax",)),
    Target("first_phone", _("Phone to call first"), "phone"),
    Target("social", _("Social network"), "text", multiple=True),
    Target("website", _("Website"), "url", ("website",)),
    Target("street", _("Street"), "text", ("street", "address")),
    Target("street_2", _("Street, second line"), "text", ("street_2",)),
    Target("city", _("City"), "text", ("city",)),
    Target("region", _("Region"), "text", ("region",)),
    Target("postal_code", _("Postal code"), "text", ("postal_code",)),
    Target("country", _("Country"), "country", ("country",)),
)
_COMMON = (
    Target("native_name", _("Name in another script"), "text"),
    Target("iban", _("Bank account (IBAN)"), "code"),
    Target("owner", _("Owner"), "user", ("owner",)),
    Target("source", _("Source"), "text", ("source",)),
    Target("value_class", _("Value class"), "value_class", ("value_class",)),
    Target("tags", _("Tags"), "list", ("tags",)),
    Target("language", _("Language"), "language", ("language",)),
    Target("description", _("Description"), "longtext", ("description",)),
)

COMPANY_TARGETS: tuple[Target, ...] = (
    Target("name", _("Company name"), "text", ("company_name", "name"), required=True),
    Target("external_id", _("External ID"), "code", ("company_id", "id")),
    ELSEWHERE,
    Target("tax_id", _("Tax ID"), "code", ("tax_id",)),
    Target("industry", _("Industry"), "text", ("industry",)),
    Target("size", _("Employees"), "integer", ("size",)),
    *_CONTACT,
    Target("contact_name", _("Contact: name"), "text", ("person_name",)),
    Target("contact_given_name", _("Contact: given name"), "text", ("given_name",)),
    Target("contact_family_name", _("Contact: family name"), "text", ("family_name",)),
    Target("contact_role", _("Contact: role"), "text", ("job_title", "title")),
    Target("parent", _("Parent company"), "text", ("parent",)),
    Target("parent_external_id", _("Parent company: external ID"), "code", ("parent_id",)),
    *_COMMON,
)

PERSON_TARGETS: tuple[Target, ...] = (
    Target("name", _("Full name"), "text", ("person_name", "name")),
    Target("given_name", _("Given name"), "text", ("given_name",)),
    Target("middle_name", _("Middle name"), "text", ("middle_name",)),
    Target("family_name", _("Family name"), "text", ("family_name",)),
    Target("second_family_name", _("Second family name"), "text", ("second_family_name",)),
    Target("salutation", _("Salutation"), "text", ("salutation",)),
    Target("external_id", _("External ID"), "code", ("person_id", "id")),
    ELSEWHERE,
    Target("tax_id", _("Tax ID"), "code", ("tax_id",)),
    *_CONTACT,
    Target("company", _("Company"), "text", ("company_name",)),
    Target("company_external_id", _("Company: external ID"), "code", ("company_ref",)),
    Target("role", _("Role in the company"), "text", ("job_title", "title")),
    Target("birthday", _("Birthday"), "date", ("birthday",)),
    Target("national_id", _("Identity document number"), "code"),
    Target("interests", _("Interests"), "list", ("interests",)),
    Target("picture", _("Picture"), "longtext", ("picture",)),
    *_COMMON,
)
