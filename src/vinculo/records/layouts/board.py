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
from vinculo.records.entity import Board
from vinculo.records.fields import Field, Label
from vinculo.records.filters.operators import EMPTY, IS, Filter
from vinculo.records.layouts.cards import Card, drawn, facts_of, movable_ids, shown_fields
from vinculo.records.lists import COUNTED, ListState, count_of, matching, narrow, page_of

if TYPE_CHECKING:
    from vinculo.records.entity import Entity

CARDS = 25
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


def columns_of(state: ListState) -> list[Column]:
    """The whole board: every column that the list's filters leave, with its first cards."""
    entity = state.entity
    board, by = declared(entity), _field(state)
    wanted = _wanted(state, by)
    if board.columns is not None:
        lanes = set(board.columns(state).values)
        wanted = lanes if wanted is None else lanes & wanted
    columns = [
        column_of(state, str(value))
        for value, _label in by.choices or ()
        if wanted is None or str(value) in wanted
    ]
    if not by.required and wanted is None and board.by == by.name:
        rest = column_of(state, "")
        if rest.cards:
            columns.insert(0, rest)
    return columns


def column_of(state: ListState, value: str, *, after: str = "", size: int = CARDS) -> Column:
    """One column: a page of its cards, from the first or after a cursor."""
    entity, user = state.entity, state.user
    board, by = declared(entity), _field(state)
    inside = within(state, by, value)
    fields = shown_fields(entity, user, board.facts)
    total = entity.field_for(user, board.total) if board.total else None
    read = [*fields, by, *([total] if total is not None else [])]
    page = page_of(
        replace(inside, columns=tuple(read), after=after, before="", size=min(size, MOST_CARDS))
    )
    action = board.action_for(value) if board.action_for else board.moves.get(value, "")
    column = Column(
        value,
        by.choice_label(_typed(by, value)) if value else gettext("Without"),
        TONES.get(value, "") if by.name in ("state", "status") else "",
        cards_of(entity, state, page.records, fields, by),
        url=_column_url(state, value),
        action=action,
        open=bool(action) or bool(by.editable),
        total_label=total.label or "" if total is not None else "",
        total_is_money=total is not None and bool(total.currency),
    )
    if page.next:
        column.more_url = f"{column.url}&{urlencode({'after': page.next})}"
        column.head_url = f"{column.url}&head=1"
    elif not after:
        column.count = number_text(len(page.records))
        if total is not None:
            column.total = _said(total, [total.value(record) for record in page.records])
    return column


@planned_anew()
def head_of(state: ListState, value: str) -> Column:
    """A column's count (never past 10,000) and total, asked for after the board is there."""
    board, by = declared(state.entity), _field(state)
    inside = within(state, by, value)
    counted = count_of(inside)
    column = Column(value, "")
    column.count = number_text(counted.number) if counted.exact else f"{number_text(COUNTED)}+"
    total = state.entity.field_for(state.user, board.total) if board.total else None
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
