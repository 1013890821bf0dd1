"""The checks of companies and people; see `records.quality.checks`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vinculo.parties.models import ContactKind, ContactPoint
from vinculo.parties.quality.models import WrongTaxId
from vinculo.records.quality.checks import Check, declare

#: So many parties may share a phone (a switchboard) before it looks like a placeholder.
SHARED_BY = 5
OLDEST_YEARS = 120
PLACEHOLDERS = (
    r"^\s*((the )?test(ing)?|asdf\w*|qwer\w*|qwertz\w*|x{2,}|z{3,}|abc|foo|bar|foobar|dummy|sample|"
    r"example|none|null|nil|n/?a|unknown|tbd|todo|delete|prueba|ejemplo|desconocido|ninguno|"
    r"测试|測試|未知|无|無)\s*\d*\s*$"
)
_HAS_LETTERS = r"[[:upper:]].*[[:upper:]].*[[:upper:]].*[[:upper:]].*[[:upper:]].*[[:upper:]]"


def _points(*conditions: Q, **columns: object) -> Q:
    """The party has a contact point like this."""
    rows = ContactPoint.objects.filter(*conditions, **columns).order_by()
    return Q(pk__in=rows.values("party_id"))


def _phone_invalid(_at: datetime) -> Q:
    return _points(kind=ContactKind.PHONE, is_valid=False)


def _email_invalid(_at: datetime) -> Q:
    shape = Q(typed__regex=r"^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$")
    return _points(Q(is_valid=False) | ~shape, kind=ContactKind.EMAIL)


def _email_refused(_at: datetime) -> Q:
    return _points(kind=ContactKind.EMAIL, do_not_contact=True)


def _unreachable(_at: datetime) -> Q:
    return Q(phone="", email="")


def _phone_shared(_at: datetime) -> Q:
    phones = ContactPoint.objects.filter(kind=ContactKind.PHONE).exclude(value="")
    shared = phones.order_by().values("value").annotate(parties=Count("party", distinct=True))
    often = shared.filter(parties__gt=SHARED_BY).values("value")
    return _points(kind=ContactKind.PHONE, value__in=often)


def _name_placeholder(_at: datetime) -> Q:
    return Q(name__iregex=PLACEHOLDERS)


def _name_email(_at: datetime) -> Q:
    return Q(name__contains="@")


def _name_digits(_at: datetime) -> Q:
    return Q(name__regex="[0-9]")


def _name_capitals(_at: datetime) -> Q:
    # Six letters and more: IBM and SAP SE are called so.
    return Q(name__regex=_HAS_LETTERS) & Q(name=Upper("name")) & ~Q(name=Lower("name"))


def _birthday_odd(at: datetime) -> Q:
    today = timezone.localdate(at)
    oldest = today - timedelta(days=round(OLDEST_YEARS * 365.25))
    return Q(birthday__gt=today) | Q(birthday__lt=oldest)


def _tax_id_wrong(_at: datetime) -> Q:
    wrong = WrongTaxId.objects.filter(
        party_id=OuterRef("pk"), tax_id=OuterRef("tax_id"), country=OuterRef("country")
    )
    return Q(Exists(wrong))


BOTH = (
    Check("phone_invalid", _("Phone number not valid"),
          _("No country's numbers look like this: a digit is missing, or the country."),
          _phone_invalid, ("phone",), part="reach", among="phone", wide=True),
    Check("phone_shared", _("Phone number of many"),
          _("More than five records have the same number: often a placeholder."),
          _phone_shared, ("phone",), part="reach", among="phone", wide=True),
    Check("email_invalid", _("E-mail address not valid"),
          _("It has no domain with a dot, or breaks the rules of addresses."),
          _email_invalid, ("email",), part="reach", among="email", wide=True),
    Check("email_refused", _("E-mail refused"),
          _("They do not want to be written to at one of their addresses."),
          _email_refused, ("email",), part="reach", among="email", wide=True),
    Check("unreachable", _("Neither phone nor e-mail"),
          _("Nobody can call them or write to them."),
          _unreachable, ("phone", "email"), part="reach"),
    Check("name_placeholder", _("Placeholder instead of a name"),
          _("Test, asdf, xxx, unknown and the like."), _name_placeholder, ("name",)),
    Check("name_email", _("E-mail address in the name"),
          _("It belongs into the field for e-mail."), _name_email, ("name",)),
    Check("name_capitals", _("Name in capitals"),
          _("Six letters and more, all of them large."), _name_capitals, ("name",)),
    Check("tax_id_wrong", _("Tax id with a wrong check digit"),
          _("It breaks the rules of its country. Judged each night."),
          _tax_id_wrong, ("tax_id", "country"), among="tax_id", wide=True),
)  # fmt: skip
OF_PEOPLE = (
    Check("name_digits", _("Digits in the name"),
          _("Names of people have none."), _name_digits, ("name",)),
    Check("birthday_odd", _("Impossible birthday"),
          _("In the future, or more than 120 years ago."),
          _birthday_odd, ("birthday",), among="birthday"),
)  # fmt: skip

for _key, _checks in (("parties.company", BOTH), ("parties.person", (*BOTH, *OF_PEOPLE))):
    declare(_key, _checks, by=("source",), touched=("updated_at", "last_contact_at"))
