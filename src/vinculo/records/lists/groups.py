"""A list in groups: how many rows have each value of a field, and the rows of one group.

A group is a filter: its rows are the list with one condition more, and page by keyset as any list.
"""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import get_language, gettext

from vinculo.kernel.countries import country_name
from vinculo.kernel.text import sort_key
from vinculo.platform.access import visible_condition
from vinculo.platform.models import Team, User
from vinculo.platform.plans import planned_anew
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import Filter, operators_of
from vinculo.records.lists.counting import soon
from vinculo.records.lists.figures import numbers_in
from vinculo.records.lists.paging import matching
from vinculo.records.lists.state import ListState, Sort
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.records.entity import Entity

MOST_GROUPS = 100
MOST_OPEN = 12
OPEN_AT_FIRST = 5
KINDS = (Kind.CHOICE, Kind.BOOLEAN, Kind.USER, Kind.TEAM, Kind.COUNTRY, Kind.TEXT, Kind.DATE,
         Kind.DATETIME, Kind.RELATION)  # fmt: skip
HIDDEN = -1
EMPTY_KEY = "-"


@dataclass(frozen=True)
class Group:
    """The rows with one value: its key in the URL, its name, how many rows, what numbers come to.

    `hidden` are rows whose related record the reader may not see: they are only counted.
    """

    key: str
    label: str
    number: int
    value: Any = None
    figures: dict[str, Any] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True)
class Groups:
    """The groups of a list; `cut` tells that there are more than are shown (the largest)."""

    groups: list[Group]
    cut: bool = False


def groupable(entity: "Entity", field: Field) -> bool:
    """Whether a list can be grouped by a field: by a value that many records share."""
    if field.kind not in KINDS or not operators_of(field) or field.name == entity.title:
        return False
    if field.sensitive:
        return False  # what is encrypted is no heading
    if field.kind is Kind.RELATION:
        return find(field.target) is not None
    return True


@planned_anew()
def groups_of(state: ListState) -> Groups:
    """The largest groups in the order of their values; TooMany when it would take too long."""
    by = state.group
    assert by is not None
    sums: dict[str, Any] = {}
    for column in numbers_in(state):
        path = column.column or column.name
        sums[f"figure_{column.name}"] = Avg(path) if column.kind is Kind.PERCENT else Sum(path)
    with soon():
        rows = matching(state).order_by().annotate(group_value=_expression(state, by))
        counted = rows.values("group_value").annotate(number=Count("pk"), **sums)
        found = list(counted.order_by("-number", "group_value")[: MOST_GROUPS + 1])
    labels = _labels(state, by, [row["group_value"] for row in found])
    groups: dict[str, Group] = {}
    for row in found[:MOST_GROUPS]:
        group = _group(by, row, labels)
        known = groups.get(group.key)
        # Empty is null or "": one group.
        groups[group.key] = replace(group, number=group.number + known.number) if known else group
    return Groups(
        sorted(groups.values(), key=lambda one: _place(by, one)), len(found) > MOST_GROUPS
    )


def inside(state: ListState, key: str) -> ListState | None:
    """The list of one group's rows; None for a key that names no group."""
    chosen = group_filter(state, key)
    if chosen is None:
        return None
    return replace(state, filters=(*state.filters, chosen), group=None, open=None)


def as_exported(state: ListState) -> ListState:
    """The list as a file has it: a grouped one with what it is grouped by as its first column and
    first key, so that the rows of a group stand together."""
    by = state.group
    if by is None:
        return state
    columns = (by, *(column for column in state.columns if column.name != by.name))
    key = by if by.sort else replace(by, sort=by.id_column)
    newest_first = by.kind in (Kind.DATE, Kind.DATETIME)
    rest = (sort for sort in state.sorts if sort.field.name != by.name)
    return replace(state, columns=columns, sorts=(Sort(key, newest_first), *rest))


