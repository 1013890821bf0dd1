"""What one reader keeps: the views they see, the order of their tabs, their favourites."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.modules.known import entity_is_on
from vinculo.records.filters import grouped
from vinculo.records.lists import ListState, narrow, parse_list
from vinculo.records.registry import find
from vinculo.records.saved.models import Favourite, SavedView, ViewTabs

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

LONGEST_QUERY = 4000


@dataclass
class Shelf:
    """Everything kept by one reader, read once per request: three small queries."""

    views: dict[int, SavedView] = field(default_factory=dict)
    tabs: dict[str, ViewTabs] = field(default_factory=dict)
    favourites: list[Favourite] = field(default_factory=list)

    def views_of(self, entity_key: str) -> list[SavedView]:
        """The views of one record type, in the reader's own order, new ones last."""
        mine = [view for view in self.views.values() if view.entity == entity_key]
        order = self.tabs[entity_key].order if entity_key in self.tabs else []
        places = {pk: place for place, pk in enumerate(order)}
        return sorted(mine, key=lambda view: (places.get(view.pk, len(places)), view.pk))

    def opens_first(self, entity_key: str) -> SavedView | None:
        """The view that the navigation leads to, if the reader chose one they still see."""
        chosen = self.tabs.get(entity_key)
        return self.views.get(chosen.opens_id) if chosen and chosen.opens_id else None

    def keeps(self, entity_key: str, *, view: int | None = None, row: int | None = None) -> bool:
        """Whether a view or a record is among the favourites."""
        return any(
            (one.entity, one.view_id, one.row_id) == (entity_key, view, row)
            for one in self.favourites
        )


def shelf_of(user: "User") -> Shelf:
    """What `user` keeps; read once per user object, that is, once per request."""
    cached: Shelf | None = getattr(user, "_shelf", None)
    if cached is None:
        cached = Shelf(
            views={view.pk: view for view in SavedView.objects.all().visible_to(user)},
            tabs={one.entity: one for one in ViewTabs.objects.all().visible_to(user)},
            favourites=list(Favourite.objects.all().visible_to(user).order_by("pk")),
        )
        user._shelf = cached  # type: ignore[attr-defined]
    return cached


def view_url(entity: "Entity", view: SavedView) -> str:
    """The stable address of a view."""
    return f"/{entity.path}/views/{view.pk}"


def entry_url(user: "User", entity: "Entity") -> str:
    """Where the navigation leads: the view the reader chose for it, else the usual list."""
    view = shelf_of(user).opens_first(entity.key)
    return view_url(entity, view) if view is not None else entity.nav_url


def favourite_items(user: "User", path: str) -> list[dict[str, Any]]:
    """The favourites as entries of the navigation; what is out of sight by now is left out."""
    shelf = shelf_of(user)
    ids: dict[str, list[int]] = {}
    for one in shelf.favourites:
        if one.row_id is not None:
            ids.setdefault(one.entity, []).append(one.row_id)
    records = {
        (key, record.pk): record
        for key, wanted in ids.items()
        if (entity := find(key)) is not None
        for record in narrow(entity.visible(user).filter(pk__among=wanted), (), entity, None)
    }
    found: list[dict[str, Any]] = []
    for one in shelf.favourites:
        entity = find(one.entity)
        if entity is None or not entity_is_on(one.entity):
            continue
        view = shelf.views.get(one.view_id or 0)
        record = records.get((one.entity, one.row_id or 0))
        if view is not None:
            url, label, icon = view_url(entity, view), view.name, "bookmark"
        elif record is not None:
            url, label, icon = entity.url(record), entity.title_of(record), entity.icon
        else:
            continue
        key = str(len(found) + 1) if len(found) < 9 else ""
        found.append({"label": label, "url": url, "icon": icon, "key": key, "active": path == url})
    return found


# --- a view's state -----------------------------------------------------------------------------


def canonical(state: ListState) -> str:
    """A list's state as a view keeps it: without the view itself and without a place in it."""
    return replace(state, view="", after="", before="").query()


def understood(entity: "Entity", user: "User", query: str) -> tuple[str, bool]:
    """What of a view's state this reader may use, and whether something was left out.

    A shared view may ask for what is hidden from somebody else: those filters, sorts and columns
    are dropped, never answered.
    """
    kept: list[tuple[str, str]] = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "cols":
            value = _seen_parts(entity, user, value)
        elif name == "sort":
            value = ",".join(one for one in value.split(",") if _fits(entity, user, name, one))
        elif not _fits(entity, user, name, value):
            continue
        if value or name not in ("cols", "sort"):
            kept.append((name, value))
    usable = urlencode(kept)
    return usable, usable != urlencode(parse_qsl(query, keep_blank_values=True))


def _seen_parts(entity: "Entity", user: "User", value: str) -> str:
    """The columns of `name,city:240` that the reader sees."""
    parts = [part for part in value.split(",") if part]
    return ",".join(part for part in parts if entity.field_for(user, part.partition(":")[0]))


def _fits(entity: "Entity", user: "User", name: str, value: str) -> bool:
    try:
        parse_list(entity, user, QueryDict(urlencode([(name, value)])))
    except DomainError:
        return False
    return True


def state_of(entity: "Entity", user: "User", view: SavedView) -> tuple[str, bool]:
    """A view's state in canonical form as this reader gets it, and whether parts were left out."""
    query, dropped = understood(entity, user, view.query)
    try:
        return canonical(parse_list(entity, user, QueryDict(query))), dropped
    except DomainError:
        return "", True


def within_view(state: ListState, view_id: str, *, ordered: bool) -> ListState:
    """The rows of `state` that a saved view shows, too: the filters and words of both hold, and
    the order is the view's unless `state` was given one (`ordered`).

    DomainError for a view that is not there for this reader or is of another record type, and for
    one that asks for what is hidden from them: without that filter it would be a longer list.
    """
    entity, user = state.entity, state.user
    known = int(view_id) if view_id.isascii() and view_id.isdecimal() else 0
    view = SavedView.objects.filter(pk=known).visible_to(user).first() if known < 2**63 else None
    if view is None:
        raise DomainError(_("There is no such view, or it is not shared with you."), field="view")
    if view.entity != entity.key:
        other = find(view.entity)
        raise DomainError(
            _("The view “%(name)s” is one of other records: %(kind)s. List those with it."),
            field="view",
            name=view.name,
            kind=other.label_plural if other else view.entity,
        )
    usable, _dropped = understood(entity, user, view.query)
    pairs = QueryDict(usable)
    if any("." in name and name not in pairs for name in QueryDict(view.query)):
        raise DomainError(
            _("Some of this view is hidden from you. Use filters of your own instead."),
            field="view",
        )
    kept = parse_list(entity, user, pairs)
    beyond = max((one.group for one in kept.filters), default=0)
    own = [replace(one, group=one.group and one.group + beyond) for one in state.filters]
    return replace(
        state,
        q=f"{kept.q} {state.q}".strip(),
        filters=tuple(grouped([*kept.filters, *own])),
        sorts=state.sorts if ordered else kept.sorts,
    )
