"""The facts of a record, each with where it is edited: a page has thirty, so they are drawn here
and not by a template each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vinculo.platform.models import User
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.fields import Field
from vinculo.records.references import hidden_targets
from vinculo.records.shaping.arranging import (
    held_by,
    outcome_of,
    page_parts,
    readable_for,
    shape_of,
)
from vinculo.records.shaping.shape import Part, Shape


@dataclass(frozen=True)
class Facts:
    """A section: facts that say something, and the empty ones that stand folded under them."""

    known: list[SafeString]
    empty: list[SafeString]


def sections_of(
    user: User, entity: Entity, record: Any, editable: bool, shape: Shape | None = None
) -> list[tuple[Part, Facts]]:
    """The sections of facts as the reader may see them, by their layout or by `shape`.

    Nothing is folded in the first section: what is missing there should be seen; nor one alone.
    """
    found: list[tuple[Part, Facts]] = []
    parts = page_parts(user, entity, shape or shape_of(user, entity))
    columns = _shown(user, entity, record, parts)
    hidden = hidden_targets([record], columns.values(), user)
    notes, fixed = notes_of(user, entity, record), entity.fixed(record)
    for part in parts:
        shown = [columns[one.name] for one in part.fields if one.name in columns]
        if not shown:
            continue
        values = [(field, cell(field, record, hidden)) for field in shown]
        empty = [field for field, value in values if not value] if found else []
        folded = empty if len(empty) > 1 else []
        drawn = {
            field: drawn_fact(entity, record, field, editable and field.name not in fixed, html,
                              notes.get(field.name, ""))
            for field, html in values
        }  # fmt: skip
        known = [drawn[field] for field in shown if field not in folded]
        found.append((part, Facts(known, [drawn[field] for field in folded])))
    return found


def _shown(user: User, entity: Entity, record: Any, parts: Sequence[Part]) -> dict[str, Field]:
    """The fields that the reader may see and whose conditions the record meets."""
    readable = readable_for(user, entity, parts)
    held = held_by(record)
    names = [
        one.name
        for part in parts
        for one in part.fields
        if outcome_of(one, entity, readable, held).shown
    ]
    return {field.name: field for field in entity.fields_for(user, names)}


def notes_of(user: User, entity: Entity, record: Any) -> Mapping[str, str]:
    """The quiet words under facts, by field."""
    return entity.notes(user, record) if entity.notes is not None else {}


def drawn_fact(
    entity: Entity, record: Any, field: Field, editable: bool, value: SafeString, note: str = ""
) -> SafeString:
    """One fact: its label, how its value looks, a note under it, and where it is edited (if it may
    be)."""
    where: SafeString | str = ""
    if editable and field.editable:
        edit_url = f"{entity.url(record)}/field/{field.name}"
        where = format_html(' data-edit-url="{}" data-field="{}"', edit_url, field.name)
    if value and field.sensitive:
        context = {"value": value, "label": field.label}
        context["reveal_url"] = f"{entity.url(record)}/reveal/{field.name}"
        value = render_to_string("records/secret.html", context)
    elif not value:
        value = format_html('<span class="fact-empty">{}</span>', gettext("Add") if where else "—")
    if field.computed:
        how = f"{entity.url(record)}/how/{field.name}"
        context = {"value": value, "url": how, "label": field.label}
        value = render_to_string("records/computed_fact.html", context)
    if note and not field.sensitive:
        value = format_html('{}<span class="fact-note">{}</span>', value, note)
    return format_html(
        '<div class="fact"{}><dt>{}</dt><dd>{}</dd></div>', where, field.label, value
    )
