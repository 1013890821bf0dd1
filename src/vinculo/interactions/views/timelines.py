"""The timeline of a customer and the composer above it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.interactions.composer import Kind, action_for, kind_for, kinds_for
from vinculo.interactions.forms import ActionForm
from vinculo.interactions.mentions import colleagues_like
from vinculo.interactions.models import File, Interaction, Task
from vinculo.interactions.panel import entries, page_url
from vinculo.interactions.presentation import offered
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.actions import get_action
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.views.common import Request, toast, told

ROWS: dict[str, Any] = {"interaction": Interaction, "task": Task, "file": File}


def party_for(user: User, pk: int) -> Party:
    """The customer, if the reader may see it; NotFound otherwise."""
    party: Party | None = Party.objects.filter(pk=pk).visible_to(user).first()
    if party is None:
        raise NotFound(_("There is no such customer, or you may not see it."))
    return party


@login_required
@require_safe
def timeline(request: Request, pk: int) -> HttpResponse:
    """The timeline's entries as the address asks for them; whole pages live on the record."""
    party = party_for(request.user, pk)
    if not request.htmx:
        query = request.GET.urlencode()
        return redirect(f"{page_url(party)}?{query}" if query else page_url(party))
    template = (
        "interactions/more.html" if request.GET.get("before") else "interactions/entries.html"
    )
    return render(request, template, {"data": entries(request, party)})


@login_required
@require_safe
def tools(request: Request, sort: str, pk: int) -> HttpResponse:
    """What the reader may do with one entry: fetched when its menu is opened."""
    row = (
        ROWS[sort].objects.filter(pk=pk).visible_to(request.user).first() if sort in ROWS else None
    )
    if row is None:
        raise NotFound(_("There is no such entry, or you may not see it."))
    return render(
        request, "interactions/entry_tools.html", {"item": offered(row, sort, request.user)}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: Request, pk: int, name: str) -> HttpResponse:
    """The composer's form of one kind; saving it calls the kind's action."""
    party = party_for(request.user, pk)
    kind = kind_for(request.user, name)
    if request.method != "POST":
        if not request.htmx:
            return redirect(f"{page_url(party)}?compose={kind.name}")
        return _composer(request, party, kind, kind.form(user=request.user, record=party))
    form = kind.form(request.POST, request.FILES, user=request.user, record=party)
    if not form.is_valid():
        return _composer(request, party, kind, form, 422)
    try:
        done, change_set = _perform(request, party, kind, form)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return _composer(request, party, kind, form, status_of(error))
    if not request.htmx:
        return redirect(page_url(party))
    fresh = _composer(request, party, kind, kind.form(user=request.user, record=party))
    return told(
        fresh,
        toast=toast(done, undo=change_set),
        timeline_changed={},
        records_changed={},
        record_changed={},
    )


@login_required
@require_safe
def colleagues(request: Request, pk: int) -> HttpResponse:
    """Who can be mentioned: colleagues who may see the customer, by what was typed after @."""
    party = party_for(request.user, pk)
    people = colleagues_like(party, request.GET.get("q", ""))
    return render(request, "interactions/colleagues.html", {"people": people})


def _perform(request: Request, party: Party, kind: Kind, form: ActionForm) -> tuple[str, int]:
    """Call the action that the values ask for; what to say, and the change-set to undo."""
    name, values, done = action_for(kind, dict(form.cleaned_data))
    action = get_action(name)
    if action is None or not action.allowed(request.user):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    with journal.change_set(actor=request.user, verb=name, label=party.name) as opened:
        action.function(actor=request.user, party=party, **values)
    return str(done), opened.id


def _composer(
    request: Request, party: Party, kind: Kind, form: ActionForm, status: int = 200
) -> HttpResponse:
    data: dict[str, Any] = {
        "party": party,
        "page_url": page_url(party),
        "composer_kinds": kinds_for(request.user),
        "composer_kind": kind,
        "form": form,
    }
    if not request.htmx:
        heading = gettext("Add to %(name)s") % {"name": party.name}
        context = {"data": data, "heading": heading}
        return render(request, "interactions/compose_page.html", context, status=status)
    body = {"data": data, "once_anew": not form.is_bound}
    return render(request, "interactions/composer_body.html", body, status=status)
