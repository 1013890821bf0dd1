"""A record as a vCard to scan, to copy and to take away; selected rows as one file of vCards."""

from __future__ import annotations

import io
from typing import Any, cast

import segno
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.kernel.clock import now
from vinculo.parties.cards.filling import card_of, cards_text, short_text
from vinculo.parties.cards.writing import VERSIONS, card_text
from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.platform.access_events import note_list
from vinculo.records.bulk.selection import Selection, parse_selection
from vinculo.records.entity import Entity
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    may,
)

MEDIA_TYPE = "text/vcard; charset=utf-8"


@entity_view()
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The card of one record: a code to scan and a text to copy; POST takes it away as a file."""
    party = get_record(request, entity, pk)
    if request.method == "POST":
        get_record(request, entity, pk, "export")
        return _file(request, entity, [pk], entity.title_of(party))
    found = card_of(request.user, party)
    context = {
        "title": party.name,
        "party": party,
        "url": entity.url(party),
        "text": card_text(found, VERSIONS[0]),
        "versions": VERSIONS,
        "may_take": may(request, entity, party, "export"),
    }
    return dialog_or_page(request, "parties/cards/card.html", context)


@entity_view()
@require_safe
def code(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """The card as a QR code: by what one is reached, without notes."""
    party = get_record(request, entity, pk)
    drawn = segno.make(short_text(card_of(request.user, party)), error="m", micro=False)
    out = io.BytesIO()
    drawn.save(out, kind="svg", border=4, dark="black", light="white", xmldecl=False, nl=False)
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@entity_view("export")
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: Request, entity: Entity) -> HttpResponse:
    """The selected rows as one file of vCards: which version is asked, POST takes it away."""
    data = request.POST if request.method == "POST" else request.GET
    selection = parse_selection(data)
    ids = selection.rows(entity, request.user, "export")
    if request.method == "POST":
        return _file(request, entity, ids, str(entity.label_plural))
    context: dict[str, Any] = {
        "entity": entity,
        "n": len(ids),
        "selection": _carried(selection, data),
        "versions": VERSIONS,
    }
    return dialog_or_page(request, "parties/cards/cards.html", context)


def _carried(selection: Selection, data: QueryDict) -> list[tuple[str, Any]]:
    if selection.everything:
        return [("all", "1"), ("query", data.get("query", ""))]
    return [("ids", pk) for pk in selection.ids]


def _file(request: Request, entity: Entity, ids: list[int], name: str) -> HttpResponse:
    """The cards of those that the reader may take away; who took what is written down first."""
    require(request.user, entity.key, "export")
    version = request.POST.get("version", "")
    version = version if version in VERSIONS else VERSIONS[0]
    count = entity.visible(request.user, "export").filter(pk__among=ids).count()
    label = f"{name} (vCard {version}): {count:,}"
    with journal.change_set(actor=request.user, verb="records.export", label=label):
        pass
    note_list(request.user, "export", entity.key, count)
    lines = cards_text(request.user, entity, ids, version)
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPE)
    file_name = f"{slugify(name) or entity.path}-{now():%Y-%m-%d}.vcf"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)
