"""By which ways a customer may be reached: as it stands, and as they say it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from vinculo.parties.confirming.models import ConsentSaid
from vinculo.parties.contacts import lock, mark_do_not_contact
from vinculo.parties.kinds import kinds_seen_by
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.platform.undo import Kept

THROUGH_LINK = "link"

# What an undo would take back of customers' own refusals: the contact points, and that it was said.
REFUSED = """
SELECT n.table_name, n.row_id, c.at FROM undo_net s
JOIN parties_consentsaid c ON c.id = s.row_id AND NOT c.allowed
JOIN parties_contactpoint p ON p.party_id = c.party_id AND p.kind = c.channel
JOIN undo_net n ON n.table_name = 'parties_contactpoint' AND n.row_id = p.id
    AND n.before ? 'do_not_contact'
WHERE s.table_name = 'parties_consentsaid' AND s.first_op = 'I'
"""
LEAVE_POINTS = """
UPDATE undo_net SET before = before - 'do_not_contact'
WHERE table_name = 'parties_contactpoint' AND row_id = ANY(%s)
"""
LEAVE_SAID = """
DELETE FROM undo_net n USING parties_consentsaid c
WHERE n.table_name = 'parties_consentsaid' AND n.first_op = 'I' AND c.id = n.row_id
    AND NOT c.allowed
"""


def allowed(points: Iterable[ContactPoint], channel: str) -> bool:
    """Whether a customer may be reached by a kind of contact points: by the one that comes first."""
    mine = [point for point in points if point.kind == channel]
    first = min(mine, key=lambda point: (not point.is_primary, point.pk), default=None)
    return first is not None and not first.do_not_contact


def say(party: Party, said: Mapping[str, bool], at: datetime) -> list[str]:
    """Note what a customer says about channels (→ whether they may be reached by it), in the
    caller's change-set; returns the channels that changed.

    A refusal holds for every contact point of its kind. A permission holds for the first one: they
    have said nothing of others, and what they refused there stays refused.
    """
    lock(party)
    points = list(ContactPoint.objects.filter(party_id=party.pk).order_by("pk"))
    changed = []
    for channel, yes in said.items():
        mine = [point for point in points if point.kind == channel]
        first = min(mine, key=lambda point: (not point.is_primary, point.pk), default=None)
        if first is None:
            continue
        turned = [
            point
            for point in ([first] if yes else mine)
            if point.do_not_contact is yes  # it says the opposite
        ]
        if not turned:
            continue
        for point in turned:
            mark_do_not_contact(point, not yes)
            emit(
                "parties.contact_allowed" if yes else "parties.contact_refused",
                {"party": party.pk, "contact_point": point.pk, "kind": channel},
            )
        ConsentSaid.objects.create(
            party=party, channel=channel, allowed=yes, at=at, source=THROUGH_LINK
        )
        changed.append(channel)
    return changed


def leave_refusals(cursor: Any, kept: list[Any]) -> None:
    """Take refusals that customers said themselves out of an undo (`Row.before_undo`)."""
    cursor.execute(REFUSED)
    points = cursor.fetchall()
    kept.extend(
        Kept(table, row_id, "do_not_contact", "", at, "changed") for table, row_id, at in points
    )
    cursor.execute(LEAVE_POINTS, [[row_id for _table, row_id, _at in points]])
    cursor.execute(LEAVE_SAID)


def latest(user: User, party: Party, points: Iterable[ContactPoint]) -> list[ConsentSaid]:
    """What a customer said last about each channel that the reader sees, as long as it still is so."""
    seen = kinds_seen_by(user, party.kind)
    points = list(points)
    found: dict[str, ConsentSaid] = {}
    for one in ConsentSaid.objects.filter(party=party.pk, channel__in=seen).order_by("-at", "-pk"):
        found.setdefault(one.channel, one)
    return [one for one in found.values() if allowed(points, one.channel) is one.allowed]


def name_for(said: ConsentSaid, user: User) -> str:
    """Which channel it is about, for who may see such contact points."""
    if said.channel not in kinds_seen_by(user, said.party.kind):
        return ""
    return str(ContactKind(said.channel).label)
