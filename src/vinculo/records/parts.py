"""What a record is made of beside its own columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from vinculo.records.fields import Label


@dataclass(frozen=True)
class Parts:
    """Rows that a record is made of without being records themselves, as programs read them: the
    lines of a quote. `link` is the column that says whose they are, `leads_to` names the record types
    that columns of theirs lead to; what is told of a row is what its `told_to` lets out."""

    name: str
    label: Label
    model: type[models.Model]
    link: str
    order: tuple[str, ...] = ("place", "pk")
    leads_to: Mapping[str, str] = field(default_factory=dict)
