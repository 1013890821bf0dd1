"""Verbs around the tree of teams."""

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only, hold_rights
from vinculo.platform.models import Team, User


@action("platform.add_team", label=gettext_lazy("Add a team"), granted=False)
def add_team(*, actor: User, name: str, parent: Team | None = None) -> Team:
    """Add a team, at the top or within another."""
    administrators_only(actor)
    hold_rights()
    _refuse_taken_name(name, parent, None)
    return Team.objects.create(name=name.strip(), parent=parent)


@action("platform.edit_team", label=gettext_lazy("Change a team"), granted=False)
def edit_team(*, actor: User, team: Team, name: str, parent: Team | None) -> Team:
    """Rename a team or move it elsewhere in the tree, with everything below it."""
    administrators_only(actor)
    hold_rights()
    if parent is not None and parent.pk in ids_below(team):
        raise DomainError(_("A team cannot be part of itself or of a team below it."), "parent")
    _refuse_taken_name(name, parent, team)
    team.name, team.parent = name.strip(), parent
    team.save(update_fields=["name", "parent"])
    return team


@action("platform.delete_team", label=gettext_lazy("Delete a team"), granted=False)
def delete_team(*, actor: User, team: Team) -> None:
    """Delete a team that nobody works in and nothing belongs to."""
    administrators_only(actor)
    hold_rights()
    if team.children.exists():
        raise DomainError(_("%(name)s has teams below it. Move or delete them first."), name=team)
    if team.memberships.exists():
        raise DomainError(_("People still work in %(name)s. Move them first."), name=team)
    try:
        team.delete()
    except ProtectedError:
        raise DomainError(
            _("Records still belong to %(name)s. Give them to another team first."), name=team
        ) from None


def _refuse_taken_name(name: str, parent: Team | None, team: Team | None) -> None:
    same = Team.objects.filter(name__iexact=name.strip(), parent=parent)
    if same.exclude(pk=team.pk if team else 0).exists():
        raise DomainError(_("There is already a team of this name here."), "name")


def ids_below(team: Team) -> set[int]:
    """The team and every team below it."""
    parents = list(Team.objects.values_list("pk", "parent_id"))
    found, added = {team.pk}, {team.pk}
    while added:
        added = {pk for pk, parent in parents if parent in added} - found
        found |= added
    return found


def tree() -> list[tuple[Team, int]]:
    """Every team with its depth (0 at the top), in the order of a tree."""
    below: dict[int | None, list[Team]] = {}
    for team in Team.objects.order_by("name", "pk"):
        below.setdefault(team.parent_id, []).append(team)
    found: list[tuple[Team, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for team in below.get(parent, ()):
            found.append((team, depth))
            walk(team.pk, depth + 1)

    walk(None, 0)
    return found
