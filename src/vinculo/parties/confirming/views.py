"""What colleagues do: make links for one or many, end them, decide on corrections, set it all up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.kernel.ids import row_id
from vinculo.parties.confirming.asking import asked_by, asking, channels_asked_by
from vinculo.parties.confirming.links import ask_many, ask_to_confirm, end_link, language_of
from vinculo.parties.confirming.mailing import letter
from vinculo.parties.confirming.models import ConfirmLink, Proposal, ProposalState
from vinculo.parties.confirming.proposals import accept_all, decide, differences
from vinculo.parties.confirming.setting import SettingForm, set_confirming
from vinculo.parties.confirming.sheet import sheet
from vinculo.parties.contacts import points_of
from vinculo.parties.models import ContactKind, Kind
from vinculo.parties.panels import page_of
from vinculo.platform import journal
from vinculo.platform.access_events import note_list
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence, status_of
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.records.bulk.selection import Selection, parse_selection
from vinculo.records.entity import Entity
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    moved_to,
    toast,
    told,
)

LIST = "/proposed"
PER_PAGE = 50
TONES = {
    ProposalState.OPEN: "is-warn",
    ProposalState.ACCEPTED: "is-ok",
    ProposalState.PARTLY: "is-info",
    ProposalState.DECLINED: "",
}


@entity_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """What a customer would be asked; POST makes the link and shows it once, with a mail."""
    party = get_record(request, entity, pk, "edit")
    heading = gettext("Ask “%(name)s” to confirm their data") % {"name": party.name}
    page = entity.url(party)
    context: dict[str, Any] = {"heading": heading, "post_url": f"{page}/confirm", "back": page}
    if request.method == "POST":
        language = request.POST.get("language", "")
        try:
            made = ask_to_confirm(actor=request.user, party=party, language=language)
        except NotAllowed:
            raise
        except DomainError as error:
            context["problem"] = sentence(error)
        else:
            context |= {"url": made.url, "mail": letter(request.user, made)}
            answer = dialog_or_page(request, "parties/confirming/made.html", context)
            return told(answer, record_changed={}) if request.htmx else answer
    names = asked_by(request.user, party)
    mine = {point.kind for point in points_of(party)}
    channels = [one for one in channels_asked_by(request.user, party) if one in mine]
    context |= {
        "fields": [entity.all_fields[name].label for name in names],
        "channels": [ContactKind(one).label for one in channels],
        "days": asking(party.kind).days,
        "languages": settings.LANGUAGES,
        "language": language_of(party),
    }
    status = 422 if "problem" in context else 200
    return dialog_or_page(request, "parties/confirming/ask.html", context, status)


@entity_view("export")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_selected(request: Request, entity: Entity) -> HttpResponse:
    """Links for the selected rows; POST makes them and hands out the table for a mail merge."""
    data = request.POST if request.method == "POST" else request.GET
    selection = parse_selection(data)
    ids = selection.rows(entity, request.user, "edit")
    context: dict[str, Any] = {
        "entity": entity,
        "n": len(ids),
        "selection": _carried(selection, data),
    }
    if request.method == "POST":
        kind = entity.key.rpartition(".")[2]
        try:
            made = ask_many(actor=request.user, kind=kind, ids=ids)
        except NotAllowed:
            raise
        except DomainError as error:
            context["problem"] = sentence(error)
            return dialog_or_page(
                request, "parties/confirming/ask_many.html", context, status_of(error)
            )
        note_list(request.user, "export", entity.key, len(made))
        return _file(sheet(request.user, made), entity)
    return dialog_or_page(request, "parties/confirming/ask_many.html", context)


def _carried(selection: Selection, data: QueryDict) -> list[tuple[str, Any]]:
    if selection.everything:
        return [("all", "1"), ("query", data.get("query", ""))]
    return [("ids", pk) for pk in selection.ids]


def _file(text: str, entity: Entity) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"{slugify(str(entity.label_plural)) or entity.path}-{now():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Let a link work no more."""
    link = (
        ConfirmLink.objects.visible_to(request.user).select_related("party").filter(pk=pk).first()
    )
    link = found(link)
    with journal.change_set(actor=request.user, verb="parties.end_confirm_link") as opened:
        end_link(actor=request.user, link=link)
    if not request.htmx:
        return redirect(page_of(link.party))
    answer = HttpResponse(status=204)
    said = toast(gettext("The link works no more."), undo=opened.id)
    return told(answer, toast=said, record_changed={})


