"""Writing many records at once: what single saves check is checked for each, in few statements.

Rows pass the same door (`visible_to`), the same field rules, the same `prepare` and the same rules
of their columns as a single save. What differs is how it is written: rows that get the same values
share one UPDATE, and derived columns are computed for a batch. A row that is refused says why and
does not stop the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, RowsRefused, _
from vinculo.platform.access import visible_condition
from vinculo.platform.custom.columns import COLUMN, MARK, Put, spread
from vinculo.platform.models.journal import Change
from vinculo.platform.sensitive.fields import Secret
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import comparable
from vinculo.records.references import number_in
from vinculo.records.writing import broken_rule, check_handing, fitting

if TYPE_CHECKING:
    from vinculo.platform.models import User

BATCH = 1000
#: No transaction takes longer than that.
LONGEST = timedelta(days=1)

#: What a record is to hold: field name → clean value. Fields it does not name stay.
Wish = Callable[[Any], dict[str, Any]]
#: Called with the number of rows just dealt with; raises Cancelled when the owner wants to stop.
Advance = Callable[[int], None]


@dataclass
class Refusal:
    """A row (or a cell of it) that stays as it was: its title where the actor may know it, why."""

    pk: int
    title: str
    reason: str
    params: dict[str, Any] = field(default_factory=dict)
    field: str = ""


@dataclass
class Written:
    """What came of it."""

    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


class _Lost(Exception):
    """These rows would no longer be within the actor's reach."""

    def __init__(self, ids: set[int]) -> None:
        super().__init__()
        self.ids = ids


GONE = _("This is no longer there, or you may not see it.")
READ_ONLY = _("You may see this record but not change it.")
OUT_OF_REACH = _(
    "After this change you could no longer reach the record. Choose an owner in your team."
)
CHANGED_SINCE = _("%(who)s has changed this meanwhile.")


