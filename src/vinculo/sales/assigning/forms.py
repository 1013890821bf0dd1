"""What the settings of the assignment ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.parties.choices import Language
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team, User
from vinculo.sales.assigning.models import Absence, AssignRule, Colleague, Match, Skill, Way
from vinculo.sales.assigning.seating import KEY
from vinculo.sales.conditions import ConditionField
from vinculo.sales.deals.forms import day_input

#: Inputs for so many absences stand in the form.
ABSENCES = 3
#: What is written into a line of its own; languages are ticked.
TYPED = (Match.COUNTRY, Match.CITY, Match.INTEREST)
COMMAS = _("Several, separated by commas.")


class RuleForm(forms.Form):
    """A rule of assignment."""

    name = CleanText(label=_("Name"), max_length=80)
    is_active = forms.BooleanField(label=_("On"), required=False)
    view = ConditionField()
    team = forms.ModelChoiceField(
        Team.objects.order_by("name", "pk"), label=_("Somebody of this team"), required=False
    )
    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name", "pk"),
        label=_("or this colleague"),
        required=False,
    )
    way = forms.ChoiceField(label=_("How one of them is chosen"), choices=Way.choices)
    match = forms.ChoiceField(
        label=_("Must be among what they are good at"), choices=Match.choices, required=False
    )
    untouched_hours = forms.IntegerField(
        label=_("Passed on when untouched for so many hours"),
        help_text=_("Empty: never."),
        min_value=1,
        max_value=8760,
        required=False,
    )
    rounds = forms.IntegerField(
        label=_("Colleagues tried before the head of the team is told"),
        min_value=1,
        max_value=20,
        initial=3,
    )

    def __init__(self, data: Any = None, *, user: User, rule: AssignRule | None = None) -> None:
        names = ("name", "is_active", "team", "person", "way", "match", "untouched_hours", "rounds")
        first = {name: getattr(rule, name) for name in names} if rule is not None else {}
        super().__init__(data, initial=first)
        view: Any = self.fields["view"]
        view.offer(user, KEY, rule.query if rule is not None else "")

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        view: Any = self.fields["view"]
        query = view.query_of(data.pop("view"))
        return {**data, "query": query}


class ColleagueForm(forms.Form):
    """What a colleague is good at and can take."""

    most_open = forms.IntegerField(
        label=_("Open leads at once, at most"),
        help_text=_("Empty: as many as they like."),
        min_value=0,
        max_value=100_000,
        required=False,
    )
    country = CleanText(
        label=_("Countries, by their two letters"), max_length=1000, required=False,
        help_text=COMMAS,
    )  # fmt: skip
    city = CleanText(label=_("Cities"), max_length=1000, required=False, help_text=COMMAS)
    language = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    interest = CleanText(label=_("Interests"), max_length=1000, required=False, help_text=COMMAS)

    def __init__(self, data: Any = None, *, colleague: User) -> None:
        held = Colleague.objects.filter(user=colleague).first()
        words = Skill.objects.filter(user=colleague).order_by("value")
        first: dict[str, Any] = {"most_open": held.most_open if held is not None else None}
        first[str(Match.LANGUAGE)] = [row.value for row in words if row.kind == Match.LANGUAGE]
        for kind in TYPED:
            first[str(kind)] = ", ".join(row.value for row in words if row.kind == kind)
        spans = list(Absence.objects.filter(user=colleague).order_by("-last")[:ABSENCES])
        super().__init__(data, initial=first)
        for at in range(ABSENCES):
            span = spans[at] if at < len(spans) else None
            self.fields[f"first_{at}"] = forms.DateField(
                label=pgettext_lazy("absence", "Away from"), required=False, widget=day_input(),
                initial=span.first if span else None,
            )  # fmt: skip
            self.fields[f"last_{at}"] = forms.DateField(
                label=pgettext_lazy("absence", "Until"), required=False, widget=day_input(),
                initial=span.last if span else None,
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What the action takes; a day alone is an absence of that day."""
        data = self.cleaned_data
        spans = []
        for at in range(ABSENCES):
            first, last = data.get(f"first_{at}"), data.get(f"last_{at}")
            if first or last:
                spans.append((first or last, last or first))
        skills = {str(kind): data.get(str(kind), "").split(",") for kind in TYPED}
        skills[str(Match.LANGUAGE)] = data.get(str(Match.LANGUAGE), [])
        return {"most_open": data.get("most_open"), "skills": skills, "absences": spans}
