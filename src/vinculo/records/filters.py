"""Typed filters: what a list, the API and an export can be narrowed by, from the field's kind.

In a URL a filter reads `city.contains=Berlin`, `state.in=active,prospect`, `owner.is=me`,
`last_contact_at.within=last_30_days`, `tags.has=vip`, `website.empty=1`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import pgettext_lazy as pgettext

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.periods import days_of, first_weekday, is_period, start_of_day
from vinculo.kernel.text import digits_pattern, search_query, text_pattern
from vinculo.records.fields import REFERENCES, Field, Kind, Label
from vinculo.records.keys import KeyQuery
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

MOST_FILTERS = 20
MOST_VALUES = 100
LONGEST_VALUE = 200
LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Operator:
    """One way to compare: its word in the URL, how it reads on screen, what it asks for."""

    name: str
    label: Label
    #: "one", "many", "period" or "none": what stands to the right of it.
    wants: str = "one"


IS = Operator("is", pgettext("filter", "is"))
NOT = Operator("not", pgettext("filter", "is not"))
IN = Operator("in", pgettext("filter", "is any of"), "many")
CONTAINS = Operator("contains", pgettext("filter", "contains"))
STARTS = Operator("starts", pgettext("filter", "starts with"))
MIN = Operator("min", pgettext("filter", "at least"))
MAX = Operator("max", pgettext("filter", "at most"))
ON = Operator("on", pgettext("filter", "on"))
BEFORE = Operator("before", pgettext("filter", "before"))
AFTER = Operator("after", pgettext("filter", "after"))
WITHIN = Operator("within", pgettext("filter", "within"), "period")
HAS = Operator("has", pgettext("filter", "has"))
EMPTY = Operator("empty", pgettext("filter", "is empty"), "none")
FILLED = Operator("filled", pgettext("filter", "is not empty"), "none")

TEXTS = (CONTAINS, IS, STARTS, EMPTY, FILLED)
NUMBERS = (IS, MIN, MAX, EMPTY, FILLED)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: TEXTS,
    Kind.LONG_TEXT: (CONTAINS, EMPTY, FILLED),
    Kind.EMAIL: TEXTS,
    Kind.PHONE: TEXTS,
    Kind.URL: TEXTS,
    Kind.NUMBER: NUMBERS,
    Kind.DECIMAL: NUMBERS,
    Kind.PERCENT: NUMBERS,
    Kind.BOOLEAN: (IS,),
    Kind.DATE: (WITHIN, ON, BEFORE, AFTER, EMPTY, FILLED),
    Kind.DATETIME: (WITHIN, ON, BEFORE, AFTER, EMPTY, FILLED),
    Kind.CHOICE: (IN, IS, NOT, EMPTY, FILLED),
    Kind.COUNTRY: (IN, IS, NOT, EMPTY, FILLED),
    Kind.TAGS: (HAS, EMPTY, FILLED),
    Kind.RELATION: (IS, EMPTY, FILLED),
    Kind.USER: (IS, NOT, EMPTY, FILLED),
    Kind.TEAM: (IS, NOT, EMPTY, FILLED),
}


@dataclass(frozen=True)
class Filter:
    """One condition as somebody chose it."""

    field: Field
    operator: Operator
    value: str = ""

    @property
    def parameter(self) -> str:
        """Its name in the URL."""
        return f"{self.field.name}.{self.operator.name}"

    @property
    def values(self) -> list[str]:
        """The values of an operator that takes several."""
        return [part for part in self.value.split(",") if part][:MOST_VALUES]


def operators_of(field: Field) -> tuple[Operator, ...]:
    """How a field can be compared; nothing for a field that is not in the database."""
    return OPERATORS.get(field.kind or Kind.TEXT, ()) if field.filterable and field.column else ()


def parse_filters(entity: "Entity", user: "User", pairs: Iterable[tuple[str, str]]) -> list[Filter]:
    """The filters in a URL's parameters; a name that is unknown (or hidden) is refused.

    Refusing an unknown and a hidden field in the same words keeps a filter from being used to
    guess what a hidden field holds.
    """
    found: list[Filter] = []
    for name, value in pairs:
        field_name, dot, operator_name = name.partition(".")
        if not dot:
            continue
        field = entity.field_for(user, field_name)
        operators = {op.name: op for op in operators_of(field)} if field else {}
        if field is None or operator_name not in operators:
            raise DomainError(_("There is no filter called “%(name)s” here."), name=name[:60])
        if len(value) > LONGEST_VALUE * 5 or "\x00" in value:
            raise DomainError(_("The value of a filter is too long or cannot be read."))
        operator = operators[operator_name]
        if value == "" and operator.wants != "none":
            continue
        found.append(Filter(field, operator, value))
    if len(found) > MOST_FILTERS:
        raise DomainError(_("Use at most %(most)s filters at once."), most=MOST_FILTERS)
    return found


def condition(chosen: Filter, user: "User") -> Q:
    """The database condition of a filter; DomainError when its value does not fit the field."""
    column, name = chosen.field.column or "", chosen.operator.name
    if name in ("empty", "filled"):
        empty = _empty(chosen.field, column)
        return empty if name == "empty" else ~empty
    kind = chosen.field.kind
    if kind in REFERENCES:
        same = _reference(chosen, column, user)
        return ~same if name == "not" else same
    if kind in (Kind.DATE, Kind.DATETIME):
        return _dates(chosen, column)
    if kind is Kind.TAGS:
        return Q(**{f"{column}__contains": [chosen.value]})
    if name == "in":
        return Q(**{f"{column}__in": _choices(chosen, chosen.values)})
    if name in ("contains", "starts"):
        return _text(chosen, column, name)
    if kind is Kind.CHOICE:
        same = Q(**{f"{column}__in": _choices(chosen, [chosen.value])})
        return ~same if name == "not" else same
    value = _typed(chosen)
    lookup = {"is": "", "not": "", "min": "__gte", "max": "__lte"}[name]
    same = Q(**{f"{column}{lookup}": value})
    return ~same if name == "not" else same


def _choices(chosen: Filter, asked: list[str]) -> list[Any]:
    """The choices asked for, as the column holds them; what is no choice matches nothing."""
    if not chosen.field.choices:
        return list(asked)
    known = {str(value): value for value, _label in chosen.field.choices}
    return [known[value] for value in asked if value in known]


def _empty(field: Field, column: str) -> Q:
    if any(isinstance(value, int) for value, _label in field.choices or ()):
        return Q(**{f"{column}__isnull": True})
    if field.kind is Kind.TAGS:
        return Q(**{f"{column}": []})
    if field.is_reference or field.is_number or field.kind in (Kind.DATE, Kind.DATETIME):
        return Q(**{f"{column}__isnull": True})
    return Q(**{column: ""})


def _text(chosen: Filter, column: str, name: str) -> Q:
    lookup = "istartswith" if name == "starts" else "icontains"
    same = Q(**{f"{column}__{lookup}": chosen.value})
    query = search_query(chosen.value) if chosen.field.searched else ""
    if not query:
        return same
    # The record's search keys hold this value's words, whatever the accents, and their index
    # narrows; but they hold the words of other fields too, so the field itself is compared as well.
    phone = chosen.field.kind is Kind.PHONE
    pattern = digits_pattern(chosen.value) if phone else text_pattern(chosen.value)
    if pattern:
        start = "^[^0-9]*" if phone else "^"
        same |= Q(**{f"{column}__iregex": f"{start if name == 'starts' else ''}{pattern}"})
    return Q(search=KeyQuery(query)) & same


def _reference(chosen: Filter, column: str, user: "User") -> Q:
    kind, value = chosen.field.kind, chosen.value
    if kind is Kind.USER and value == "me":
        return Q(**{f"{column}_id": user.pk})
    if value == "mine" and kind is Kind.TEAM:
        return Q(**{f"{column}_id__in": sorted(user.team_ids_below())})
    target = find(chosen.field.target)
    if kind is Kind.RELATION and target is not None:
        # Only records the reader may see can be asked for: a filter must not tell who belongs
        # to a company that is hidden from them.
        return Q(**{f"{column}__in": target.visible(user).filter(pk=_integer(chosen)).values("pk")})
    return Q(**{f"{column}_id": _integer(chosen)})


def _typed(chosen: Filter) -> Any:
    kind = chosen.field.kind
    if kind is Kind.BOOLEAN:
        return chosen.value in ("1", "true", "yes")
    if kind in (Kind.NUMBER, Kind.PERCENT):
        return _integer(chosen)
    if kind is Kind.DECIMAL:
        return _decimal(chosen)
    return chosen.value


def _integer(chosen: Filter) -> int:
    text = chosen.value.strip()
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise _bad(chosen, gettext_lazy("a whole number"))
    number = int(text)
    if abs(number) > LARGEST_INTEGER:
        raise _bad(chosen, gettext_lazy("a whole number"))
    return number


def _decimal(chosen: Filter) -> Decimal:
    try:
        number = Decimal(chosen.value.replace(",", "."))
    except InvalidOperation:
        raise _bad(chosen, gettext_lazy("a number")) from None
    if not number.is_finite() or abs(number) > 10**18:
        raise _bad(chosen, gettext_lazy("a number"))
    return number


def _bad(chosen: Filter, wanted: Label) -> DomainError:
    return DomainError(
        _("The filter “%(label)s” needs %(wanted)s."),
        field=chosen.parameter,
        label=chosen.field.label,
        wanted=wanted,
    )


def _dates(chosen: Filter, column: str) -> Q:
    if chosen.operator.name == "within":
        if not is_period(chosen.value):
            raise _bad(chosen, gettext_lazy("a period"))
        weekday = first_weekday(get_language() or "en")
        days = days_of(chosen.value, timezone.localdate(now()), weekday)
        start, end = days.start, days.end
    else:
        day = _day(chosen)
        return _around(chosen, column, day)
    return _between(chosen, column, start, end)


def _around(chosen: Filter, column: str, day: date) -> Q:
    after = day + timedelta(days=1)
    if chosen.operator.name == "on":
        return _between(chosen, column, day, after)
    if chosen.operator.name == "before":
        return _between(chosen, column, None, day)
    return _between(chosen, column, after, None)


def _between(chosen: Filter, column: str, start: date | None, end: date | None) -> Q:
    """From `start` on and before `end`: days as they are, instants by the reader's midnights."""
    at = midnight if chosen.field.kind is Kind.DATETIME else _same
    found = Q()
    if start is not None:
        found &= Q(**{f"{column}__gte": at(start)})
    if end is not None:
        found &= Q(**{f"{column}__lt": at(end)})
    return found


def _day(chosen: Filter) -> date:
    try:
        day = date.fromisoformat(chosen.value)
    except ValueError:
        raise _bad(chosen, gettext_lazy("a date like 2026-11-21")) from None
    if not 1 < day.year < 9999:  # its neighbours and its midnight in any zone exist, too
        raise _bad(chosen, gettext_lazy("a date like 2026-11-21"))
    return day


def _same(day: date) -> date:
    return day


def midnight(day: date) -> datetime:
    """The instant at which `day` begins for the reader."""
    return start_of_day(day, timezone.get_current_timezone())