@login_required
@require_safe
def proposed(request: Request) -> HttpResponse:
    """What customers corrected, by state, kind and whose customers they are."""
    user, data = request.user, request.GET
    state = data.get("state", "")
    state = state if state in ProposalState.values else ProposalState.OPEN.value
    kind = data.get("kind", "") if data.get("kind", "") in Kind.values else ""
    mine = "1" if data.get("mine") == "1" else ""
    page = min(row_id(data.get("page", "")) or 1, 5_000)
    rows = Proposal.objects.filter(state=state).visible_to(user)
    rows = rows.filter(party__kind=kind) if kind else rows
    rows = rows.filter(party__owner=user) if mine else rows
    ordered = rows.select_related("party").defer("party__search").order_by("-at", "-pk")
    some = list(ordered[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    listed = [one for proposal in some[:PER_PAGE] if (one := _row(user, proposal))]
    context = {
        "rows": listed,
        "bulk": state == ProposalState.OPEN and any(row["whole"] for row in listed),
        "state": state,
        "kind": kind,
        "mine": mine,
        "states": ProposalState.choices,
        "kinds": [("", gettext("All")), *_kinds()],
        "whose": [("", gettext("Everybody's")), ("1", gettext("Mine"))],
        "page": page,
        "more": len(some) > PER_PAGE,
    }
    return render(request, "parties/confirming/list.html", context)


def _kinds() -> list[tuple[str, str]]:
    return [(Kind.COMPANY.value, gettext("Companies")), (Kind.PERSON.value, gettext("People"))]


def _row(user: User, proposal: Proposal) -> dict[str, Any] | None:
    """A proposal as a line of the list; None where its reader sees none of its fields."""
    shown = differences(user, proposal)
    if not shown:
        return None
    conflict = any(one.conflict for one in shown)
    mine = len(shown) == len(proposal.values) and all(one.mine for one in shown)
    return {
        "proposal": proposal,
        "differences": shown,
        "conflict": conflict,
        "whole": mine and not conflict,
        "tone": TONES[ProposalState(proposal.state)],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: Request, pk: int) -> HttpResponse:
    """One customer's corrections beside what the record says; POST decides on them."""
    rows = Proposal.objects.visible_to(request.user).select_related("party", "decided_by")
    one: Proposal = found(rows.defer("party__search").filter(pk=pk).first())
    context: dict[str, Any] = {}
    if request.method == "POST":
        data = request.POST
        accept = [] if data.get("decline") else data.getlist("accept")
        seen = {name: data.get(f"seen_{name}", "") for name in accept}
        try:
            with journal.change_set(actor=request.user, verb="parties.decide_proposal") as opened:
                decide(actor=request.user, proposal=one, accept=accept, seen=seen)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            context["problem"] = sentence(error)
            one = found(rows.defer("party__search").filter(pk=pk).first())
        else:
            said = gettext("Taken over.") if accept else gettext("Declined.")
            if not request.htmx:
                return redirect(page_of(one.party))
            return told(moved_to(page_of(one.party)), toast=toast(said, undo=opened.id))
    shown = differences(request.user, one)
    context |= {
        "proposal": one,
        "heading": gettext("Corrections by “%(name)s”") % {"name": one.party.name},
        "party_url": page_of(one.party),
        "differences": shown,
        "conflict": any(difference.conflict for difference in shown),
        "deciding": any(difference.mine for difference in shown),
        "tone": TONES[ProposalState(one.state)],
    }
    status = 422 if "problem" in context else 200
    return render(request, "parties/confirming/proposal.html", context, status=status)


@login_required
@require_POST
def accept(request: Request) -> HttpResponse:
    """Take over all that the ticked proposals say, as one change."""
    ids = [number for text in request.POST.getlist("ids")[:1000] if (number := row_id(text))]
    with journal.change_set(actor=request.user, verb="parties.accept_proposals") as opened:
        taken, left = accept_all(actor=request.user, ids=ids)
    said = ngettext("%(n)s proposal accepted.", "%(n)s proposals accepted.", taken) % {"n": taken}
    if left:
        more = ngettext("%(n)s was left.", "%(n)s were left.", left) % {"n": left}
        said = f"{said} {more}"
    if not taken:
        said = gettext("Nothing was accepted. Open the proposals to see why.")
    if not request.htmx:
        return redirect(LIST)
    level = "success" if taken else "info"
    return told(moved_to(LIST), toast=toast(said, level=level, undo=opened.id if taken else None))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def confirming_settings(request: HttpRequest) -> HttpResponse:
    """Settings → Confirm data."""
    user = signed_in(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else Kind.PERSON.value
    form = SettingForm(request.POST if request.method == "POST" else None, kind=kind)
    if request.method == "POST":
        ok, _made = submit(form, lambda: set_confirming(actor=user, kind=kind, **form.as_told()))
        if ok:
            return done(request, f"/settings/confirming?kind={kind}", saved())
    context = {"form": form, "kind": kind, "kinds": _kinds()}
    status = 422 if form.errors else 200
    return show(request, "parties/confirming/settings.html", "confirming", context, status)
