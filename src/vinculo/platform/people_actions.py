"""Verbs around colleagues: invite, change, deactivate."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.platform import mail
from vinculo.platform.actions import action
from vinculo.platform.addresses import is_address, placeholder
from vinculo.platform.administration import (
    administrators_only,
    end_every_session,
    hold_rights,
    keep_an_administrator,
)
from vinculo.platform.firststeps import invitation_link
from vinculo.platform.jobs import enqueue
from vinculo.platform.models import Membership, Role, RoleAssignment, Team, User


@action("platform.invite_user", label=gettext_lazy("Invite a colleague"), granted=False)
def invite_user(
    *,
    actor: User,
    email: str,
    name: str,
    roles: Iterable[Role],
    team: Team | None = None,
    language: str = "",
) -> tuple[User, str]:
    """Make a user who comes in by a one-time link; returns both. The link is mailed too, where
    mail leaves the house. Refuses an address that is taken."""
    administrators_only(actor)
    hold_rights()
    address = email.strip().lower()
    if User.objects.filter(email__iexact=address).exists():
        raise DomainError(_("There is already a user with this e-mail address."), "email")
    user = User.objects.create_user(address, name)
    User.objects.filter(pk=user.pk).update(language=language)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role)
    if team is not None:
        Membership.objects.create(user=user, team=team, main=True)
    return user, _send_link(user)


@action("platform.bring_colleague", label=gettext_lazy("Bring in a colleague"), granted=False)
def bring_colleague(*, actor: User, name: str, email: str = "", team: Team | None = None) -> User:
    """A colleague whom records can belong to. They hold no role and have no password: a file gives
    nobody rights. Once an administrator gives them a role and a sign-in link, they come in."""
    administrators_only(actor)
    hold_rights()
    address = email.strip().lower() or placeholder()
    if User.objects.filter(email__iexact=address).exists():
        raise DomainError(_("There is already a user with this e-mail address."), "email")
    user = User.objects.create_user(address, name)
    if team is not None:
        Membership.objects.create(user=user, team=team, main=True)
    return user


@action("platform.join_team", label=gettext_lazy("Put a colleague into a team"), granted=False)
def join_team(*, actor: User, user: User, team: Team) -> bool:
    """Somebody works in a team from now on, mainly; whether that is new."""
    administrators_only(actor)
    hold_rights()
    if user.memberships.filter(team=team, main=True).exists():
        return False
    user.memberships.update(main=False)
    Membership.objects.update_or_create(user=user, team=team, defaults={"main": True})
    user.forget_rights()
    return True


@action("platform.renew_invitation", label=gettext_lazy("Make a new sign-in link"), granted=False)
def renew_invitation(*, actor: User, user: User) -> str:
    """A fresh one-time link for somebody who lost theirs, or their password."""
    administrators_only(actor)
    if not user.is_active:
        raise DomainError(_("%(name)s may not sign in. Let them first."), name=user.name)
    if not is_address(user.email):
        raise DomainError(_("Write the e-mail address of %(name)s first."), name=user.name)
    return _send_link(user)


def _send_link(user: User) -> str:
    link = invitation_link(user)
    if mail.is_configured():
        enqueue(mail.send_invitation, user_id=user.pk)
    return link


@action("platform.edit_user", label=gettext_lazy("Change a colleague"), granted=False)
def edit_user(
    *,
    actor: User,
    user: User,
    name: str,
    email: str,
    roles: Iterable[Role],
    teams: Iterable[Team],
    main_team: Team | None,
    is_active: bool,
) -> User:
    """Change who somebody is and what they may do.

    New roles, a new address or a closed account end all their sessions. The last administrator
    stays one.
    """
    administrators_only(actor)
    hold_rights()
    address = email.strip().lower()
    if User.objects.filter(email__iexact=address).exclude(pk=user.pk).exists():
        raise DomainError(_("There is already a user with this e-mail address."), "email")
    moved_address = address != user.email
    closed = user.is_active and not is_active
    user.name, user.email, user.is_active = name.strip(), address, is_active
    user.save(update_fields=["name", "email", "is_active"])
    changed_roles = _set_roles(user, list(roles))
    _set_teams(user, list(teams), main_team)
    keep_an_administrator()
    user.forget_rights()
    if changed_roles or moved_address or closed:
        end_every_session(user)
    if moved_address:
        _forget_addresses(user)
    return user


def _set_roles(user: User, roles: list[Role]) -> bool:
    """Give `user` exactly these roles; whether that changed anything."""
    wanted = {role.pk for role in roles}
    held = set(user.role_assignments.values_list("role_id", flat=True))
    user.role_assignments.exclude(role_id__in=wanted).delete()
    for role_id in sorted(wanted - held):
        RoleAssignment.objects.create(user=user, role_id=role_id)
    return wanted != held


def _set_teams(user: User, teams: list[Team], main: Team | None) -> None:
    wanted = {team.pk for team in teams} | ({main.pk} if main else set())
    user.memberships.exclude(team_id__in=wanted).delete()
    for team_id in sorted(wanted):
        is_main = main is not None and team_id == main.pk
        Membership.objects.update_or_create(user=user, team_id=team_id, defaults={"main": is_main})


def _forget_addresses(user: User) -> None:
    """Sign-in goes by the user's own address: a note of an older one must not open the door."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=user).delete()


@action("platform.save_profile", label=gettext_lazy("Change own profile"), granted=False)
def save_profile(
    *,
    actor: User,
    name: str,
    language: str,
    time_zone: str,
    date_style: str,
    number_style: str,
) -> User:
    """Change one's own name, language, time zone and formats."""
    actor.name, actor.language, actor.time_zone = name.strip(), language, time_zone
    actor.date_style, actor.number_style = date_style, number_style
    actor.save(update_fields=["name", "language", "time_zone", "date_style", "number_style"])
    return actor
