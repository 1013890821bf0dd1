"""What administrators do with custom fields. All of it can be undone like anything else."""

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.custom import known
from vinculo.platform.jobs import enqueue
from vinculo.platform.models import Change, CustomField, User
from vinculo.platform.models.custom import new_stamp
from vinculo.platform.undo import KEPT_FOR
from vinculo.records.computed.defining import work_out
from vinculo.records.custom.fields import shape_of
from vinculo.records.custom.indexing import index_again, index_custom_field
from vinculo.records.custom.jobs import refresh_search
from vinculo.records.custom.spelling import MOST_FIELDS, Wish, apply, slug_for
from vinculo.records.entity import Entity
from vinculo.records.registry import entities, find

#: Two administrators who add fields at the same moment wait for each other.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('vinculo.custom_fields'))"


@action("records.add_custom_field", label=gettext_lazy("Add a field"), granted=False)
def add_custom_field(*, actor: User, entity: Entity, wish: Wish) -> CustomField:
    """Add a field to a record type: it is in lists, forms, files, API and search from now on."""
    administrators_only(actor)
    _one_at_a_time()
    if not entity.takes_custom_fields:
        raise DomainError(_("This record type takes no fields of your own."))
    rows = CustomField.objects.filter(entity=entity.key)
    if rows.filter(deleted_at=None).count() >= MOST_FIELDS:
        raise DomainError(
            _("A record type has at most %(most)s fields of your own."), most=MOST_FIELDS
        )
    made = CustomField(entity=entity.key)
    apply(wish, made, entity)
    made.slug = slug_for(made.labels[""], [*_used_beside(entity), *_once_used()])
    made.position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
    work_out(made, wish, actor)
    # Of a field that records hold there is nothing yet that could be found.
    made.search_ready = made.searched and not made.computed
    _save(made)
    index_again(made)
    if made.searched and not made.search_ready:
        enqueue(refresh_search, field=made.pk)
    return made


@action("records.change_custom_field", label=gettext_lazy("Change a field"), granted=False)
def change_custom_field(*, actor: User, custom_field: CustomField, wish: Wish) -> CustomField:
    """Change what a field is called and how it behaves; its kind and its key stay."""
    administrators_only(actor)
    _one_at_a_time()
    entity = _entity(custom_field)
    indexed, searched, shape = custom_field.indexed, custom_field.searched, shape_of(custom_field)
    followed = _followed(custom_field)
    apply(wish, custom_field, entity)
    work_out(custom_field, wish, actor)
    if custom_field.searched != searched:
        custom_field.search_ready = False
        enqueue(refresh_search, field=custom_field.pk)
    _save(custom_field)
    if followed != _followed(custom_field) or shape != shape_of(custom_field):
        index_again(custom_field)
    if custom_field.indexed != indexed:
        enqueue(index_custom_field, field=custom_field.pk)
    return custom_field


def _followed(custom_field: CustomField) -> tuple[object, ...]:
    """What a computed field follows from."""
    return custom_field.formula, custom_field.rollup, custom_field.decimals


@action("records.move_custom_field", label=gettext_lazy("Move a field"), granted=False)
def move_custom_field(*, actor: User, custom_field: CustomField, up: bool) -> None:
    """Let a field change places with the one before or after it."""
    administrators_only(actor)
    _one_at_a_time()
    rows = list(CustomField.objects.filter(entity=custom_field.entity, deleted_at=None))
    at = next((place for place, one in enumerate(rows) if one.pk == custom_field.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in enumerate(rows, 1):
        if one.position != place:
            one.position = place
            _save(one)


@action("records.delete_custom_field", label=gettext_lazy("Delete a field"), granted=False)
def delete_custom_field(*, actor: User, custom_field: CustomField) -> None:
    """Take a field away from all pages. Its values are kept for 30 days, and come back with it;
    until then what is computed from it is empty and says why."""
    administrators_only(actor)
    _one_at_a_time()
    custom_field.deleted_at = now()
    _save(custom_field)
    index_again(custom_field)
    if custom_field.searched:
        enqueue(refresh_search, field=custom_field.pk)
    journal.relabel(custom_field.label)


@action("records.restore_custom_field", label=gettext_lazy("Bring a field back"), granted=False)
def restore_custom_field(*, actor: User, custom_field: CustomField) -> None:
    """Bring a deleted field back with all its values."""
    administrators_only(actor)
    _one_at_a_time()
    if custom_field.deleted_at is None:
        return
    if custom_field.deleted_at < now() - KEPT_FOR:
        raise DomainError(_("The values of this field are gone. Make a new one."))
    custom_field.deleted_at = None
    apply_again(custom_field)
    custom_field.search_ready = False
    _save(custom_field)
    index_again(custom_field)
    if custom_field.searched:
        enqueue(refresh_search, field=custom_field.pk)


def apply_again(custom_field: CustomField) -> None:
    """Refuse what has come to stand against a field since it was deleted: another of its label."""
    from vinculo.records.custom.spelling import refuse_taken

    refuse_taken(custom_field, _entity(custom_field))


def _used_beside(entity: Entity) -> list[str]:
    """Keys of all record types in the same table: an index of one type's values reads the others'
    rows, too, where another sort of value under the same key would not fit."""
    table = entity.model._meta.db_table
    beside = [one.key for one in entities() if one.model._meta.db_table == table]
    return list(CustomField.objects.filter(entity__in=beside).values_list("slug", flat=True))


def _once_used() -> list[str]:
    """Keys of definitions that are gone: records may still hold values under them."""
    gone = Change.objects.filter(table=CustomField._meta.db_table, op=Change.Operation.DELETE)
    return [str(slug) for slug in gone.values_list("before__slug", flat=True)]


def _entity(custom_field: CustomField) -> Entity:
    found = find(custom_field.entity)
    if found is None:
        raise DomainError(_("This is no longer there, or you may not see it."))
    return found


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _save(made: CustomField) -> None:
    made.stamp = new_stamp()
    made.save()
    known.forget()
    if journal.current() is not None:
        journal.relabel(made.label)
