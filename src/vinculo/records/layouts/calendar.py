"""The list as the days of a month or a week, in the reader's time zone and from their first day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel.dates import format_date, format_interval, format_skeleton
from django.db.models import IntegerField, Value
from django.utils import timezone
from django.utils.translation import get_language

from vinculo.kernel.clock import now
from vinculo.kernel.periods import first_weekday
from vinculo.platform.formats import date_text, reader_locale, time_text
from vinculo.platform.plans import planned_anew
from vinculo.records.cells import TONES
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import Filter, midnight
from vinculo.records.filters.operators import ON
from vinculo.records.forms import comparable
from vinculo.records.layouts.cards import Card, facts_of, movable_ids, shown_fields
from vinculo.records.lists import ListState, matching, narrow

if TYPE_CHECKING:
    from vinculo.records.entity import Calendar

#: Entries of a day that a month shows; a week shows all it can.
IN_MONTH, IN_WEEK = 4, 40
#: A day's entries are counted up to here.
COUNTED = 100
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass
class Day:
    """One day of the calendar with the entries there is room for."""

    day: date
    label: str
    long: str
    outside: bool
    today: bool
    cards: list[Card] = field(default_factory=list)
    more: int = 0
    #: There are more than can be counted here.
    beyond: bool = False
    url: str = ""
    new_url: str = ""


@dataclass
class Span:
    """A month or a week as it is shown."""

    title: str
    weekdays: list[str]
    weeks: list[list[Day]]
    previous: str
    next: str
    today: str
    here: str
    empty: bool


def day_in(text: str) -> date:
    """The day in an address; today for none, and for one that no calendar shows."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate(now())
    return min(max(day, EARLIEST), LATEST)


@planned_anew()
def span_of(state: ListState, calendar: "Calendar", by: Field, day: date, may_add: bool) -> Span:
    """The month or week around `day`: one question for all its days, one for what is shown."""
    week = state.layout == "week"
    days = list(days_around(day, week))
    cards, counts = _entries(state, calendar, by, days, IN_WEEK if week else IN_MONTH)
    today = timezone.localdate(now())
    shown = []
    for one in days:
        found = Day(
            one,
            _short(one, days[0], week),
            date_text(one, "full"),
            outside=not week and one.month != day.month,
            today=one == today,
            cards=cards.get(one, []),
            url=_day_url(state, by, one),
        )
        found.more = counts.get(one, 0) - len(found.cards)
        found.beyond = counts.get(one, 0) >= COUNTED
        if may_add and by.name in state.entity.form_names:
            given = one.isoformat() + ("T09:00" if by.kind is Kind.DATETIME else "")
            found.new_url = f"/{state.entity.path}/new?{urlencode({by.name: given})}"
        shown.append(found)
    step = timedelta(days=7)
    before = day - step if week else day.replace(day=1) - timedelta(days=1)
    after = day + step if week else day.replace(day=1) + timedelta(days=32)
    return Span(
        title=_title(days, day, week),
        weekdays=[format_date(one, "EEE", locale=reader_locale()) for one in days[:7]],
        weeks=[shown[at : at + 7] for at in range(0, len(shown), 7)],
        previous=_url(state, max(before, EARLIEST)),
        next=_url(state, min(after, LATEST)),
        today=_url(state, None),
        here=_url(state, day),
        empty=not counts,
    )


