"""Looking a company up in a register while one types, and filling its form or its record in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.kernel.ids import row_id
from vinculo.kernel.text import clean, fold
from vinculo.parties.models import Company
from vinculo.parties.registry.actions import fill_from_register
from vinculo.parties.registry.filling import FILLED, KEY, fillings, present_values
from vinculo.parties.registry.finding import Entry, entry_called, registers, suggestions
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.entity import Entity
from vinculo.records.forms import SuggestInput
from vinculo.records.shaping.form import ShapedForm
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    toast,
    told,
)
from vinculo.records.views.editing import form_context

SUGGEST_URL = "/companies/register/suggest"


@login_required
@require_GET
def suggest(request: Request) -> HttpResponse:
    """Companies of the registers that fit what is being typed, for those who may write companies."""
    rights = rights_of(request.user)
    if all(rights.scope(KEY, verb) is Scope.NONE for verb in ("add", "edit")):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    record = row_id(request.GET.get("record", ""))
    found = suggestions(_said(request, "q"), country=_said(request, "country")[:2])
    page = f"/companies/{record}/register" if record else "/companies/register/new"
    return render(request, "parties/registry/choices.html", {"entries": found, "page": page})


@entity_view("add")
@require_GET
def new_from_register(request: Request, entity: Entity) -> HttpResponse:
    """The form of a new company, filled in from a register: what was typed stays where it says
    something else, with what the register says beside it."""
    entry = _entry(request)
    typed = {name: _said(request, name) for name in (*entity.form_names, *FILLED)}
    if fold(typed["name"]) in fold(entry.name):
        typed["name"] = ""  # it was typed to find the company
    taken = request.GET.getlist("use")
    found = fillings(request.user, entry, typed, get_language() or "en")
    values = {name: value for name, value in typed.items() if value}
    values |= {one.field.name: one.told for one in found if one.empty or one.field.name in taken}
    also = [name for name in FILLED if name in values]
    form = ShapedForm(entity, request.user, initial=values, also=also)
    query = urlencode({"also": ",".join(form.also), "register": entry.reference})
    context = form_context(entity, form, None, f"/{entity.path}/new?{query}")
    context |= {
        "draft": "",  # what was typed before would be put over what the register says
        "entry": entry,
        "differing": [one for one in found if one.differs and one.field.name not in taken],
        "taken": taken,
        "again_url": f"/companies/register/new?{urlencode({'entry': entry.reference})}",
    }
    return dialog_or_page(request, "parties/registry/new.html", context)


@entity_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """A company beside what a register says of it; POST takes the chosen values over."""
    company: Company = get_record(request, entity, pk, "edit")
    url = f"{entity.url(company)}/register"
    data = request.POST if request.method == "POST" else request.GET
    if not data.get("entry"):
        return dialog_or_page(request, "parties/registry/find.html", _to_find(company, url))
    entry = _entry(request)
    context: dict[str, Any] = {
        "company": company,
        "entry": entry,
        "heading": gettext("Fill in “%(name)s” from the register") % {"name": company.name},
        "post_url": url,
        "find_url": url,
        "fillings": fillings(request.user, entry, present_values(company), get_language() or "en"),
        "submit_label": gettext("Take over"),
    }
    if request.method != "POST":
        return dialog_or_page(request, "parties/registry/fill.html", context)
    chosen = request.POST.getlist("fields")
    try:
        with journal.change_set(
            actor=request.user, verb="parties.fill_from_register", label=company.name
        ) as opened:
            fill_from_register(
                actor=request.user, company=company, reference=entry.reference, fields=chosen
            )
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise
        context["problem"] = sentence(error)
        status = 422 if request.htmx else status_of(error)
        return dialog_or_page(request, "parties/registry/fill.html", context, status)
    if not request.htmx:
        return redirect(entity.url(company))
    done = toast(gettext("Taken over from %(source)s.") % {"source": entry.source}, undo=opened.id)
    return told(HttpResponse(status=204), toast=done, record_changed={}, records_changed={})


def _to_find(company: Company, url: str) -> dict[str, Any]:
    """The dialog that looks a company up: what fits its tax id or its name, and a box to type in."""
    found = suggestions(company.tax_id, country=company.country) if company.tax_id else []
    found = found or suggestions(company.legal_name or company.name, country=company.country)
    box = SuggestInput(f"{SUGGEST_URL}?record={company.pk}", {"class": "input"})
    return {
        "title": company.name,
        "company": company,
        "entries": found,
        "page": url,
        "registers": list(registers().values()),
        "box": box.render("q", "", {"id": "register-q"}),
    }


def _entry(request: Request) -> Entry:
    data = request.POST if request.method == "POST" else request.GET
    entry = entry_called(clean(data.get("entry", ""))[:120])
    if entry is None:
        raise Http404(gettext("The register has no such company any more. Look it up again."))
    return entry


def _said(request: Request, name: str) -> str:
    return clean(request.GET.get(name, "").replace("\x00", ""))[:300]
