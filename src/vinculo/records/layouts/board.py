"""The list as columns of cards, one column per choice of the entity's `Board.by`."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.formats import money_text, number_text
from vinculo.platform.plans import planned_anew
from vinculo.records.cells import TONES
from vinculo.records.entity import Board, Lanes
from vinculo.records.fields import Field, Label
from vinculo.records.filters.operators import EMPTY, IS, Filter
from vinculo.records.layouts.cards import Card, drawn, facts_of, movable_ids, shown_fields
from vinculo.records.lists import (
    COUNTED,
    ListState,
    Page,
    beginnings,
    count_of,
    cursor_of,
    matching,
    narrow,
    page_of,
    read_of,
)

if TYPE_CHECKING:
    from vinculo.records.entity import Entity

#: More than a screen has room for; the next ones come when the last of these is in sight.
CARDS = 10
MOST_CARDS = 200


@dataclass
class Column:
    """One choice of the board's field with its first cards."""

    value: str
    label: Label
    tone: str = ""
    cards: list[Card] = field(default_factory=list)
    more_url: str = ""
    url: str = ""
    #: How many cards there are, and their total, as the head says it; "" until it is asked for.
    count: str = ""
    total: str = ""
    total_label: Label = ""
    #: An amount says what it is by its currency.
    total_is_money: bool = False
    head_url: str = ""
    #: The action that moves a card here, "" where the field is simply edited.
    action: str = ""
    #: Cards may come here at all.
    open: bool = True

    @property
    def html(self) -> SafeString:
        """Its cards, drawn."""
        return drawn(self.cards)


def declared(entity: "Entity") -> Board:
    """The entity's board; only asked where it has one."""
    if entity.board is None:
        raise DomainError(_("This list has no board."))
    return entity.board


def columns_of(state: ListState, lanes: Lanes | None = None) -> list[Column]:
    """The whole board: every column that the list's filters leave, with its first cards; `lanes`
    where they are known already. One question finds the cards of all columns, one reads them."""
    board, by = declared(state.entity), _field(state)
    wanted = _wanted(state, by)
    lanes = lanes_of(state) if lanes is None else lanes
    values = [str(value) for value, _label in by.choices or ()]
    if lanes is not None:
        values = [value for value in values if value in lanes.values]
    if wanted is not None:
        values = [value for value in values if value in wanted]
    if not by.required and wanted is None and board.by == by.name:
        values.insert(0, "")
    bare = lanes.bare if lanes is not None else frozenset()
    pages = _first_pages(state, by, [value for value in values if value not in bare])
    drawn = _Drawing(state, by, [record for page in pages.values() for record in page.records])
    columns = [drawn.column(value, pages.get(value) or Page()) for value in values]
    return [column for column in columns if column.value or column.cards]


def lanes_of(state: ListState) -> Lanes | None:
    """Which columns this list has, where its record type has several boards."""
    columns = declared(state.entity).columns
    return columns(state) if columns is not None else None


def column_of(state: ListState, value: str, *, after: str = "", size: int = CARDS) -> Column:
    """One column: a page of its cards, from the first or after a cursor."""
    by = _field(state)
    inside = within(state, by, value)
    page = page_of(
        replace(
            inside, columns=_read(state, by), after=after, before="", size=min(size, MOST_CARDS)
        )
    )
    return _Drawing(state, by, page.records).column(value, page, begun=bool(after))


def _first_pages(state: ListState, by: Field, values: list[str]) -> dict[str, Page]:
    """The first page of each of these columns."""
    lists = [replace(within(state, by, value), size=CARDS) for value in values]
    found = beginnings(lists)
    shown = [ids[:CARDS] for ids in found]
    records = {
        one.pk: one
        for one in read_of(state, _read(state, by), [pk for some in shown for pk in some])
    }
    pages = {}
    for value, ids, first in zip(values, found, shown, strict=True):
        # What was taken out of sight between the two questions is not there.
        page = Page([records[pk] for pk in first if pk in records])
        if len(ids) > CARDS and page.records:
            page.next = cursor_of(state, page.records[-1])
        pages[value] = page
    return pages


def _read(state: ListState, by: Field) -> tuple[Field, ...]:
    """The fields that cards and their columns' totals need."""
    board = declared(state.entity)
    total = _total(state)
    fields = shown_fields(state.entity, state.user, board.facts)
    return (*fields, by, *((total,) if total is not None else ()))


def _total(state: ListState) -> Field | None:
    board = declared(state.entity)
    return state.entity.field_for(state.user, board.total) if board.total else None


