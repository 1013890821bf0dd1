"""A list: which rows, in which order, which columns; one page of them by keyset, and how many.

The whole state of a list is in its URL: `?q=`, filters (`city.contains=`), `sort=-created_at`,
`cols=name,city`, and a cursor `after=` / `before=`.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import F, Q
from django.utils.datastructures import MultiValueDict

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import digits_pattern, fold, search_query, text_pattern
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import Filter, condition, parse_filters
from vinculo.records.keys import KeyQuery

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

PAGE = 50
LARGEST_PAGE = 200
COUNTED = 10_000


@dataclass(frozen=True)
class ListState:
    """What a list shows, as its URL says."""

    entity: "Entity"
    user: "User"
    q: str = ""
    filters: tuple[Filter, ...] = ()
    sort: Field | None = None
    descending: bool = False
    columns: tuple[Field, ...] = ()
    after: str = ""
    before: str = ""
    size: int = PAGE
    #: Rows ticked by hand, where the list stands for these alone; never in the URL.
    only: tuple[int, ...] = ()
    #: How the rows stand: "" for the table, else one of `layouts.LAYOUTS`.
    layout: str = ""
    #: The number of the saved view that the reader works in, "" for none.
    view: str = ""

    def query(self, *, page: bool = False) -> str:
        """The state as a query string; `page` keeps the cursor."""
        pairs: list[tuple[str, str]] = [("view", self.view)] if self.view else []
        pairs += [("layout", self.layout)] if self.layout else []
        pairs += [("q", self.q)] if self.q else []
        pairs += [(chosen.parameter, chosen.value or "1") for chosen in self.filters]
        if self.sort is not None and self.sort_parameter != self.entity.default_sort:
            pairs.append(("sort", self.sort_parameter))
        names = tuple(column.name for column in self.columns)
        if names != tuple(c.name for c in self.entity.fields_for(self.user, self.entity.columns)):
            pairs.append(("cols", ",".join(names)))
        if page and self.after:
            pairs.append(("after", self.after))
        if page and self.before:
            pairs.append(("before", self.before))
        return urlencode(pairs)

    @property
    def sort_parameter(self) -> str:
        """The sort as the URL writes it: `-created_at` is the newest first."""
        if self.sort is None:
            return ""
        return f"-{self.sort.name}" if self.descending else self.sort.name

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter is set."""
        return bool(self.q or self.filters)

    def without(self, chosen: Filter) -> "ListState":
        """The state without one filter, from the first page."""
        rest = tuple(other for other in self.filters if other is not chosen)
        return replace(self, filters=rest, after="", before="")

    def sorted_by(self, column: Field) -> "ListState":
        """A click on a column: ascending, descending, then as declared."""
        if self.sort is not None and self.sort.name == column.name:
            if self.descending:
                return replace(
                    self,
                    sort=default_sort_field(self.entity, self.user),
                    **_first_page(self.entity),
                )
            return replace(self, descending=True, after="", before="")
        return replace(self, sort=column, descending=False, after="", before="")


def _first_page(entity: "Entity") -> dict[str, Any]:
    return {"descending": entity.default_sort.startswith("-"), "after": "", "before": ""}


@dataclass
class Page:
    """One page of a list: the records and where the next and the previous page begin."""

    records: list[Any] = field(default_factory=list)
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Count:
    """How many rows match: exactly up to 10,000, an estimate beyond."""

    number: int
    exact: bool = True


def default_sort_field(entity: "Entity", user: "User") -> Field | None:
    """The declared sort, if the user may see its field."""
    return entity.field_for(user, entity.default_sort.lstrip("-"))


def parse_list(
    entity: "Entity", user: "User", params: "MultiValueDict[str, str] | Mapping[str, str]"
) -> ListState:
    """The state in a URL's parameters; DomainError where it names what there is not."""
    pairs = (
        [(name, value) for name in params for value in params.getlist(name)]
        if isinstance(params, MultiValueDict)
        else list(params.items())
    )
    single = dict(pairs)
    sort_name = single.get("sort", "") or entity.default_sort
    sort = entity.field_for(user, sort_name.lstrip("-"))
    if (sort is None or not sort.sort) and single.get("sort"):
        raise DomainError(_("This list cannot be sorted by “%(name)s”."), name=sort_name[:60])
    chosen = ",".join(value for name, value in pairs if name == "cols")
    wanted = [name for name in dict.fromkeys(chosen.split(",")) if name][:60]
    columns = entity.fields_for(user, wanted or entity.columns)
    return ListState(
        entity,
        user,
        q=single.get("q", "").replace("\x00", "")[:200].strip(),
        filters=tuple(parse_filters(entity, user, pairs)),
        sort=sort if sort and sort.sort else None,
        descending=sort_name.startswith("-"),
        columns=tuple(columns or entity.fields_for(user, entity.columns)),
        after=single.get("after", ""),
        before=single.get("before", ""),
        size=_size(single.get("limit", "")),
        layout=_layout(entity, single.get("layout", "")),
        view=view if (view := single.get("view", "")).isdigit() and view.isascii() else "",
    )


