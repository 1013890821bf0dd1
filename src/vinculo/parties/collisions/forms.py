"""The form of a collision rule: alternatives, each of conditions that must all be met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.collisions.rules import (
    MOST_ARMS,
    MOST_CONDITIONS,
    arms_of,
    checked_conditions,
)
from vinculo.parties.collisions.vocabulary import choices, condition_label
from vinculo.platform.clean_text import CleanText
from vinculo.platform.refusals import sentence

WARN, REFUSE = "warn", "refuse"
TELL, SILENT = "tell", "silent"
#: So many alternatives and conditions can be chosen at least.
ARMS, CONDITIONS = 4, 3


class RuleForm(forms.Form):
    """One rule for records of one kind."""

    name = CleanText(label=_("Name"), max_length=80)
    effect = forms.ChoiceField(
        label=_("What happens"),
        widget=forms.RadioSelect,
        choices=[
            (WARN, _("Warn: whoever saves may do so all the same")),
            (REFUSE, _("Refuse: there can be only one")),
        ],
    )
    masked = forms.ChoiceField(
        label=_("When a colleague has the record and it is not theirs to see"),
        widget=forms.RadioSelect,
        choices=[
            (TELL, _("Say that a colleague has this customer, and let them ask the owner")),
            (SILENT, _("Say nothing of it")),
        ],
    )
    active = forms.BooleanField(label=_("Active"), required=False)

    def __init__(self, data: Any = None, *, kind: str, rule: CollisionRule | None = None) -> None:
        self.kind = kind
        kept = rule.conditions if rule is not None else []
        self.rows = min(max(ARMS, len(kept) + 1), MOST_ARMS)
        self.wide = min(max(CONDITIONS, *(len(arm) for arm in kept), 0), MOST_CONDITIONS)
        super().__init__(data, initial=_first_values(rule))
        empty = [("", "—")]
        for row in range(self.rows):
            for column in range(self.wide):
                held = kept[row][column] if row < len(kept) and column < len(kept[row]) else None
                self.fields[f"c{row}_{column}"] = forms.ChoiceField(
                    label=_label(row, column),
                    required=False,
                    choices=[*empty, *choices(kind)],
                    initial=":".join(held) if held else "",
                )

    def arms(self) -> list[list[forms.BoundField]]:
        """The inputs of the conditions, alternative by alternative."""
        return [[self[f"c{row}_{column}"] for column in range(self.wide)]
                for row in range(self.rows)]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The conditions as they are kept."""
        values = super().clean() or {}
        chosen = [
            [
                values[name].split(":")
                for column in range(self.wide)
                if values.get(name := f"c{row}_{column}")
            ]
            for row in range(self.rows)
        ]
        try:
            values["conditions"] = checked_conditions(self.kind, chosen)
        except DomainError as error:
            self.add_error(None, sentence(error))
        return values

    def as_told(self) -> dict[str, Any]:
        """The rule as the actions take it."""
        values = self.cleaned_data
        return {
            "name": values["name"],
            "conditions": values["conditions"],
            "refuses": values["effect"] == REFUSE,
            "tells": values["masked"] == TELL,
            "active": values["active"],
        }


def _label(row: int, column: int) -> str:
    said = gettext("Alternative %(row)s, condition %(column)s")
    return said % {"row": row + 1, "column": column + 1}


def _first_values(rule: CollisionRule | None) -> dict[str, Any]:
    if rule is None:
        return {"effect": WARN, "masked": TELL, "active": True}
    return {
        "name": rule.title,
        "effect": REFUSE if rule.refuses else WARN,
        "masked": TELL if rule.tells else SILENT,
        "active": rule.active,
    }


def in_words(conditions: Sequence[Any]) -> list[list[str]]:
    """The conditions as they are read: alternatives of labels."""
    return [[condition_label(one.field, one.how) for one in arm.conditions]
            for arm in arms_of(conditions)]  # fmt: skip
