"""The gestures on contact points and relations, duplicate hints while typing, who can see this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.parties import actions
from vinculo.parties.collisions.vocabulary import READ
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.forms import EditRelationForm, EndRelationForm, edit_form
from vinculo.parties.kinds import kinds_seen_by, places_seen_by
from vinculo.parties.models import ContactPoint, Party, Relation
from vinculo.parties.panels import page_of
from vinculo.parties.relations import today_here
from vinculo.parties.rules import headline_about
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.refusals import sentence, status_of
from vinculo.records.views.common import Request, dialog_or_page, toast, told

HINTED = (*READ, "country")


@login_required
@require_GET
def hints(request: Request, kind: str) -> HttpResponse:
    """Possible duplicates of what is being typed into the form of a new company or person."""
    rights = rights_of(request.user)
    if rights.scope(f"parties.{kind}", "add") is Scope.NONE:
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    said = typed_in(request.GET)
    matches = possible_matches(request.user, kind, said)
    context = {
        "matches": matches,
        "headline": headline_about(matches),
        "refuses": any(match.refuses for match in matches),
        "masked": any(match.party is None for match in matches),
        "kind": kind,
        "shows_city": rights.field_rule(f"parties.{kind}", "city") != "hidden",
    }
    return render(request, "parties/hints.html", context)


def typed_in(query: QueryDict) -> dict[str, str]:
    """What stands in the form so far, of what the rules of collisions read."""
    return {name: query.get(name, "").replace("\x00", "") for name in HINTED}


# --- contact points -----------------------------------------------------------------------------


def _point(request: Request, pk: int) -> ContactPoint:
    """The contact point, through the one door and the field rules: 404 for what may not be known,
    403 for what may be seen but not changed (its action asks for the field rules again)."""
    found = ContactPoint.objects.visible_to(request.user).select_related("party").filter(pk=pk)
    point = found.first()
    if point is None or point.kind not in kinds_seen_by(request.user, point.party.kind):
        raise Http404(gettext("There is no such record, or you may not see it."))
    editable = ContactPoint.objects.visible_to(request.user, "edit").filter(pk=pk).exists()
    if not editable:
        raise NotAllowed(_("You may see this record but not change it."))
    return point


def _perform(
    request: Request, party: Party, verb: str, message: str, gesture: Callable[[], Any]
) -> HttpResponse:
    """Do one gesture under one change-set, and offer to take it back."""
    with journal.change_set(actor=request.user, verb=verb, label=party.name) as opened:
        gesture()
    if not request.htmx:
        return redirect(page_of(party))
    done = toast(message, undo=opened.id)
    return told(HttpResponse(status=204), toast=done, record_changed={}, records_changed={})


@login_required
@require_GET
def point_menu(request: Request, pk: int) -> HttpResponse:
    """What can be done with a contact point, fetched when its menu is opened."""
    return render(request, "parties/contact_menu.html", {"point": _point(request, pk)})


@login_required
@require_http_methods(["GET", "POST"])
def edit_point(request: Request, pk: int) -> HttpResponse:
    """Correct a phone, e-mail, address or social name."""
    point = _point(request, pk)
    form = edit_form(point, request.POST if request.method == "POST" else None, request.user)
    context = {
        "form": form,
        "heading": gettext("Correct contact detail"),
        "post_url": f"/contacts/{pk}/edit",
    }

    def gesture() -> None:
        actions.edit_contact_point(actor=request.user, point=point, **form.cleaned_data)

    return _ask(request, form, context, point.party, "parties.edit_contact_point", gesture)


def _ask(
    request: Request,
    form: Any,
    context: dict[str, Any],
    party: Party,
    verb: str,
    gesture: Callable[[], Any],
) -> HttpResponse:
    """GET shows the form, POST performs the gesture; a refusal comes back on its field."""
    if request.method != "POST":
        return dialog_or_page(request, "web/dialog.html", context)
    if not form.is_valid():
        return dialog_or_page(request, "web/dialog.html", context, 422)
    try:
        return _perform(request, party, verb, gettext("Saved."), gesture)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return dialog_or_page(request, "web/dialog.html", context, status_of(error))


@login_required
@require_POST
def remove_point(request: Request, pk: int) -> HttpResponse:
    """Take a contact point away."""
    point = _point(request, pk)
    message = gettext("“%(what)s” was removed.") % {"what": point}
    return _perform(
        request,
        point.party,
        "parties.remove_contact_point",
        message,
        lambda: actions.remove_contact_point(actor=request.user, point=point),
    )


@login_required
@require_POST
def make_primary(request: Request, pk: int) -> HttpResponse:
    """Use this one first."""
    point = _point(request, pk)
    message = gettext("“%(what)s” is used first now.") % {"what": point}
    return _perform(
        request,
        point.party,
        "parties.make_primary",
        message,
        lambda: actions.make_primary(actor=request.user, point=point),
    )


@login_required
@require_POST
def mark_verified(request: Request, pk: int) -> HttpResponse:
    """Vouch for this contact point; `value=0` takes that back."""
    point = _point(request, pk)
    verified = request.POST.get("value") != "0"
    message = gettext("Marked as verified.") if verified else gettext("Not verified any more.")
    return _perform(
        request,
        point.party,
        "parties.mark_verified",
        message,
        lambda: actions.mark_verified(actor=request.user, point=point, verified=verified),
    )


@login_required
@require_POST
def mark_refused(request: Request, pk: int) -> HttpResponse:
    """The party does not want to be reached this way; `value=0`: it does again."""
    point = _point(request, pk)
    refused = request.POST.get("value") != "0"
    said = (
        gettext("“%(what)s” is marked: do not contact.")
        if refused
        else gettext("“%(what)s” may be contacted again.")
    )
    return _perform(
        request,
        point.party,
        "parties.mark_do_not_contact",
        said % {"what": point},
        lambda: actions.mark_do_not_contact(actor=request.user, point=point, refused=refused),
    )


# --- relations ----------------------------------------------------------------------------------


def _relation(request: Request, pk: int) -> Relation:
    """The relation, through the one door: 404 for what may not be known, 403 for the rest."""
    found = Relation.objects.visible_to(request.user).select_related("person", "company")
    relation = found.filter(pk=pk).first()
    if relation is None or not places_seen_by(request.user):
        raise Http404(gettext("There is no such record, or you may not see it."))
    if not Relation.objects.visible_to(request.user, "edit").filter(pk=pk).exists():
        raise NotAllowed(_("You may see this record but not change it."))
    return relation


@login_required
@require_http_methods(["GET", "POST"])
def edit_relation(request: Request, pk: int) -> HttpResponse:
    """Correct what a person is in a company, and since when."""
    relation = _relation(request, pk)
    data = request.POST if request.method == "POST" else None
    form = EditRelationForm(data, user=request.user, record=relation)
    context = {
        "form": form,
        "heading": f"{relation.person} · {relation.company}",
        "post_url": f"/relations/{pk}/edit",
    }

    def gesture() -> None:
        said = {"title": relation.title, **form.cleaned_data}
        actions.edit_relation(actor=request.user, relation=relation, **said)

    return _ask(request, form, context, relation.person, "parties.edit_relation", gesture)


@login_required
@require_http_methods(["GET", "POST"])
def end_relation(request: Request, pk: int) -> HttpResponse:
    """Note that a person does not work in a company any more."""
    relation = _relation(request, pk)
    data = request.POST if request.method == "POST" else None
    form = EndRelationForm(data, user=request.user, record=relation)
    form.initial["ended_on"] = today_here()
    context = {
        "form": form,
        "heading": gettext("%(person)s does not work at %(company)s any more")
        % {"person": relation.person, "company": relation.company},
        "post_url": f"/relations/{pk}/end",
    }

    def gesture() -> None:
        actions.end_relation(actor=request.user, relation=relation, **form.cleaned_data)

    return _ask(request, form, context, relation.person, "parties.end_relation", gesture)
