"""The form of a webhook."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from vinculo.platform import events
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role
from vinculo.platform.types import place_of
from vinculo.records.registry import find


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

    def groups(self) -> list[tuple[Any, list[tuple[Any, str]]]]:
        """The boxes of the events under the record type that they are of: label, then each box with
        the event's name."""
        boxes = {str(box.data["value"]): box for box in self["wanted"].subwidgets}
        found: dict[str, list[tuple[Any, str]]] = {}
        for name in sorted(boxes, key=_place):
            found.setdefault(str(heading_of(name)), []).append((boxes[name], name))
        return list(found.items())


def heading_of(name: str) -> Any:
    """What the events of a kind are about: a record type, or all that a room keeps."""
    one = find(events.about(name))
    if one is not None:
        return one.label_plural
    room = name.partition(".")[0]
    return apps.get_app_config(room).verbose_name if apps.is_installed(f"vinculo.{room}") else room


def _place(name: str) -> tuple[int, str, str]:
    """Rooms and record types as on every page about rights; what is of several types comes last."""
    return place_of(name), events.about(name) or "~", name


class ChangeWebhookForm(WebhookForm):
    """The same, and whether it is on."""

    active = forms.BooleanField(label=_("Active"), required=False)
