"""A record as a card: title, a few facts, whose it is, and whether it may be moved."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vinculo.platform.access import visible_condition
from vinculo.platform.snippets import avatar, icon
from vinculo.records.cells import cell
from vinculo.records.fields import Field, Kind
from vinculo.records.references import hidden_targets

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity


@dataclass(frozen=True)
class Card:
    """One record on a board or in a calendar."""

    record: Any
    url: str
    title: str
    facts: list[tuple[Field, SafeString]] = field(default_factory=list)
    owner: str = ""
    movable: bool = False
    #: What the field that a move changes holds now, as its input would say it.
    was: str = ""
    #: The time of day in a calendar, "" for a day without one.
    time: str = ""
    tone: str = ""


def shown_fields(entity: "Entity", user: "User", facts: tuple[str, ...]) -> list[Field]:
    """The facts of a card that the reader sees, and its owner."""
    names = [*facts, *(["owner"] if "owner" in entity.all_fields else [])]
    return entity.fields_for(user, list(dict.fromkeys(names)))


def movable_ids(entity: "Entity", user: "User", records: list[Any]) -> set[int]:
    """Which of the records the reader may edit; no query where they may edit all."""
    ids = [record.pk for record in records]
    if not ids or visible_condition(entity.model, user, "edit") is None:
        return set(ids)
    return set(entity.visible(user, "edit").filter(pk__among=ids).values_list("pk", flat=True))


def facts_of(
    entity: "Entity", user: "User", records: list[Any], fields: list[Field]
) -> dict[int, tuple[list[tuple[Field, SafeString]], str]]:
    """Record id → its facts as HTML and its owner's name; names of hidden records left out."""
    hidden = hidden_targets(records, fields, user)
    owner = next((item for item in fields if item.name == "owner"), None)
    told = [item for item in fields if item.name != "owner"]
    found = {}
    for record in records:
        shown = [(item, html) for item in told if (html := cell(item, record, hidden))]
        name = owner.value(record) if owner is not None and owner.kind is Kind.USER else None
        found[record.pk] = (shown, str(name) if name else "")
    return found


HEAD = (
    '<li class="board-card" data-card data-id="{0}" data-url="{1}" data-was="{2}"'
    ' data-peek="{1}/peek"%s><a class="board-title" href="{1}">{3}</a>'
)
FACT = '<%s class="board-fact" title="{%d}"><span class="visually-hidden">{%d}: </span>{%d}</%s>'
OWNER = (
    '<span class="board-owner" title="{%d}">{%d}<span class="visually-hidden">{%d}</span></span>'
)
MOVE = (
    '<a class="btn btn-quiet btn-icon btn-sm board-move" href="{1}/move?layout=board"'
    ' hx-get="{1}/move?layout=board" hx-target="#dialog" tabindex="-1" aria-label="{%d}">{%d}</a>'
)
MOVABLE = ' draggable="true" data-movable'


@cache
def _shape(facts: int, owner: bool, movable: bool) -> str:
    """The pattern of a card with so many facts: filled in once for a card, where each of its parts
    filled in for itself would cost twice as much."""
    pattern, at = HEAD % (MOVABLE if movable else ""), 4
    foot = ""
    for number in range(facts):
        tag = "span" if number == facts - 1 else "div"
        drawn = FACT % (tag, at, at, at + 1, tag)
        pattern, foot = (pattern, drawn) if tag == "span" else (pattern + drawn, "")
        at += 2
    if owner:
        foot += OWNER % (at, at + 1, at)
        at += 2
    if foot:
        pattern += f'<div class="board-foot">{foot}</div>'
    return pattern + (MOVE % (at, at + 1) if movable else "") + "</li>"


def drawn(cards: list[Card]) -> SafeString:
    """Cards of a board as HTML: in Python, a board has a hundred of them."""
    move, arrows = gettext("Move %(name)s"), icon("arrow-left-right", 14)
    shown = {item.name: item.label for card in cards for item, _html in card.facts}
    labels = {name: str(label) for name, label in shown.items()}
    return format_html_join("", "{}\n", ((_drawn(card, move, arrows, labels),) for card in cards))


def _drawn(card: Card, move: str, arrows: SafeString, labels: dict[str, str]) -> SafeString:
    parts: list[Any] = [card.record.pk, card.url, card.was, card.title]
    for item, html in card.facts:
        parts += (labels[item.name], html)
    if card.owner:
        parts += (card.owner, avatar(card.owner, "", "sm"))
    if card.movable:
        parts += (move % {"name": card.title}, arrows)
    return format_html(_shape(len(card.facts), bool(card.owner), card.movable), *parts)
