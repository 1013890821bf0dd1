"""A list as a file: exactly the rows and columns it shows, read once, in flat memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.platform import journal
from vinculo.platform.access import require, visible_condition
from vinculo.platform.access_events import note_list
from vinculo.platform.actions import OTHER_VERBS
from vinculo.records import external
from vinculo.records.custom.values import fetch_related
from vinculo.records.external.written import write_names
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.lists import ListState, as_exported, matching, ordering
from vinculo.records.registry import find
from vinculo.records.transfer.cells import escape_formula
from vinculo.records.transfer.elsewhere import TARGET as ELSEWHERE

if TYPE_CHECKING:
    from vinculo.platform.models import User

OTHER_VERBS["records.export"] = gettext_lazy("Export")

CHUNK = 2_000
MOST_XLSX_ROWS = 1_048_575
Write = Callable[[Any], Any]


class _Echo:
    """A file that gives back what is written, so that csv.writer can stream."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def begin_export(state: ListState, form: str) -> None:
    """Ask for the right and write down who takes which list away; before any row is read."""
    require(state.user, state.entity.key, "export")
    label = f"{state.entity.label_plural} ({form})"
    if state.narrowed:
        label += f" ?{state.query()}"
    with journal.change_set(actor=state.user, verb="records.export", label=label):
        pass


def csv_lines(state: ListState, *, raw: bool = False, elsewhere: bool = False) -> Iterator[str]:
    """The list as CSV, line by line. `raw` leaves formulas alone: for moving to another program
    only, never for opening in a spreadsheet. `elsewhere` adds what other systems call each row, in
    a column by which an import finds it again."""
    # The reader's language and zone end with the request, and the lines are made after it: what
    # depends on them is settled now, before the first line is asked for.
    state = as_exported(state)
    zone = timezone.get_current_timezone()
    guard: Callable[[str], str] = (lambda text: text) if raw else escape_formula
    head = [guard(str(label)) for label in _labels(state, elsewhere)]
    writers = [_text_writer(column, zone, guard) for column in state.columns]
    return _lines(state, head, [*writers, guard] if elsewhere else writers, elsewhere)


def _labels(state: ListState, elsewhere: bool) -> list[Label]:
    labels: list[Label] = [column.label or column.name for column in state.columns]
    return [*labels, ELSEWHERE.label] if elsewhere else labels


def _lines(
    state: ListState, head: list[str], writers: list[Write], elsewhere: bool
) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    lines: list[str] = []
    for values in _values(state, elsewhere):
        cells = [write(value) for write, value in zip(writers, values, strict=True)]
        lines.append(writer.writerow(cells))
        if len(lines) >= CHUNK:
            yield "".join(lines)
            lines.clear()
    if lines:
        yield "".join(lines)


def write_xlsx(state: ListState, path: Path, *, elsewhere: bool = False) -> int:
    """The list as a workbook at `path`, row by row; returns the number of rows. `elsewhere` as in
    `csv_lines`.

    Raises DomainError when it has more rows than a sheet can hold.
    """
    state = as_exported(state)
    zone = timezone.get_current_timezone()
    count = 0
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_sheet_name(str(state.entity.label_plural)))
        bold = book.add_format({"bold": True})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, label in enumerate(_labels(state, elsewhere)):
            sheet.write_string(0, at, escape_formula(str(label)), bold)
        writers = [_text_writer(column, zone, escape_formula) for column in state.columns]
        writers += [escape_formula] if elsewhere else []
        for values in _values(state, elsewhere):
            count += 1
            if count > MOST_XLSX_ROWS:
                raise DomainError(_("A workbook holds at most 1,048,575 rows. Export as CSV."))
            for at, value in enumerate(values):
                _write_cell(sheet, count, at, value, writers[at], instant, zone)
        sheet.freeze_panes(1, 0)
    return count


def _write_cell(
    sheet: Any, row: int, at: int, value: Any, write: Write, instant: Any, zone: tzinfo
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | str | list | tuple):
        sheet.write_string(row, at, str(write(value))[:32_767])
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, at, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, at, value.astimezone(zone), instant)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value)
    else:
        sheet.write_string(row, at, str(write(value))[:32_767])


