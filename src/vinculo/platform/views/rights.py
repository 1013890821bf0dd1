"""What somebody may do: one's own rights and why, and what a changed role would let people see."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.errors import DomainError
from vinculo.kernel.ids import row_id
from vinculo.platform.access import rights_of
from vinculo.platform.actions import actions
from vinculo.platform.models import Role, User
from vinculo.platform.refusals import sentence
from vinculo.platform.role_actions import checked
from vinculo.platform.role_form import NAMED_RIGHTS, SCOPES, VERB_LABELS, RoleForm
from vinculo.platform.types import describe_types
from vinculo.platform.viewing_as import as_themselves
from vinculo.platform.views.common import for_administrators, found, show, signed_in
from vinculo.platform.would_see import rights, sights, with_role

WORDS = dict(SCOPES)


@login_required
@require_safe
def own_rights(request: HttpRequest) -> HttpResponse:
    """What the reader may do with which records, and which of their roles says so."""
    user = as_themselves(signed_in(request))
    mine = rights_of(user)
    rows = [rights(item, user) for item in describe_types()]
    named = {name: entry.label for name, entry in actions().items() if entry.granted}
    labels = {**named, **NAMED_RIGHTS}
    context = {
        "rows": [
            (row, [(VERB_LABELS[verb], scope, WORDS[scope]) for verb, scope in row.scopes.items()])
            for row in rows
        ],
        "verbs": list(VERB_LABELS.values()),
        "roles": user.active_roles(),
        "administrator": mine.administrator,
        "allowed": sorted({str(label) for name, label in labels.items() if mine.may(name)}),
        "refused": sorted({str(label) for name, label in labels.items() if not mine.may(name)}),
    }
    return show(request, "platform/rights.html", "rights", context)


@require_POST
@for_administrators
def preview_role(request: HttpRequest, role_id: int | None = None) -> HttpResponse:
    """What a person would see if the role were saved as the form says; nothing is saved."""
    role: Role | None = None
    if role_id:
        role = found(Role.objects.visible_to(request.user).filter(pk=role_id).first())
    form = RoleForm(request.POST, role=role)
    number = row_id(request.POST.get("person", ""))
    person = User.objects.visible_to(request.user).filter(pk=number, is_active=True).first()
    context: dict[str, Any] = {"person": person}
    if person is None:
        context["refused"] = _("Choose a person first.")
    elif not form.is_valid():
        context["refused"] = _("Not all of the form makes sense yet: see the marked places.")
    else:
        try:
            wanted = _unsaved(role, form)
        except DomainError as error:
            context["refused"] = sentence(error)
        else:
            context["sights"] = sights(with_role(person, wanted), person)
            context["holds"] = role is not None and role in person.active_roles()
    status = 422 if "refused" in context else 200
    return render(request, "platform/role_preview.html", context, status=status)


def _unsaved(role: Role | None, form: RoleForm) -> Role:
    """The role as the form says, in memory only."""
    return Role(
        pk=role.pk if role else None,
        name=form.cleaned_data["name"],
        administrator=form.cleaned_data["administrator"],
        grants=checked(form.grants()),
        actions=form.chosen_actions(),
        field_rules=form.field_rules(),
    )