class BulkWriter:
    """Writes `wish` to rows of `entity` as `actor`, in the change-set that is open.

    `names` are the fields that may be written: NotAllowed when one is not the actor's to change.
    What somebody else changed in them since `seen_at` is left alone.
    """

    def __init__(
        self,
        actor: "User",
        entity: Entity,
        names: Sequence[str],
        wish: Wish,
        *,
        seen_at: datetime,
    ) -> None:
        self.actor, self.entity, self.wish, self.seen_at = actor, entity, wish, seen_at
        self.done = Written()
        self.fields = editable_fields(actor, entity, names)
        self._held: dict[int, dict[str, Any]] = {}

    def write(self, ids: Sequence[int], advance: Advance | None = None) -> Written:
        """Write to the rows `ids`, batch by batch in the order of their ids."""
        for some in batches(ids):
            self.done.changed += self._batch(some)
            if advance is not None:
                advance(len(some))
        return self.done

    def _batch(self, ids: list[int]) -> list[int]:
        wanted = []
        self._held = {}
        for record in reachable(self.actor, self.entity, ids, "edit", self.done):
            values = self._values(record)
            if values:
                self._held[record.pk] = _columns(record)
                wanted.append((record, values))
        taken = self._changed_since([record.pk for record, values in wanted])
        free = []
        for record, values in wanted:
            who = next(
                (taken[record.pk, name] for name in values if (record.pk, name) in taken), ""
            )
            if who:
                self._refuse(record, DomainError(CHANGED_SINCE, who=who))
            else:
                free.append((record, values))
        prepared = [pair for pair in free if self._prepared(*pair)]
        return self._stored(prepared)

    def _values(self, record: Any) -> dict[str, Any]:
        """What really changes on this record; counted when nothing does."""
        wished = {
            name: value
            for name, value in self.wish(record).items()
            if _said(value) != _held(self.fields[name], record)
        }
        if not wished:
            self.done.unchanged += 1
        return wished

    def _prepared(self, record: Any, values: dict[str, Any]) -> bool:
        """Bring the values into form and check them; False when the row is refused."""
        try:
            if self.entity.prepare is not None:
                self.entity.prepare(self.actor, record, values)
            for name, value in values.items():
                found = self.entity.all_fields.get(name)
                if found is None or found.write is None:
                    if found is None:
                        setattr(record, name, value)
                    else:
                        found.put(record, fitting(found, value))
            self._check(record, values)
            held = self._held[record.pk]
            before = (held.get("owner_id"), held.get("team_id"))
            check_handing(self.actor, self.entity, record, values, before)
        except DomainError as error:
            self._refuse(record, error)
            return False
        return True

    def _check(self, record: Any, values: dict[str, Any]) -> None:
        known = {column.name: column for column in record._meta.fields}
        named = {name for name in values if name in known and not known[name].is_relation}
        try:
            record.clean_fields(exclude=set(known) - named)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                raise DomainError(messages[0], field=name) from None

    def _stored(self, rows: list[tuple[Any, dict[str, Any]]]) -> list[int]:
        """Write rows that are ready. One that the database refuses does not take others along."""
        if not rows:
            return []
        try:
            with transaction.atomic():
                self._store(rows)
                ids = [record.pk for record, values in rows]
                if self.entity.derive is not None:
                    self.entity.derive(ids)
                lost = self._lost(ids)
                if lost:
                    raise _Lost(lost)
        except _Lost as left:
            for record, _values in rows:
                if record.pk in left.ids:
                    self._refuse(record, NotAllowed(OUT_OF_REACH))
            return self._stored([pair for pair in rows if pair[0].pk not in left.ids])
        except RowsRefused as refused:
            kept = [pair for pair in rows if pair[0].pk not in refused.rows]
            if len(kept) == len(rows):
                raise
            for record, _values in rows:
                if record.pk in refused.rows:
                    self._refuse(record, refused.rows[record.pk])
            return self._stored(kept)
        except IntegrityError as error:
            if len(rows) == 1:
                self._refuse(rows[0][0], broken_rule(rows[0][0], error))
                return []
            return [pk for pair in rows for pk in self._stored([pair])]
        except DomainError as error:
            if len(rows) == 1:
                self._refuse(rows[0][0], error)
                return []
            return [pk for pair in rows for pk in self._stored([pair])]
        return [record.pk for record, values in rows]

    def _store(self, rows: list[tuple[Any, dict[str, Any]]]) -> None:
        plain: dict[tuple[tuple[str, str], ...], list[Any]] = {}
        for record, _values in rows:
            # `prepare` may have changed more than the fields that were asked for
            new = _columns(record)
            held = self._held[record.pk]
            names = [name for name in {**held, **new} if new.get(name) != held.get(name)]
            if names:
                key = tuple((name, repr(new.get(name))) for name in names)
                plain.setdefault(key, []).append(record)
        for key, records in plain.items():
            fresh = _columns(records[0])
            columns = {name: fresh.get(name) for name, _shown in key}
            self._update([record.pk for record in records], columns)
        for record, values in rows:
            self._write_elsewhere(record, values)

    def _update(self, ids: list[int], columns: dict[str, Any]) -> None:
        stamped = {
            column.name: now()
            for column in self.entity.model._meta.fields
            if getattr(column, "auto_now", False)
        }
        custom = {name: columns.pop(name) for name in [*columns] if name.startswith(MARK)}
        if custom:
            keys = {name.removeprefix(MARK): value for name, value in custom.items()}
            columns[COLUMN] = Put(COLUMN, keys)
        self.entity.model._base_manager.filter(pk__among=ids).update(**stamped, **columns)

    def _elsewhere(self, name: str) -> bool:
        found = self.entity.all_fields.get(name)
        return found is not None and found.write is not None

    def _write_elsewhere(self, record: Any, values: dict[str, Any]) -> None:
        values = {name: value for name, value in values.items() if self._elsewhere(name)}
        if values and self.entity.write_elsewhere is not None:
            self.entity.write_elsewhere(record, values, self.actor)
            return
        for name, value in values.items():
            write = self.entity.all_fields[name].write
            assert write is not None
            write(record, value, self.actor)

    def _lost(self, ids: list[int]) -> set[int]:
        if visible_condition(self.entity.model, self.actor, "edit") is None:
            return set()
        kept = self.entity.visible(self.actor, "edit").filter(pk__among=ids)
        return set(ids) - set(kept.values_list("pk", flat=True))

    def _changed_since(self, ids: list[int]) -> dict[tuple[int, str], str]:
        """(row, field name) → who else changed it since the actor saw it."""
        columns = {}
        for name, found in self.fields.items():
            if found.custom:
                columns[found.journal_column] = name
            elif found.column and "__" not in found.column:
                source = self.entity.model._meta.get_field(found.column)
                columns[getattr(source, "column", found.column)] = name
        if not columns or not ids:
            return {}
        later = (
            Change.objects.filter(
                table=self.entity.model._meta.db_table,
                row_id__among=ids,
                op="U",
                at__gte=self.seen_at - LONGEST,  # the start of its transaction: prunes partitions
                changeset__at__gte=self.seen_at,
                before__has_any_keys=list(columns),
            )
            .exclude(changeset__actor=self.actor)
            .values_list("row_id", "before", "changeset__actor__name")
        )
        return {
            (row_id, columns[column]): who or "?"
            for row_id, before, who in later
            for column in before or ()
            if column in columns
        }

    def _refuse(self, record: Any, error: DomainError) -> None:
        title = self.entity.title_of(record)
        params = {name: str(value) for name, value in error.params.items()}
        self.done.refused.append(
            Refusal(record.pk, title, error.message, params, error.field or "")
        )


