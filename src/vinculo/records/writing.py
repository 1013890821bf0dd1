"""Create, edit and delete a record: the three generic verbs, under one change-set each.

What the business argues about is never here: a status, a total, a merge is an action of its room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy, pgettext_lazy

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.access import reaches, recheck, require
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.events import emit
from vinculo.platform.handing import Belongs, guard_handing
from vinculo.records import external
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind

if TYPE_CHECKING:
    from vinculo.platform.models import User

OTHER_VERBS.update(
    {
        "records.create": pgettext_lazy("done", "Created"),
        "records.edit": pgettext_lazy("done", "Changed"),
        "records.delete": gettext_lazy("Deleted"),
        "records.upsert": gettext_lazy("Brought up to date by a program"),
        "outside": gettext_lazy("Changed in the database itself"),
    }
)


def create_record(*, actor: "User", entity: Entity, data: dict[str, Any]) -> Any:
    """A new record with the values in `data` (field name → clean value); the actor owns it unless
    an owner is named. Raises NotAllowed or DomainError and then has written nothing."""
    return save_draft(draft_record(actor=actor, entity=entity, data=data))


@dataclass(frozen=True)
class Draft:
    """A new record before it is written: checked as far as that can be without writing."""

    actor: "User"
    entity: Entity
    record: Any
    elsewhere: "list[tuple[Field, Any]]"

    @property
    def title(self) -> str:
        """What the record will be called."""
        return self.entity.title_of(self.record)


def draft_record(
    *,
    actor: "User",
    entity: Entity,
    data: dict[str, Any],
    teams: "dict[int, int | None] | None" = None,
) -> Draft:
    """A new record up to the point of writing it; see `create_record`, and `with_owner` for
    `teams`."""
    require(actor, entity.key, "add")
    only_editable(actor, entity, data)
    record = blank_record(entity)
    elsewhere = fill(actor, entity, record, with_owner(actor, entity, data, teams))
    return Draft(actor, entity, record, elsewhere)


def save_draft(draft: Draft, later: list[int] | None = None) -> Any:
    """Write a new record, in a change-set with its name. What follows from it (derived columns) is
    worked out at once, or its number is put into `later` for who does so for many."""
    actor, entity, record = draft.actor, draft.entity, draft.record
    with journal.change_set(actor=actor, verb="records.create", label=draft.title):
        _save(entity, record)
        write_elsewhere(actor, entity, record, draft.elsewhere)
        derive = entity.derive_new or entity.derive
        if later is not None:
            later.append(record.pk)
        elif derive is not None:
            derive([record.pk])
        if record.reach.inside or not reaches(actor, record, "view"):
            recheck(record, actor, "view")
        if entity.created is not None:
            entity.created(actor, record)
    return record


def edit_record(*, actor: "User", entity: Entity, record: Any, data: dict[str, Any]) -> Any:
    """Change the fields in `data` on a record the actor may edit; nothing else is touched."""
    only_editable(actor, entity, data)
    with journal.change_set(actor=actor, verb="records.edit", label=entity.title_of(record)):
        locked = entity.visible(actor, "edit").select_for_update(of=("self",)).filter(pk=record.pk)
        fresh = locked.first()
        if fresh is None:
            raise NotAllowed(_("You may see this record but not change it."))
        _write(actor, entity, fresh, data)
        recheck(fresh, actor, "edit")
        tell_changed(entity, fresh.pk, data)
    return fresh


def delete_record(*, actor: "User", entity: Entity, record: Any) -> int:
    """Delete a record with all that belongs to it; returns the change-set, which can be undone."""
    with journal.change_set(
        actor=actor, verb="records.delete", label=entity.title_of(record)
    ) as opened:
        fresh = entity.visible(actor, "delete").select_for_update(of=("self",)).filter(pk=record.pk)
        found = fresh.first()
        if found is None:
            raise NotAllowed(_("You may see this record but not delete it."))
        around = entity.neighbours(found) if entity.neighbours is not None else []
        external.forget(entity.key, [found.pk])
        try:
            found.delete()
        except models.ProtectedError:
            raise DomainError(
                _("“%(name)s” cannot be deleted because other records need it."),
                name=entity.title_of(record),
            ) from None
        if around and entity.derive is not None:
            entity.derive(around)
        emit(f"{entity.key}_deleted", {entity.key.rpartition(".")[2]: record.pk})
    return opened.id


def tell_changed(entity: Entity, pk: int, data: Mapping[str, Any]) -> None:
    """Tell which fields of a record were changed by hand or by a program."""
    noun = entity.key.rpartition(".")[2]
    emit(f"{entity.key}_changed", {noun: pk, "fields": sorted(data)})


def blank_record(entity: Entity) -> Any:
    """A record of this type that is not saved yet, with the values that no form asks for."""
    record = entity.model(**entity.initial, **_proxy_values(entity))
    # Nothing belongs to it yet: what is written elsewhere need not look or wait.
    record.just_made = True  # type: ignore[attr-defined]
    return record


def with_owner(
    actor: "User",
    entity: Entity,
    data: dict[str, Any],
    teams: "dict[int, int | None] | None" = None,
) -> dict[str, Any]:
    """The values of a new record with whose it is: the actor's unless it names somebody, in their
    main team. `teams` remembers the main teams (user → team) over many records."""
    if "owner" in entity.all_fields and data.get("owner") is None:
        data = {**data, "owner": actor}
    if "team" in entity.all_fields and data.get("team") is None:
        owner = data.get("owner")
        known = teams if teams is not None else {}
        if owner is not None and owner.pk not in known:
            known[owner.pk] = owner.main_team_id()
        data = {**data, "team_id": known[owner.pk] if owner is not None else None}
        data.pop("team", None)
    return data


def _proxy_values(entity: Entity) -> dict[str, Any]:
    kind = getattr(entity.model._default_manager, "kind", "")
    return {"kind": kind} if kind else {}


def only_editable(actor: "User", entity: Entity, data: dict[str, Any]) -> None:
    """Mass assignment ends here: only fields the user may edit are ever written."""
    fields = {field.name: field for field in entity.fields_for(actor, list(data))}
    for name in data:
        field = fields.get(name)
        if field is None or not field.editable:
            raise NotAllowed(_("The field “%(name)s” cannot be changed."), field=name, name=name)


def fill(
    actor: "User", entity: Entity, record: Any, data: dict[str, Any]
) -> "list[tuple[Field, Any]]":
    """Put the values into a record that is not saved yet; returns those that live elsewhere."""
    before = belongs(record)
    if entity.prepare is not None:
        entity.prepare(actor, record, data)
    elsewhere = []
    fields = entity.all_fields
    for name, value in data.items():
        field = fields.get(name)
        if field is not None and field.write is not None:
            elsewhere.append((field, value))
        elif field is not None:
            field.put(record, fitting(field, value))
        else:
            setattr(record, name, value)
    check_values(record)
    check_handing(actor, entity, record, data, before)
    return elsewhere


def belongs(record: Any) -> Belongs:
    """Whose a record is: the numbers of its owner and its team, where its type has them."""
    return getattr(record, "owner_id", None), getattr(record, "team_id", None)


def check_handing(
    actor: "User", entity: Entity, record: Any, data: dict[str, Any], before: Belongs
) -> None:
    """Refuse a new owner or team that the actor may not give this record to. The team that comes
    along with a new owner is theirs, and needs no right of its own."""
    owner, team = belongs(record)
    verb = "edit" if record.pk else "add"
    told = (owner, team if "team" in data else before[1])
    guard_handing(actor, entity.key, verb, told, before)


def _write(actor: "User", entity: Entity, record: Any, data: dict[str, Any]) -> None:
    elsewhere = fill(actor, entity, record, data)
    _save(entity, record)
    write_elsewhere(actor, entity, record, elsewhere)
    if entity.derive is not None:
        entity.derive([record.pk])


def _save(entity: Entity, record: Any) -> None:
    try:
        record.save()  # the change-set's transaction ends with the refusal: no savepoint is needed
    except IntegrityError as error:
        raise broken_rule(record, error) from error


def write_elsewhere(
    actor: "User", entity: Entity, record: Any, values: "list[tuple[Field, Any]]"
) -> None:
    """Write the values of a saved record that are in other tables."""
    if values and entity.write_elsewhere is not None:
        entity.write_elsewhere(record, {field.name: value for field, value in values}, actor)
        return
    for field, value in values:
        assert field.write is not None
        field.write(record, value, actor)


def fitting(field: Any, value: Any) -> Any:
    """An empty input as the column wants it: "" for text, None for what may be null."""
    if value is None and field is not None and not field.nullable:
        return [] if field.kind is Kind.TAGS else ""
    return value


def check_values(record: models.Model) -> None:
    """Each column's own rules (length, choice, blank), said on the right field; no query.

    Related records come from querysets the actor may see, and the rules that cross rows are the
    database's: see `broken_rule`.
    """
    references = {field.name for field in record._meta.fields if field.is_relation}
    try:
        record.clean_fields(exclude=references)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            raise DomainError(messages[0], field=name) from None


def broken_rule(record: models.Model, error: IntegrityError) -> DomainError:
    """The constraint that the database refused by, in the words its declaration gives it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for constraint in record._meta.constraints:
        said = str(constraint.violation_error_message)
        if constraint.name == name and said != str(constraint.default_violation_error_message):
            fields: tuple[str, ...] = getattr(constraint, "fields", ())
            return DomainError(said, field=fields[0] if len(fields) == 1 else None)
    return DomainError(_("This clashes with another record. Check the values and save again."))
