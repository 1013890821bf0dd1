"""What administrators set: how quotes are numbered, how long they are valid, who may give away how
much."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role, User
from vinculo.sales.quotes.limits import set_limits
from vinculo.sales.quotes.models import QuoteLimit, QuoteSettings
from vinculo.sales.quotes.numbering import quote_settings

PREFIX = re.compile(r"(?:[^{}\s]|\{year\})+")
MOST_DAYS, MOST_DIGITS = 730, 9


class QuoteSettingsForm(forms.Form):
    """Numbers, validity, and the discount limit of each role."""

    number_prefix = CleanText(
        label=_t("Numbers begin with"), max_length=30,
        help_text=_t("{year} stands for the year of the issue: numbers begin anew with it."),
    )  # fmt: skip
    number_digits = forms.IntegerField(label=_t("Digits"), min_value=1, max_value=MOST_DIGITS)
    valid_days = forms.IntegerField(
        label=_t("Days a quote is valid"), min_value=1, max_value=MOST_DAYS
    )

    def __init__(self, data: Any = None) -> None:
        held = quote_settings()
        names = ("number_prefix", "number_digits", "valid_days")
        super().__init__(data, initial={name: getattr(held, name) for name in names})
        self.roles = list(Role.objects.filter(administrator=False).order_by("name", "pk"))
        limits = dict(QuoteLimit.objects.values_list("role_id", "percent"))
        for role in self.roles:
            self.fields[f"role_{role.pk}"] = forms.DecimalField(
                label=role.name, required=False, min_value=0, max_value=100, max_digits=6,
                decimal_places=3,
                initial=f"{limits[role.pk].normalize():f}" if role.pk in limits else None,
            )  # fmt: skip

    @property
    def plain(self) -> list[forms.BoundField]:
        """The inputs about all quotes."""
        return [self[name] for name in ("number_prefix", "number_digits", "valid_days")]

    @property
    def limits(self) -> list[forms.BoundField]:
        """The inputs of roles."""
        return [self[f"role_{role.pk}"] for role in self.roles]

    def as_told(self) -> dict[str, Any]:
        """The settings as the action takes them."""
        values = self.cleaned_data
        return {
            "limits": {role: values[f"role_{role.pk}"] for role in self.roles},
            **{name: values[name] for name in ("number_prefix", "number_digits", "valid_days")},
        }


@action("sales.set_quotes", label=_t("Set up quotes"), granted=False)
def set_quotes(
    *, actor: User, number_prefix: str, number_digits: int, valid_days: int,
    limits: Mapping[Role, Decimal | None],
) -> None:  # fmt: skip
    """Choose how quotes are numbered from now on, how long new ones are valid, and the discount
    limit of each role (None: anything)."""
    administrators_only(actor)
    if not PREFIX.fullmatch(number_prefix) or len(number_prefix) > 30:
        raise DomainError(
            _("Write letters, digits, marks and {year}, without spaces."), field="number_prefix"
        )
    if not (1 <= number_digits <= MOST_DIGITS and 1 <= valid_days <= MOST_DAYS):
        raise DomainError(_("This number cannot be right."), field="valid_days")
    row = QuoteSettings.objects.select_for_update(of=("self",)).order_by("pk").first()
    row = row or QuoteSettings()
    row.number_prefix, row.number_digits, row.valid_days = number_prefix, number_digits, valid_days
    row.save()
    set_limits(actor=actor, limits=limits)
