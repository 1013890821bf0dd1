"""Records of one customer side by side: what differs, what each says, what will move along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vinculo.kernel.addresses import one_line
from vinculo.parties.contacts import points_of
from vinculo.parties.merging.values import JOINED, REACHED, SINGLE
from vinculo.parties.models import ContactKind, Party
from vinculo.parties.understanding import address_of
from vinculo.platform.models import User
from vinculo.platform.types import table_models
from vinculo.platform.undo import referrers
from vinculo.records.cells import cell
from vinculo.records.entity import Entity
from vinculo.records.fields import Label
from vinculo.records.references import hidden_targets

#: Every entry of these is kept unless somebody chooses one record's.
TOGETHER = (*JOINED, "description")


@dataclass(frozen=True)
class Option:
    """What one record says in a field."""

    party: Party
    html: SafeString | str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A field in which the records differ."""

    name: str
    label: Label
    options: list[Option]
    #: Nobody chose, and what each record says is kept.
    together: bool
    editable: bool


@dataclass(frozen=True)
class Comparison:
    """What the page of a merge shows."""

    rows: list[Row]
    #: Labels of the fields in which all records say the same.
    same: list[str]
    #: What hangs on the records that will be gone: (what it is called, how many).
    moving: list[tuple[str, int]]


def compare(
    user: User, entity: Entity, parties: Sequence[Party], choices: Mapping[str, int]
) -> Comparison:
    """The records as `user` may see them; the first one is kept."""
    rows: list[Row] = []
    same: list[str] = []
    fields = {field.name: field for field in entity.fields_for(user)}
    hidden = hidden_targets(parties, fields.values(), user)
    for name in (*SINGLE, "parent", *REACHED, *TOGETHER):
        field = fields.get("street" if name == "address" else name)
        if field is None:
            continue
        if name == "address":
            label: Label = str(ContactKind.ADDRESS.label)
            said: list[SafeString | str] = [_address(party) for party in parties]
        else:
            label = field.label or name
            said = [cell(field, party, hidden) for party in parties]
        if not any(said):
            continue
        if len(set(said)) == 1:
            same.append(str(label))
            continue
        together = name in TOGETHER and name not in choices
        chosen = choices.get(name) or next(
            party.pk for party, text in zip(parties, said, strict=True) if text
        )
        options = [
            Option(party, text, not together and party.pk == chosen)
            for party, text in zip(parties, said, strict=True)
        ]
        rows.append(Row(name, label, options, together, bool(field.editable)))
    return Comparison(rows, same, moving(user, parties[1:]))


def _address(party: Party) -> str:
    found = [point for point in points_of(party) if point.kind == ContactKind.ADDRESS]
    first = min(found, key=lambda point: not point.is_primary, default=None)
    return one_line(address_of(first), get_language() or "en") if first else ""


def moving(user: User, gone: Sequence[Party]) -> list[tuple[str, int]]:
    """How many rows of each kind that the reader sees will hang on the record that is kept."""
    ids = [party.pk for party in gone]
    counted: dict[Any, set[int]] = {}
    for table, column, _cascades in referrers(Party):
        model: Any = table_models()[table]
        rows = model.objects.visible_to(user).filter(**{f"{column}__in": ids}).order_by()
        counted.setdefault(model, set()).update(rows.values_list("pk", flat=True)[:10_000])
    found = []
    for model, rows in counted.items():
        if rows:
            label = gettext("Companies and people below") if model is Party else ""
            found.append((label or str(model._meta.verbose_name_plural), len(rows)))
    return found
