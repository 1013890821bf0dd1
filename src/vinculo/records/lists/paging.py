"""The rows a list stands for, and one page of them by keyset."""

import base64
import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, Value

from vinculo.kernel.errors import DomainError
from vinculo.kernel.text import (
    digits_pattern,
    fold,
    search_query,
    text_pattern,
    whole_below,
    whole_words,
)
from vinculo.platform.access import visible_condition
from vinculo.platform.custom.columns import parts_of
from vinculo.platform.plans import planned_anew
from vinculo.records.computed.filed import said_in
from vinculo.records.custom.values import PREFIX
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import narrowing
from vinculo.records.filters.operators import CONTAINS, LACKS, STARTS
from vinculo.records.keys import KeyQuery
from vinculo.records.lists.ordering import UNKNOWN_PAGE, beyond, keys_of, ordering, value_at
from vinculo.records.lists.people import rows_of_page
from vinculo.records.lists.state import ListState
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity


@dataclass
class Page:
    """One page of a list: the records and where the next and the previous page begin."""

    records: list[Any] = dataclasses.field(default_factory=list)
    next: str = ""
    previous: str = ""


def matching(state: ListState, verb: str = "view") -> Any:
    """The rows the list stands for, through the one door, in no order."""
    rows = state.entity.visible(state.user, verb)
    for needed in narrowing(state.filters, state.user):
        rows = rows.filter(needed)
    if state.q:
        rows = rows.filter(searched(state.entity, state.user, state.q))
    return rows.filter(pk__among=state.only) if state.only else rows


def searched(entity: "Entity", user: "User", text: str, *, whole: bool = False) -> Q:
    """The condition of a search text: the record's search keys, all words, the last one (and where
    rows are few, each) by its beginning; with `whole`, that one whole too.

    The keys hold the words of every field. Where some field is hidden from the reader, each word
    must stand in a field they see, or a search would tell them what the hidden one holds. The
    same goes for a row that is also found by the name of a record which they may not see.
    """
    query = whole_below(search_query(text), entity.search_shortest)
    if entity.search_late:
        query = whole_words(query, last=whole)
    if not query or not entity.search:
        return Q(pk__in=[])
    seen = entity.fields_for(user)
    own = [one for one in seen if one.searched and one.column and not one.is_reference]
    found = Q(**{entity.search: KeyQuery(query)})
    if any(one.computed for one in own):
        found = _filed_or_following(entity, user, own, text)
    said = Q()
    for word in fold(text).split():
        said &= _said_in(own, word)
    if not entity.shows_all(user):
        return found & said
    for one in seen:
        if one.searched and one.is_reference:
            found &= _known_by(one, user) | said
    return found


def _filed_or_following(entity: "Entity", user: "User", own: "list[Field]", text: str) -> Q:
    """Each word is among the record's keys, or in a text that follows from other fields: that has
    an index of its own words."""
    found = Q()
    for word in fold(text).split():
        query = whole_below(search_query(word), entity.search_shortest)
        if query:
            met = Q(**{entity.search: KeyQuery(query)})
            for one in own:
                if one.computed:
                    met |= said_in(one, entity, user, query)
            found &= met
    return found


def _known_by(field: "Field", user: "User") -> Q:
    """Rows whose related record `user` may see, and rows without one."""
    target = find(field.target)
    if target is None or visible_condition(target.model, user, "view") is None:
        return ~Q(pk__in=[])
    known = target.visible(user).order_by().filter(pk=OuterRef(field.id_column))
    return Q(**{f"{field.column}__isnull": True}) | Q(Exists(known))


def _said_in(fields: "list[Field]", word: str) -> Q:
    said = Q(pk__in=[])
    for column in fields:
        phone = column.kind is Kind.PHONE
        pattern = digits_pattern(word) if phone else text_pattern(word)
        if pattern:
            said |= Q(**{f"{column.column}__iregex": pattern})
    return said


def page_of(state: ListState) -> Page:
    """One page of records, with only the columns that are shown."""
    paths = [key.path for key in keys_of(state)]
    return cut(
        state,
        lambda rows: narrow(rows, state.columns, state.entity, paths),
        lambda record: [*(value_at(record, path) for path in paths), record.pk],
    )


PATTERNS = (CONTAINS, LACKS, STARTS)


