"""What can be compared, how, and in which words a rule and a hit are said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise

EXACT, FOLDED, PHONE, DOMAIN, SIMILAR, TAX = "exact", "folded", "phone", "domain", "similar", "tax"
HOW: dict[str, Words] = {
    EXACT: _("to the letter"),
    FOLDED: _("without case and accents"),
    PHONE: _("same number"),
    DOMAIN: _("same domain"),
    SIMILAR: _("similar"),
    TAX: _("same number"),
}


@dataclass(frozen=True)
class Compared:
    """Something two records may agree in: a field, or several that mean something only together."""

    label: Words
    how: tuple[str, ...]
    #: The fields it reads: their rules decide who may learn anything of it.
    fields: tuple[str, ...]
    #: The record types that have it.
    kinds: tuple[str, ...] = ("company", "person")
    #: The input that a refusal is shown at.
    at: str = ""


TEXT = (EXACT, FOLDED)
COMPARED: dict[str, Compared] = {
    "name": Compared(_("Name"), (FOLDED, EXACT, SIMILAR), ("name",)),
    "name_city": Compared(_("Name and city"), (FOLDED, SIMILAR), ("name", "city")),
    "tax_id": Compared(_("Tax id"), (TAX, EXACT), ("tax_id",)),
    "email": Compared(_("E-mail"), (FOLDED, DOMAIN), ("email",)),
    "phone": Compared(_("Phone"), (PHONE,), ("phone",)),
    "website": Compared(_("Website"), (DOMAIN,), ("website",)),
    "birthday": Compared(_("Birthday"), (EXACT,), ("birthday",), ("person",)),
    "external_id": Compared(_("External id"), TEXT, ("external_id",)),
    "native_name": Compared(_("Name in another script"), TEXT, ("native_name",)),
    "legal_name": Compared(_("Legal name"), TEXT, ("legal_name",), ("company",)),
    "given_name": Compared(_("First name"), TEXT, ("given_name",), ("person",)),
    "family_name": Compared(_("Family name"), TEXT, ("family_name",), ("person",)),
    "job_title": Compared(_("Job title"), TEXT, ("job_title",), ("person",)),
    "street": Compared(_("Street"), TEXT, ("street",)),
    "postal_code": Compared(_("Postal code"), TEXT, ("postal_code",)),
    "city": Compared(_("City"), TEXT, ("city",)),
}
#: Every field that some rule may read.
READ = tuple(dict.fromkeys(name for one in COMPARED.values() for name in one.fields))

_REASONS: dict[tuple[str, str], Words] = {
    ("tax_id", TAX): _("same tax id"),
    ("email", FOLDED): _("same e-mail"),
    ("email", DOMAIN): _("same e-mail domain"),
    ("phone", PHONE): _("same phone"),
    ("name", FOLDED): _("same name"),
    ("name", EXACT): _("same name"),
    ("name", SIMILAR): _("similar name"),
    ("name_city", FOLDED): _("same name in the same city"),
    ("name_city", SIMILAR): _("similar name in the same city"),
    ("website", DOMAIN): pgettext_lazy("duplicates", "same website"),
}
#: How sure an agreement makes us, 0 to 100.
WEIGHTS = {"tax_id": 100, "email": 95, "phone": 85, "name": 80, "similar": 70}


def reason_of(field: str, how: str) -> str:
    """What an agreement is called among programs: the field, or "similar"."""
    if how == SIMILAR:
        return "similar"
    return f"{field}_{how}" if how == DOMAIN and field == "email" else field


def words_for(field: str, how: str) -> str:
    """An agreement in a few words: "same e-mail"."""
    said = _REASONS.get((field, how))
    if said is not None:
        return str(said)
    return gettext("same: %(field)s") % {"field": COMPARED[field].label}


def condition_label(field: str, how: str) -> str:
    """A condition as it is chosen: "E-mail: same domain"."""
    return f"{COMPARED[field].label}: {HOW[how]}"


def choices(kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All conditions for records of a kind, under what they compare."""
    return [
        (str(one.label), [(f"{name}:{how}", condition_label(name, how)) for how in one.how])
        for name, one in COMPARED.items()
        if kind in one.kinds
    ]
