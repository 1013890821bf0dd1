"""What was typed, on the record's page, with the way back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.parties.contacts import points_of
from vinculo.parties.kinds import kinds_seen_by
from vinculo.parties.models import ContactKind, Party
from vinculo.parties.standardising.keeping import typed_of
from vinculo.parties.standardising.running import writable_by
from vinculo.platform.access import reaches
from vinculo.records.entity import Panel
from vinculo.records.registry import entity


def as_typed(request: Any, party: Party) -> dict[str, Any] | None:
    """The values that rules have written otherwise and that are still so; None without any."""
    seen = {one.name: one for one in entity(f"parties.{party.kind}").fields_for(request.user)}
    found = []
    for name in party.as_typed:
        typed = typed_of(party.as_typed, name, getattr(party, name, ""))
        if typed is not None and name in seen:
            found.append({"field": name, "label": seen[name].label, "typed": typed, "name": name})
    kinds = kinds_seen_by(request.user, party.kind)
    for point in points_of(party):
        for name in point.as_typed if point.kind in kinds else ():
            typed = typed_of(point.as_typed, name, getattr(point, name, ""))
            ruling = name if point.kind == ContactKind.ADDRESS else point.kind
            if typed is not None and ruling in seen:
                label = seen[ruling].label
                found.append({"field": name, "label": label, "typed": typed, "name": ruling,
                              "point": point.pk})  # fmt: skip
    if not found:
        return None
    if reaches(request.user, party, "edit"):
        writable = writable_by(request.user, party.kind)
        for one in found:
            one["editable"] = writable(str(one["name"]))
    _one_way_back(party, found)
    path = "companies" if party.kind == "company" else "people"
    return {"values_typed": found, "url": f"/{path}/{party.pk}/typed"}


def _one_way_back(party: Party, found: list[dict[str, Any]]) -> None:
    """A person's name goes back as a whole: only the first of its parts offers it."""
    parts = [one for one in found if party.kind == "person" and "point" not in one]
    whole = all(one.get("editable") for one in parts)
    for place, one in enumerate(sorted(parts, key=lambda one: one["field"] != "name")):
        one["editable"] = whole and place == 0


AS_TYPED = Panel(
    "typed",
    _("As it was typed"),
    "parties/standardising/panel.html",
    as_typed,
    order=80,
    module="standardising",
)
