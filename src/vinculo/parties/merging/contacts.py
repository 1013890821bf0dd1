"""The contact points of merged records: each once, one primary of a kind, refusals kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vinculo.kernel.text import fold
from vinculo.parties.models import ContactKind, ContactPoint


def merge_contacts(kept: int, gone: Sequence[int], choices: Mapping[str, int]) -> None:
    """Give the record `kept` the contact points of the records `gone`.

    The same number or address is kept once: verified if any was, and not to be contacted if any
    was not, because whoever refused did so whatever record it was noted on. `choices` says, for a
    kind, whose primary point comes first from now on; else it is the kept record's.
    """
    order = {pk: place for place, pk in enumerate([kept, *gone])}
    points = sorted(
        ContactPoint.objects.filter(party_id__in=[kept, *gone]),
        key=lambda point: (order[point.party_id], not point.is_primary, point.pk),
    )
    first: dict[tuple[str, str], ContactPoint] = {}
    primary: dict[str, ContactPoint] = {}
    doubled: list[ContactPoint] = []
    for point in points:
        same = first.setdefault((point.kind, _said(point)), point)
        if same is not point:
            _take_over(same, point)
            doubled.append(point)
        if point.is_primary and _wanted(point, choices, primary):
            primary[point.kind] = same
    _write(kept, points, doubled, {point.pk for point in primary.values()})


def _said(point: ContactPoint) -> str:
    if point.kind == ContactKind.ADDRESS:
        parts = (point.street, point.postal_code, point.city, point.region, point.country)
        return fold(" ".join(parts)) or fold(point.typed)
    return point.value or fold(point.typed)


def _wanted(
    point: ContactPoint, choices: Mapping[str, int], primary: Mapping[str, ContactPoint]
) -> bool:
    """Whether this primary point of its record comes first of all."""
    chosen = choices.get(point.kind)
    return point.party_id == chosen if chosen else point.kind not in primary


def _take_over(same: ContactPoint, point: ContactPoint) -> None:
    """What was known of the same number elsewhere."""
    same.do_not_contact = same.do_not_contact or point.do_not_contact
    same.label = same.label or point.label
    verified = [at for at in (same.verified_at, point.verified_at) if at is not None]
    same.verified_at = max(verified, default=None)


def _write(
    kept: int, points: list[ContactPoint], doubled: list[ContactPoint], first: set[int]
) -> None:
    """Deletes go first and the new primary last: the database allows one of a kind per record."""
    gone = {point.pk for point in doubled}
    ContactPoint.objects.filter(pk__among=gone).delete()
    staying = [point for point in points if point.pk not in gone]
    down = [point.pk for point in staying if point.is_primary and point.pk not in first]
    ContactPoint.objects.filter(pk__among=down).update(is_primary=False)
    moved = [point.pk for point in staying if point.party_id != kept]
    ContactPoint.objects.filter(pk__among=moved).update(party_id=kept)
    for point in staying:
        point.party_id, point.is_primary = kept, point.pk in first
    ContactPoint.objects.bulk_update(
        staying, ["is_primary", "do_not_contact", "label", "verified_at"]
    )