@planned_anew()
def cut(state: ListState, select: Callable[[Any], Any], place: Callable[[Any], list[Any]]) -> Page:
    """One page of what `select` takes from the rows; `place` gives a row's values of the keys of
    the order (see `keys_of`) and its id."""
    backwards = bool(state.before)
    rows = matching(state)
    cursor = state.before or state.after
    begin = decode(cursor) if cursor else []
    among = rows_of_page(state, rows, begin, backwards)
    if among is not None:
        rows = rows.filter(pk__among=among)
    elif cursor:
        rows = rows.filter(beyond(state, begin, backwards))
    order = ordering(state, reverse=backwards)
    if any(one.operator in PATTERNS for one in state.filters):
        # PostgreSQL takes a pattern to be met by next to no row, and would join what is related to
        # each of thousands before it cuts the page: the page is cut first.
        page = rows.order_by(*order).values("pk")[: state.size + 1]
        rows = state.entity.queryset().filter(pk__in=page)
    ordered = select(rows).order_by(*order)
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
        next=encode(place(records[-1])) if has_next else "",
        previous=encode(place(records[0])) if has_previous else "",
    )


@planned_anew()
def beginnings(states: Sequence[ListState]) -> list[list[int]]:
    """The ids that the first pages of several lists of one record type hold, each with one more
    where another page follows: one question for all of them."""
    parts = []
    for number, state in enumerate(states):
        rows = matching(state)
        among = rows_of_page(state, rows, [], False)
        if among is not None:
            rows = rows.filter(pk__among=among)
        numbered = rows.annotate(list_number=Value(number, output_field=IntegerField()))
        ids = numbered.order_by(*ordering(state)).values_list("list_number", "pk")
        parts.append(ids[: state.size + 1])
    found: list[list[int]] = [[] for _each in states]
    if parts:
        for number, pk in parts[0].union(*parts[1:], all=True):
            found[number].append(pk)
    return found


@planned_anew()
def read_of(state: ListState, columns: Iterable[Field], ids: Iterable[int]) -> list[Any]:
    """The records of these numbers as a page of the list reads them, in no order."""
    paths = [key.path for key in keys_of(state)]
    seen = state.entity.visible(state.user).filter(pk__among=list(ids))
    return list(narrow(seen, columns, state.entity, paths).order_by())


def cursor_of(state: ListState, record: Any) -> str:
    """Where the page after this record begins."""
    return encode([*(value_at(record, key.path) for key in keys_of(state)), record.pk])


def narrow(
    rows: Any, columns: Iterable[Field], entity: "Entity", paths: Sequence[str] | None = None
) -> Any:
    """Select only what is shown: a record has many columns and a list shows few. `paths` are ORM
    paths needed besides, to sort by."""
    from vinculo.records.registry import find

    names: set[str] = {"pk", entity.title, *entity.subtitle, *entity.needs}
    joined: set[str] = set()
    custom: dict[str, F] = {}
    for column in columns:
        if not column.column:
            continue
        if column.custom:
            custom[column.name] = F(column.column)
            continue
        names.add(column.column)
        if column.is_reference:
            target = find(column.target)
            joined.add(column.column)
            names.add(f"{column.column}__{target.title if target else 'name'}")
            if target is not None:
                names.update(f"{column.column}__{need}" for need in target.needs)
    for path in paths or ():
        found = parts_of(path)
        if found is not None:
            custom[f"{PREFIX}{found[1]}"] = F(path)
            continue
        names.add(path)
        if "__" in path:
            joined.add(path.split("__")[0])
    if joined:
        names.update(joined)
        rows = rows.select_related(*joined)
    return rows.only(*names).annotate(**custom) if custom else rows.only(*names)


# --- cursors -----------------------------------------------------------------------------------


def encode(place: list[Any]) -> str:
    """A cursor: the values of the keys of the order and the id, as a word for a URL."""
    text = json.dumps([_plain(value) for value in place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def decode(cursor: str) -> list[Any]:
    """The place a cursor names; DomainError when it is none of ours."""
    try:
        padded = cursor[:4000] + "=" * (-len(cursor) % 4)
        place = json.loads(base64.urlsafe_b64decode(padded.encode()).decode())
        if not isinstance(place, list) or not place or "\x00" in str(place):
            raise ValueError
        pk = place[-1]
        if not isinstance(pk, int) or isinstance(pk, bool) or abs(pk) >= 2**63:
            raise ValueError
        if any(isinstance(value, dict | list | float) or "\x00" in str(value) for value in place):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise DomainError(UNKNOWN_PAGE) from None
    return place
