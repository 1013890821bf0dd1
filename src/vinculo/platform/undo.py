"""Undo: write a change-set's opposite, refusing what somebody has changed since.

Set-based: one change or a million imported rows take the same few statements. The net effect of
the change-set on each row is computed first (a row created and then edited in one import is simply
taken away again), then deletes, re-inserts and updates are written inside a new change-set.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.custom.columns import spread
from vinculo.platform.models.journal import ChangeSet
from vinculo.platform.patience import patience
from vinculo.platform.types import table_models
from vinculo.platform.undo_rights import (
    after_rights,
    drop_unreachable,
    guard_reach,
    guard_rights,
    may_delete,
)
from vinculo.platform.undo_writing import bring_back, delete_created

if TYPE_CHECKING:
    from vinculo.platform.models import User

KEPT_FOR = timedelta(days=30)
#: An import of a million rows is taken back in one go: each of its statements may take so long.
UNDO_SECONDS = 300
OTHER_VERBS["platform.undo"] = gettext_lazy("Undo")


@dataclass
class Kept:
    """One row (or one column of it) that an undo leaves as it is, and why."""

    table: str
    row_id: int
    column: str
    who: str
    when: Any
    reason: str  # "changed" or "used"


@dataclass
class Outcome:
    """What an undo did."""

    changeset_id: int | None
    restored: int = 0
    kept: list[Kept] = field(default_factory=list)


class NothingUndone(Conflict):
    """Everything the undo would have put back was changed or used by somebody since: `kept`."""

    def __init__(self, kept: list[Kept]) -> None:
        first = kept[0]
        super().__init__(
            _("Nothing was undone: %(who)s has changed this since, on %(when)s."),
            who=first.who or "?",
            when=first.when.strftime("%Y-%m-%d %H:%M"),
        )
        self.kept = kept


NET = """
CREATE TEMPORARY TABLE undo_net ON COMMIT DROP AS
SELECT table_name, row_id,
       (array_agg(op ORDER BY id))[1] AS first_op,
       (array_agg(op ORDER BY id DESC))[1] AS last_op,
       max(id) AS last_id,
       NULL::jsonb AS before
FROM platform_change WHERE changeset_id = %(set)s AND at = %(at)s
GROUP BY table_name, row_id
"""

# The earliest `before` of each column is what the row held when the change-set began.
BEFORE = """
UPDATE undo_net SET before = folded.before
FROM (
    SELECT table_name, row_id, jsonb_object_agg(key, value) AS before
    FROM (
        SELECT DISTINCT ON (c.table_name, c.row_id, e.key)
               c.table_name, c.row_id, e.key, e.value
        FROM platform_change c CROSS JOIN LATERAL jsonb_each(c.before) e
        WHERE c.changeset_id = %(set)s AND c.at = %(at)s AND c.before IS NOT NULL
        ORDER BY c.table_name, c.row_id, e.key, c.id
    ) earliest
    GROUP BY table_name, row_id
) folded
WHERE undo_net.table_name = folded.table_name AND undo_net.row_id = folded.row_id
"""

# Columns (or whole rows) that another change-set touched later and that do not hold any more what
# this change-set left in them.
LATER = """
SELECT n.table_name, n.row_id, e.key, e.value AS left_by_us, c.id, coalesce(u.name, ''), c.at,
       n.first_op, c.op
FROM undo_net n
JOIN platform_change c ON c.table_name = n.table_name AND c.row_id = n.row_id
     AND c.id > n.last_id AND c.at >= %(at)s
