"""Rules moving parties: which ones a rule would move, and all rules over all parties, by set.

A run takes a handful of statements for each rule, however many parties there are, and moves all or
none. Rules speak in the administrator's order; the first that fits a party moves it, and no party is
moved by rules twice on one day. What somebody set by hand is left alone while it is held, and
otherwise for as many days as the rule says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from vinculo.kernel.clock import now
from vinculo.parties.cycle.conditions import where_all
from vinculo.parties.cycle.keeping import unfollowed
from vinculo.parties.cycle.kinds import SALES
from vinculo.parties.cycle.models import DatedState, StateRule
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.base import RecordQuerySet
from vinculo.platform.events import emit
from vinculo.platform.labels import of_many
from vinculo.platform.models import User
from vinculo.platform.patience import patience

#: One statement of a run over a million parties may take so long.
SECONDS = 600
VERB = "parties.run_cycle"


@dataclass(frozen=True)
class Run:
    """What a run came to: rule → how many parties it moved; the change-set, if there were any."""

    moved: dict[int, int]
    changeset_id: int | None

    @property
    def total(self) -> int:
        """All parties that were moved."""
        return sum(self.moved.values())


def would_move(rule: StateRule, at: datetime | None = None) -> RecordQuerySet[Party]:
    """The parties that this rule alone would move now, on or off."""
    instant = at or now()
    found = Party.objects.filter(where_all(rule.conditions, instant), state__in=rule.from_states)
    if rule.party_kind:
        found = found.filter(kind=rule.party_kind)
    return found.exclude(left_alone(rule.patience, instant))


def left_alone(days: int, at: datetime) -> Q:
    """Parties that rules do not touch now: held, just set by hand, or moved by a rule today."""
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # The others' rows are skipped by their `why` before anything else is compared.
    fresh = Q(why="hand", held_until__isnull=True, began__gt=at - timedelta(days=days))
    moved = Q(why="rule", began__gte=today)
    rows = DatedState.objects.filter(party=OuterRef("pk"), kind=SALES, until__isnull=True)
    return Q(Exists(rows.filter(Q(held_until__gt=at) | fresh | moved)))


def active_rules() -> list[StateRule]:
    """The rules that are on, in their order."""
    return list(StateRule.objects.filter(kind=SALES, active=True).order_by("place", "pk"))


# From, to, conditions. The first is on where nobody has records yet: whoever was spoken with is no
# mere lead. The others wait until an administrator has looked at what they would move.
USUAL: list[tuple[list[str], str, list[dict[str, Any]]]] = [
    (["lead"], "prospect", [{"is": "interactions.at_least", "count": 1}]),
    (["dormant"], "active", [{"is": "interactions.contact_within", "days": 30}]),
    (["lost"], "won_back", [{"is": "interactions.at_least", "count": 2, "days": 30}]),
    (["won_back"], "active", [{"is": "parties.in_state", "days": 90}]),
    (["active"], "dormant", [{"is": "interactions.no_contact", "days": 180}]),
    (
        ["dormant"],
        "lost",
        [
            {"is": "parties.in_state", "days": 180},
            {"is": "interactions.no_contact", "days": 365},
        ],
    ),
]


def usual_rules() -> Iterator[dict[str, Any]]:
    """The rules that a new installation begins with."""
    new = not Party.objects.exists()
    for place, (before, after, conditions) in enumerate(USUAL, 1):
        yield {
            "kind": SALES,
            "from_states": before,
            "to_state": after,
            "conditions": conditions,
            "place": place,
            "active": new and place == 1,
        }


MOVES = """
CREATE TEMPORARY TABLE cycle_moves (
    party_id bigint PRIMARY KEY, was text NOT NULL, became text NOT NULL,
    rule_id bigint NOT NULL, patience integer NOT NULL
) ON COMMIT DROP
"""
CHOOSE = """
INSERT INTO cycle_moves (party_id, was, became, rule_id, patience)
SELECT found.id, found.state, %s, %s, %s FROM ({rows}) AS found (id, state) ON CONFLICT DO NOTHING
"""
# A colleague may have held a party while its row was waited for.
HELD_MEANWHILE = """
DELETE FROM cycle_moves m USING parties_datedstate d
WHERE d.party_id = m.party_id AND d.kind = 'sales' AND d.until IS NULL
AND (d.held_until > %(at)s OR (d.why = 'hand' AND d.held_until IS NULL
     AND d.began > %(at)s - make_interval(days => m.patience)))
"""
COUNT = "SELECT rule_id, count(*) FROM cycle_moves GROUP BY rule_id"
WRITE = """
SELECT parties_move_states(
    'sales', array_agg(party_id ORDER BY party_id), array_agg(was ORDER BY party_id),
    array_agg(became ORDER BY party_id), 'rule', %s::jsonb, %s::bigint, NULL, %s::timestamptz)
FROM cycle_moves WHERE rule_id = %s
"""
COLUMN = """
UPDATE parties_party p SET state = m.became, updated_at = %s FROM cycle_moves m WHERE p.id = m.party_id
"""


def run_rules(actor: User | None, rules: Sequence[StateRule] | None = None) -> Run:
    """Move every party that a rule fits, in one change-set; nothing fits, nothing is written."""
    at = now()
    chosen = active_rules() if rules is None else list(rules)
    with transaction.atomic(), patience(SECONDS), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cycle_moves")
        cursor.execute(MOVES)
        for rule in chosen:
            _choose(cursor, rule, at)
        cursor.execute(HELD_MEANWHILE, {"at": at})
        cursor.execute(COUNT)
        moved: dict[int, int] = dict(cursor.fetchall())
        if not moved:
            return Run({}, None)
        with journal.change_set(actor=actor, verb=VERB) as opened:
            for rule in chosen:
                if rule.pk in moved:
                    why = json.dumps({"name": rule.name, "conditions": rule.conditions})
                    cursor.execute(WRITE, [why, rule.pk, at, rule.pk])
            with unfollowed():
                cursor.execute(COLUMN, [at])
            _tell(cursor, moved)
        return Run(moved, opened.id)


def _choose(cursor: Any, rule: StateRule, at: datetime) -> None:
    """Note the parties that a rule moves, unless an earlier rule does, and hold their rows."""
    rows = would_move(rule, at).order_by("pk").values("pk", "state")
    held = rows.select_for_update(of=("self",), no_key=True)
    sql, params = held.query.sql_with_params()
    cursor.execute(CHOOSE.format(rows=sql), [rule.to_state, rule.pk, rule.patience, *params])


def _tell(cursor: Any, moved: dict[int, int]) -> None:
    """Label the change-set and say what happened."""
    cursor.execute(
        "SELECT p.kind, count(*) FROM cycle_moves m JOIN parties_party p ON p.id = m.party_id"
        " GROUP BY p.kind ORDER BY count(*) DESC"
    )
    kinds = dict(cursor.fetchall())
    total = sum(moved.values())
    one_kind = len(kinds) == 1
    label = of_many(f"parties.{next(iter(kinds))}", total, ["state"]) if one_kind else f"{total:,}"
    journal.relabel(label)
    emit("parties.states_moved", {"moved": total, "rules": {str(k): n for k, n in moved.items()}})