def group_filter(state: ListState, key: str) -> Filter | None:
    """The filter that selects a group's rows."""
    by = state.group
    if by is None or not key or "\x00" in key:
        return None
    operators = {operator.name: operator for operator in operators_of(by)}
    if key == EMPTY_KEY:
        return Filter(by, operators["empty"], "1") if "empty" in operators else None
    if by.kind in (Kind.DATE, Kind.DATETIME):
        span = _month(key)
        return Filter(by, operators["between"], span) if span else None
    if by.is_reference and not key.isdigit():
        return None
    return Filter(by, operators["is"], key)


def _month(key: str) -> str:
    """The first and last day of a month like 2026-11, as a filter writes them."""
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError:
        return ""
    return f"{first}..{first.replace(day=monthrange(first.year, first.month)[1])}"


def _expression(state: ListState, by: Field) -> Any:
    """What rows are grouped by: a date by its month for the reader, others by their value."""
    column = by.column or by.name
    if by.kind is Kind.DATETIME:
        return TruncMonth(column, tzinfo=timezone.get_current_timezone())
    if by.kind is Kind.DATE:
        return TruncMonth(column)
    if by.kind is not Kind.RELATION:
        return F(by.id_column)
    target = find(by.target)
    if target is None or visible_condition(target.model, state.user, "view") is None:
        return F(by.id_column)
    # How many belong to which hidden record is nothing the reader may know: they are one group.
    known = Q(**{f"{column}__in": target.visible(state.user).order_by().values("pk")})
    none = Q(**{f"{column}__isnull": True})
    return Case(When(none, then=None), When(known, then=F(by.id_column)), default=Value(HIDDEN))


def _labels(state: ListState, by: Field, values: list[Any]) -> dict[Any, str]:
    """The names of the related records, all in one question."""
    wanted = [value for value in values if value not in (None, HIDDEN)]
    if not by.is_reference or not wanted:
        return {}
    target = find(by.target)
    model: Any = {Kind.USER: User, Kind.TEAM: Team}.get(by.kind or Kind.TEXT)
    rows = target.visible(state.user) if target else model.objects.visible_to(state.user)
    return {row.pk: str(row) for row in rows.filter(pk__among=wanted)}


def _group(by: Field, row: dict[str, Any], labels: dict[Any, str]) -> Group:
    value, number = row["group_value"], row["number"]
    figures = {
        name.removeprefix("figure_"): figure
        for name, figure in row.items()
        if name.startswith("figure_")
    }
    if value is None or value == "":
        return Group(EMPTY_KEY, gettext("Empty"), number, None, figures)
    if by.kind is Kind.RELATION and value == HIDDEN:
        return Group("", gettext("Not visible to you"), number, HIDDEN, figures, hidden=True)
    if isinstance(value, datetime | date):
        return Group(f"{value:%Y-%m}", _month_label(value), number, value, figures)
    if by.kind is Kind.BOOLEAN:
        label = gettext("Yes") if value else gettext("No")
        return Group("1" if value else "0", label, number, value, figures)
    if by.kind is Kind.COUNTRY:
        label = country_name(value, get_language() or "en")
    elif by.is_reference:
        label = labels.get(value, str(value))
    else:
        label = str(by.choice_label(value))
    return Group(str(value), label, number, value, figures)


def _month_label(value: date) -> str:
    from babel.dates import format_skeleton

    locale = (get_language() or "en").replace("-", "_")
    return str(format_skeleton("yMMMM", value, locale=locale))


def _place(by: Field, group: Group) -> tuple[int, Any]:
    """Choices as declared, months newest first, the rest by name; empty and hidden ones last."""
    if group.hidden or group.key == EMPTY_KEY:
        return (2 if group.hidden else 1, 0)
    if isinstance(group.value, datetime | date):
        return (0, (-group.value.year, -group.value.month))
    stored = [value for value, _label in by.choices or ()]
    if stored:
        return (0, stored.index(group.value) if group.value in stored else len(stored))
    return (0, sort_key(group.label))
