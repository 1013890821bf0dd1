"""Which value of several records of one customer is kept, field by field.

What nobody chose follows one rule: the record that is kept speaks first, then the others in their
order; lists are joined, notes are put one after the other. Nothing that only one record knew is
lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.parties.models import Party
from vinculo.platform.models import User
from vinculo.records.registry import entity

#: Columns that go together: who chooses one of them chooses all.
TOGETHER: dict[str, tuple[str, ...]] = {
    "name": ("name", "given_name", "family_name", "sort_name"),
    "owner": ("owner_id", "team_id"),
}
#: Columns that are kept from one record, under the name of their field.
SINGLE = (
    "name", "native_name", "salutation", "legal_name", "job_title", "company",
    "birthday", "state", "value_class", "industry", "size", "source", "language", "tax_id",
    "iban", "national_id", "website", "external_id", "preferences", "owner", "portrait",
)  # fmt: skip
#: Lists, of which every entry is kept.
JOINED = ("tags", "interests")
#: What somebody is reached by first: the primary point of the chosen record.
REACHED = ("phone", "email", "address")
LONGEST_DESCRIPTION = 20_000


@dataclass(frozen=True)
class Chosen:
    """What the kept record will hold: columns by the record they come from, and values that are
    put together from several."""

    #: Record → the columns that are taken over from it.
    taken: dict[int, list[str]]
    #: Column → value.
    made: dict[str, Any]


def choose(parties: Sequence[Party], choices: Mapping[str, int]) -> Chosen:
    """The values of the first of `parties`, which is kept, once the others are merged into it.

    `choices` names, for a field, the record whose value is to stand.
    """
    kept = parties[0]
    by_id = {party.pk: party for party in parties}
    taken: dict[int, list[str]] = {}
    for name in SINGLE:
        source = by_id[choices[name]] if name in choices else _first_with(name, parties)
        if source is not kept:
            taken.setdefault(source.pk, []).extend(columns_of(name))
    made: dict[str, Any] = {}
    for name in JOINED:
        lists = [by_id[choices[name]]] if name in choices else parties
        joined = list(dict.fromkeys(word for party in lists for word in getattr(party, name)))
        if joined != getattr(kept, name):
            made[name] = joined
    told = [by_id[choices["description"]]] if "description" in choices else parties
    text = "\n\n".join(dict.fromkeys(p.description for p in told if p.description))
    if text != kept.description:
        made["description"] = text[:LONGEST_DESCRIPTION]
    custom: dict[str, Any] = {}
    for party in reversed(parties):
        custom |= party.custom
    if custom != kept.custom:
        made["custom"] = custom
    oldest = min(party.created_at for party in parties)
    if oldest != kept.created_at:
        made["created_at"] = oldest
    return Chosen(taken, made)


def columns_of(name: str) -> tuple[str, ...]:
    """The database columns that a field's choice decides."""
    if name in TOGETHER:
        return TOGETHER[name]
    return (str(Party._meta.get_field(name).column),)  # type: ignore[union-attr]


def _first_with(name: str, parties: Sequence[Party]) -> Party:
    """The first record that says anything in a field, the kept one where nobody does."""
    column = "owner_id" if name == "owner" else columns_of(name)[0]
    return next((party for party in parties if getattr(party, column)), parties[0])


def check_choices(actor: User, parties: Sequence[Party], choices: Mapping[str, int]) -> None:
    """Refuse choices of fields that the actor may not write, or of records that are not merged."""
    kind = entity(f"parties.{parties[0].kind}")
    editable = {field.name for field in kind.fields_for(actor) if field.editable}
    ids = {party.pk for party in parties}
    known = {*SINGLE, *JOINED, *REACHED, "description", "parent"}
    for name, source in choices.items():
        if name not in known or source not in ids:
            raise DomainError(_("Choose values of the records that you merge."))
        needed = ("street", "city") if name == "address" else (name,)
        if not editable.intersection(needed):
            raise NotAllowed(_("You may not change this field."), field=name)
