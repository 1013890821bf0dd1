"""All entities, by key and by path; how a higher room adds to a lower one's record page."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models

from vinculo.platform.modules.known import is_on
from vinculo.platform.sensitive.rules import declare_sensitive
from vinculo.platform.types import TypeDescription, register_type
from vinculo.records.entity import Entity, Figure, Panel

if TYPE_CHECKING:
    from vinculo.platform.models import User

_ENTITIES: dict[str, Entity] = {}


def register(entity: Entity) -> Entity:
    """Make an entity known: to access, journal, pages, API, search and tests."""
    if entity.key in _ENTITIES:
        raise ValueError(f"There are two entities called {entity.key}.")
    _ENTITIES[entity.key] = entity
    register_type(entity.model, entity.key, rows_of_type(entity))
    for field in entity.declared_fields.values():
        if field.sensitive:
            declare_sensitive(entity.key, field.name)
    return entity


def rows_of_type(entity: Entity) -> models.Q:
    """Which rows of its table are of an entity's type; empty when all are."""
    return entity.rows or models.Q(**_proxy_rows(entity.model))


def _proxy_rows(model: type[models.Model]) -> dict[str, Any]:
    """A proxy whose manager knows its kind (`KindManager`) selects by that kind."""
    kind = getattr(model._default_manager, "kind", "")
    return {"kind": kind} if model._meta.proxy and kind else {}


def extend(
    key: str,
    *,
    panels: Iterable[Panel] = (),
    figures: "Iterable[Callable[[User, Any], list[Figure]]]" = (),
    module: str = "",
) -> None:
    """Show something of a higher room on a lower room's record page, while its module is on."""
    _ENTITIES[key].panels.extend(replace(one, module=one.module or module) for one in panels)
    _ENTITIES[key].figures.extend(partial(_while_on, module, ask) for ask in figures)


def _while_on(
    module: str, ask: "Callable[[User, Any], list[Figure]]", user: "User", record: Any
) -> list[Figure]:
    return ask(user, record) if is_on(module) else []


def entities() -> list[Entity]:
    """Every entity, in the order of their keys."""
    return [_ENTITIES[key] for key in sorted(_ENTITIES)]


def entity(key: str) -> Entity:
    """The entity called `key`; KeyError when there is none."""
    return _ENTITIES[key]


def find(key: str) -> Entity | None:
    """The entity called `key`, if there is one."""
    return _ENTITIES.get(key)


def entity_of(record: models.Model) -> Entity | None:
    """The entity a record is of (a party is a company or a person)."""
    for candidate in _ENTITIES.values():
        if candidate.model._meta.concrete_model is not record._meta.concrete_model:
            continue
        rows = rows_of_type(candidate)
        if all(getattr(record, name, None) == value for name, value in rows.children):  # type: ignore[misc]
            return candidate
    return None


def described() -> list[TypeDescription]:
    """Every entity as the page of roles shows it."""
    return [
        TypeDescription(
            item.key,
            item.label_plural,
            tuple((name, found.label or name) for name, found in item.all_fields.items()),
            item.title,
            item.model,
            item.path,
        )
        for item in entities()
    ]
