"""What the settings of pools ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team, User
from vinculo.records.registry import entity
from vinculo.sales.conditions import ConditionField
from vinculo.sales.pools.actions import CLASSES, MOST_DAYS
from vinculo.sales.pools.membership import POOLED, dated, pooled_types, showable
from vinculo.sales.pools.models import Period, Pool, RecycleRule

MOST = 100_000


def _many(label: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


def _teams() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        Team.objects.order_by("name", "pk"),
        label=_("Members: everybody in these teams"),
        widget=forms.CheckboxSelectMultiple,
    )


def _number(label: Any, help_text: Any = "", most: int = MOST) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=most
    )


class NewPoolForm(forms.Form):
    """What a pool is called, of what, and for whom."""

    name = CleanText(label=_("Name"), max_length=80)
    entity_key = forms.ChoiceField(label=_("Record type"))
    teams = _teams()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choice: Any = self.fields["entity_key"]
        choice.choices = [(one.key, one.label_plural) for one in pooled_types()]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "teams": list(self.cleaned_data["teams"])}


class PoolForm(forms.Form):
    """All of a pool but its type."""

    name = CleanText(label=_("Name"), max_length=80)
    is_active = forms.BooleanField(label=pgettext_lazy("a pool", "Open"), required=False)
    view = ConditionField()
    teams = _teams()
    most_claims = _number(_("Claims per person, at most"), _("Empty: as many as they like."))
    period = forms.ChoiceField(label=_("counted per"), choices=Period.choices)
    most_held = _number(_("Held at once per person, at most"), _("Empty: as many as they like."))
    most_views = _number(
        _("Looked at per person and day, at most"), _("Empty: as many as they like.")
    )
    cooldown = forms.IntegerField(
        label=_("Days before a former owner may claim again"), min_value=0, max_value=MOST_DAYS
    )
    shown = _many(
        _("Shown before a claim"),
        help_text=_("Everything else stays on the server until somebody has claimed the record."),
    )

    def __init__(self, data: Any = None, *, user: User, pool: Pool) -> None:
        names = ("name", "is_active", "most_claims", "period", "most_held", "most_views",
                 "cooldown", "shown")  # fmt: skip
        first = {name: getattr(pool, name) for name in names}
        first["teams"] = list(pool.teams.values_list("team_id", flat=True))
        super().__init__(data, initial=first)
        view: Any = self.fields["view"]
        view.offer(user, pool.entity, pool.query)
        shown: Any = self.fields["shown"]
        shown.choices = [(one.name, one.label) for one in showable(entity(pool.entity))]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        view: Any = self.fields["view"]
        query = view.query_of(data.pop("view"))
        return {**data, "teams": list(data["teams"]), "query": query}


class RuleForm(forms.Form):
    """When records go back."""

    no_contact = _number(_("After so many days without contact"), most=MOST_DAYS)
    no_deal = _number(_("After so many days without an open deal"), most=MOST_DAYS)
    date_field = forms.ChoiceField(
        label=_("After a date of the record"),
        required=False,
        help_text=_("Such as the end of a contract. Another date counts anew."),
    )
    days_after = _number(_("So many days after this date"), most=MOST_DAYS)
    view = ConditionField(label=_("Only records that meet this condition"))
    classes = _many(
        _("Only of these classes"),
        choices=[(one, one) for one in CLASSES],
        help_text=_("None: records of all classes, and those without one."),
    )
    warn = forms.IntegerField(
        label=_("Warn the owner so many days before"), min_value=0, max_value=MOST_DAYS, initial=7
    )
    is_active = forms.BooleanField(label=_("On"), required=False)

    def __init__(
        self, data: Any = None, *, user: User, pool: Pool, rule: RecycleRule | None = None
    ) -> None:
        names = ("no_contact", "no_deal", "date_field", "days_after", "classes", "warn",
                 "is_active")  # fmt: skip
        first = {name: getattr(rule, name) for name in names} if rule is not None else {}
        super().__init__(data, initial=first)
        if not POOLED[pool.entity].is_customer:
            self.fields["no_contact"].label = _("After so many days in which nobody did anything")
            del self.fields["no_deal"], self.fields["classes"]
        dates = [(one.name, one.label) for one in dated(entity(pool.entity))]
        choice: Any = self.fields["date_field"]
        choice.choices = [("", _("None")), *dates]
        view: Any = self.fields["view"]
        view.offer(user, pool.entity, rule.query if rule is not None else "")

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        view: Any = self.fields["view"]
        query = view.query_of(data.pop("view"))
        return {**data, "query": query}
