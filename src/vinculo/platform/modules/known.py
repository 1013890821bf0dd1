"""Which modules are off, as this process knows it: read again when the version is another."""

from __future__ import annotations

from dataclasses import dataclass

from vinculo.platform.modules.declared import (
    module_of_action,
    module_of_entity,
    module_of_job,
    modules,
    modules_of_route,
)


@dataclass(frozen=True)
class Known:
    """What does not run: the modules that are switched off, and those that need one of them."""

    version: str = "0"
    off: frozenset[str] = frozenset()


ALL_ON = Known()
_known = ALL_ON


def told(version: str) -> None:
    """The database has this version: read it where ours is another."""
    global _known
    if _known.version != version:
        _known = ALL_ON if version == ALL_ON.version else _read()


def forget() -> None:
    """Read the switches anew with the next question for somebody's rights."""
    global _known
    _known = Known("", _known.off)


def _read() -> Known:
    from vinculo.platform.models.terms import ModuleSwitch

    switches = list(ModuleSwitch.objects.all())
    off = {one.name for one in switches if not one.on}
    while more := {name for name, one in modules().items() if off & set(one.needs)} - off:
        off |= more
    return Known(str(sum(one.stamp for one in switches)), frozenset(off))


def off_modules() -> frozenset[str]:
    """The names of all modules that do not run."""
    return _known.off


def is_on(name: str) -> bool:
    """Whether a module runs; what belongs to none ("") always does."""
    return name not in _known.off


def entity_is_on(key: str) -> bool:
    """Whether a record type is there."""
    return not _known.off or is_on(module_of_entity(key))


def action_is_on(name: str) -> bool:
    """Whether an action can be done."""
    return not _known.off or is_on(module_of_action(name))


def job_is_on(name: str) -> bool:
    """Whether a job may run."""
    return not _known.off or is_on(module_of_job(name))


def route_is_on(route: str) -> bool:
    """Whether an address answers; as the URL configuration writes it."""
    return not _known.off or not _known.off & modules_of_route(route)
