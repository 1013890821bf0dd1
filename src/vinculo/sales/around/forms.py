"""What is asked of who stands around a deal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.records.forms import ReferenceField
from vinculo.records.registry import entity
from vinculo.sales.around.models import Part, Share
from vinculo.sales.deals.forms import DealForm
from vinculo.sales.deals.models import Deal

MOST_SHARES = 4


class StakeholderForm(DealForm):
    """A person, and their part in the deal."""

    part = forms.ChoiceField(label=pgettext_lazy("in a deal", "Part"), choices=Part.choices)
    note = CleanText(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        person = ReferenceField(entity("parties.person"), user, label=_("Person"))
        self.fields = {"person": person, **self.fields}


class CompetitorForm(DealForm):
    """Somebody else who wants the deal."""

    name = CleanText(label=_("Name"), max_length=120)
    note = CleanText(label=_("Note"), max_length=200, required=False)


class SplitForm(DealForm):
    """Up to four colleagues with their shares; the rest stays with the owner."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for at in range(1, MOST_SHARES + 1):
            self.fields[f"user_{at}"] = forms.ModelChoiceField(
                User.objects.filter(is_active=True),
                label=_("Colleague"),
                required=False,
                initial=self.initial.get(f"user_{at}"),
            )
            self.fields[f"percent_{at}"] = forms.IntegerField(
                label=_("Share (%)"), required=False, min_value=1, max_value=100
            )

    def clean(self) -> dict[str, Any]:
        """The pairs that are filled in, as `shares`."""
        data = super().clean() or {}
        found = []
        for at in range(1, MOST_SHARES + 1):
            user, percent = data.get(f"user_{at}"), data.get(f"percent_{at}")
            if user is not None and percent is None and f"percent_{at}" not in self.errors:
                self.add_error(f"percent_{at}", _("Write the share of each colleague."))
            elif user is None and percent is not None and f"user_{at}" not in self.errors:
                self.add_error(f"user_{at}", _("Choose a colleague."))
            elif user is not None and percent is not None:
                found.append((user, percent))
        return {"shares": found}

    def first_values(self, record: Deal | None) -> dict[str, Any]:
        """The shares as they are."""
        if record is None:
            return {}
        held = Share.objects.filter(deal=record).order_by("pk")[:MOST_SHARES]
        found: dict[str, Any] = {}
        for at, one in enumerate(held, 1):
            found |= {f"user_{at}": one.user_id, f"percent_{at}": one.percent}
        return found
