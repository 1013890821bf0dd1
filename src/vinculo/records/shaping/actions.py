"""What administrators do with layouts. All of it can be undone like anything else."""

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import Conflict, _
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.custom import known
from vinculo.platform.models import Change, RecordLayout, Role, User
from vinculo.platform.models.custom import new_stamp
from vinculo.records.entity import Entity
from vinculo.records.shaping.shape import Shape
from vinculo.records.shaping.spelling import check_shape

#: Two administrators who save layouts at the same moment wait for each other.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('vinculo.record_layouts'))"


@action("records.save_layout", label=gettext_lazy("Change a layout"), granted=False)
def save_layout(
    *, actor: User, entity: Entity, role: Role | None, shape: Shape, seen: int | None = None
) -> RecordLayout:
    """Arrange the form and page of a record type for everybody (`role=None`) or for a role.

    `seen` is the stamp of the layout that the actor began with, 0 for none: one that somebody else
    changed since is refused. None saves whatever is there.
    """
    administrators_only(actor)
    check_shape(entity, shape)
    _one_at_a_time()
    rows = RecordLayout.objects.filter(entity=entity.key)
    held = rows.filter(role=role).first()
    if seen is not None and seen != (held.stamp if held is not None else 0):
        raise _meanwhile(held)
    if held is None:
        last = rows.aggregate(last=Max("position"))["last"] or 0
        held = RecordLayout(entity=entity.key, role=role, position=last + 1)
    held.shape, held.stamp = shape.as_json(), new_stamp()
    held.save()
    _told(title_of(entity, role))
    return held


def _meanwhile(held: RecordLayout | None) -> Conflict:
    """Who was there before."""
    changes = Change.objects.filter(
        table=RecordLayout._meta.db_table, row_id=held.pk if held is not None else 0
    )
    last = changes.select_related("changeset__actor").order_by("-id").first()
    actor = last.changeset.actor if last is not None and last.changeset is not None else None
    if actor is None:
        return Conflict(_("Somebody else changed this layout meanwhile. Nothing was saved."))
    return Conflict(
        _("%(name)s changed this layout meanwhile. Nothing was saved."), name=actor.name
    )


@action("records.move_layout", label=gettext_lazy("Move a layout"), granted=False)
def move_layout(*, actor: User, entity: Entity, layout: RecordLayout, up: bool) -> None:
    """Let a role's layout go before, or after, the one beside it: the first one decides for whoever
    has several roles."""
    administrators_only(actor)
    _one_at_a_time()
    rows = list(RecordLayout.objects.filter(entity=layout.entity, role__isnull=False))
    at = next((place for place, one in enumerate(rows) if one.pk == layout.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in enumerate(rows, 1):
        if one.position != place:
            one.position, one.stamp = place, new_stamp()
            one.save()
    _told(str(entity.label_plural))


@action("records.reset_layout", label=gettext_lazy("Reset a layout"), granted=False)
def reset_layout(*, actor: User, entity: Entity, layout: RecordLayout) -> None:
    """Let a record type look as before: for a role as for everybody, for everybody as declared."""
    administrators_only(actor)
    title = title_of(entity, layout.role)
    layout.delete()
    _told(title)


def title_of(entity: Entity, role: Role | None) -> str:
    """What a layout is called in the history: its record type, and whose it is."""
    return f"{entity.label_plural}: {role.title}" if role is not None else str(entity.label_plural)


def _told(title: str) -> None:
    known.forget()
    journal.relabel(title)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
