"""What all input forms of this room share: who fills it in, about which record, and the widgets."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.parties.models import Kind as PartyKind
from vinculo.parties.models import Party
from vinculo.platform.access import rights_of
from vinculo.platform.models import User

MOST_PEOPLE_OFFERED = 100
LONGEST_TEXT = 100_000
LONGEST_MEETING = 24 * 60


class ActionForm(forms.Form):
    """The input of one action on one record, filled in by one user."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User | None = None,
        record: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial, auto_id="id_%s")
        self.user, self.record = user, record
        #: Fields of the record that this user may not see or not change: they stay as they are.
        self.kept: list[str] = []
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the user and the record."""
        if "at" in self.fields and "at" not in self.initial:
            self.initial["at"] = self.usual_time()
        if "person" in self.fields:
            self._offer_people()

    def hides(self, name: str) -> bool:
        """Whether a field of the record is hidden from the user."""
        if self.user is None or self.record is None:
            return False
        rule = rights_of(self.user).field_rule(self.record._meta.label_lower, name)
        return rule == "hidden"

    def keep_what_is_ruled(self) -> None:
        """In a form that edits the record: do not show, nor take, what a field rule says the user
        may not see or not change."""
        if self.user is None or self.record is None:
            return
        rights, key = rights_of(self.user), self.record._meta.label_lower
        self.kept = [name for name in self.fields if rights.field_rule(key, name)]
        for name in self.kept:
            del self.fields[name]
            self.initial.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """What was typed; of what the user may not touch, what the record holds."""
        data = super().clean() or {}
        return data | {name: getattr(self.record, name) for name in self.kept}

    def usual_time(self) -> Any:
        """The time a form begins with: now, to the minute."""
        return timezone.localtime(now()).replace(second=0, microsecond=0)

    def _offer_people(self) -> None:
        record = self.record
        if self.user is None or not isinstance(record, Party) or record.kind != PartyKind.COMPANY:
            del self.fields["person"]
            return
        self.fields["person"].queryset = (  # type: ignore[attr-defined]
            Party.objects.filter(company_id=record.pk, kind=PartyKind.PERSON)
            .visible_to(self.user)
            .only("pk", "name", "company_id", "kind")
            .order_by("sort_name", "pk")
        )


class _FirstPeople(ModelChoiceIterator):
    """The first hundred: somebody in a larger company is chosen on their own page."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for person in self.queryset[:MOST_PEOPLE_OFFERED]:
            yield self.choice(person)


class PersonField(forms.ModelChoiceField):
    """One of the company's people whom the user may see."""

    iterator = _FirstPeople

    def __init__(self) -> None:
        super().__init__(
            Party.objects.none(),
            label=_("With"),
            required=False,
            empty_label=_("Nobody in particular"),
        )


class ColleagueField(forms.ModelChoiceField):
    """An active colleague."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            User.objects.filter(is_active=True),
            label=_("Who does it"),
            required=required,
            empty_label=None if required else _("Me"),
        )


def moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """A date with a time, in the reader's zone."""
    return forms.DateTimeField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "max": "9999-12-31T23:59"}
        ),
    )


def day(label: Any, *, required: bool = False) -> forms.DateField:
    """A date."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "max": "9999-12-31"}),
    )


def line(label: Any, *, required: bool = False, most: int = 200) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, required=required, max_length=most)


def text(label: Any, *, required: bool = False, rows: int = 3, placeholder: Any = "") -> Any:
    """Several lines, over the whole width."""
    field = forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={"rows": rows, "placeholder": placeholder, "class": "composer-text"}
        ),
    )
    field.wide = True  # type: ignore[attr-defined]
    return field


def duration() -> forms.IntegerField:
    """How long something took, in minutes."""
    return forms.IntegerField(
        label=_("Minutes"), required=False, min_value=0, max_value=LONGEST_MEETING
    )


def coordinate() -> forms.DecimalField:
    """A latitude or longitude that the device filled in."""
    return forms.DecimalField(required=False, max_digits=20, widget=forms.HiddenInput)


def next_full_hour() -> Any:
    """The time a plan begins with: the full hour after the next."""
    later = timezone.localtime(now()) + timedelta(hours=2)
    return later.replace(minute=0, second=0, microsecond=0)
