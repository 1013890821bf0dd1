"""The input form of a saved view: its name, and whom it is shared with."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import rights_of
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role, Team, User
from vinculo.platform.team_actions import tree
from vinculo.records.saved.models import SavedView


class ViewForm(forms.Form):
    """Name a view and choose who else has it; the second only for those who may share."""

    use_required_attribute = False

    name = CleanText(label=_("Name"), max_length=80)
    shared = forms.ChoiceField(
        label=_("Shared with"),
        required=False,
        help_text=_("Everybody sees in it only what they may see anyway."),
    )

    def __init__(self, data: Any = None, *, user: User, view: SavedView | None = None) -> None:
        super().__init__(data, initial={"name": view.name, "shared": _now(view)} if view else None)
        choices = shares(user, view)
        if len(choices) > 1:
            self.fields["shared"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["shared"]

    def chosen(self) -> tuple[Role | None, Team | None]:
        """The role or the team to share with."""
        kind, _colon, pk = self.cleaned_data.get("shared", "").partition(":")
        if kind == "role":
            return Role.objects.get(pk=int(pk)), None
        return None, Team.objects.get(pk=int(pk)) if kind == "team" else None


def _now(view: SavedView) -> str:
    if view.role_id:
        return f"role:{view.role_id}"
    return f"team:{view.team_id}" if view.team_id else ""


def shares(user: User, view: SavedView | None = None) -> list[tuple[str, Any]]:
    """Whom `user` may share a view with: own roles and teams, for an administrator all of them."""
    nobody: list[tuple[str, Any]] = [("", gettext_lazy("Nobody: only I see it"))]
    rights = rights_of(user)
    if not rights.may("records.share_view"):
        return nobody
    everything = rights.administrator
    roles = [one for one in Role.objects.all() if everything or one.pk in rights.role_ids]
    teams = [one for one, _depth in tree() if everything or one.pk in rights.team_ids]
    found = [
        *nobody,
        *((f"team:{one.pk}", gettext("Team: %(name)s") % {"name": one.name}) for one in teams),
        *((f"role:{one.pk}", gettext("Role: %(name)s") % {"name": one.title}) for one in roles),
    ]
    now = _now(view) if view else ""
    if now and now not in dict(found):  # shared by somebody else with others: it may stay so
        found.append((now, str((view.role and view.role.title) or view.team) if view else ""))
    return found
