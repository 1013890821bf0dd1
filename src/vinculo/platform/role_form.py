"""The page of one role: record types × verbs × reach, actions by name, hidden fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import VERBS
from vinculo.platform.actions import actions
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Role
from vinculo.platform.types import describe_types, place_of

SCOPES = [("none", _("None")), ("own", _("Own")), ("team", _("Team")), ("all", _("All"))]
RULES = [("", _("Free")), ("readonly", _("Read only")), ("hidden", _("Hidden"))]
VERB_LABELS = {
    "view": _("View"),
    "add": _("Add"),
    "edit": _("Edit"),
    "delete": _("Delete"),
    "export": _("Export"),
}
#: Rights that are not actions of their own.
NAMED_RIGHTS = {
    "platform.undo_others": _("Undo what colleagues did"),
    "platform.read_sensitive": _("Read and change sensitive details"),
}
ROOMS = {
    "parties": _("Customers"),
    "interactions": _("Activity"),
    "records": _("Lists and files"),
    "platform": _("Administration"),
}


@dataclass(frozen=True)
class TypeRow:
    """One record type on the page, with its inputs."""

    key: str
    label: Any
    scopes: list[tuple[Any, forms.BoundField]]
    rules: list[forms.BoundField]
    ruled: int


@dataclass(frozen=True)
class Room:
    """The actions of one room, with the box that grants all of them."""

    label: Any
    every: forms.BoundField
    single: list[forms.BoundField]


class RoleForm(forms.Form):
    """Reads and writes a role; the inputs follow from what is registered."""

    name = CleanText(label=_("Name"), max_length=80)
    description = CleanText(label=_("Description"), max_length=300, required=False)
    administrator = forms.BooleanField(
        label=_("Administrator"),
        required=False,
        help_text=_("May do everything, including giving rights. The rest of the page is ignored."),
    )

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = describe_types()
        grants, rules = (role.grants, role.field_rules) if role else ({}, {})
        held = set(role.actions) if role else set()
        if role is not None:
            for name in ("name", "description", "administrator"):
                self.initial.setdefault(name, getattr(role, name))
        for item in self.types:
            for verb in VERBS:
                self._choice(
                    f"grant:{item.key}:{verb}",
                    f"{item.label}: {VERB_LABELS[verb]}",
                    SCOPES,
                    grants.get(item.key, {}).get(verb, "none"),
                )
            for name, label in item.fields:
                chosen = rules.get(item.key, {}).get(name, "")
                # What records are called stands in every link to them: it cannot be hidden.
                offered = RULES[:2] if name == item.title else RULES
                self._choice(f"rule:{item.key}:{name}", label, offered, chosen)
        self.by_room = self._named_rights()
        for room, named in self.by_room.items():
            self._box(f"action:{room}.*", _("Everything here, also what is added later"), held)
            for name, label in named:
                self._box(f"action:{name}", label, held)

    def _choice(self, name: str, label: Any, choices: Any, initial: str) -> None:
        widget = forms.Select(attrs={"class": "input"})
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=False, widget=widget
        )
        self.initial.setdefault(name, initial)

    def _box(self, name: str, label: Any, held: set[str]) -> None:
        self.fields[name] = forms.BooleanField(label=label, required=False)
        self.initial.setdefault(name, name.removeprefix("action:") in held)

    @staticmethod
    def _named_rights() -> dict[str, list[tuple[str, Any]]]:
        found: dict[str, list[tuple[str, Any]]] = {}
        grantable = {name: entry.label for name, entry in actions().items() if entry.granted}
        named = {**grantable, **NAMED_RIGHTS}
        for name, label in sorted(named.items(), key=lambda item: (place_of(item[0]), item[0])):
            found.setdefault(name.split(".", 1)[0], []).append((name, label))
        return found

    def type_rows(self) -> list[TypeRow]:
        """The record types with their inputs."""
        rows = []
        for item in self.types:
            scopes = [(VERB_LABELS[verb], self[f"grant:{item.key}:{verb}"]) for verb in VERBS]
            rules = [self[f"rule:{item.key}:{name}"] for name, _label in item.fields]
            ruled = sum(1 for bound in rules if bound.value())
            rows.append(TypeRow(item.key, item.label, scopes, rules, ruled))
        return rows

    def rooms(self) -> list[Room]:
        """The named actions, room by room."""
        return [
            Room(
                ROOMS.get(room, room),
                self[f"action:{room}.*"],
                [self[f"action:{name}"] for name, _label in named],
            )
            for room, named in self.by_room.items()
        ]

    def grants(self) -> dict[str, dict[str, str]]:
        """Record type → verb → reach, as chosen."""
        return {
            item.key: {
                verb: self.cleaned_data[f"grant:{item.key}:{verb}"] or "none" for verb in VERBS
            }
            for item in self.types
        }

    def chosen_actions(self) -> list[str]:
        """The names of the granted actions."""
        return [
            name.removeprefix("action:")
            for name, value in self.cleaned_data.items()
            if name.startswith("action:") and value
        ]

    def field_rules(self) -> dict[str, dict[str, str]]:
        """Record type → field → rule, where there is one."""
        chosen: dict[str, dict[str, str]] = {}
        for item in self.types:
            for name, _label in item.fields:
                rule = self.cleaned_data[f"rule:{item.key}:{name}"]
                if rule:
                    chosen.setdefault(item.key, {})[name] = rule
        return chosen
