"""The writer of record types that bring none of their own.

Each row goes through the same create and edit as a form, so every rule of the record type holds.
What will happen is found out by doing it and taking it back: a rehearsal. That is some hundred
rows a second; a record type that people bring by the hundred thousand brings its own writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean, clean_lines
from vinculo.platform.models import User as Users
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.registry import find
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import Style
from vinculo.records.transfer.copying import copy_line
from vinculo.records.transfer.elsewhere import ELSEWHERE, TARGET, Meanings, Name
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.staging import Prepared
from vinculo.records.writing import create_record, edit_record

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.plan import Plan

CHUNK = 500
_KEYS = (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.NUMBER)
_UNREADABLE = (Kind.ADDRESS, Kind.TEAM)
# Headers that a field of another name is also filled by.
_ALSO = {"notes": ("description",), "body": ("description",), "title": ("name",)}
_KINDS = {Kind.LONG_TEXT: "longtext", Kind.PERCENT: "integer", Kind.NUMBER: "integer"}


class PlainPreparer:
    """Stages each row as the texts of its mapped columns."""

    def __init__(self, columns: tuple[tuple[int, str], ...]) -> None:
        self.columns = columns

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """Stage the rows (line number, cells)."""
        prepared = Prepared()
        lines = []
        for number, cells in rows:
            prepared.rows += 1
            texts = {key: cells[at].strip() for at, key in self.columns if cells[at].strip()}
            lines.append(copy_line((number, json.dumps(texts, ensure_ascii=False))))
        prepared.blocks = {"import_rows": "".join(lines)}
        return prepared


class PlainWriter:
    """Writes files of any record type, one record at a time."""

    tables: Mapping[str, Sequence[str]] = {"import_rows": ("row", "texts")}
    reasons: Mapping[str, str] = {
        "exists": _("There is such a record already."),
        "unknown": _("No record matches this row."),
        "same": _("Nothing to change: the record says the same already."),
    }

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.entity_key = entity.key

    def targets(self, user: User) -> list[Target]:
        """Every field the user may write, by its label."""
        fields = [target_of(field) for field in self._fields(user)]
        return [*fields, TARGET]

    def _fields(self, user: User) -> list[Field]:
        return [
            field
            for field in self.entity.fields_for(user)
            if field.editable
            and field.kind not in _UNREADABLE
            and (field.kind is not Kind.RELATION or find(field.target) is not None)
        ]

    def keys(self, user: User) -> list[tuple[str, Label]]:
        """Fields with a text or number of their own can tell records apart."""
        fields: list[tuple[str, Label]] = [
            (field.name, field.label or field.name)
            for field in self._fields(user)
            if field.kind in _KEYS and field.column
        ]
        return [(ELSEWHERE, TARGET.label), *fields]

    def complete(self, plan: Plan, user: User) -> str:
        """Every required field needs a column, or a value that new records begin with."""
        mapped = {key for _at, key in plan.columns}
        needed = {field.name for field in self._fields(user) if field.required}
        missing = needed - mapped - set(self.entity.initial) - {"owner"}
        return _("A column is missing for a field that must be filled.") if missing else ""

    def preparer(self, plan: Plan, user: User) -> PlainPreparer:
        """What turns rows into staged ones."""
        return PlainPreparer(plan.columns)

    def create_tables(self, cursor: Any) -> None:
        """Create the empty staging table."""
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_rows")
        cursor.execute("CREATE TEMPORARY TABLE import_rows (row bigint, texts text) ON COMMIT DROP")

    def finish_tables(self, cursor: Any) -> None:
        """Index the staged rows by their place in the file."""
        cursor.execute("CREATE INDEX ON import_rows (row)")

    def decide(self, cursor: Any, plan: Plan, user: User) -> None:
        """Rehearse every row and take all of it back; what is left are the outcomes."""
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_outcome")
        cursor.execute(
            "CREATE TEMPORARY TABLE import_outcome (row bigint PRIMARY KEY, outcome text,"
            " reason text) ON COMMIT DROP"
        )
        outcomes: list[tuple[int, str, str | None]] = []
        refusals: list[tuple[int, DomainError]] = []
        rehearsal = transaction.savepoint()
        for row, outcome, reason, error in self._each(cursor, plan, user):
            if error is not None:
                refusals.append((row, error))
            else:
                outcomes.append((row, outcome, reason))
        transaction.savepoint_rollback(rehearsal)
        with cursor.copy("COPY import_outcome (row, outcome, reason) FROM STDIN") as copy:
            copy.write("".join(copy_line(line) for line in outcomes))
        with cursor.copy("COPY import_refusal (row, reason, params) FROM STDIN") as copy:
            for row, error in refusals:
                params = json.dumps(error.params, default=str)
                copy.write(copy_line((row, error.message, params)))

    def warned(self, cursor: Any, user: User) -> list[tuple[str, dict[str, Any], int]]:
        """Nothing."""
        return []

    def write(self, cursor: Any, plan: Plan, user: User) -> None:
        """Do what was rehearsed."""
        for _row in self._each(cursor, plan, user):
            pass

    def _each(
        self, cursor: Any, plan: Plan, user: User
    ) -> Iterator[tuple[int, str, str | None, DomainError | None]]:
        reader = _RowReader(self._fields(user), plan, user)
        meanings = Meanings(self.entity, plan)
        for row, texts in meanings.ahead(_staged(cursor)):
            try:
                with transaction.atomic():
                    names = meanings.taken_from(texts)
                    data = reader.read(texts)
                    outcome, reason = self._one(data, plan, user, meanings, names)
            except DomainError as error:
                yield row, "refused", None, error
            else:
                yield row, outcome, reason, None

    def _one(
        self,
        data: dict[str, Any],
        plan: Plan,
        user: User,
        meanings: Meanings,
        names: tuple[Name, ...],
    ) -> tuple[str, str | None]:
        by_name = plan.key == ELSEWHERE
        known = meanings.record(names, user) if by_name else self._known(data, plan, user)
        if known is None:
            if plan.mode == "update":
                return "skipped", "unknown"
            record = create_record(actor=user, entity=self.entity, data=data)
            meanings.note(record, names)
            return "created", None
        if plan.mode == "create":
            return "skipped", "exists"
        changed = {
            name: value
            for name, value in data.items()
            if self.entity.all_fields[name].value(known) != value
        }
        if changed:
            edit_record(actor=user, entity=self.entity, record=known, data=changed)
        renamed = meanings.note(known, names, user)
        return ("updated", None) if changed or renamed else ("skipped", "same")

    def _known(self, data: dict[str, Any], plan: Plan, user: User) -> Any:
        """The record the row means: only ever one that the user may see."""
        value = data.get(plan.key) if plan.key else None
        if value in (None, ""):
            return None
        field = self.entity.all_fields[plan.key]
        lookup = field.column if isinstance(value, int) else f"{field.column}__iexact"
        found = list(self.entity.visible(user).filter(**{str(lookup): value})[:2])
        if len(found) > 1:
            raise DomainError(
                _("Several records match this row. Choose another field to recognise them by.")
            )
        return found[0] if found else None


def target_of(field: Field) -> Target:
    """A field as a column of a file fills it."""
    return Target(
        key=field.name,
        label=field.label or field.name,
        kind=_KINDS.get(field.kind or Kind.TEXT, str(field.kind)),
        concepts=(field.name, *_ALSO.get(field.name, ())),
        required=bool(field.required),
        choices=tuple((str(value), str(label)) for value, label in field.choices or ()),
    )


def _staged(cursor: Any) -> Iterator[tuple[int, dict[str, str]]]:
    after = -1
    while True:
        cursor.execute(
            "SELECT row, texts FROM import_rows WHERE row > %s ORDER BY row LIMIT %s",
            [after, CHUNK],
        )
        rows = cursor.fetchall()
        for row, texts in rows:
            yield row, json.loads(texts)
        if not rows:
            return
        after = rows[-1][0]


class _RowReader:
    """Texts of a row to the values of its fields."""

    def __init__(self, fields: list[Field], plan: Plan, user: User) -> None:
        self.fields = {field.name: field for field in fields}
        self.plan = plan
        self.user = user
        self.zone = timezone.get_current_timezone()

    def read(self, texts: dict[str, str]) -> dict[str, Any]:
        """The values; raises DomainError for one that does not fit, unless it may be left out."""
        data: dict[str, Any] = {}
        for name, text in texts.items():
            field = self.fields[name]
            try:
                data[name] = self._value(field, text)
            except DomainError:
                if not self.plan.lenient or field.required:
                    raise
        return data

    def _value(self, field: Field, text: str) -> Any:
        style = self.plan.styles.get(field.name) or Style()
        kind = field.kind
        if kind in (Kind.NUMBER, Kind.PERCENT):
            return values.read_integer(text, style)
        if kind is Kind.DECIMAL:
            if field.currency:
                return values.read_money(text, style)[0]
            return values.read_number(text, style)
        if kind is Kind.BOOLEAN:
            return values.read_boolean(text)
        if kind is Kind.DATE:
            return values.read_date(text, style)
        if kind is Kind.DATETIME:
            return values.read_datetime(text, style, self.zone)
        if kind is Kind.CHOICE:
            choices = tuple((str(value), str(label)) for value, label in field.choices or ())
            return values.read_choice(text, values.choices_by_label(choices))
        if kind is Kind.TAGS:
            return values.read_choices(text, field.choices or ())
        if kind is Kind.USER:
            return self._colleague(text)
        if kind is Kind.RELATION:
            return self._related(field, text)
        return clean_lines(text) if kind is Kind.LONG_TEXT else clean(text)

    def _colleague(self, text: str) -> Users:
        active = Users.objects.visible_to(self.user).filter(is_active=True)
        found = list(active.filter(email__iexact=text)[:1]) or list(
            active.filter(name__iexact=text)[:2]
        )
        if len(found) != 1:
            raise DomainError(_("No colleague is called “%(text)s”."), text=text[:80])
        colleague: Users = found[0]
        return colleague

    def _related(self, field: Field, text: str) -> Any:
        target = find(field.target)
        assert target is not None
        found = list(target.visible(self.user).filter(**{f"{target.title}__iexact": text})[:2])
        if len(found) != 1:
            raise DomainError(_("“%(text)s” was not found, or is found twice."), text=text[:80])
        return found[0]
