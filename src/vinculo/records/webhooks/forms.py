"""The form of a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.platform import events
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role


class WebhookForm(forms.Form):
    """Where to, as whom, and which events."""

    name = CleanText(
        label=_("Name"), max_length=80, help_text=_("Who is told, for example “Newsletter”.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=_("Where each event is posted to as JSON."),
    )
    role = forms.ModelChoiceField(
        Role.objects.none(),
        label=_("Role"),
        empty_label=None,
        help_text=_("It is told what this role may see of your records, and nothing else."),
    )
    wanted = forms.MultipleChoiceField(
        label=_("Events"), widget=forms.CheckboxSelectMultiple, choices=[]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.all()  # type: ignore[attr-defined]
        self.fields["wanted"].choices = list(events.catalogued().items())  # type: ignore[attr-defined]


class ChangeWebhookForm(WebhookForm):
    """The same, and whether it is on."""

    active = forms.BooleanField(label=_("Active"), required=False)
