"""What filters mean: each as a condition of the database."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.periods import days_of, first_weekday, is_period, start_of_day
from vinculo.kernel.text import digits_pattern, search_query, text_pattern
from vinculo.platform.models import Membership
from vinculo.platform.models.people import TEAM_AND_BELOW
from vinculo.records.fields import REFERENCES, Field, Kind, Label
from vinculo.records.filters.operators import LONGEST_AGE, Filter
from vinculo.records.keys import KeyQuery
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User

LARGEST_INTEGER = 2**63 - 1
#: Operators that are the opposite of another one: what is empty is not Berlin, too.
OPPOSITES = {"not": "is", "out": "in", "lacks": "contains", "none": "any"}


def narrowing(filters: Iterable[Filter], user: "User") -> list[Q]:
    """The conditions that must all hold; of a group's filters one is enough."""
    groups: dict[int, Q] = {}
    found: list[Q] = []
    for chosen in filters:
        if not chosen.group:
            found.append(condition(chosen, user))
        elif chosen.group in groups:
            groups[chosen.group] |= condition(chosen, user)
        else:
            groups[chosen.group] = condition(chosen, user)
    return [*found, *groups.values()]


def condition(chosen: Filter, user: "User") -> Q:
    """The database condition of a filter; DomainError when its value does not fit the field."""
    if chosen.step is None:
        return _holds(chosen, user)
    target = find(chosen.step.target)
    if target is None:
        return Q(pk__in=[])
    # Only related records the reader may see are asked: a filter must not tell of the others.
    matching = target.visible(user).filter(_holds(chosen, user)).order_by()
    return Q(**{f"{chosen.step.column}__in": matching.values("pk")})


def _holds(chosen: Filter, user: "User") -> Q:
    """The condition on the record that has the field."""
    column, name, kind = chosen.field.column or "", chosen.operator.name, chosen.field.kind
    if name in ("empty", "filled"):
        empty = is_empty(chosen.field)
        return empty if name == "empty" else ~empty
    if name == "was":
        return _was(chosen)
    if name in OPPOSITES:
        other = ~_same(chosen, column, OPPOSITES[name], user)
        if chosen.field.custom and chosen.field.nullable:
            other |= Q(**{f"{column}__isnull": True})  # of a column Django knows that by itself
        return other
    if kind in (Kind.DATE, Kind.DATETIME):
        return _dates(chosen, column)
    return _same(chosen, column, name, user)


def _same(chosen: Filter, column: str, name: str, user: "User") -> Q:
    """What the comparison `name` finds, where nothing is turned round."""
    kind = chosen.field.kind
    if chosen.field.asks is not None:
        return chosen.field.asks([chosen.value] if name == "is" else chosen.values)
    if kind in REFERENCES:
        return _reference(chosen, column, user)
    if kind is Kind.TAGS:
        if name == "any":
            return Q(**{f"{column}__overlap": chosen.values})
        return Q(**{f"{column}__contains": [chosen.value]})
    if name == "in":
        return Q(**{f"{column}__in": _choices(chosen, chosen.values)})
    if name in ("contains", "starts"):
        return _text(chosen, column, name)
    if kind is Kind.CHOICE:
        return Q(**{f"{column}__in": _choices(chosen, [chosen.value])})
    if name == "between":
        return _within(chosen, column)
    lookup = {"is": "", "min": "__gte", "max": "__lte", "above": "__gt", "below": "__lt"}[name]
    return Q(**{f"{column}{lookup}": _typed(chosen, chosen.value)})


def _choices(chosen: Filter, asked: list[str]) -> list[Any]:
    """The choices asked for, as the column holds them; what is no choice matches nothing."""
    if not chosen.field.choices:
        return list(asked)
    known = {str(value): value for value, _label in chosen.field.choices}
    return [known[value] for value in asked if value in known]


def is_empty(field: Field) -> Q:
    """Nothing stands in the field."""
    column = field.column or ""
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
    # What follows from others is in no record's keys.
    return same if chosen.field.computed else Q(search=KeyQuery(query)) & same


def _reference(chosen: Filter, column: str, user: "User") -> Q:
    kind, value = chosen.field.kind, chosen.value
    if kind is Kind.USER and value == "me":
        return Q(**{chosen.field.id_column: user.pk})
    if value == "mine" and kind is Kind.TEAM:
        return Q(**{f"{chosen.field.id_column}__in": sorted(user.team_ids_below())})
    if value == "mine" and kind is Kind.USER:
        members = Membership.objects.filter(team__in=sorted(user.team_ids_below()))
        return Q(**{f"{chosen.field.id_column}__in": members.values("user_id")})
    target = find(chosen.field.target)
    if kind is Kind.RELATION and target is not None:
        # Only records the reader may see can be asked for: a filter must not tell who belongs
        # to a company that is hidden from them.
        return Q(
            **{
                f"{column}__in": target.visible(user)
                .filter(pk=_integer(chosen, value))
                .values("pk")
            }
        )
    if chosen.operator.name == "under":
        below = RawSQL(TEAM_AND_BELOW, [_integer(chosen, value)])  # noqa: S611
        return Q(**{f"{chosen.field.id_column}__in": below})
    return Q(**{chosen.field.id_column: _integer(chosen, value)})


