"""Merging on screen: choose the other record, lay them side by side, merge."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import row_id
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.merging.actions import MOST_AT_ONCE, merge
from vinculo.parties.merging.comparing import compare
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.entity import Entity
from vinculo.records.forms import ReferenceField
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    moved_to,
    toast,
    told,
)

CHOICE = "choose-"


@entity_view("edit")
@require_safe
def merge_with(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Which record is the same customer as this one: those that look like it, or any other."""
    record: Party = get_record(request, entity, pk, "edit")
    said = {
        name: getattr(record, name, "")
        for name in (
            "name",
            "given_name",
            "family_name",
            "email",
            "phone",
            "tax_id",
            "city",
            "country",
        )
    }
    matches = possible_matches(request.user, record.kind, said, besides=record.pk)
    other = ReferenceField(entity, request.user, label=entity.label)
    context = {
        "entity": entity,
        "record": record,
        "matches": [match for match in matches if match.party is not None],
        "other": other.widget.render("ids", None, {"id": "merge-other"}),
        "merge_url": f"/{entity.path}/merge",
    }
    return dialog_or_page(request, "parties/merging/with.html", context)


@entity_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def merge_records(request: Request, entity: Entity) -> HttpResponse:
    """The records side by side; POST merges them as chosen."""
    data = request.POST if request.method == "POST" else request.GET
    parties = _parties(request, entity, data)
    choices = {
        name.removeprefix(CHOICE): chosen
        for name, text in data.items()
        if name.startswith(CHOICE) and (chosen := row_id(str(text)))
    }
    problem = ""
    status = 200
    if request.method == "POST":
        try:
            return _merged(request, entity, parties, choices)
        except DomainError as error:
            problem, status = str(sentence(error)), status_of(error)
    context = {
        "entity": entity,
        "parties": parties,
        "kept": parties[0],
        "comparison": compare(request.user, entity, parties, choices),
        "problem": problem,
        "merge_url": f"/{entity.path}/merge",
        "kept_query": "&".join(f"ids={party.pk}" for party in parties),
        "heading": gettext("Merge %(n)s records") % {"n": len(parties)},
    }
    return render(request, "parties/merging/page.html", context, status=status)


def _parties(request: Request, entity: Entity, data: QueryDict) -> list[Party]:
    """The records as asked for, the one that is kept first; 404 for what the reader may not see."""
    ids = list(
        dict.fromkeys(number for text in data.getlist("ids")[:100] if (number := row_id(text)))
    )
    if len(ids) < 2:
        raise DomainError(_("Choose at least two different records to merge."))
    if len(ids) > MOST_AT_ONCE:
        raise DomainError(_("At most %(most)s records can be merged at once."), most=MOST_AT_ONCE)
    rows = entity.with_references(entity.visible(request.user)).filter(pk__among=ids)
    found = {party.pk: party for party in rows}
    if len(found) < len(ids):
        raise Http404(gettext("There is no such record, or you may not see it."))
    keep = row_id(data.get("keep", ""))
    return sorted((found[pk] for pk in ids), key=lambda party: party.pk != keep)


def _merged(
    request: Request, entity: Entity, parties: Sequence[Party], choices: dict[str, int]
) -> HttpResponse:
    with journal.change_set(actor=request.user, verb="parties.merge") as opened:
        kept = merge(actor=request.user, keep=parties[0], gone=parties[1:], choices=choices)
    url = entity.url(kept)
    if not request.htmx:
        return redirect(url)
    said = ngettext(
        "%(n)s record was merged into “%(name)s”.",
        "%(n)s records were merged into “%(name)s”.",
        len(parties) - 1,
    ) % {"n": len(parties) - 1, "name": kept.name}
    return told(moved_to(url), toast=toast(said, undo=opened.id), records_changed={})