def _held(found: Field, record: Any) -> str:
    """What a field holds, to compare; of a reference its number, without asking for the row."""
    if found.is_reference and found.column and (found.custom or "__" not in found.column):
        return comparable(number_in(record, found))
    return _said(found.value(record))


def _said(value: Any) -> str:
    """A value to compare; of a sensitive one what equal ones have in common."""
    return value.index if isinstance(value, Secret) else comparable(value)


def _columns(record: Any) -> dict[str, Any]:
    """A record's columns by their names, each custom value under the name the journal has for it."""
    held = {column.attname: getattr(record, column.attname) for column in record._meta.fields}
    return spread(held)


def batches(ids: Sequence[int]) -> Iterator[list[int]]:
    """The numbers in their order, each once, in parts that one statement takes well."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def editable_fields(actor: "User", entity: Entity, names: Sequence[str]) -> dict[str, Any]:
    """The fields `names` with which the actor may do as they like; NotAllowed otherwise."""
    found = {}
    for name in names:
        one = entity.field_for(actor, name)
        if one is None or not one.editable:
            raise NotAllowed(_("The field “%(name)s” cannot be changed."), field=name, name=name)
        found[name] = one
    return found


def reachable(
    actor: "User", entity: Entity, ids: list[int], verb: str, done: Written
) -> Iterator[Any]:
    """The rows of `ids` on which the actor may do `verb`, locked; the others are refused."""
    rows = entity.visible(actor, verb).filter(pk__among=ids).order_by("pk")
    joined = [
        one.column
        for one in entity.declared_fields.values()
        if one.kind is Kind.RELATION and one.column
    ]
    found = list(rows.select_related(*joined).select_for_update(of=("self",)))
    rest = set(ids) - {record.pk for record in found}
    seen = {row.pk: row for row in entity.visible(actor).filter(pk__among=rest)} if rest else {}
    for pk in sorted(rest):
        title = entity.title_of(seen[pk]) if pk in seen else ""
        done.refused.append(Refusal(pk, title, READ_ONLY if pk in seen else GONE))
    yield from found


def delete_rows(
    actor: "User", entity: Entity, ids: Sequence[int], advance: Advance | None = None
) -> Written:
    """Delete the rows `ids` that the actor may delete, with all that belongs to them."""
    done = Written()
    for some in batches(ids):
        records = list(reachable(actor, entity, some, "delete", done))
        around: set[int] = set()
        for record in records if entity.neighbours is not None else []:
            assert entity.neighbours is not None
            around.update(entity.neighbours(record))
        done.changed += _deleted(entity, records, done)
        if around and entity.derive is not None:
            entity.derive(sorted(around))
        if advance is not None:
            advance(len(some))
    return done


def _deleted(entity: Entity, records: list[Any], done: Written) -> list[int]:
    """Delete together; where other records need one of them, each by itself."""
    if not records:
        return []
    ids = [record.pk for record in records]
    try:
        with transaction.atomic():
            entity.model._base_manager.filter(pk__among=ids).delete()
    except (models.ProtectedError, models.RestrictedError):
        if len(records) > 1:
            return [pk for record in records for pk in _deleted(entity, [record], done)]
        title = entity.title_of(records[0])
        reason = _("“%(name)s” cannot be deleted because other records need it.")
        done.refused.append(Refusal(ids[0], title, reason, {"name": title}))
        return []
    return ids
