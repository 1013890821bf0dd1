"""What the actions of this room ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.addresses import Address
from vinculo.kernel.countries import country_choices
from vinculo.parties.kinds import titles_changed_by
from vinculo.parties.models import ContactPoint, Relation, Role
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.records.forms import ReferenceField
from vinculo.records.registry import entity


class PartyForm(forms.Form):
    """A form about one party, opened by one user."""

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Any = None
    ) -> None:
        super().__init__(data, files, initial=self.first_values(record))
        self.user, self.record = user, record

    def first_values(self, record: Any) -> dict[str, Any]:
        """What the inputs hold when the form is opened."""
        return {}


class _Labelled(PartyForm):
    label = CleanText(
        label=_("Label"), max_length=40, required=False, help_text=_("Work, mobile, billing…")
    )
    make_primary = forms.BooleanField(label=_("Use this one first"), required=False)


class AddPhoneForm(_Labelled):
    """A phone or fax number."""

    typed = CleanText(
        label=_("Phone"), max_length=60, widget=forms.TextInput(attrs={"type": "tel"})
    )
    field_order = ("typed", "label", "make_primary")


class AddEmailForm(_Labelled):
    """An e-mail address."""

    typed = CleanText(
        label=_("E-mail"), max_length=254, widget=forms.TextInput(attrs={"type": "email"})
    )
    field_order = ("typed", "label", "make_primary")


class AddSocialForm(_Labelled):
    """A name in a social network or messenger."""

    typed = CleanText(
        label=_("Name or address"),
        max_length=200,
        help_text=_("For example a LinkedIn address or a WeChat name."),
    )
    field_order = ("typed", "label", "make_primary")


class AddAddressForm(_Labelled):
    """A postal address in its parts."""

    street = CleanText(label=_("Street"), max_length=200, required=False)
    postal_code = CleanText(label=_("Postal code"), max_length=20, required=False)
    city = CleanText(label=_("City"), max_length=120, required=False)
    region = CleanText(label=_("Region"), max_length=120, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    field_order = (
        "street",
        "postal_code",
        "city",
        "region",
        "country",
        "label",
        "make_primary",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", "—"), *country_choices(get_language() or "en")]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]
        self.fields["street"].wide = True  # type: ignore[attr-defined]


def address_in(values: dict[str, Any]) -> Address:
    """The address that the cleaned values of an address form make."""
    return Address(
        street=values.get("street", ""),
        postal_code=values.get("postal_code", ""),
        city=values.get("city", ""),
        region=values.get("region", ""),
        country=values.get("country", ""),
    )


ADD_FORMS: dict[str, type[_Labelled]] = {
    "phone": AddPhoneForm,
    "email": AddEmailForm,
    "address": AddAddressForm,
    "social": AddSocialForm,
}


def edit_form(point: ContactPoint, data: Any, user: User) -> _Labelled:
    """The form that corrects a contact point: the one it was added with, filled in."""
    form = ADD_FORMS[point.kind](data, user=user, record=point.party)
    del form.fields["make_primary"]
    form.initial = {name: getattr(point, name) for name in form.fields if hasattr(point, name)}
    return form


class _AtWork(PartyForm):
    role = forms.ChoiceField(
        label=pgettext_lazy("in a company", "Role"), choices=Role.choices, initial=Role.EMPLOYEE
    )
    title = CleanText(label=_("Job title"), max_length=120, required=False)
    started_on = forms.DateField(
        label=_("Since"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not titles_changed_by(self.user):
            del self.fields["title"]


class AddPersonForm(_AtWork):
    """Who works in this company."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        people = ReferenceField(entity("parties.person"), self.user, label=_("Person"))
        self.fields = {"person": people, **self.fields}


class AddCompanyForm(_AtWork):
    """Where this person works."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        companies = ReferenceField(entity("parties.company"), self.user, label=_("Company"))
        self.fields = {"company": companies, **self.fields}


class SetParentForm(PartyForm):
    """The company above this one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["parent"] = ReferenceField(
            entity("parties.company"), self.user, label=_("Parent company"), required=False
        )

    def first_values(self, record: Any) -> dict[str, Any]:
        """The present parent."""
        return {"parent": record.parent_id} if record is not None else {}


class EndRelationForm(PartyForm):
    """When a person left a company."""

    ended_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class EditRelationForm(_AtWork):
    """What a person is in a company, and since when."""

    def first_values(self, record: Relation | None) -> dict[str, Any]:
        """What is noted now; the record is the relation itself."""
        if record is None:
            return {}
        return {"role": record.role, "title": record.title, "started_on": record.started_on}
