"""A column of a board again or its next cards; a card moved to another column or day."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from vinculo.kernel.errors import Conflict, DomainError, MoreNeeded, NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.formats import day_text, moment_text
from vinculo.platform.refusals import sentence
from vinculo.records.cells import text
from vinculo.records.entity import Entity
from vinculo.records.fields import Field
from vinculo.records.forms import RecordForm, clashes
from vinculo.records.layouts.board import CARDS, card_on_board, column_of, head_of, known_value
from vinculo.records.layouts.calendar import card_in_calendar, day_in, moved
from vinculo.records.layouts.cards import drawn
from vinculo.records.lists import parse_list
from vinculo.records.shaping.form import one_field_form
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    refused_form,
    toast,
    told,
)
from vinculo.records.writing import edit_record


@entity_view()
@require_safe
def column(request: Request, entity: Entity) -> HttpResponse:
    """One column of the board: its head's figures, its next cards, or all of it anew."""
    state = parse_list(entity, request.user, request.GET)
    value = known_value(state, request.GET.get("column", ""))
    if "head" in request.GET:
        context: dict[str, Any] = {"column": head_of(state, value)}
        return render(request, "records/layouts/head.html", context)
    wanted = request.GET.get("cards", "")
    size = int(wanted[:4]) if wanted.isdecimal() else CARDS
    found = column_of(state, value, after=state.after, size=max(size, CARDS))
    template = "records/layouts/cards.html" if state.after else "records/layouts/column.html"
    return render(request, template, {"entity": entity, "column": found})


@entity_view()
@require_safe
def card(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """A card as the board or calendar whose state `list` holds shows it now; the column or day it
    belongs in is in the head of the answer. 204 where it is shown there no more."""
    state = parse_list(entity, request.user, QueryDict(request.GET.get("list", "")[:4000]))
    on_board = state.layout == "board"
    found = (card_on_board if on_board else card_in_calendar)(state, pk) if state.layout else None
    if found is None:
        return HttpResponse(status=204)
    place, shown = found
    if on_board:
        answer = HttpResponse(drawn([shown]))
    else:
        answer = render(request, "records/layouts/entry.html", {"card": shown})
    answer["X-Place"] = place
    return answer


@entity_view()
def move(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Move a card: GET asks where to (for fingers, and without scripts), POST is the ordinary edit
    of the board's or calendar's field."""
    record = get_record(request, entity, pk, "edit")
    found = _moved_field(request, entity)
    also = _also(request, entity, found)
    url = move_url(request, entity, record, also)
    if request.method != "POST":
        form = one_field_form(entity, request.user, found.name, record, also=also)
        if "to" in request.GET:
            form.initial[found.name] = request.GET["to"][:60]
        return dialog_or_page(
            request, "records/layouts/move.html", _asked(entity, record, form, url)
        )
    dropped, to = "to" in request.POST, request.POST.get("to", "")[:60]
    data = request.POST.copy()
    if dropped:
        is_date = found.name != getattr(entity.board, "by", "")
        data[found.name] = moved(found.value(record), day_in(to)) if is_date else to
        data["_was"] = json.dumps({found.name: request.POST.get("was", "")})
    form = one_field_form(entity, request.user, found.name, record, data, also=also)
    context = _asked(entity, record, form, url)
    if not form.is_valid():
        if dropped:
            raise DomainError(str(next(iter(form.errors.values()))[0]))
        return dialog_or_page(request, "records/layouts/move.html", context, 422)
    if clashes(form):
        raise Conflict(_("Somebody else moved “%(name)s” meanwhile."), name=entity.title_of(record))
    try:
        opened = _write(request, entity, record, form.values())
    except MoreNeeded as error:
        # It could come here if more were filled in: ask for that, and for no more.
        url = move_url(request, entity, record, error.fields)
        if dropped:
            answer = told(HttpResponse(status=422), ask={"url": f"{url}&{urlencode({'to': to})}"})
            answer["HX-Reswap"] = "none"
            return answer
        form = one_field_form(entity, request.user, found.name, record, also=error.fields)
        form.initial[found.name] = data[found.name]
        context = _asked(entity, record, form, url) | {"said": sentence(error)}
        return dialog_or_page(request, "records/layouts/move.html", context, 422)
    except DomainError as error:
        if dropped:
            raise
        return refused_form(request, "records/layouts/move.html", context, error)
    if not request.htmx:
        return redirect(f"/{entity.path}")
    said = gettext("“%(name)s” moved to %(place)s.") % {
        "name": entity.title_of(record),
        "place": _place(found, form.cleaned_data[found.name]),
    }
    done = toast(said, undo=opened) if opened else toast(gettext("Nothing changed."), level="info")
    answer = HttpResponse(status=204)
    # A card that was dropped stands where it was put; its columns are asked for anew.
    return told(answer, toast=done) if dropped else told(answer, toast=done, records_changed={})


def move_url(request: Request, entity: Entity, record: Any, also: Sequence[str] = ()) -> str:
    """Where a card is moved; `also` names fields that are asked for with it."""
    asked = {"layout": request.GET.get("layout", "")[:8], "also": ",".join(also)}
    return f"{entity.url(record)}/move?{urlencode({k: v for k, v in asked.items() if v})}"


def _also(request: Request, entity: Entity, moved: Field) -> tuple[str, ...]:
    """The fields that the address asks for beside the board's own, as far as they may be changed."""
    names = request.GET.get("also", "")[:500].split(",")
    fields = entity.fields_for(request.user, [name for name in names if name != moved.name])
    return tuple(field.name for field in fields if field.editable)


def _place(field: Field, value: Any) -> str:
    """A column or a day as the reader says it."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    return text(field, value) or gettext("Without")


def _moved_field(request: Request, entity: Entity) -> Field:
    """The field that a move changes: the board's or the calendar's."""
    layout = entity.board if request.GET.get("layout") == "board" else entity.calendar
    field = entity.field_for(request.user, layout.by) if layout is not None else None
    if field is None or not field.editable:
        raise NotAllowed(_("Cards cannot be moved here."))
    return field


def _asked(entity: Entity, record: Any, form: RecordForm, url: str) -> dict[str, Any]:
    name = entity.title_of(record)
    return {
        "form": form,
        "heading": gettext("Move “%(name)s”") % {"name": name},
        "submit_label": gettext("Move"),
        "post_url": url,
    }


def _write(request: Request, entity: Entity, record: Any, values: dict[str, Any]) -> int | None:
    if not values:
        return None
    with journal.change_set(
        actor=request.user, verb="records.edit", label=entity.title_of(record)
    ) as opened:
        edit_record(actor=request.user, entity=entity, record=record, data=values)
    return opened.id