JOIN platform_changeset s ON s.id = c.changeset_id
LEFT JOIN platform_user u ON u.id = s.actor_id
LEFT JOIN LATERAL jsonb_each(CASE WHEN c.op = 'U' THEN c.before ELSE '{}'::jsonb END) e ON true
ORDER BY c.id
"""


@transaction.atomic
def undo_change_set(
    *, actor: "User", change_set: ChangeSet, with_dependents: bool = False
) -> Outcome:
    """Put back what `change_set` changed; see the module.

    Per column that somebody changed since, and per created row that something newer hangs on, the
    undo leaves things as they are and says who and when (`Outcome.kept`). `with_dependents` also
    takes away what was added to rows that this change-set created.

    Raises NotAllowed for somebody else's change-set without the right to, Conflict when it is too
    old or already undone, or when nothing at all could be put back.
    """
    _one_at_a_time(change_set)
    _may_undo(actor, change_set)
    with (
        patience(UNDO_SECONDS),
        journal.change_set(
            actor=actor, verb="platform.undo", label=change_set.label, undoes=change_set.pk
        ) as opened,
    ):
        outcome = Outcome(opened.id)
        place = {"set": change_set.pk, "at": change_set_instant(change_set)}
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS undo_net")
            cursor.execute(NET, place)
            cursor.execute(BEFORE, place)
            cursor.execute("ANALYZE undo_net")
            guard_rights(cursor, actor, change_set)
            others = change_set.actor_id != actor.pk
            if others:
                guard_reach(cursor, actor, brought_back=False)
            _keep_unreachable(cursor, actor, outcome)
            _keep_later_changes(cursor, place, outcome)
            _let_rooms_look(cursor, outcome)
            try:
                with transaction.atomic():
                    _write_back(cursor, outcome, actor if with_dependents else None)
            except IntegrityError as error:
                # A rule of the database that what came later relies on: one primary phone, no
                # company above itself.
                raise Conflict(
                    _("Nothing was undone: it would clash with what was changed since.")
                ) from error
            if others:
                guard_reach(cursor, actor, brought_back=True)
            after_rights(cursor)
        if outcome.restored == 0 and outcome.kept:
            raise NothingUndone(outcome.kept)
    return outcome


def _one_at_a_time(change_set: ChangeSet) -> None:
    """Whoever presses undo twice, or with a colleague, is told so by the second look."""
    same = ChangeSet.objects.filter(pk=change_set.pk)
    same.select_for_update(of=("self",), no_key=True).values_list("pk").first()


def change_set_instant(change_set: ChangeSet) -> Any:
    """The instant the journal's rows of this change-set carry (their transaction's start)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM platform_change WHERE changeset_id = %s LIMIT 1", [change_set.pk]
        )
        row = cursor.fetchone()
        return row[0] if row else None


def _may_undo(actor: "User", change_set: ChangeSet) -> None:
    own = change_set.actor_id == actor.pk
    if not (own or rights_of(actor).may("platform.undo_others")):
        raise NotAllowed(_("Only the person who did this, or an administrator, can undo it."))
    if change_set.at < now() - KEPT_FOR:
        raise Conflict(_("This happened more than 30 days ago and can no longer be undone."))
    if ChangeSet.objects.filter(undoes=change_set).exists():
        raise Conflict(_("This has already been undone."))


def _keep_unreachable(cursor: Any, actor: "User", outcome: Outcome) -> None:
    """Rows that somebody changed since and that `actor` could not edit today stay as they are."""
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    for (table,) in cursor.fetchall():
        for row_id in drop_unreachable(cursor, actor, table, table_models()[table]):
            who, when = _who_made(cursor, table, row_id)
            outcome.kept.append(Kept(table, row_id, "", who, when, "changed"))


def _keep_later_changes(cursor: Any, place: dict[str, Any], outcome: Outcome) -> None:
    cursor.execute(LATER, place)
    rows = cursor.fetchall()
    if not rows:
        return
    current = _current_images(cursor, {(row[0], row[1]) for row in rows})
    seen: set[tuple[str, int, str]] = set()
    for table, row_id, column, left, _id, who, when, first_op, op in rows:
        key = (table, row_id, column or "")
        if key in seen:
            continue
        seen.add(key)
        image = current.get((table, row_id))
        if image is None or op != "U":
            continue  # the row is gone (or was brought back) since: nothing of ours is in it
        if _decoded(left) == image.get(column):
            continue  # changed and changed back
        if first_op != "I" and column not in _columns(cursor, table, row_id):
            continue  # a column that this change-set never touched
        outcome.kept.append(Kept(table, row_id, column, who, when, "changed"))
        if first_op == "I":
            cursor.execute(
                "DELETE FROM undo_net WHERE table_name = %s AND row_id = %s", [table, row_id]
            )
        else:
            cursor.execute(
                "UPDATE undo_net SET before = before - %s WHERE table_name = %s AND row_id = %s",
                [column, table, row_id],
            )


def _let_rooms_look(cursor: Any, outcome: Outcome) -> None:
    """Rules over several rows are the rooms' to know."""
    cursor.execute("SELECT DISTINCT table_name FROM undo_net ORDER BY table_name")
    for (table,) in cursor.fetchall():
        table_models()[table].before_undo(cursor, outcome.kept)  # type: ignore[attr-defined]


