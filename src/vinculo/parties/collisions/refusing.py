"""The refusal of a record that a rule does not let be: in words, and to whom they may be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vinculo.kernel.errors import RowsRefused, _
from vinculo.parties.collisions.finding import Hit
from vinculo.parties.collisions.rules import may_know
from vinculo.parties.collisions.vocabulary import words_for
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.models.journal import ChangeSet

SEEN = _("“%(name)s” is the same customer (%(reasons)s). Use that record instead.")
MASKED = _("A colleague has this customer already. It cannot be saved a second time.")
#: Whatever is behind it: what the writer may not know must not be told by what they are refused.
SILENT = _("This cannot be saved as it is. Ask an administrator.")


class Collides(RowsRefused):
    """A refusing rule does not let a record be beside another."""


def refuse(found: Mapping[int, Sequence[Hit]]) -> None:
    """Raise the refusal of these parties (id → what they collide with), as their writer may know.

    Who writes is asked of the open change-set: without one nobody is there to be told anything.
    """
    writer = _writer()
    ids = {hit.party_id for hits in found.values() for hit in hits}
    seen = {}
    if writer is not None:
        rows = Party.objects.filter(pk__among=ids | set(found)).visible_to(writer)
        seen = {party.pk: party for party in rows.only("name", "kind")}
    told = {party_id: _told(hits, writer, seen) for party_id, hits in found.items()}
    first = next(iter(told.values()))
    raise Collides(first.message, first.field, rows=told, **first.params)


def _writer() -> User | None:
    opened = journal.current()
    if opened is None:
        return None
    found = ChangeSet.objects.select_related("actor").filter(pk=opened.id).first()
    return found.actor if found is not None else None


def _told(hits: Sequence[Hit], writer: User | None, seen: Mapping[int, Party]) -> RowsRefused:
    """The most that may be said: a name, that a colleague has the customer, or nothing."""
    for hit in hits:
        party = seen.get(hit.party_id)
        if party is not None and writer is not None and _may_know(hit, writer):
            reasons = ", ".join(words_for(one.field, one.how) for one in hit.arm.conditions)
            return Collides(SEEN, _input(hit), name=party.name, reasons=reasons)
    known = [hit for hit in hits if writer and _may_know(hit, writer)]
    masked = [hit for hit in known if hit.rule.tells]
    return Collides(MASKED, _input(masked[0])) if masked else Collides(SILENT)


def _may_know(hit: Hit, writer: User) -> bool:
    """What a rule reads in fields that are hidden from the writer is no business of theirs: from
    the refusal they would learn what another record holds there."""
    rights = rights_of(writer)
    named = rights.field_rule(f"parties.{hit.rule.kind}", "name") != "hidden"
    return named and may_know(hit.arm, hit.rule.kind, rights)


def _input(hit: Hit) -> str:
    """The input at which the refusal stands."""
    field = hit.arm.conditions[0].field
    if field in ("name", "name_city"):
        return "given_name" if hit.rule.kind == "person" else "name"
    return field
