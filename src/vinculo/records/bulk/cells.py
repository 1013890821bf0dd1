"""A block of cells at once: pasted from a spreadsheet, or filled down from its first row.

What would happen is found out by doing it and taking it back, so that a preview and the change
itself cannot disagree.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import token
from vinculo.platform import journal
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence
from vinculo.records.bulk.actions import bulk_edit
from vinculo.records.bulk.change import Change, freeze
from vinculo.records.bulk.engine import Written
from vinculo.records.bulk.runs import start_run
from vinculo.records.bulk.selection import parse_selection
from vinculo.records.bulk.typed import ColumnReader
from vinculo.records.bulk.views import answer
from vinculo.records.entity import Entity
from vinculo.records.transfer.refusals import sentence as said
from vinculo.records.views.common import Request, dialog_or_page, entity_view
from vinculo.records.views.grid import why_locked

MOST_ROWS = 200
MOST_COLUMNS = 60
LISTED = 50


@dataclass
class Block:
    """What somebody wants in a rectangle of cells: rows × fields, as text; `fill` takes the first
    row's values for the others."""

    rows: list[int]
    fields: list[str]
    texts: list[list[str]]
    fill: bool = False


@dataclass
class Cell:
    """A cell of a block that stays as it was, and why."""

    row: int
    label: str
    text: str
    why: str


@dataclass
class Read:
    """A block as values, with the cells that could not be read."""

    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[Cell] = field(default_factory=list)


def parse_block(text: str) -> Block:
    """The block as the list's page sends it (JSON); DomainError when it is none or too large."""
    try:
        told = json.loads(text[:4_000_000])
        rows = [int(number) for number in told["rows"]]
        fields = [str(name) for name in told["fields"]]
        texts = [[str(one)[:20_000] for one in line] for line in told.get("values") or []]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DomainError(_("This is not a block of cells. Copy it again.")) from None
    fill = told.get("fill") is True
    if not rows or not fields or any(not 0 < number < 2**63 for number in rows):
        raise DomainError(_("This is not a block of cells. Copy it again."))
    if len(rows) > MOST_ROWS or len(fields) > MOST_COLUMNS:
        raise DomainError(
            _("A block has at most %(rows)s rows and %(columns)s columns."),
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        )
    shape = all(len(line) == len(fields) for line in texts) and len(texts) == len(rows)
    if not fill and not shape:
        raise DomainError(_("This is not a block of cells. Copy it again."))
    return Block(rows, fields, texts, fill)


@entity_view("edit")
def block(request: Request, entity: Entity) -> HttpResponse:
    """POST with `block`: shows what would change and what not; with `apply` it is written."""
    if request.method != "POST":
        return redirect(f"/{entity.path}")
    wanted = parse_block(request.POST.get("block", ""))
    read = (
        _filled(request.user, entity, wanted)
        if wanted.fill
        else _read(request.user, entity, wanted)
    )
    seen = parse_selection(request.POST).seen_at or now()
    change = Change("cells", cells=read.cells)
    tried = _tried(request.user, entity, change, seen)
    refused = [*read.refused, *_of_rows(tried)]
    apply = request.POST.get("apply") == "1" or (request.POST.get("direct") == "1" and not refused)
    if apply and tried.changed:
        run = start_run(
            actor=request.user,
            entity=entity,
            ids=tried.changed,
            change=change,
            seen_at=seen,
            token=request.POST.get("token") or token(),
        )
        return answer(request, run)
    titles = _titles(request.user, entity, [one.row for one in refused])
    context = {
        "entity": entity,
        "cells_json": request.POST.get("block", ""),
        "seen": seen.isoformat(),
        "token": token(),
        "fill": wanted.fill,
        "rows_changed": len(tried.changed),
        "cells": sum(len(read.cells.get(str(pk), {})) for pk in tried.changed),
        "unchanged": tried.unchanged,
        "refused": [(titles.get(one.row, "—"), one) for one in refused[:LISTED]],
        "refused_count": len(refused),
        "more": max(0, len(refused) - LISTED),
        "post_url": f"/{entity.path}/cells",
    }
    return dialog_or_page(request, "records/bulk/paste.html", context)


def _read(user: User, entity: Entity, wanted: Block) -> Read:
    """Each cell's text as its field understands it."""
    read = Read()
    for at, name in enumerate(wanted.fields):
        found = entity.field_for(user, name)
        texts = [line[at] for line in wanted.texts]
        if found is None:
            raise DomainError(_("The field “%(name)s” cannot be changed."), name=name[:60])
        locked = why_locked(entity, found)
        reader = None if locked else ColumnReader(found, user, texts)
        for row, text in zip(wanted.rows, texts, strict=True):
            if reader is None:
                read.refused.append(Cell(row, str(found.label), text, locked))
                continue
            try:
                read.cells.setdefault(str(row), {})[name] = freeze(entity, found, reader.read(text))
            except DomainError as error:
                read.refused.append(Cell(row, str(found.label), text, sentence(error)))
    read.cells = {row: cells for row, cells in read.cells.items() if cells}
    return read


def _filled(user: User, entity: Entity, wanted: Block) -> Read:
    """The first row's own values for all rows below it."""
    read = Read()
    source = entity.visible(user).filter(pk=wanted.rows[0]).first()
    if source is None:
        raise DomainError(_("This is no longer there, or you may not see it."))
    for name in wanted.fields:
        found = entity.field_for(user, name)
        if found is None:
            raise DomainError(_("The field “%(name)s” cannot be changed."), name=name[:60])
        locked = why_locked(entity, found)
        for row in wanted.rows[1:]:
            if locked:
                read.refused.append(Cell(row, str(found.label), "", locked))
            else:
                read.cells.setdefault(str(row), {})[name] = freeze(
                    entity, found, found.value(source)
                )
    return read


class _Undone(Exception):
    """Takes back what was only tried."""


def _tried(user: User, entity: Entity, change: Change, seen: datetime) -> Written:
    """What writing the cells would come to; nothing of it stays."""
    written = Written()
    if not change.cells:
        return written
    ids = [int(row) for row in change.cells]
    try:
        with transaction.atomic(), journal.change_set(actor=user, verb="records.bulk_edit"):
            written = bulk_edit(actor=user, entity=entity, ids=ids, change=change, seen_at=seen)
            raise _Undone
    except _Undone:
        pass
    return written


def _of_rows(tried: Written) -> list[Cell]:
    return [Cell(one.pk, gettext("Row"), "", said(one.reason, one.params)) for one in tried.refused]


def _titles(user: User, entity: Entity, ids: list[int]) -> dict[int, str]:
    return {row.pk: entity.title_of(row) for row in entity.visible(user).filter(pk__among=ids)}
