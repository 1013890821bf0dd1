"""What follows from interactions and tasks: how they are found, and a customer's last contact."""

from collections.abc import Iterable, Sequence

from django.db import connection

from vinculo.interactions.models import Interaction, Kind, Status, Task
from vinculo.kernel.text import SearchValues, search_keys
from vinculo.platform.search_keys import write_keys
from vinculo.records.custom.fields import words_of

CHUNK = 2000

# Where an interaction stood that has just been deleted or moved is known only to the journal.
STOOD = """
SELECT (before->>'party_id')::bigint, (before->>'company_id')::bigint
FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = 'interactions_interaction' AND row_id = ANY(%s) AND op IN ('D', 'U')
"""

LOCK = "SELECT id FROM parties_party WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

LAST_CONTACT = """
UPDATE parties_party p SET last_contact_at = latest.at
FROM (
    SELECT wanted.id, greatest(
        (SELECT i.at FROM interactions_interaction i
         WHERE i.party_id = wanted.id AND i.status = %(done)s AND i.kind <> %(note)s
         ORDER BY i.at DESC, i.id DESC LIMIT 1),
        (SELECT i.at FROM interactions_interaction i
         WHERE i.company_id = wanted.id AND i.status = %(done)s AND i.kind <> %(note)s
         ORDER BY i.at DESC, i.id DESC LIMIT 1)
    ) AS at
    FROM unnest(%(ids)s::bigint[]) AS wanted(id)
) latest
WHERE p.id = latest.id AND p.last_contact_at IS DISTINCT FROM latest.at
"""


def interaction_keys(
    subject: str, body: str, place: str, party_name: str, more: Sequence[str] = ()
) -> list[str]:
    """What an interaction is found by; `more` are the words of custom fields."""
    return search_keys(SearchValues(names=(subject, party_name), words=(place, body, *more)))


def task_keys(title: str, notes: str, party_name: str, more: Sequence[str] = ()) -> list[str]:
    """What a task is found by; `more` are the words of custom fields."""
    return search_keys(SearchValues(names=(title, party_name), words=(notes, *more)))


def refresh_interactions(ids: Sequence[int]) -> None:
    """Bring search keys and last contacts up to date with the interactions `ids`, also with those
    that the open change-set has deleted or taken from another customer."""
    for chunk in _chunks(ids):
        keys: list[tuple[int, list[str]]] = []
        concerned: set[int | None] = set()
        rows = Interaction.objects.filter(pk__among=chunk).values_list(
            "pk", "subject", "body", "place", "party__name", "party_id", "company_id", "custom"
        )
        for pk, subject, body, place, name, party_id, company_id, custom in rows:
            more = words_of("interactions.interaction", custom)
            keys.append((pk, interaction_keys(subject, body, place, name, more)))
            concerned |= {party_id, company_id}
        if len(keys) < len(set(chunk)):
            concerned |= _parties_before(chunk)
        write_keys(Interaction, keys)
        refresh_last_contact({pk for pk in concerned if pk is not None})


def refresh_after_undo(ids: Sequence[int]) -> None:
    """The same for interactions that an undo has just written: it may have given them back to the
    customer they were with before a merge."""
    refresh_interactions(ids)
    before = {pk for chunk in _chunks(ids) for pk in _parties_before(chunk)}
    refresh_last_contact({pk for pk in before if pk is not None})


def _parties_before(ids: list[int]) -> set[int | None]:
    with connection.cursor() as cursor:
        cursor.execute(STOOD, [ids])
        return {pk for pair in cursor.fetchall() for pk in pair}


def refresh_tasks(ids: Sequence[int]) -> None:
    """Bring the search keys of the tasks `ids` up to date."""
    for chunk in _chunks(ids):
        rows = Task.objects.filter(pk__among=chunk).values_list(
            "pk", "title", "notes", "party__name", "custom"
        )
        write_keys(
            Task,
            [
                (pk, task_keys(title, notes, party or "", words_of("interactions.task", custom)))
                for pk, title, notes, party, custom in rows
            ],
        )


def refresh_last_contact(party_ids: Iterable[int]) -> None:
    """Set when the parties were last in contact with us: their latest interaction that took place.

    A note is no contact. The parties are locked first, so that of two calls logged at the same
    moment the second sees the first.
    """
    ids = sorted(party_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [ids])
        cursor.execute(LAST_CONTACT, {"ids": ids, "done": Status.DONE, "note": Kind.NOTE})


def _chunks(ids: Sequence[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])
