"""What is asked: a state set by hand, and a rule with what its conditions need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.kernel.errors import _ as told
from vinculo.parties.cycle.conditions import Condition, conditions
from vinculo.parties.cycle.models import StateRule
from vinculo.parties.forms import PartyForm
from vinculo.parties.models import State
from vinculo.platform.clean_text import CleanText

MOST_DAYS = 36_500


class SetStateForm(PartyForm):
    """Which state, for how long rules leave it alone, and why."""

    state = forms.ChoiceField(label=_("State"), choices=State.choices)
    until = forms.DateField(
        label=_("Rules leave it alone until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: for as many days as each rule says."),
    )
    for_good = forms.BooleanField(
        label=_("Rules leave it alone until somebody says otherwise"), required=False
    )
    note = CleanText(label=_("Why"), max_length=200, required=False)

    def first_values(self, record: Any) -> dict[str, Any]:
        """The state the record is in."""
        return {"state": record.state} if record is not None else {}


class RuleForm(forms.Form):
    """A rule: from where, when, to where. A condition counts where its first input is filled in."""

    name = CleanText(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Empty: it is called by what it does."),
    )
    party_kind = forms.ChoiceField(
        label=_("For"),
        required=False,
        choices=[("", _("Companies and people")), ("company", _("Companies")),
                 ("person", _("People"))],
    )  # fmt: skip
    from_states = forms.MultipleChoiceField(
        label=_("From"), choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    to_state = forms.ChoiceField(label=_("To"), choices=State.choices)
    patience = forms.IntegerField(
        label=_("Leave states set by hand alone for so many days"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=30,
    )

    def __init__(self, data: Any = None, *, rule: StateRule | None = None) -> None:
        super().__init__(data, initial=_values_of(rule) if rule is not None else None)
        for one in conditions():
            for name, field in one.inputs().items():
                self.fields[_input_name(one, name)] = field

    @property
    def own(self) -> list[Any]:
        """The inputs before the conditions."""
        return [self[name] for name in ("name", "party_kind", "from_states", "to_state")]

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Each condition's label with its inputs."""
        return [
            (one.label, [self[_input_name(one, name)] for name in one.inputs()])
            for one in conditions()
        ]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        plain = ("name", "party_kind", "from_states", "to_state", "patience")
        return {**{name: data[name] for name in plain}, "conditions": self._said()}

    def _said(self) -> list[dict[str, Any]]:
        said = []
        for one in conditions():
            filled = {name: self.cleaned_data.get(_input_name(one, name)) for name in one.inputs()}
            if filled[next(iter(filled))] in (None, ""):
                continue
            kept = {name: value for name, value in filled.items() if value not in (None, "")}
            said.append({"is": one.name, **kept})
        return said


def checked(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A rule's conditions, each known and with parameters that fit; DomainError otherwise."""
    known = {one.name: one for one in conditions()}
    found = []
    for one in said:
        made = known.get(str(one.get("is", "")))
        if made is None:
            raise DomainError(UNKNOWN)
        kept: dict[str, Any] = {"is": made.name}
        for name, field in made.inputs().items():
            try:
                value = field.clean(one.get(name))
            except forms.ValidationError:
                raise DomainError(UNKNOWN) from None
            if value not in (None, ""):
                kept[name] = value
        if next(iter(made.inputs())) not in kept:
            raise DomainError(UNKNOWN)
        found.append(kept)
    return found


UNKNOWN = told("One of the conditions cannot be read. Choose it again.")


def _input_name(one: Condition, name: str) -> str:
    return f"{one.name.replace('.', '_')}__{name}"


def _values_of(rule: StateRule) -> dict[str, Any]:
    names = ("name", "party_kind", "from_states", "to_state", "patience")
    values = {name: getattr(rule, name) for name in names}
    for said in rule.conditions:
        values |= {f"{said['is'].replace('.', '_')}__{k}": v for k, v in said.items() if k != "is"}
    return values
