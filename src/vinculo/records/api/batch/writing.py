"""Writing the rows of a batch: few statements for all of them, and a refusal for each by itself.

All good rows are written; when the writing itself finds one that cannot be (a number that is taken,
an owner out of reach), everything is taken back and written again without it. So a batch without
mistakes, the usual one, costs no savepoints, and no row is ever half written.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError, RowsRefused
from vinculo.platform.access import Scope, rights_of, visible_condition
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence
from vinculo.records import external
from vinculo.records.api.batch.rows import Row
from vinculo.records.api.values import missing
from vinculo.records.api.writing import differs
from vinculo.records.entity import Entity
from vinculo.records.writing import (
    blank_record,
    broken_rule,
    fill,
    tell_changed,
    with_owner,
    write_elsewhere,
)

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"


class _TakeBack(Exception):
    """A row that was good on its face could not be written."""


def write_rows(entity: Entity, actor: User, rows: list[Row]) -> None:
    """Write every row that can be; the others carry their problems. Inside a change-set."""
    while True:
        try:
            with transaction.atomic():
                _write_all(entity, actor, [row for row in rows if not row.refused])
            return
        except _TakeBack:
            for row in rows:
                row.record, row.status = None, ""


def _write_all(entity: Entity, actor: User, rows: list[Row]) -> None:
    held = _find(entity, actor, rows)
    _settle(entity, actor, rows, held)
    good = [row for row in rows if not row.refused]
    if len(good) < len(rows):
        rows = good
    fresh = [row for row in rows if row.status == CREATED]
    changed = [row for row in rows if row.status == UPDATED]
    elsewhere = _fill_all(entity, actor, fresh, changed)
    _insert(entity, fresh)
    for row in changed:
        _guarded(row, row.record.save)
    _stop_if_refused(rows)
    for row, values in elsewhere:
        _guarded(
            row, lambda row=row, values=values: write_elsewhere(actor, entity, row.record, values)
        )
    _stop_if_refused(rows)
    _derive(entity, fresh, changed)
    _recheck(entity, actor, fresh, "view")
    _recheck(entity, actor, changed, "edit")
    if entity.created is not None:
        for row in fresh:
            entity.created(actor, row.record)
    for row in changed:
        tell_changed(entity, row.record.pk, row.values)
    external.note(entity.key, {row.name: row.record.pk for row in rows if row.name is not None})


def _find(entity: Entity, actor: User, rows: list[Row]) -> dict[int, Any]:
    """The records that the rows mean, locked, of those the actor may change."""
    names = external.known(entity.key, [row.name for row in rows if row.name is not None])
    there = entity.queryset().filter(pk__among=set(names.values())) if names else None
    alive = set(there.values_list("pk", flat=True)) if there is not None else set()
    for row in rows:
        meant = names.get(row.name) if row.name is not None else None
        if meant not in alive:
            continue  # never heard of, or deleted along with another record
        if row.pk is not None and row.pk != meant:
            row.refuse(gettext("Another record has this external id."), "external_id")
        else:
            row.pk = meant
    wanted = [row.pk for row in rows if row.pk is not None]
    if not wanted:
        return {}
    found = entity.visible(actor, "edit").filter(pk__among=wanted).order_by("pk")
    return {record.pk: record for record in found.select_for_update(of=("self",))}


def _settle(entity: Entity, actor: User, rows: list[Row], held: dict[int, Any]) -> None:
    """What becomes of each row: made, changed, left as it is, or refused."""
    lost = [row.pk for row in rows if row.pk is not None and row.pk not in held]
    seen = (
        set(entity.visible(actor).filter(pk__among=lost).values_list("pk", flat=True))
        if lost
        else ()
    )
    may_add = rights_of(actor).scope(entity.key, "add") is not Scope.NONE
    for row in rows:
        if row.refused:
            continue
        if row.pk is None:
            row.status, row.record = CREATED, blank_record(entity)
            if not may_add:
                row.refuse(gettext("You may not do this. Ask an administrator for the right to."))
            row.problems += missing(entity, actor, row.values)
        elif row.pk in held:
            row.record = held[row.pk]
            row.values = {
                name: value
                for name, value in row.values.items()
                if differs(entity, row.record, name, value)
            }
            row.status = UPDATED if row.values else UNCHANGED
        elif row.pk in seen:
            row.refuse(gettext("You may see this record but not change it."))
        else:
            row.refuse(gettext("There is no such record, or you may not see it."))


def _fill_all(
    entity: Entity, actor: User, fresh: list[Row], changed: list[Row]
) -> list[tuple[Row, Any]]:
    teams: dict[int, int | None] = {}
    elsewhere: list[tuple[Row, Any]] = []

    def put(row: Row, values: dict[str, Any]) -> None:
        found = fill(actor, entity, row.record, dict(values))
        if found:
            elsewhere.append((row, found))

    for row in fresh:
        values = with_owner(actor, entity, row.values, teams)
        _guarded(row, lambda row=row, values=values: put(row, values))
    for row in changed:
        _guarded(row, lambda row=row: put(row, row.values))
    _stop_if_refused([*fresh, *changed])
    return elsewhere


def _insert(entity: Entity, fresh: list[Row]) -> None:
    """All new records in one statement; one by one only to find the one that cannot be."""
    if not fresh:
        return
    try:
        with transaction.atomic():
            entity.model._default_manager.bulk_create([row.record for row in fresh])
    except IntegrityError:
        for row in fresh:
            row.record.pk = None
            _guarded(row, lambda row=row: row.record.save(force_insert=True))
        _stop_if_refused(fresh)


def _guarded(row: Row, step: Any) -> None:
    """Do a step of a row; a refusal is the row's."""
    try:
        step()
    except DomainError as error:
        row.refuse(sentence(error), error.field)
    except IntegrityError as error:
        refusal = broken_rule(row.record, error)
        row.refuse(sentence(refusal), refusal.field)
        raise _TakeBack from error  # the transaction is broken: nothing more can be asked of it


def _stop_if_refused(rows: list[Row]) -> None:
    if any(row.refused for row in rows):
        raise _TakeBack


def _derive(entity: Entity, fresh: list[Row], changed: list[Row]) -> None:
    """What follows from the rows; of those that cannot be beside others, each says so itself."""
    derive_new = entity.derive_new or entity.derive
    try:
        if derive_new is not None and fresh:
            derive_new([row.record.pk for row in fresh])
        if entity.derive is not None and changed:
            entity.derive([row.record.pk for row in changed])
    except RowsRefused as refused:
        for row in [*fresh, *changed]:
            why = refused.rows.get(row.record.pk)
            if why is not None:
                row.refuse(sentence(why), why.field)
        _stop_if_refused([*fresh, *changed])
        raise


def _recheck(entity: Entity, actor: User, rows: list[Row], verb: str) -> None:
    """After the write each record must still be within reach."""
    if not rows or visible_condition(entity.model, actor, verb) is None:
        return
    ids = [row.record.pk for row in rows]
    reached = set(entity.visible(actor, verb).filter(pk__among=ids).values_list("pk", flat=True))
    for row in rows:
        if row.record.pk not in reached:
            row.refuse(
                gettext(
                    "After this change you could no longer reach the record."
                    " Choose an owner in your team."
                ),
                "owner" if "owner" in row.values else None,
            )
    _stop_if_refused(rows)