def _layout(entity: "Entity", name: str) -> str:
    """The layout asked for, if the record type has it; the table otherwise."""
    offered = (
        *(["board"] if entity.board else []),
        *(["month", "week"] if entity.calendar else []),
    )
    return name if name in offered else ""


def _size(text: str) -> int:
    if not text:
        return PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= LARGEST_PAGE:
        raise DomainError(
            _("A page holds between 1 and %(most)s records."), field="limit", most=LARGEST_PAGE
        )
    return int(text)


def matching(state: ListState, verb: str = "view") -> Any:
    """The rows the list stands for, through the one door, in no order."""
    rows = state.entity.visible(state.user, verb)
    for chosen in state.filters:
        rows = rows.filter(condition(chosen, state.user))
    if state.q:
        rows = rows.filter(searched(state.entity, state.user, state.q))
    return rows.filter(pk__in=state.only) if state.only else rows


def searched(entity: "Entity", user: "User", text: str) -> Q:
    """The condition of a search text: the record's search keys, all words.

    The keys hold the words of every field. Where some field is hidden from the reader, each word
    must stand in a field they see, or a search would tell them what the hidden one holds.
    """
    query = search_query(text)
    if not query or not entity.search:
        return Q(pk__in=[])
    found = Q(**{entity.search: KeyQuery(query)})
    seen = entity.fields_for(user)
    if len(seen) < len(entity.all_fields):
        for word in fold(text).split():
            found &= _said_in([field for field in seen if field.searched and field.column], word)
    return found


def _said_in(fields: "list[Field]", word: str) -> Q:
    said = Q(pk__in=[])
    for column in fields:
        phone = column.kind is Kind.PHONE
        pattern = digits_pattern(word) if phone else text_pattern(word)
        if pattern:
            said |= Q(**{f"{column.column}__iregex": pattern})
    return said


def ordering(state: ListState, *, reverse: bool = False) -> list[Any]:
    """ORDER BY: the sort column, what settles ties, then the id, so that the order is total;
    empties last."""
    descending = state.descending != reverse
    if state.sort is None or not state.sort.sort:
        return ["-pk" if not reverse else "pk"]
    path = F(state.sort.sort)
    if not state.sort.nullable and not state.sort.is_reference:
        first = path.desc() if descending else path.asc()
    elif descending:
        first = path.desc(nulls_last=True) if not reverse else path.desc()
    else:
        first = path.asc(nulls_first=True) if reverse else path.asc(nulls_last=True)
    sign, settles = "-" if descending else "", _tie_break(state)
    return [first, *([f"{sign}{settles}"] if settles else []), f"{sign}pk"]


def _tie_break(state: ListState) -> str:
    """The column that orders rows of one city or state: their names, as the indexes have it.

    Without it, a list by state would sort half of all customers for its first page.
    """
    usual = state.entity.all_fields.get(state.entity.default_sort)
    if usual is None or state.sort is None or usual.sort == state.sort.sort:
        return ""
    grouped = state.sort.kind in (Kind.TEXT, Kind.CHOICE, Kind.COUNTRY)
    total = not (usual.nullable or usual.is_reference or state.sort.nullable)
    return usual.sort or "" if grouped and total and usual.kind is Kind.TEXT else ""


def page_of(state: ListState) -> Page:
    """One page of records, with only the columns that are shown."""
    return cut(
        state,
        lambda rows: narrow(rows, state.columns, state.entity, state.sort),
        lambda record: (_sort_value(state, record), record.pk),
    )


def cut(
    state: ListState, select: Callable[[Any], Any], place: Callable[[Any], tuple[Any, int]]
) -> Page:
    """One page of what `select` takes from the rows; `place` is a row's sort value and id."""
    backwards = bool(state.before)
    rows = matching(state)
    cursor = state.before or state.after
    if cursor:
        rows = rows.filter(_beyond(state, _decode(cursor), backwards))
    ordered = select(rows).order_by(*ordering(state, reverse=backwards))
    records = list(ordered[: state.size + 1])
    more = len(records) > state.size
    records = records[: state.size]
    if backwards:
        records.reverse()
    if not records:
        return Page()
    has_next = more if not backwards else True
    has_previous = more if backwards else bool(state.after)
    return Page(
        records,
        next=_encode(*place(records[-1])) if has_next else "",
        previous=_encode(*place(records[0])) if has_previous else "",
    )


