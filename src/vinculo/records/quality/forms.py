"""What is asked of an administrator: which figure, which line, who is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.platform.models import User
from vinculo.records.quality.alerts import called
from vinculo.records.quality.measures import PARTS, measures_of
from vinculo.records.quality.models import QualityAlert
from vinculo.records.quality.nightly import measured

PART_LABELS = {
    "filled": _("Completeness"),
    "reach": _("Contact details"),
    "doubt": _("Suspicious values"),
    "stale": _("Stale records"),
}
SEPARATOR = ":"


class AlertForm(forms.Form):
    """One alert."""

    figure = forms.ChoiceField(label=pgettext_lazy("data quality", "Figure"))
    line = forms.ChoiceField(
        label=pgettext_lazy("data quality", "It is bad when"), choices=QualityAlert.Line.choices
    )
    threshold = forms.DecimalField(
        label=pgettext_lazy("data quality", "This line"),
        max_digits=12,
        decimal_places=1,
        min_value=0,
        localize=True,
        help_text=_("Percent for a share, else a number of records."),
    )
    tells = forms.ModelMultipleChoiceField(
        label=_("Who is told"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever may not see the records or the field hears nothing of it."),
    )

    def __init__(
        self, data: Any = None, *, user: User, alert: QualityAlert | None = None, figure: str = ""
    ) -> None:
        first: dict[str, Any] = {"figure": figure, "threshold": 90, "tells": [user.pk]}
        if alert is not None:
            first = {
                "figure": f"{alert.entity}{SEPARATOR}{alert.measure}",
                "line": alert.line,
                "threshold": alert.threshold.normalize() if alert.threshold else 0,
                "tells": alert.tells,
            }
        super().__init__(data, initial=first)
        self.fields["figure"].choices = _figures()  # type: ignore[attr-defined]
        people = User.objects.filter(is_active=True).visible_to(user).order_by("name", "pk")
        self.fields["tells"].queryset = people  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        entity, _between, measure = data["figure"].partition(SEPARATOR)
        told = {name: data[name] for name in ("line", "threshold")}
        return {"entity": entity, "measure": measure, "tells": list(data["tells"]), **told}


def _figures() -> list[tuple[str, list[tuple[str, str]]]]:
    """All figures there are, under their record type and part."""
    found = []
    for entity in sorted(measured(), key=lambda one: one.nav_order):
        measures = measures_of(entity).values()
        for part in PARTS:
            named = [
                (f"{entity.key}{SEPARATOR}{one.name}", f"{entity.label_plural}: {called(one)}")
                for one in measures
                if one.part == part
            ]
            if named:
                heading = gettext("%(records)s: %(part)s") % {
                    "records": entity.label_plural, "part": PART_LABELS[part],
                }  # fmt: skip
                found.append((heading, named))
    return found
