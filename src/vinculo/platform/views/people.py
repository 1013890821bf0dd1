"""Settings for administrators: people, teams, roles."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import DomainError
from vinculo.kernel.ids import row_id
from vinculo.platform import mail
from vinculo.platform.administration import is_administrator
from vinculo.platform.forms import InviteForm, TeamForm, UserForm
from vinculo.platform.models import Role, Team, User
from vinculo.platform.people_actions import edit_user, invite_user, renew_invitation
from vinculo.platform.refusals import sentence
from vinculo.platform.role_actions import delete_role, save_role
from vinculo.platform.role_form import RoleForm
from vinculo.platform.team_actions import add_team, delete_team, edit_team, tree
from vinculo.platform.views.common import (
    dialog,
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)


@require_safe
@for_administrators
def users(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles and teams."""
    rows = User.objects.visible_to(request.user).prefetch_related(
        "role_assignments__role", "memberships__team"
    )
    return show(
        request, "platform/users.html", "users", {"people": rows.order_by("-is_active", "name")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague; the answer shows the link to hand over."""
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        actor = signed_in(request)
        ok, made = submit(form, lambda: invite_user(actor=actor, **form.cleaned_data))
        if ok:
            return _link_page(request, *made)
    status = 422 if form.errors else 200
    return show(request, "platform/invite.html", "users", {"form": form}, status)


def _link_page(request: HttpRequest, person: User, link: str) -> HttpResponse:
    context = {"person": person, "link": link, "mailed": mail.is_configured()}
    return show(request, "platform/link_made.html", "users", context)


@require_POST
@for_administrators
def renew(request: HttpRequest, user_id: int) -> HttpResponse:
    """A fresh one-time link for a colleague."""
    person = _person(request, user_id)
    return _link_page(request, person, renew_invitation(actor=signed_in(request), user=person))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One colleague: name, address, roles, teams, whether they may sign in."""
    person = _person(request, user_id)
    memberships = list(person.memberships.all())
    initial: dict[str, Any] = {
        "name": person.name,
        "email": person.email,
        "is_active": person.is_active,
        "roles": [item.role_id for item in person.role_assignments.all()],
        "main_team": next((item.team_id for item in memberships if item.main), None),
        "teams": [item.team_id for item in memberships if not item.main],
    }
    form = UserForm(request.POST or None, initial=initial)
    if request.method == "POST":
        actor = signed_in(request)
        ok, _person_now = submit(
            form, lambda: edit_user(actor=actor, user=person, **form.cleaned_data)
        )
        if ok:
            return done(request, "/settings/users", saved())
        person = _person(request, user_id)
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "person": person,
        "may_view_as": person != request.user and not is_administrator(person),
    }
    return show(request, "platform/user.html", "users", context, status)


def _person(request: HttpRequest, user_id: int) -> User:
    person: User = found(User.objects.visible_to(request.user).filter(pk=user_id).first())
    return person


@require_safe
@for_administrators
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of teams."""
    people = dict(Team.objects.annotate(n=Count("memberships")).values_list("pk", "n"))
    rows = [(team, depth, range(depth), people[team.pk]) for team, depth in tree()]
    return show(request, "platform/teams.html", "teams", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_team(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    form = TeamForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST":
        actor = signed_in(request)
        ok, _team = submit(form, lambda: add_team(actor=actor, **form.cleaned_data))
        if ok:
            return done(request, "/settings/teams", _("Team added."))
    status = 422 if form.errors else 200
    return dialog(request, form, heading=_("New team"), submit_label=_("Add"), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename or move a team."""
    row: Team = found(Team.objects.visible_to(request.user).filter(pk=team_id).first())
    form = TeamForm(request.POST or None, initial={"name": row.name, "parent": row.parent_id})
    if request.method == "POST":
        actor = signed_in(request)
        ok, _team = submit(form, lambda: edit_team(actor=actor, team=row, **form.cleaned_data))
        if ok:
            return done(request, "/settings/teams", saved())
    status = 422 if form.errors else 200
    return dialog(request, form, heading=row.name, submit_label=_("Save"), status=status)


@require_POST
@for_administrators
def remove_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Delete an empty team."""
    row: Team = found(Team.objects.visible_to(request.user).filter(pk=team_id).first())
    return _remove(
        request, "/settings/teams", lambda: delete_team(actor=signed_in(request), team=row)
    )


def _remove(request: HttpRequest, url: str, call: Any) -> HttpResponse:
    from django.contrib import messages
    from django.http import HttpResponseRedirect

    try:
        call()
    except DomainError as refusal:
        if request.headers.get("HX-Request"):
            raise
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(url)
    return done(request, url, _("Deleted."))


@require_safe
@for_administrators
def roles(request: HttpRequest) -> HttpResponse:
    """The roles and how many people hold them."""
    rows = Role.objects.annotate(holders=Count("assignments")).order_by("-administrator", "name")
    return show(request, "platform/roles.html", "roles", {"roles": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def role(request: HttpRequest, role_id: int | None = None) -> HttpResponse:
    """One role: what may be done with which records, which actions, which fields are hidden."""
    row: Role | None = found(Role.objects.filter(pk=role_id).first()) if role_id else None
    like = row_id(request.GET.get("like", ""))
    copied = Role.objects.filter(pk=like).first() if like is not None else None
    form = RoleForm(request.POST or None, role=row or copied)
    if row is None and copied is not None:
        form.initial["name"] = ""
    if request.method == "POST":
        actor = signed_in(request)
        ok, _role = submit(
            form,
            lambda: save_role(
                actor=actor,
                role=row,
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                administrator=form.cleaned_data["administrator"],
                grants=form.grants(),
                actions=form.chosen_actions(),
                field_rules=form.field_rules(),
            ),
        )
        if ok:
            return done(request, "/settings/roles", saved())
    context = {
        "form": form,
        "role": row,
        "holders": row.assignments.count() if row else 0,
        "people": User.objects.visible_to(request.user).filter(is_active=True),
    }
    return show(request, "platform/role.html", "roles", context, 422 if form.errors else 200)


@require_POST
@for_administrators
def remove_role(request: HttpRequest, role_id: int) -> HttpResponse:
    """Delete a role that nobody holds."""
    row: Role = found(Role.objects.filter(pk=role_id).first())
    return _remove(
        request, "/settings/roles", lambda: delete_role(actor=signed_in(request), role=row)
    )
