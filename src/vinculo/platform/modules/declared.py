"""What a module is: declared once by its room, read by everything that has to leave it out.

    declare_module(Module(
        "care", _("Care"), _("Tasks before anniversaries …"), "heart-handshake",
        needs=("activity",), routes=("settings/care",), jobs=("interactions.care",),
        actions=("interactions.create_care_rule", …)))

Pages, links, settings and API follow from `routes` and `entities`. A panel or a figure says beside
itself which module it is of (`Panel.module`, `extend(…, module=)`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from vinculo.platform.types import describe_types

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True)
class Module:
    """A part of Vinculo that an installation can do without.

    `needs` are the modules without which it cannot run; `entities` the record types that it brings;
    `routes` the beginnings of its addresses as the URL configuration writes them (`settings/care`,
    `companies/<int:pk>/merge`), those of its record types apart; `actions` and `jobs` their names.
    """

    name: str
    label: str | Promise
    about: str | Promise
    icon: str
    needs: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    order: int = 50


_MODULES: dict[str, Module] = {}


def declare_module(module: Module) -> Module:
    """Make a module known; ValueError for a second one of that name."""
    if module.name in _MODULES:
        raise ValueError(f"There are two modules called {module.name}.")
    _MODULES[module.name] = module
    for index in (_entities, _actions, _jobs, _routes):
        index.cache_clear()
    return module


def modules() -> dict[str, Module]:
    """Every module by name, in the order of the settings page."""
    return dict(sorted(_MODULES.items(), key=lambda item: (item[1].order, item[0])))


def needed_by(name: str) -> list[Module]:
    """The modules that cannot run without this one."""
    return [one for one in modules().values() if name in one.needs]


def module_of_entity(key: str) -> str:
    """The module that brings a record type, "" for what is always there."""
    return _entities().get(key, "")


def module_of_action(name: str) -> str:
    """The module an action belongs to, "" for none."""
    return _actions().get(name, "")


def module_of_job(name: str) -> str:
    """The module a job belongs to, "" for none."""
    return _jobs().get(name, "")


@cache
def modules_of_route(route: str) -> frozenset[str]:
    """The modules an address belongs to, as the URL configuration writes it."""
    steps = route.strip("^$/").split("/")
    beginnings = ("/".join(steps[:length]) for length in range(1, len(steps) + 1))
    return frozenset(_routes()[one] for one in beginnings if one in _routes())


@cache
def _entities() -> dict[str, str]:
    return {key: one.name for one in _MODULES.values() for key in one.entities}


@cache
def _actions() -> dict[str, str]:
    return {name: one.name for one in _MODULES.values() for name in one.actions}


@cache
def _jobs() -> dict[str, str]:
    return {name: one.name for one in _MODULES.values() for name in one.jobs}


@cache
def _routes() -> dict[str, str]:
    modules_of_route.cache_clear()
    found = {route: one.name for one in _MODULES.values() for route in one.routes}
    for described in describe_types():
        name = module_of_entity(described.key)
        if name:
            found |= {described.path: name, f"api/v1/{described.path}": name}
    return found
