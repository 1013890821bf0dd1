"""Which fields customers are shown and may correct, and what becomes of what they correct.

A link keeps what it asks as it was made; while it works, whichever is stricter holds: that, or what
administrators have set since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vinculo.parties.confirming.models import ConfirmLink, ConfirmSettings
from vinculo.parties.kinds import kinds_changed_by
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.platform.models import User
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entity

#: Only shown; corrected once a colleague accepts it; corrected at once. The stricter comes first.
SHOW, APPROVE, DIRECT = "show", "approve", "direct"
MODES = (SHOW, APPROVE, DIRECT)
SHORTEST, LONGEST = 1, 365

ADDRESS = ("street", "postal_code", "city", "region", "country")
#: What customers may be asked at all, in the order of the page: nothing that is said about them
#: inside the house, nothing encrypted, and no other record.
OFFERED: dict[str, tuple[str, ...]] = {
    "company": ("name", "native_name", "legal_name", "tax_id", "phone", "email", *ADDRESS, "website",
                "industry", "size", "language"),
    "person": ("given_name", "family_name", "native_name", "salutation", "birthday", "phone", "email",
               *ADDRESS, "website", "tax_id", "language"),
}  # fmt: skip
#: Kinds of our own fields that can be asked.
ASKABLE = frozenset(
    {Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE, Kind.CHOICE,
     Kind.TAGS, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.COUNTRY}
)  # fmt: skip
USUAL_FIELDS: dict[str, tuple[str, ...]] = {
    "company": ("name", "phone", "email", *ADDRESS),
    "person": ("given_name", "family_name", "birthday", "phone", "email", *ADDRESS),
}
USUAL_DAYS = 30


@dataclass(frozen=True)
class Asking:
    """What customers of one kind are asked: field → mode, whether their consent, for how long."""

    fields: Mapping[str, str]
    consent: bool
    days: int


def asking(kind: str) -> Asking:
    """What administrators have set for companies or people, else the usual: names, ways to reach
    them, address and birthday, all of it by approval."""
    row = ConfirmSettings.objects.filter(kind=kind).first()
    if row is None:
        return Asking(dict.fromkeys(USUAL_FIELDS[kind], APPROVE), True, USUAL_DAYS)
    return Asking(row.fields, row.consent, row.days)


def offered(kind: str) -> dict[str, Field]:
    """The fields that an administrator may choose from, in the order of the page."""
    declared = entity(f"parties.{kind}")
    own = {
        name: field
        for name, field in declared.custom_fields.items()
        if field.kind in ASKABLE and field.editable and not field.sensitive
    }
    return {**{name: declared.declared_fields[name] for name in OFFERED[kind]}, **own}


def asked_by(user: User, party: Party) -> dict[str, str]:
    """Field → mode of a link that `user` makes: nothing they do not see themselves is shown by it,
    and what they may only read is not corrected through it."""
    modes, declared = asking(party.kind).fields, offered(party.kind)
    seen = entity(f"parties.{party.kind}").fields_for(user, tuple(declared))
    return {
        one.name: modes[one.name] if one.editable else SHOW for one in seen if one.name in modes
    }


def channels_asked_by(user: User, party: Party) -> list[str]:
    """The kinds of contact points whose consent a link of `user` asks."""
    if not asking(party.kind).consent:
        return []
    return [kind for kind in kinds_changed_by(user, party.kind) if kind in ContactKind.values]


def still_asked(link: ConfirmLink) -> dict[str, tuple[Field, str]]:
    """Field name → (field, mode) of a link as it holds now, in the order of the page."""
    modes = asking(link.party.kind).fields
    return {
        name: (field, min(link.asked[name], modes[name], key=MODES.index))
        for name, field in offered(link.party.kind).items()
        if name in link.asked and name in modes
    }


def channels_of(link: ConfirmLink, points: list[ContactPoint]) -> list[str]:
    """The channels that a link asks about and the customer has, in their usual order."""
    if not asking(link.party.kind).consent:
        return []
    there = {point.kind for point in points}
    return [kind for kind in ContactKind.values if kind in link.channels and kind in there]
