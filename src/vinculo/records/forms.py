"""Forms derived from an entity: create, edit, one field in place; what two people saved at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.countries import country_choices
from vinculo.kernel.ids import row_id
from vinculo.kernel.money import smallest_unit
from vinculo.kernel.text import clean
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team, User
from vinculo.platform.modules.known import route_is_on
from vinculo.records.custom.values import held_on
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import find

if TYPE_CHECKING:
    from django.http import QueryDict

BIGGEST_TEXT = 20_000


class TagsField(forms.CharField):
    """Words separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        words = [clean(word) for word in (value or "").replace("，", ",").split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if any(len(word) > 40 for word in value):
            raise forms.ValidationError(_("A tag has at most 40 characters."))
        if len(value) > 50:
            raise forms.ValidationError(_("Use at most 50 tags."))

    def run_validators(self, value: Any) -> None:
        """The checks above are all there are."""


class ChoicesField(forms.MultipleChoiceField):
    """Some of several choices, each a box to tick."""

    widget = forms.CheckboxSelectMultiple


class RowChoice(forms.TypedChoiceField):
    """One of the company's own rows that every process knows (a stage, a reason), by its number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **options)


class ReferenceInput(forms.TextInput):
    """A text box with suggestions whose hidden value is the chosen record's id."""

    template_name = "records/widgets/reference.html"

    def __init__(self, entity: Entity, user: User) -> None:
        super().__init__()
        self.entity, self.user = entity, user

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = None
        if row_id(str(value or "")):
            chosen = self.entity.visible(self.user).filter(pk=value).first()
        context["widget"].update(
            value=value if value else "",
            shown=str(chosen) if chosen else "",
            choices_url=f"/{self.entity.path}/choices",
            icon=self.entity.icon,
        )
        return context


class SuggestInput(forms.TextInput):
    """A text box with suggestions, each of which opens a page; what is typed stays a text."""

    template_name = "records/widgets/suggest.html"

    def __init__(self, url: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = url

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggest_url"] = self.url
        context["widget"]["attrs"] |= {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "autocomplete": "off",
        }
        return context


class ReferenceField(forms.ModelChoiceField):
    """Another record, chosen among those the user may see."""

    def __init__(self, entity: Entity, user: User, **options: Any) -> None:
        super().__init__(
            queryset=entity.visible(user), widget=ReferenceInput(entity, user), **options
        )
        self.entity = entity
        self.error_messages["invalid_choice"] = gettext_lazy("Choose a record from the list.")


def input_for(field: Field, user: User) -> forms.Field:
    """The form field of a field, by its kind."""
    common: dict[str, Any] = {
        "label": field.label,
        "required": bool(field.required),
        "help_text": field.help,
    }
    kind = field.kind
    offered = [pair for pair in field.choices or () if pair[0] not in field.retired]
    if kind is Kind.TAGS and field.choices:
        return ChoicesField(choices=offered, **common)
    if kind is Kind.CHOICE:
        blank = [] if field.required else [("", "—")]
        return forms.ChoiceField(choices=[*blank, *offered], **common)
    if kind is Kind.COUNTRY:
        choices = [("", "—"), *country_choices(get_language() or "en")]
        return forms.ChoiceField(choices=choices, **common)
    if kind is Kind.BOOLEAN:
        return forms.BooleanField(**{**common, "required": False})
    if kind is Kind.TAGS:
        return TagsField(**common)
    if kind in (Kind.NUMBER, Kind.PERCENT):
        return forms.IntegerField(**common)
    if kind is Kind.DECIMAL:
        places = precision(field)
        return forms.DecimalField(localize=True, decimal_places=places, **common)
    if kind is Kind.DATE:
        return forms.DateField(widget=_dated("date"), **common)
    if kind is Kind.DATETIME:
        return forms.DateTimeField(widget=_dated("datetime-local"), **common)
    if kind is Kind.USER:
        return forms.ModelChoiceField(User.objects.filter(is_active=True), **common)
    if kind is Kind.TEAM:
        return forms.ModelChoiceField(Team.objects.all(), **common)
    if kind is Kind.RELATION:
        target = find(field.target)
        if target is None:
            raise ValueError(f"{field.name} points to {field.target}, which is no entity.")
        return ReferenceField(target, user, **common)
    if kind is Kind.LONG_TEXT:
        area = forms.Textarea(attrs={"rows": 4})
        return CleanText(many_lines=True, max_length=BIGGEST_TEXT, widget=area, **common)
    types = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.URL: "text"}
    if field.sensitive:
        common["help_text"] = common["help_text"] or _("Encrypted. Dots stand for what is there.")
    attributes: dict[str, Any] = {"type": types.get(kind or Kind.TEXT, "text")}
    if field.sensitive:
        attributes |= {"data-sensitive": True, "autocomplete": "off"}  # never kept on a device
    widget = forms.TextInput(attrs=attributes)
    return CleanText(max_length=field.max_length or 200, widget=widget, **common)


def precision(field: Field) -> int | None:
    """How many decimals may be typed; None where the column says."""
    if field.currency:
        return -int(smallest_unit(field.currency).as_tuple().exponent)
    return field.most_decimals


def with_held(field: Field, held: Any) -> Field:
    """The field with the choices that a record holds offered, though they are retired."""
    if not field.retired or not held:
        return field
    return replace(field, retired=field.retired - set(held if isinstance(held, list) else [held]))


def _dated(kind: str) -> forms.DateInput | forms.DateTimeInput:
    if kind == "date":
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class RecordForm(forms.Form):
    """Some fields of one record (or of a new one), as the user may edit them.

    `_was` carries what each field held when the form was opened: on saving, only what the person
    really changed is written, and a field that somebody else changed meanwhile becomes a `Clash`.
    """

    def __init__(
        self,
        entity: Entity,
        user: User,
        names: Sequence[str],
        *,
        record: Any = None,
        data: "QueryDict | None" = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.entity, self.user, self.record = entity, user, record
        # What came with a form opened before it was fixed is kept, to be refused with the reason.
        fixed = entity.fixed(record).keys() - set(data or ()) if record else ()
        free = [name for name in names if name not in fixed]
        shown = [field for field in entity.fields_for(user, free) if field.editable]
        self.record_fields = {field.name: field for field in shown}
        held = {field.name: raw_value(field, record) for field in shown} if record else {}
        super().__init__(data, initial={**held, **(initial or {})})
        for field in shown:
            self.fields[field.name] = input_for(with_held(field, held.get(field.name)), user)
            # A form of many fields of a record is not left for a suggestion: the rest would be lost.
            if (
                field.suggests
                and route_is_on(field.suggests)
                and (record is None or len(shown) == 1)
            ):
                url = f"{field.suggests}?record={record.pk if record else ''}"
                widget = SuggestInput(url, self.fields[field.name].widget.attrs)
                self.fields[field.name].widget = widget
            if field.kind is Kind.LONG_TEXT or field.name == entity.title:
                self.fields[field.name].wide = True  # type: ignore[attr-defined]
        self.held = held

    @property
    def was(self) -> str:
        """What the fields hold now, for the hidden input `_was`."""
        return json.dumps({name: comparable(value) for name, value in self.held.items()})

    @property
    def told_was(self) -> str:
        """What goes into `_was`: on a second round still what the person first saw."""
        return str(self.data.get("_was") or self.was) if self.is_bound else self.was

    def was_after(self, settled: set[str]) -> str:
        """What goes into `_was` once the person has seen what `settled` hold now: for all others
        it stays what they first saw, or what they never touched would count as their change."""
        seen = {name: comparable(self.held.get(name)) for name in settled}
        return json.dumps({**self.original(), **seen})

    def original(self) -> dict[str, str]:
        """What the fields held when the person opened the form."""
        try:
            told = json.loads(self.data.get("_was", "") or "{}")
        except (ValueError, RecursionError):
            return {}
        if not isinstance(told, dict):
            return {}
        return {str(name): value for name, value in told.items() if isinstance(value, str)}

    def values(self) -> dict[str, Any]:
        """The values to write: everything on a new record, only what was changed on an old one."""
        if self.record is None:
            return dict(self.cleaned_data)
        was = self.original()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if comparable(value) != was.get(name, comparable(self.held.get(name)))
        }


@dataclass(frozen=True)
class Clash:
    """A field that two people changed at once."""

    field: Field
    original: str
    mine: Any
    theirs: Any


def clashes(form: RecordForm) -> list[Clash]:
    """The fields where mine, theirs and the original all differ; a different field is no clash."""
    if form.record is None:
        return []
    was, found = form.original(), []
    settled = set(form.data.getlist("_settled")) if hasattr(form.data, "getlist") else set()
    for name, mine in form.values().items():
        theirs = form.held.get(name)
        before = was.get(name)
        if before is None or name in settled:
            continue
        if comparable(theirs) not in (before, comparable(mine)):
            found.append(Clash(form.record_fields[name], before, mine, theirs))
    return found


def raw_value(field: Field, record: Any) -> Any:
    """A field's value as a form wants it: the id of a related record."""
    if field.custom:
        return held_on(field, record)
    value = field.value(record)
    return value.pk if field.is_reference and value is not None else value


def comparable(value: Any) -> str:
    """A value as text that is the same for what was shown and what came back unchanged."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if hasattr(value, "pk"):
        return str(value.pk)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")  # inputs know minutes
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
