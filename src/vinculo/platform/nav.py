"""Pages of the navigation that are no list of records: each room declares its own.

Lists stand there by their record type; a page like the forecast is declared here, and is then in
the navigation and in the palette of everybody whom it has something to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vinculo.platform.modules.known import route_is_on

if TYPE_CHECKING:
    from vinculo.platform.models import User


@dataclass(frozen=True)
class NavPage:
    """One such page: `section` and `order` say where it stands, `g` and then `key` go there."""

    section: str
    order: int
    label: Any
    url: str
    icon: str
    key: str
    shown: Callable[[User], bool]
    #: Not among the few that a phone shows at its foot.
    seldom: bool = True


_PAGES: dict[str, NavPage] = {}


def declare_page(page: NavPage) -> NavPage:
    """Put a page into the navigation and the palette."""
    if page.url in _PAGES:
        raise ValueError(f"There are two pages at {page.url}.")
    _PAGES[page.url] = page
    return page


def nav_pages(user: User) -> list[NavPage]:
    """The declared pages that have something to show to `user`, in their order."""
    shown = [p for p in _PAGES.values() if route_is_on(p.url.strip("/")) and p.shown(user)]
    return sorted(shown, key=lambda page: (page.order, page.url))
