"""For which record types there are open pools, as this process knows: read again when their version
is another."""

from __future__ import annotations

from dataclasses import dataclass

from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.modules.known import route_is_on
from vinculo.sales.pools.models import Pool


@dataclass(frozen=True)
class Known:
    """The record types of open pools."""

    version: str
    types: frozenset[str]


_known: Known | None = None
TABLES = ("sales_pool",)


def known() -> Known:
    """What there is; read now if this process does not know."""
    global _known
    found = _known
    if found is None:
        rows = list(Pool.objects.values_list("entity", "is_active", "stamp"))
        version = str(sum(stamp for _entity, _on, stamp in rows))
        found = _known = Known(version, frozenset(key for key, is_on, _stamp in rows if is_on))
    return found


def told(version: str) -> None:
    """The database has this version: forget an older one."""
    global _known
    if _known is not None and _known.version != version:
        _known = None


def forget() -> None:
    """Read anew at the next question."""
    global _known
    _known = None


def may_take(user: User) -> bool:
    """Whether pools are worth a place in this person's navigation; costs no question."""
    return route_is_on("pools") and bool(known().types) and rights_of(user).may("sales.claim")