def narrow(
    rows: Any, columns: "tuple[Field, ...] | list[Field]", entity: "Entity", sort: Field | None
) -> Any:
    """Select only what is shown: a record has many columns and a list shows few."""
    from vinculo.records.registry import find

    names: set[str] = {"pk", entity.title, *entity.subtitle, *entity.needs}
    joined: set[str] = set()
    for column in columns:
        if not column.column:
            continue
        names.add(column.column)
        if column.is_reference:
            target = find(column.target)
            joined.add(column.column)
            names.add(f"{column.column}__{target.title if target else 'name'}")
            if target is not None:
                names.update(f"{column.column}__{need}" for need in target.needs)
    if sort is not None and sort.sort:
        names.add(sort.sort)
        if "__" in sort.sort:
            joined.add(sort.sort.split("__")[0])
    if joined:
        names.update(joined)
        rows = rows.select_related(*joined)
    return rows.only(*names)


def count_of(state: ListState) -> Count:
    """How many rows match, never counting past 10,000."""
    rows = matching(state).order_by()
    number = rows.values("pk")[: COUNTED + 1].count()
    if number <= COUNTED:
        return Count(number)
    sql, params = rows.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return Count(max(int(plan[0]["Plan"]["Plan Rows"]), COUNTED), exact=False)


# --- cursors -----------------------------------------------------------------------------------


def _sort_value(state: ListState, record: Any) -> Any:
    value = record
    for step in (state.sort.sort if state.sort and state.sort.sort else "pk").split("__"):
        value = getattr(value, step, None)
    return value


def _encode(value: Any, pk: int) -> str:
    if isinstance(value, datetime | date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    text = json.dumps([value, pk], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, int]:
    try:
        padded = cursor[:1000] + "=" * (-len(cursor) % 4)
        value, pk = json.loads(base64.urlsafe_b64decode(padded.encode()).decode())
        if not isinstance(pk, int) or isinstance(value, dict | list) or abs(pk) >= 2**63:
            raise ValueError
        if "\x00" in str(value):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise DomainError(
            _("This page of the list cannot be found. Start from the first.")
        ) from None
    return value, pk


def _beyond(state: ListState, position: tuple[Any, int], backwards: bool) -> Q:
    """Rows past the cursor, written so that an index on (sort, id) can start right there."""
    value, pk = position
    descending = state.descending != backwards
    if state.sort is None or not state.sort.sort:
        return Q(pk__gt=pk) if backwards else Q(pk__lt=pk)
    path, side = state.sort.sort, "lt" if descending else "gt"
    same = Q(**{f"pk__{side}": pk})
    if value is None:
        beyond = Q(**{f"{path}__isnull": True}) & same
        return beyond | Q(**{f"{path}__isnull": False}) if backwards else beyond
    value = _typed(state.sort, value)
    settles = _tie_break(state)
    if settles:
        # Of a record that is gone, or was never theirs to see, nothing is told: its group begins.
        known = state.entity.visible(state.user).filter(pk=pk).values_list(settles, flat=True)
        tie = known.first() or ("" if side == "gt" else "\U0010ffff")
        same = Q(**{f"{settles}__{side}": tie}) | (Q(**{settles: tie}) & same)
    beyond = Q(**{f"{path}__{side}e": value}) & (Q(**{f"{path}__{side}": value}) | same)
    nulls_follow = (state.sort.nullable or state.sort.is_reference) and not backwards
    return beyond | Q(**{f"{path}__isnull": True}) if nulls_follow else beyond


def _typed(sort: Field, value: Any) -> Any:
    try:
        if sort.kind is Kind.DATETIME:
            return datetime.fromisoformat(str(value))
        if sort.kind is Kind.DATE:
            return date.fromisoformat(str(value))
        if sort.kind is Kind.DECIMAL:
            return Decimal(str(value))
        if sort.kind in (Kind.NUMBER, Kind.PERCENT):
            return int(value)
    except (ValueError, ArithmeticError):
        raise DomainError(
            _("This page of the list cannot be found. Start from the first.")
        ) from None
    return str(value) if not isinstance(value, bool) else value
