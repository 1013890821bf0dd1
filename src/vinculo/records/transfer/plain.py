"""The writer of record types that bring none of their own.

Each row goes through the same create and edit as a form, so every rule of the record type holds.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from vinculo.records.transfer.elsewhere import ELSEWHERE, TARGET, Meanings, Name
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.present import Present
from vinculo.records.transfer.rowwise import CHUNK, Outcome, RowWriter, staged
from vinculo.records.writing import draft_record, edit_record, save_draft

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.plan import Plan

_KEYS = (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.NUMBER)
_UNREADABLE = (Kind.ADDRESS, Kind.TEAM)
# Headers that a field of another name is also filled by.
_ALSO = {"notes": ("description",), "body": ("description",), "title": ("name",)}
_KINDS = {Kind.LONG_TEXT: "longtext", Kind.PERCENT: "integer", Kind.NUMBER: "integer"}


class PlainWriter(RowWriter):
    """Writes files of any record type, one record at a time."""

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

    def readable(self, plan: Plan, user: User) -> list[Field]:
        """The fields as the rows of this plan's file fill them."""
        return self._fields(user)

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

    def each(self, cursor: Any, plan: Plan, user: User, *, rehearsal: bool) -> Iterator[Outcome]:
        """Create or edit the record of every row. What follows from new records is worked out for
        many of them at once, and not at all for a rehearsal."""
        reader = _RowReader(self.readable(plan, user), plan, user, self.entity_key)
        go = _Going(self.entity, plan, user, rehearsal)
        for row, texts in go.ahead(staged(cursor)):
            try:
                with transaction.atomic():
                    names = go.meanings.taken_from(texts)
                    outcome, reason = go.one(reader.read(texts), names)
            except DomainError as error:
                yield row, "refused", None, error
            else:
                yield row, outcome, reason, None
        go.derive()


class _Going:
    """One go through a file: what it has found, and what it has yet to work out."""

    def __init__(self, entity: Entity, plan: Plan, user: User, rehearsal: bool) -> None:
        self.entity, self.plan, self.user, self.rehearsal = entity, plan, user, rehearsal
        self.meanings = Meanings(entity, plan)
        own_field = plan.key and plan.key != ELSEWHERE
        self.present = Present(entity, entity.all_fields[plan.key] if own_field else None, user)
        self.teams: dict[int, int | None] = {}
        self.fresh: list[int] = []

    def ahead(self, rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[Any]:
        """The rows as they come; what they mean is asked for many of them at once."""
        return self.present.ahead(self.meanings.ahead(rows))

    def one(self, data: dict[str, Any], names: tuple[Name, ...]) -> tuple[str, str | None]:
        """What one row comes to, done."""
        by_name = self.plan.key == ELSEWHERE
        value = data.get(self.plan.key) if self.plan.key else None
        known = self.meanings.record(names, self.user) if by_name else self.present.record(value)
        if known is None:
            return self._create(data, names, value)
        if self.plan.mode == "create":
            return "skipped", "exists"
        fields = self.entity.all_fields
        changed = {
            name: value for name, value in data.items() if fields[name].value(known) != value
        }
        if changed:
            edit_record(actor=self.user, entity=self.entity, record=known, data=changed)
        renamed = self.meanings.note(known, names, self.user)
        return ("updated", None) if changed or renamed else ("skipped", "same")

    def _create(
        self, data: dict[str, Any], names: tuple[Name, ...], value: Any
    ) -> tuple[str, str | None]:
        if self.plan.mode == "update":
            return "skipped", "unknown"
        draft = draft_record(actor=self.user, entity=self.entity, data=data, teams=self.teams)
        record = save_draft(draft, later=self.fresh)
        self.meanings.note(record, names)
        self.present.wrote(value)
        if len(self.fresh) >= CHUNK:
            self.derive()
        return "created", None

    def derive(self) -> None:
        """Work out what follows from the records that were made."""
        derive = self.entity.derive_new or self.entity.derive
        if derive is not None and self.fresh and not self.rehearsal:
            derive(self.fresh)
        self.fresh.clear()


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


class _RowReader:
    """Texts of a row to the values of its fields."""

    def __init__(self, fields: list[Field], plan: Plan, user: User, entity_key: str) -> None:
        self.fields = {field.name: field for field in fields}
        self.entity_key = entity_key
        #: Rows that texts were found to mean: (field, text) → row. Many rows mean the same few.
        self.meant: dict[tuple[str, str], Any] = {}
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
            stored = {str(value): value for value, _label in field.choices or ()}
            choices = tuple((str(value), str(label)) for value, label in field.choices or ())
            return stored[values.read_choice(text, values.choices_by_label(choices))]
        if kind is Kind.TAGS:
            return values.read_choices(text, field.choices or ())
        if kind in (Kind.USER, Kind.RELATION):
            return self._row_meant(field, text)
        return clean_lines(text) if kind is Kind.LONG_TEXT else clean(text)

    def _row_meant(self, field: Field, text: str) -> Any:
        """The colleague or record that a text means; one is asked for once only, unless this file
        itself makes such records."""
        if (field.name, text) in self.meant:
            return self.meant[field.name, text]
        person = field.kind is Kind.USER
        found = self._colleague(text) if person else self._related(field, text)
        if field.target != self.entity_key:
            self.meant[field.name, text] = found
        return found

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