def _sheet_name(name: str) -> str:
    """A name a sheet may have."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)[:31] or "1"


def _values(state: ListState, elsewhere: bool) -> Iterator[Sequence[Any]]:
    """One tuple per row, in the order of the columns; what was taken is noted, also of an export
    that its reader broke off."""
    taken = 0
    try:
        for values in _named_elsewhere(state) if elsewhere else _rows(state):
            taken += 1
            yield values
    finally:
        note_list(state.user, "export", state.entity.key, taken, state.query())


def _named_elsewhere(state: ListState) -> Iterator[Sequence[Any]]:
    """The rows with what other systems call them: asked for many rows at once."""
    rows = _rows(state, numbered=True)
    while chunk := list(islice(rows, CHUNK)):
        names = external.names_of(state.entity.key, [row[0] for row in chunk])
        for pk, *values in chunk:
            yield (*values, write_names(names.get(pk, ())))


def _rows(state: ListState, *, numbered: bool = False) -> Iterator[Sequence[Any]]:
    """The rows by a cursor on the server; `numbered` puts the record's id first."""
    rows = matching(state).visible_to(state.user, "export").order_by(*ordering(state))
    if any(column.read is not None or not column.column for column in state.columns):
        records = rows.iterator(chunk_size=CHUNK)
        while some := list(islice(records, CHUNK)):
            fetch_related(some, state.columns)
            for record in some:
                values = tuple(_of_record(column, record) for column in state.columns)
                yield (record.pk, *values) if numbered else values
        return
    named = {
        f"export_{at}": _expression(column, state.user) for at, column in enumerate(state.columns)
    }
    # Of no columns at all (each is hidden from the reader) nothing is read: no names are all names.
    taken = ["pk", *named] if numbered else list(named)
    if not named and not numbered:
        yield from (() for _pk in rows.values_list("pk").iterator(chunk_size=CHUNK))
        return
    yield from rows.annotate(**named).values_list(*taken).iterator(chunk_size=CHUNK)


def _of_record(column: Field, record: Any) -> Any:
    value = column.value(record)
    return str(value) if column.is_reference and value is not None else value


def _expression(column: Field, user: User) -> Any:
    """What a column shows, in SQL: of a reference its name, where the reader may know it."""
    path = column.column or column.name
    if not column.is_reference:
        return F(path)
    if column.kind in (Kind.USER, Kind.TEAM):
        return Coalesce(F(f"{path}__name"), Value(""))
    target = find(column.target)
    if target is None:
        return F(path)
    if column.custom:
        named = target.visible(user).filter(pk=OuterRef(path)).order_by()
        return Coalesce(Subquery(named.values(target.title)[:1]), Value(""))
    title = f"{path}__{target.title}"
    if visible_condition(target.model, user, "view") is None:
        return Coalesce(F(title), Value(""))
    known = target.visible(user).values("pk")
    return Case(When(**{f"{path}__in": known}, then=F(title)), default=Value(""))


def _text_writer(column: Field, zone: tzinfo, guard: Callable[[str], str]) -> Write:
    """How values of a column are written in a cell: plain, and the same for every reader's
    program (dates in ISO form, numbers without grouping)."""
    if column.sensitive:  # whoever may not read it has no such column
        return lambda value: guard(value.reveal_or_dots()) if value else ""
    if column.choices and column.kind is Kind.TAGS:
        told = {stored: guard(str(label)) for stored, label in column.choices}
        return lambda value: "; ".join(told.get(one, guard(one)) for one in value or ())
    if column.choices and not column.is_reference:
        labels = {stored: guard(str(label)) for stored, label in column.choices}
        return lambda value: "" if value is None else labels.get(value, guard(str(value)))
    if column.kind is Kind.TAGS:
        return lambda value: guard("; ".join(value)) if value else ""
    if column.kind is Kind.BOOLEAN:
        yes, no = gettext("Yes"), gettext("No")
        return lambda value: "" if value is None else yes if value else no
    if column.kind is Kind.DATETIME:
        return lambda value: value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if value else ""
    if column.kind is Kind.DATE:
        return lambda value: value.isoformat() if value else ""
    if column.is_number:
        return lambda value: "" if value is None else str(value)
    return lambda value: guard(str(value)) if value else ""
