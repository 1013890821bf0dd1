"""What others changed lately of what somebody has on the screen: two statements, through the door.

The journal is read from an instant on, with an overlap for transactions that took a while. Only
the newest changes are looked at: after an import of a million rows a page asks for itself anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import CharField, Value

from vinculo.platform.plans import planned_anew
from vinculo.records.lists import ListState, matching

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: A change bears the instant at which its transaction began, and is seen when that ends.
OVERLAP = timedelta(seconds=20)
#: Further back nothing is told: the page has been asleep.
LONGEST = timedelta(hours=1)
LOOKED_AT = 2000

RECENT = """
SELECT recent.id, recent.row_id, recent.op FROM (
    SELECT id, row_id, op, table_name, changeset_id FROM platform_change
    WHERE at > %s ORDER BY at DESC, id DESC LIMIT %s
) recent JOIN platform_changeset made ON made.id = recent.changeset_id
WHERE recent.table_name = %s AND made.actor_id IS DISTINCT FROM %s
ORDER BY recent.id
"""


@dataclass(frozen=True)
class Recent:
    """Changes of one table by others: the rows made anew, and those that were there before."""

    made: set[int]
    changed: set[int]
    mark: str


@dataclass(frozen=True)
class News:
    """What a page should show: rows of its own that changed, rows that would come to it."""

    changed: list[int]
    new: list[int]


def recent_changes(entity: "Entity", user: "User", since: datetime, at: datetime) -> Recent:
    """What others did to rows of the entity's table since an instant: one statement."""
    start = max(since - OVERLAP, at - LONGEST)
    with connection.cursor() as cursor:
        table = entity.model._meta.db_table
        cursor.execute(RECENT, [start, LOOKED_AT, table, user.pk])
        rows = cursor.fetchall()
    made = {row_id for _id, row_id, op in rows if op == "I"}
    changed = {row_id for _id, row_id, op in rows if op == "U"}
    numbers = ",".join(str(number) for number, _row, _op in rows)
    return Recent(made, changed, sha256(numbers.encode()).hexdigest()[:16])


@planned_anew()
def news(state: ListState, recent: Recent, shown: set[int], rows: Any = None) -> News:
    """Of these changes what this reader sees and this list would show (of its rows only `rows`,
    where its layout shows no others): one statement."""
    entity, user = state.entity, state.user
    changed, made = recent.changed & shown, recent.made - shown
    parts: list[Any] = []
    if changed:
        parts.append(_told(entity.visible(user).filter(pk__among=changed), "changed"))
    if made:
        inside = matching(state) if rows is None else rows
        parts.append(_told(inside.filter(pk__among=made), "new"))
    if not parts:
        return News([], [])
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    found: dict[str, list[int]] = {"changed": [], "new": []}
    for pk, what in rows:
        found[what].append(pk)
    return News(sorted(set(found["changed"])), sorted(set(found["new"])))


def _told(rows: Any, what: str) -> Any:
    said = Value(what, output_field=CharField())
    return rows.order_by().annotate(told=said).values_list("pk", "told")
