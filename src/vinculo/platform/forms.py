"""Input forms of the platform's own verbs."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role, Team, User
from vinculo.platform.models.people import DateStyle, NumberStyle
from vinculo.platform.team_actions import tree

INDENT = "\u2003"  # an em space: browsers drop ordinary ones in a list


@lru_cache
def zone_names() -> list[str]:
    """Time zones by place, UTC first; the old abbreviations left out."""
    placed = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix", "right"))
    )
    return ["UTC", *placed]


def _zones() -> list[tuple[str, Any]]:
    return [("", _("As set for the installation")), *((name, name) for name in zone_names())]


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As set in the browser")), *settings.LANGUAGES]


class TreeChoiceField(forms.ModelChoiceField):
    """Chooses a team; the names are indented as in the tree."""

    def __init__(self, *, label: Any, required: bool = False, empty_label: Any = "") -> None:
        super().__init__(
            Team.objects.none(), label=label, required=required, empty_label=empty_label or "—"
        )

    def fill(self) -> None:
        """Read the teams as they are now."""
        self.queryset = Team.objects.all()
        empty = [("", self.empty_label)] if self.empty_label is not None else []
        rows = [(team.pk, INDENT * depth + team.name) for team, depth in tree()]
        self.widget.choices = [*empty, *rows]


class WelcomeForm(forms.Form):
    """What somebody with a one-time link tells about themselves."""

    name = CleanText(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters. Several words are easier to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)

    def clean(self) -> dict[str, Any]:
        """The password must not be easily guessed from the rest."""
        data = super().clean() or {}
        if "password" in data:
            person = User(name=data.get("name", ""), email=data.get("email", ""))
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ProfileForm(forms.ModelForm):
    """One's own name, language, zone and formats."""

    name = CleanText(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    date_style = forms.ChoiceField(label=_("Dates"), choices=DateStyle.choices)
    number_style = forms.ChoiceField(label=_("Numbers"), choices=NumberStyle.choices)

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "date_style", "number_style")


class InviteForm(forms.Form):
    """A colleague to invite."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = CleanText(label=_("Name"), max_length=120)
    roles = forms.ModelMultipleChoiceField(
        Role.objects.none(), label=_("Roles"), widget=forms.CheckboxSelectMultiple
    )
    team = TreeChoiceField(label=_("Team"))
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = Role.objects.all()  # type: ignore[attr-defined]
        self.fields["team"].fill()  # type: ignore[attr-defined]


class UserForm(forms.Form):
    """A colleague's name, address, roles and teams."""

    name = CleanText(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    is_active = forms.BooleanField(
        label=_("May sign in"),
        required=False,
        help_text=_("Records, tasks and history stay when you take this away."),
    )
    roles = forms.ModelMultipleChoiceField(
        Role.objects.none(),
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several roles add up. A change signs the person out everywhere."),
    )
    main_team = TreeChoiceField(label=_("Main team"))
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Also works in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = Role.objects.all()  # type: ignore[attr-defined]
        self.fields["teams"].queryset = Team.objects.all()  # type: ignore[attr-defined]
        self.fields["main_team"].fill()  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """A team's name and its place in the tree."""

    name = CleanText(label=_("Name"), max_length=120)
    parent = TreeChoiceField(label=_("Part of"), empty_label=_("Top of the tree"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].fill()  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """A new API key."""

    name = CleanText(
        label=_("Name"), max_length=80, help_text=_("What uses it, for example “Web shop”.")
    )
    role = forms.ModelChoiceField(
        Role.objects.none(),
        label=_("Role"),
        empty_label=None,
        help_text=_("The key may do what this role may, never more than you."),
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        coerce=int,
        choices=[(30, _("In 30 days")), (90, _("In 90 days")), (365, _("In a year"))],
        initial=90,
    )
    rate = forms.IntegerField(
        label=_("Calls per minute"),
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=_("Leave it empty for the usual limit."),
    )

    def __init__(self, *args: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]