def days_around(day: date, week: bool) -> Iterator[date]:
    """The days of the week of `day`, or of the whole weeks that its month touches."""
    first = day if week else day.replace(day=1)
    start = first - timedelta(days=(first.weekday() - first_weekday(get_language() or "en")) % 7)
    if week:
        length = 7
    else:
        last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        length = -(-((last - start).days + 1) // 7) * 7
    for offset in range(length):
        yield start + timedelta(days=offset)


def _entries(
    state: ListState, calendar: "Calendar", by: Field, days: list[date], room: int
) -> tuple[dict[date, list[Card]], dict[date, int]]:
    """Per day the cards there is room for, and how many there are (at most `COUNTED`)."""
    rows, column = matching(state), by.column or ""
    parts = [
        rows.filter(**_bounds(by, column, day))
        .annotate(shown_on=Value(number, output_field=IntegerField()))
        .order_by(column, "pk")
        .values_list("shown_on", "pk")[:COUNTED]
        for number, day in enumerate(days)
    ]
    wanted: dict[date, list[int]] = {}
    for number, pk in parts[0].union(*parts[1:], all=True):
        wanted.setdefault(days[number], []).append(pk)
    ids = {pk: day for day, pks in wanted.items() for pk in pks[:room]}
    seen = state.entity.visible(state.user).filter(pk__among=ids)
    cards: dict[date, list[Card]] = {}
    for card in _cards(state, calendar, by, seen):
        cards.setdefault(ids[card.record.pk], []).append(card)
    return cards, {day: len(pks) for day, pks in wanted.items()}


def _cards(state: ListState, calendar: "Calendar", by: Field, rows: Any) -> list[Card]:
    """The rows as entries, in the order of their instants."""
    fields = shown_fields(state.entity, state.user, calendar.facts)
    tone = state.entity.field_for(state.user, calendar.tone) if calendar.tone else None
    read = [*fields, by, *([tone] if tone is not None else [])]
    records = list(narrow(rows, read, state.entity, None).order_by(by.column or "", "pk"))
    facts = facts_of(state.entity, state.user, records, fields)
    movable = movable_ids(state.entity, state.user, records) if by.editable else set()
    return [
        Card(
            record,
            state.entity.url(record),
            state.entity.title_of(record),
            *facts[record.pk],
            movable=record.pk in movable,
            was=comparable(by.value(record)),
            time=time_text(by.value(record)) if by.kind is Kind.DATETIME else "",
            tone=TONES.get(str(tone.value(record)), "") if tone is not None else "",
        )
        for record in records
    ]


def card_in_calendar(state: ListState, pk: int) -> tuple[str, Card] | None:
    """One entry anew and the day it belongs on; None where the calendar shows it no more."""
    calendar, by = _declared(state)
    for card in _cards(state, calendar, by, matching(state).filter(pk=pk)):
        at = by.value(card.record)
        if at is not None:
            return (timezone.localdate(at) if isinstance(at, datetime) else at).isoformat(), card
    return None


def rows_in_span(state: ListState, day: date) -> Any:
    """The rows of the month or week around `day`."""
    _calendar, by = _declared(state)
    days = list(days_around(day, state.layout == "week"))
    return matching(state).filter(**_bounds(by, by.column or "", days[0], days[-1]))


def _declared(state: ListState) -> tuple["Calendar", Field]:
    """The calendar of a state whose layout it is, and the field it goes by."""
    calendar = state.entity.calendar
    by = state.entity.field_for(state.user, calendar.by) if calendar is not None else None
    assert calendar is not None and by is not None, "parsed only where the reader sees the field"
    return calendar, by


def _bounds(by: Field, column: str, first: date, last: date | None = None) -> dict[str, Any]:
    """The filter for one day, or from one to another."""
    if by.kind is Kind.DATE:
        return {column: first} if last is None else {f"{column}__range": (first, last)}
    end = midnight((last or first) + timedelta(days=1))
    return {f"{column}__gte": midnight(first), f"{column}__lt": end}


def moved(value: Any, day: date) -> str:
    """A date or an instant on another day, at the same time of day, as its input would say it."""
    if isinstance(value, datetime):
        at = timezone.localtime(value).strftime("%H:%M")
        return f"{day.isoformat()}T{at}"
    return day.isoformat()


def _url(state: ListState, day: date | None) -> str:
    at = f"&{urlencode({'day': day.isoformat()})}" if day is not None else ""
    return f"/{state.entity.path}?{state.query()}{at}"


def _day_url(state: ListState, by: Field, day: date) -> str:
    """The table of one day's records: where "3 more" leads."""
    chosen = Filter(by, ON, day.isoformat())
    alone = replace(state, layout="", filters=(*state.filters, chosen), after="", before="")
    return f"/{state.entity.path}?{alone.query()}"


def _short(day: date, first: date, week: bool) -> str:
    """The number of a day; with its month where a new one begins."""
    if week or day == first or day.day == 1:
        return str(format_skeleton("MMMd", day, locale=reader_locale()))
    return str(day.day)


def _title(days: list[date], day: date, week: bool) -> str:
    if week:
        return str(format_interval(days[0], days[-1], "yMMMd", locale=reader_locale()))
    return str(format_skeleton("yMMMM", day, locale=reader_locale()))
