"""The tabs over a list: which views there are, which one is open, and whether it was changed."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from vinculo.platform.models import User
from vinculo.records.lists import ListState
from vinculo.records.saved.models import SavedView
from vinculo.records.saved.shelf import canonical, shelf_of, state_of, view_url

MOST_TABS = 6


@dataclass(frozen=True)
class Tab:
    """One view as the tabs show it."""

    view: SavedView
    url: str
    active: bool


@dataclass(frozen=True)
class Tabs:
    """What stands over a list."""

    shown: list[Tab]
    more: list[Tab]
    active: SavedView | None = None
    #: The list shows something else than the active view keeps.
    changed: bool = False
    #: The whole list, without a view, was narrowed, sorted or laid out by hand.
    unsaved: bool = False
    mine: bool = False
    favourite: bool = False
    opens_first: bool = False
    #: The reader's `state`, as the forms that save it post it.
    query: str = ""
    #: Parts of the view are hidden from this reader.
    partly: bool = False

    @property
    def save_as(self) -> str:
        """The state as the address of the dialog *Save as* takes it."""
        return urlencode({"query": self.query})


def tabs_of(user: User, state: ListState) -> Tabs:
    """The tabs of a list in a state; no query but those of the reader's shelf."""
    entity, shelf = state.entity, shelf_of(user)
    active = shelf.views.get(int(state.view[:15])) if state.view else None
    if active is not None and active.entity != entity.key:
        active = None
    tabs = [
        Tab(view, view_url(entity, view), active is not None and view.pk == active.pk)
        for view in shelf.views_of(entity.key)
    ]
    shown = tabs[:MOST_TABS]
    if active is not None and not any(tab.active for tab in shown):
        shown = [*tabs[: MOST_TABS - 1], next(tab for tab in tabs if tab.active)]
    query = canonical(state)
    kept, partly = state_of(entity, user, active) if active else ("", False)
    first = shelf.opens_first(entity.key)
    return Tabs(
        shown=shown,
        more=[tab for tab in tabs if tab not in shown],
        active=active,
        changed=active is not None and query != kept,
        unsaved=active is None and query not in ("", entity.nav_filter),
        mine=active is not None and _may_change(user, active),
        favourite=active is not None and shelf.keeps(entity.key, view=active.pk),
        opens_first=active is not None and first is not None and first.pk == active.pk,
        query=query,
        partly=partly,
    )


def _may_change(user: User, view: SavedView) -> bool:
    from vinculo.platform.access import rights_of

    return view.owner_id == user.pk or (rights_of(user).administrator and view.shared)


def menu_of(tabs: Tabs) -> dict[str, Any]:
    """Where the open view stands among its neighbours, for moving it by the menu."""
    everyone = [tab.view.pk for tab in (*tabs.shown, *tabs.more)]
    if tabs.active is None:
        return {"earlier": "", "later": ""}
    place = everyone.index(tabs.active.pk)
    return {
        "earlier": _swapped(everyone, place, place - 1) if place > 0 else "",
        "later": _swapped(everyone, place, place + 1) if place + 1 < len(everyone) else "",
    }


def _swapped(order: list[int], one: int, other: int) -> str:
    moved = list(order)
    moved[one], moved[other] = moved[other], moved[one]
    return ",".join(str(pk) for pk in moved)


def tabs_context(user: User, state: ListState) -> dict[str, Any]:
    """What the template of the tabs needs."""
    tabs = tabs_of(user, state)
    left_out = gettext("Some of this view is hidden from you and was left out.")
    note = left_out if tabs.partly else ""
    url = f"{view_url(state.entity, tabs.active)}/favourite" if tabs.active else ""
    return {"tabs": tabs, "tabs_menu": menu_of(tabs), "favourite_url": url, "note": note}
