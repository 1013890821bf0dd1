"""What an undo may touch: it must not become a way around rights that somebody has lost.

Taking back what one did oneself is free while nobody else has touched the row since. Otherwise the
row must be one the person could edit today; so must every row of what a colleague did. And who may do what (people, teams, roles, keys) is
put back by administrators only, whoever changed it.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform.access import visible_condition
from vinculo.platform.administration import (
    administrators_only,
    end_every_session,
    hold_rights,
    keep_an_administrator,
)
from vinculo.platform.models import User
from vinculo.platform.types import table_models

if TYPE_CHECKING:
    from vinculo.platform.models.journal import ChangeSet

#: Tables that say who may do what.
RIGHTS = frozenset(
    {
        "platform_user",
        "platform_team",
        "platform_membership",
        "platform_role",
        "platform_roleassignment",
        "platform_apikey",
        "platform_customfield",
    }
)
#: Verbs by which everybody changes their own row there.
OWN = frozenset({"platform.save_profile"})


def guard_rights(cursor: Any, actor: User, change_set: "ChangeSet") -> None:
    """Refuse to put back rights unless `actor` administers them today."""
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    tables = {row[0] for row in cursor.fetchall()}
    if not tables & RIGHTS:
        return
    if change_set.verb in OWN and change_set.actor_id == actor.pk and tables <= {"platform_user"}:
        return
    administrators_only(actor)
    hold_rights()


def after_rights(cursor: Any) -> None:
    """Once rights were put back: somebody can still give them, and new roles end old sessions."""
    cursor.execute(
        "SELECT DISTINCT table_name FROM undo_net WHERE table_name = ANY(%s)", [list(RIGHTS)]
    )
    if not cursor.fetchall():
        return
    keep_an_administrator()
    cursor.execute(HOLDERS)
    for user in User.objects.filter(pk__among=[row[0] for row in cursor.fetchall()]):
        end_every_session(user)


# Whose roles an undo has just changed: named by the assignment that came back, or by the journal's
# image of the one that went.
HOLDERS = """
SELECT a.user_id FROM undo_net n JOIN platform_roleassignment a ON a.id = n.row_id
WHERE n.table_name = 'platform_roleassignment'
UNION
SELECT (c.before ->> 'user_id')::bigint FROM undo_net n
JOIN platform_change c ON c.table_name = n.table_name AND c.row_id = n.row_id AND c.op = 'D'
WHERE n.table_name = 'platform_roleassignment'
"""


def drop_unreachable(cursor: Any, actor: User, table: str, model: type[models.Model]) -> list[int]:
    """Take rows out of the undo that somebody has changed since and that `actor` could not edit
    today; returns their numbers."""
    condition = visible_condition(model, actor, "edit")
    if condition is None:
        return []
    cursor.execute(TOUCHED, [table])
    touched = [row[0] for row in cursor.fetchall()]
    if not touched:
        return []
    there = set(model._base_manager.filter(pk__among=touched).values_list("pk", flat=True))
    mine = model._base_manager.filter(condition, pk__among=touched)
    lost = sorted(there - set(mine.values_list("pk", flat=True)))
    cursor.execute("DELETE FROM undo_net WHERE table_name = %s AND row_id = ANY(%s)", [table, lost])
    return lost


TOUCHED = """
SELECT n.row_id FROM undo_net n WHERE n.table_name = %s AND EXISTS (
    SELECT 1 FROM platform_change c
    WHERE c.table_name = n.table_name AND c.row_id = n.row_id AND c.id > n.last_id)
"""


def guard_reach(cursor: Any, actor: User, *, brought_back: bool) -> None:
    """Refuse to undo what a colleague did to a row that `actor` could not change like that today.

    Asked before writing, for rows that are there, and afterwards for those that it brought back.
    """
    cursor.execute("SELECT DISTINCT table_name FROM undo_net")
    for (table,) in cursor.fetchall():
        model = table_models()[table]
        for verb, which in BROUGHT_BACK if brought_back else THERE:
            cursor.execute(which, [table])
            ids = [row[0] for row in cursor.fetchall()]
            there = model._base_manager.filter(pk__among=ids)
            condition = visible_condition(model, actor, verb)
            if condition is not None and there.exclude(pk__in=there.filter(condition)).exists():
                raise NotAllowed(
                    _("Only the person who did this, or an administrator, can undo it.")
                )


# The verb that an undo amounts to, and the rows it is done to.
THERE = (
    ("delete", "SELECT row_id FROM undo_net WHERE table_name = %s AND first_op = 'I'"),
    ("edit", "SELECT row_id FROM undo_net WHERE table_name = %s AND first_op <> 'I'"),
)
BROUGHT_BACK = (("edit", "SELECT row_id FROM undo_net WHERE table_name = %s AND last_op = 'D'"),)


def may_delete(actor: User, model: type[models.Model], ids: list[int]) -> bool:
    """Whether `actor` may delete every one of these rows."""
    condition = visible_condition(model, actor, "delete")
    if condition is None:
        return True
    return int(model._base_manager.filter(condition, pk__among=ids).count()) == len(ids)
