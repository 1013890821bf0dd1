"""A record as a card: title, a few facts, whose it is, and whether it may be moved."""

from dataclasses import dataclass, field
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
    found = {}
    for record in records:
        shown = [
            (item, html)
            for item in fields
            if item.name != "owner" and (html := cell(item, record, hidden))
        ]
        owner = next((item for item in fields if item.name == "owner"), None)
        name = owner.value(record) if owner is not None and owner.kind is Kind.USER else None
        found[record.pk] = (shown, str(name) if name else "")
    return found


CARD = (
    '<li class="board-card" data-card data-id="{}" data-url="{}" data-was="{}" data-peek="{}/peek"{}>'
    '<a class="board-title" href="{}">{}</a>{}{}{}</li>'
)
FACT = '<{} class="board-fact" title="{}"><span class="visually-hidden">{}: </span>{}</{}>'
FOOT = '<div class="board-foot">{}{}</div>'
OWNER = '<span class="board-owner" title="{}">{}<span class="visually-hidden">{}</span></span>'
MOVE = (
    '<a class="btn btn-quiet btn-icon btn-sm board-move" href="{}/move?layout=board"'
    ' hx-get="{}/move?layout=board" hx-target="#dialog" tabindex="-1" aria-label="{}">{}</a>'
)


def drawn(cards: list[Card]) -> SafeString:
    """Cards of a board as HTML: in Python, a board has a hundred of them."""
    move, arrows = gettext("Move %(name)s"), icon("arrow-left-right", 14)
    return format_html_join("", "{}\n", ((_drawn(card, move, arrows),) for card in cards))


def _drawn(card: Card, move: str, arrows: SafeString) -> SafeString:
    facts = [(str(field.label), html) for field, html in card.facts]
    body = format_html_join("", FACT, (("div", la, la, html, "div") for la, html in facts[:-1]))
    last = [("span", la, la, html, "span") for la, html in facts[-1:]]
    owner = (
        format_html(OWNER, card.owner, avatar(card.owner, "", "sm"), card.owner)
        if card.owner
        else ""
    )
    foot = format_html(FOOT, format_html_join("", FACT, last), owner) if facts or card.owner else ""
    told = move % {"name": card.title}
    return format_html(
        CARD,
        card.record.pk,
        card.url,
        card.was,
        card.url,
        MOVABLE if card.movable else "",
        card.url,
        card.title,
        body,
        foot,
        format_html(MOVE, card.url, card.url, told, arrows) if card.movable else "",
    )


MOVABLE = SafeString(' draggable="true" data-movable')