def _decoded(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else value


def _columns(cursor: Any, table: str, row_id: int) -> set[str]:
    cursor.execute(
        "SELECT jsonb_object_keys(before) FROM undo_net WHERE table_name = %s AND row_id = %s",
        [table, row_id],
    )
    return {row[0] for row in cursor.fetchall()}


def _current_images(
    cursor: Any, rows: set[tuple[str, int]]
) -> dict[tuple[str, int], dict[str, Any]]:
    images: dict[tuple[str, int], dict[str, Any]] = {}
    for table in {table for table, _row in rows}:
        ids = [row_id for name, row_id in rows if name == table]
        known = table_models()[table]._meta.db_table
        cursor.execute(
            f'SELECT id, to_jsonb(t) FROM "{known}" t WHERE id = ANY(%s)',  # noqa: S608
            [ids],
        )
        for row_id, image in cursor.fetchall():
            images[(table, row_id)] = spread(_decoded(image))
    return images


def _write_back(cursor: Any, outcome: Outcome, taking_along: "User | None") -> None:
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    tables = {row[0]: table_models()[row[0]] for row in cursor.fetchall()}
    for table, model in tables.items():
        _settle_dependents(cursor, table, model, outcome, taking_along)
    for table in tables:
        outcome.restored += delete_created(cursor, table)
        outcome.restored += bring_back(cursor, table)
    for table, model in tables.items():
        cursor.execute("SELECT row_id FROM undo_net WHERE table_name = %s", [table])
        model.after_undo([row[0] for row in cursor.fetchall()])  # type: ignore[attr-defined]


def referrers(model: type[models.Model]) -> list[tuple[str, str, bool]]:
    """(table, column, cascades) of every foreign key that points at `model`."""
    found = []
    for relation in model._meta.related_objects:
        if relation.field.many_to_many or not hasattr(relation.related_model, "journalled"):
            continue
        cascades = relation.on_delete is models.CASCADE
        table = relation.related_model._meta.db_table
        found.append((table, str(relation.field.column), cascades))
    return sorted(set(found))


def _settle_dependents(
    cursor: Any,
    table: str,
    model: type[models.Model],
    outcome: Outcome,
    taking_along: "User | None",
) -> None:
    """Rows created by the change-set that newer rows hang on: kept, or taken away with them by
    somebody who may delete those too."""
    for child, column, _cascades in referrers(model):
        if not table_models().get(child):
            continue
        hanging = f"""
            SELECT n.row_id, array_agg(child.id) FROM undo_net n
            JOIN "{child}" child ON child."{column}" = n.row_id
            WHERE n.table_name = %s AND n.first_op = 'I' AND n.last_op <> 'D' AND NOT EXISTS (
                SELECT 1 FROM undo_net o WHERE o.table_name = %s AND o.row_id = child.id
                AND (o.first_op = 'I' OR o.before ->> '{column}' <> n.row_id::text
                     OR o.before -> '{column}' = 'null'))
            GROUP BY n.row_id
        """  # noqa: S608 - a row that the undo takes away or moves hangs on nothing
        cursor.execute(hanging, [table, child])
        for row_id, child_ids in cursor.fetchall():
            if taking_along and may_delete(taking_along, table_models()[child], child_ids):
                cursor.execute(f'DELETE FROM "{child}" WHERE id = ANY(%s)', [child_ids])  # noqa: S608
                continue
            who, when = _who_made(cursor, child, child_ids[0])
            outcome.kept.append(Kept(table, row_id, "", who, when, "used"))
            cursor.execute(
                "DELETE FROM undo_net WHERE table_name = %s AND row_id = %s", [table, row_id]
            )


def _who_made(cursor: Any, table: str, row_id: int) -> tuple[str, Any]:
    cursor.execute(
        """SELECT coalesce(u.name, ''), c.at FROM platform_change c
           JOIN platform_changeset s ON s.id = c.changeset_id
           LEFT JOIN platform_user u ON u.id = s.actor_id
           WHERE c.table_name = %s AND c.row_id = %s ORDER BY c.id DESC LIMIT 1""",
        [table, row_id],
    )
    return cursor.fetchone() or ("", now())
