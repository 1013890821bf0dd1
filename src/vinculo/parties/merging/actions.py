"""The verb: several records of one customer become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.parties import hierarchy
from vinculo.parties.cycle.keeping import join_states
from vinculo.parties.derived import refresh
from vinculo.parties.merging.contacts import merge_contacts
from vinculo.parties.merging.values import Chosen, check_choices, choose
from vinculo.parties.models import Kind, Party, Person, Relation
from vinculo.parties.relations import settle
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.records import merged

MOST_AT_ONCE = 20

#: People whose search keys hold the name of a company that will be called otherwise.
PEOPLE_OF = "SELECT id FROM parties_party WHERE company_id = ANY(%s)"
LAST_CONTACT = """
UPDATE parties_party SET last_contact_at = (
    SELECT max(last_contact_at) FROM parties_party WHERE id = ANY(%(all)s))
WHERE id = %(kept)s
"""
DELETE = "DELETE FROM parties_party WHERE id = ANY(%s)"


@action("parties.merge", label=_t("Merge"), granted=False)
def merge(
    *,
    actor: User,
    keep: Party,
    gone: Sequence[Party],
    choices: Mapping[str, int] | None = None,
) -> Party:
    """Merge the records `gone` of the same customer into `keep`; undoing it separates them again.

    `choices` names, for a field, the record whose value is to stand (see `merging.values`).
    Contact points, people, subsidiaries, the timeline, files, external ids and favourites move
    along, and the addresses of the records that are gone lead to the one that was kept.

    Raises DomainError for a company and a person together, or for too many at once; NotAllowed
    for records that the actor may not change or delete.
    """
    parties = _locked([keep.pk, *(party.pk for party in gone)])
    _may_merge(actor, parties)
    check_choices(actor, parties, choices or {})
    chosen = choose(parties, choices or {})
    kept, others = parties[0], [party.pk for party in parties[1:]]
    people = _people_of(others)
    merge_contacts(kept.pk, others, choices or {})
    join_states(kept.pk, others)
    with hierarchy.lifted_out(parties, prefer=(choices or {}).get("parent")):
        merged.move_references(f"parties.{kept.kind}", Party, others, kept.pk)
        _write(kept.pk, others, chosen)
    _join_relations(kept)
    refresh({kept.pk, *people})
    emit("parties.merged", {"kind": kept.kind, "kept": kept.pk, "gone": others})
    result = Party.objects.get(pk=kept.pk)
    journal.relabel(result.name)
    return result


def _locked(ids: Sequence[int]) -> list[Party]:
    """The records in the order given, held until the transaction ends."""
    if len(set(ids)) != len(ids) or len(ids) < 2:
        raise DomainError(_("Choose at least two different records to merge."))
    if len(ids) > MOST_AT_ONCE:
        raise DomainError(_("At most %(most)s records can be merged at once."), most=MOST_AT_ONCE)
    held = Party.objects.filter(pk__among=list(ids)).order_by("pk").select_for_update(of=("self",))
    found = {party.pk: party for party in held}
    if len(found) < len(ids):
        raise NotFound(_("There is no such record, or you may not see it."))
    return [found[pk] for pk in ids]


def _may_merge(actor: User, parties: Sequence[Party]) -> None:
    """The kept record is changed, the others are deleted: whoever merges may do both."""
    ids = [party.pk for party in parties]
    seen = Party.objects.filter(pk__among=ids).visible_to(actor).count()
    if seen < len(ids):
        raise NotFound(_("There is no such record, or you may not see it."))
    if len({party.kind for party in parties}) > 1:
        raise DomainError(_("A company and a person cannot be merged."))
    editable = Party.objects.filter(pk=ids[0]).visible_to(actor, "edit").exists()
    deletable = Party.objects.filter(pk__among=ids[1:]).visible_to(actor, "delete").count()
    if not editable or deletable < len(ids) - 1:
        raise NotAllowed(
            _(
                "To merge, you need the right to change the record that is kept and to delete the others."
            )
        )


def _people_of(companies: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_OF, [list(companies)])
        return [row[0] for row in cursor.fetchall()]


def _write(kept: int, others: Sequence[int], chosen: Chosen) -> None:
    """Take the chosen values over inside the database, as they are stored, and delete the others."""
    with connection.cursor() as cursor:
        for source, columns in chosen.taken.items():
            assignments = ", ".join(f'"{column}" = s."{column}"' for column in columns)
            cursor.execute(
                f"UPDATE parties_party p SET {assignments} FROM parties_party s"  # noqa: S608
                " WHERE p.id = %s AND s.id = %s",
                [kept, source],
            )
        if chosen.made:
            Party.objects.filter(pk=kept).update(**chosen.made)
        cursor.execute(LAST_CONTACT, {"kept": kept, "all": [kept, *others]})
        cursor.execute(DELETE, [list(others)])


def _join_relations(kept: Party) -> None:
    """Two open relations of the same person and company are one, begun when the first began."""
    mine = Relation.objects.filter(ended_on__isnull=True)
    mine = mine.filter(person=kept.pk) if kept.kind == Kind.PERSON else mine.filter(company=kept.pk)
    seen: dict[tuple[int, int], Relation] = {}
    for relation in mine.order_by("pk"):
        first = seen.setdefault((relation.person_id, relation.company_id), relation)
        if first is relation:
            continue
        begun = [day for day in (first.started_on, relation.started_on) if day is not None]
        title = first.title or relation.title
        if (min(begun, default=None), title) != (first.started_on, first.title):
            first.started_on, first.title = min(begun, default=None), title
            first.save(update_fields=["started_on", "title"])
        relation.delete()
    if kept.kind == Kind.PERSON:
        person = Person.objects.get(pk=kept.pk)
        if person.company_id is None:
            settle(person)