def _was(chosen: Filter) -> Q:
    """What a choice was when a day of the reader's ended; of today, what it is now."""
    assert chosen.field.past is not None
    values, day = chosen.ends
    end = midnight(_day(chosen, day) + timedelta(days=1))
    asked = [part.strip() for part in values.split(",")]
    return chosen.field.past(_choices(chosen, asked), min(end, now()))


def _typed(chosen: Filter, value: str) -> Any:
    kind = chosen.field.kind
    if kind is Kind.BOOLEAN:
        return value in ("1", "true", "yes")
    if kind in (Kind.NUMBER, Kind.PERCENT):
        return _integer(chosen, value)
    if kind is Kind.DECIMAL:
        return _decimal(chosen, value)
    return value


def _integer(chosen: Filter, value: str) -> int:
    text = value.strip()
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise _bad(chosen, gettext_lazy("a whole number"))
    number = int(text)
    if abs(number) > LARGEST_INTEGER:
        raise _bad(chosen, gettext_lazy("a whole number"))
    return number


def _decimal(chosen: Filter, value: str) -> Decimal:
    try:
        number = Decimal(value.strip().replace(",", "."))
    except InvalidOperation:
        raise _bad(chosen, gettext_lazy("a number")) from None
    if not number.is_finite() or abs(number) > 10**18:
        raise _bad(chosen, gettext_lazy("a number"))
    return number


def _bad(chosen: Filter, wanted: Label) -> DomainError:
    return DomainError(
        _("The filter “%(label)s” needs %(wanted)s."),
        field=chosen.parameter,
        label=chosen.label,
        wanted=wanted,
    )


def _dates(chosen: Filter, column: str) -> Q:
    """A date's condition: every end is a day, or a midnight of the reader's."""
    name, value = chosen.operator.name, chosen.value
    if name == "within":
        if not is_period(value):
            raise _bad(chosen, gettext_lazy("a period"))
        weekday = first_weekday(get_language() or "en")
        days = days_of(value, timezone.localdate(now()), weekday)
        return _between(chosen, column, days.start, days.end)
    if name == "older":
        return _between(chosen, column, None, timezone.localdate(now()) - _age(chosen))
    if name == "between":
        first, last = _ends(chosen)
        start = _day(chosen, first) if first else None
        end = _day(chosen, last) + timedelta(days=1) if last else None
        return _between(chosen, column, start, end)
    day = _day(chosen, value)
    after = day + timedelta(days=1)
    if name == "on":
        return _between(chosen, column, day, after)
    if name == "before":
        return _between(chosen, column, None, day)
    return _between(chosen, column, after, None)


def _within(chosen: Filter, column: str) -> Q:
    """A span of numbers, both ends in it; one of them may be left open."""
    first, last = _ends(chosen)
    found = Q()
    if first:
        found &= Q(**{f"{column}__gte": _typed(chosen, first)})
    if last:
        found &= Q(**{f"{column}__lte": _typed(chosen, last)})
    return found


def _ends(chosen: Filter) -> tuple[str, str]:
    first, last = chosen.ends
    if not (first or last):
        raise _bad(chosen, gettext_lazy("a beginning or an end"))
    return first, last


def _age(chosen: Filter) -> timedelta:
    days = _integer(chosen, chosen.value)
    if not 0 <= days <= LONGEST_AGE:
        raise _bad(chosen, gettext_lazy("a number of days"))
    return timedelta(days=days)


def _between(chosen: Filter, column: str, start: date | None, end: date | None) -> Q:
    """From `start` on and before `end`: days as they are, instants by the reader's midnights."""
    at = midnight if chosen.field.kind is Kind.DATETIME else _as_it_is
    found = Q()
    if start is not None:
        found &= Q(**{f"{column}__gte": at(start)})
    if end is not None:
        found &= Q(**{f"{column}__lt": at(end)})
    return found


def _day(chosen: Filter, value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _bad(chosen, gettext_lazy("a date like 2026-11-21")) from None
    if not 1 < day.year < 9999:  # its neighbours and its midnight in any zone exist, too
        raise _bad(chosen, gettext_lazy("a date like 2026-11-21"))
    return day


def _as_it_is(day: date) -> date:
    return day


def midnight(day: date) -> datetime:
    """The instant at which `day` begins for the reader."""
    return start_of_day(day, timezone.get_current_timezone())
