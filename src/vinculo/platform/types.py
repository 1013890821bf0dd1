"""Which record types live in which table: told here by `records`, asked by access and journal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.utils.functional import Promise

#: model → {entity key: filter that selects its rows}
_TYPES: dict[type[models.Model], dict[str, Q]] = {}


def register_type(model: type[models.Model], key: str, rows: Q | None = None) -> None:
    """Say that `model` (and its table) holds records of the type `key`, selected by `rows`."""
    _TYPES.setdefault(model, {})[key] = rows if rows is not None else Q()
    concrete = model._meta.concrete_model
    if concrete is not None and concrete is not model:
        _TYPES.setdefault(concrete, {})[key] = rows if rows is not None else Q()


def record_types(model: type[models.Model]) -> dict[str, Q]:
    """The record types in `model`; empty for a table that is reached only like its parent."""
    return _TYPES.get(model, {})


def table_models() -> dict[str, type[models.Model]]:
    """Every journalled table's name → its model."""
    from django.apps import apps

    from vinculo.platform.base import Row

    return {
        model._meta.db_table: model
        for model in apps.get_models()
        if issubclass(model, Row) and not model._meta.proxy
    }


@dataclass(frozen=True)
class TypeDescription:
    """A record type as the page of roles shows it: `fields` are (name, label) pairs, `title` is
    the one that records are called by everywhere."""

    key: str
    label: "str | Promise"
    fields: "tuple[tuple[str, str | Promise], ...]" = ()
    title: str = ""
    #: Where its records are kept, and the path of their pages.
    model: "type[models.Model] | None" = None
    path: str = ""


_DESCRIBERS: list[Callable[[], Iterable[TypeDescription]]] = []


def describe_with(describer: Callable[[], Iterable[TypeDescription]]) -> None:
    """Have a higher room tell which record types roles can grant."""
    _DESCRIBERS.append(describer)


#: The rooms in the order in which people meet them; what belongs to none of them comes last.
ROOMS = ("parties", "interactions", "records", "platform")


def place_of(name: str) -> int:
    """Where the room of a record type, an action or an event stands among the others."""
    room = name.partition(".")[0]
    return ROOMS.index(room) if room in ROOMS else len(ROOMS)


def describe_types() -> list[TypeDescription]:
    """Every record type that roles can grant, in the one order of all pages about rights: room by
    room, there by their keys."""
    found = [item for describer in _DESCRIBERS for item in describer()]
    return sorted(found, key=lambda item: (place_of(item.key), item.key))