class _Drawing:
    """Columns of records that were read: what all of them need is looked up once."""

    def __init__(self, state: ListState, by: Field, records: list[Any]) -> None:
        self.state, self.by = state, by
        self.board, self.total = declared(state.entity), _total(state)
        fields = shown_fields(state.entity, state.user, self.board.facts)
        cards = cards_of(state.entity, state, records, fields, by)
        self.cards = {card.record.pk: card for card in cards}

    def column(self, value: str, page: Page, *, begun: bool = False) -> Column:
        """One column with a page of its cards; `begun` where others stand before them."""
        board, by, total = self.board, self.by, self.total
        action = board.action_for(value) if board.action_for else board.moves.get(value, "")
        column = Column(
            value,
            by.choice_label(_typed(by, value)) if value else gettext("Without"),
            TONES.get(value, "") if by.name in ("state", "status") else "",
            [self.cards[record.pk] for record in page.records],
            url=_column_url(self.state, value),
            action=action,
            open=bool(action) or bool(by.editable),
            total_label=total.label or "" if total is not None else "",
            total_is_money=total is not None and bool(total.currency),
        )
        if page.next:
            column.more_url = f"{column.url}&{urlencode({'after': page.next})}"
            column.head_url = f"{column.url}&head=1"
        elif not begun:
            column.count = number_text(len(page.records))
            if total is not None:
                column.total = _said(total, [total.value(record) for record in page.records])
        return column


@planned_anew()
def head_of(state: ListState, value: str) -> Column:
    """A column's count (never past 10,000) and total, asked for after the board is there."""
    inside = within(state, _field(state), value)
    counted = count_of(inside)
    column = Column(value, "")
    column.count = number_text(counted.number) if counted.exact else f"{number_text(COUNTED)}+"
    total = _total(state)
    if total is not None and counted.exact:
        summed = matching(inside).order_by().aggregate(total=Sum(total.column or ""))["total"]
        column.total = _said(total, [summed])
        column.total_label, column.total_is_money = total.label or "", bool(total.currency)
    return column


def card_on_board(state: ListState, pk: int) -> tuple[str, Card] | None:
    """One card anew and the column it belongs in; None where the board shows it no more."""
    by = _field(state)
    fields = shown_fields(state.entity, state.user, declared(state.entity).facts)
    rows = narrow(matching(state).filter(pk=pk), [*fields, by], state.entity, None)
    records = list(rows.order_by())
    if not records:
        return None
    return _text(by.value(records[0])), cards_of(state.entity, state, records, fields, by)[0]


def cards_of(
    entity: "Entity", state: ListState, records: list[Any], fields: list[Field], by: Field
) -> list[Card]:
    """The records as cards."""
    facts = facts_of(entity, state.user, records, fields)
    movable = movable_ids(entity, state.user, records)
    return [
        Card(
            record,
            entity.url(record),
            entity.title_of(record),
            *facts[record.pk],
            movable=record.pk in movable,
            was=_text(by.value(record)),
        )
        for record in records
    ]


def within(state: ListState, by: Field, value: str) -> ListState:
    """The list narrowed to one column."""
    chosen = Filter(by, IS, value) if value else Filter(by, EMPTY, "1")
    return replace(state, filters=(*state.filters, chosen), after="", before="")


def known_value(state: ListState, value: str) -> str:
    """A column's value out of an address; DomainError for what is no column."""
    by = _field(state)
    if value and value not in {str(one) for one, _label in by.choices or ()}:
        raise DomainError(_("There is no such column on this board."))
    return value


def _field(state: ListState) -> Field:
    found = state.entity.field_for(state.user, declared(state.entity).by)
    if found is None:
        raise DomainError(_("This list has no board."))
    return found


def _wanted(state: ListState, by: Field) -> set[str] | None:
    """The columns that the list's own filters leave, None for all of them."""
    for chosen in state.filters:
        alone = not chosen.group and chosen.step is None
        if alone and chosen.field.name == by.name and chosen.operator.name in ("is", "in"):
            return set(chosen.values)
    return None


def _typed(by: Field, value: str) -> Any:
    return next((one for one, _label in by.choices or () if str(one) == value), value)


def _column_url(state: ListState, value: str) -> str:
    own = urlencode({"column": value})
    return f"/{state.entity.path}/board?{state.query()}&{own}"


def _said(total: Field, values: list[Any]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    summed = sum(known, Decimal(0))
    return money_text(summed, total.currency, whole=True) if total.currency else number_text(summed)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
