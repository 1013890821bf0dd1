"""Who takes over what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.platform.leaving.owned import owned_rows, owned_types
from vinculo.platform.models import User

SAME = "same"


class LeaveForm(forms.Form):
    """One person for everything, another one per record type, or nobody."""

    everything = forms.ModelChoiceField(
        User.objects.none(), label=_("Hand everything over to"), required=False,
        empty_label=_("Leave as it is"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heirs = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name")
        self.fields["everything"].queryset = heirs  # type: ignore[attr-defined]
        self.heirs = {str(heir.pk): heir for heir in heirs}
        names = [(number, heir.name) for number, heir in self.heirs.items()]
        choices = [(SAME, _("The same person")), ("", _("Leave as it is")), *names]
        self.types = owned_types()
        self.left = 0  # how many records there are to hand over
        for item in self.types:
            count = owned_rows(item, user).count()
            self.left += count
            label = f"{item.label} ({count})"
            self.fields[f"to:{item.key}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=SAME
            )

    def successors(self) -> dict[str, User]:
        """Record type → who gets it, as chosen."""
        everything: User | None = self.cleaned_data["everything"]
        chosen: dict[str, User] = {}
        for item in self.types:
            said = self.cleaned_data[f"to:{item.key}"]
            heir = everything if said == SAME else self.heirs.get(said)
            if heir is not None:
                chosen[item.key] = heir
        return chosen
