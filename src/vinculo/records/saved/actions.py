"""Verbs of saved views and favourites."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import Role, Team, User
from vinculo.records.entity import Entity
from vinculo.records.lists import matching, parse_list
from vinculo.records.saved.models import Favourite, SavedView, ViewTabs
from vinculo.records.saved.shelf import LONGEST_QUERY, canonical

MOST_VIEWS = 100
MOST_FAVOURITES = 50


@action("records.save_view", label=gettext_lazy("Save a view"), granted=False)
def save_view(
    *,
    actor: User,
    entity: Entity,
    name: str,
    query: str,
    role: Role | None = None,
    team: Team | None = None,
) -> SavedView:
    """Keep a list's state under a name, for oneself or shared; DomainError for what makes no
    state, for a name one has used here already, and past 100 views."""
    _require_list(actor, entity)
    mine = SavedView.objects.filter(owner=actor, entity=entity.key)
    if mine.count() >= MOST_VIEWS:
        raise DomainError(_("You have %(most)s views here. Delete some first."), most=MOST_VIEWS)
    view = SavedView(owner=actor, entity=entity.key, query=_checked(actor, entity, query))
    _name(view, name)
    if role is not None or team is not None:
        _share(actor, view, role, team)
    _save(view)
    journal.relabel(view.name)
    return view


@action("records.rename_view", label=gettext_lazy("Rename a view"), granted=False)
def rename_view(*, actor: User, view: SavedView, name: str) -> SavedView:
    """Give a view another name."""
    found = _editable(actor, view)
    _name(found, name)
    _save(found)
    journal.relabel(found.name)
    return found


@action("records.update_view", label=gettext_lazy("Change a view"), granted=False)
def update_view(*, actor: User, view: SavedView, entity: Entity, query: str) -> SavedView:
    """Let a view keep the state that its list has now."""
    found = _editable(actor, view)
    found.query = _checked(actor, entity, query)
    _save(found)
    journal.relabel(found.name)
    return found


@action("records.share_view", label=gettext_lazy("Share a view"))
def share_view(
    *, actor: User, view: SavedView, role: Role | None = None, team: Team | None = None
) -> SavedView:
    """Share a view with the people of a role or a team, or with nobody any more."""
    found = _editable(actor, view)
    _share(actor, found, role, team)
    _save(found)
    journal.relabel(found.name)
    return found


@action("records.delete_view", label=gettext_lazy("Delete a view"), granted=False)
def delete_view(*, actor: User, view: SavedView) -> None:
    """Delete a view, for everybody it was shared with; it can be undone."""
    found = _editable(actor, view)
    journal.relabel(found.name)
    found.delete()


@action("records.order_views", label=gettext_lazy("Order the views"), granted=False)
def order_views(*, actor: User, entity: Entity, order: Sequence[int]) -> ViewTabs:
    """Put the views of a list into the order in which one wants them oneself."""
    tabs = _tabs(actor, entity)
    seen = SavedView.objects.filter(entity=entity.key).visible_to(actor)
    known = set(seen.values_list("pk", flat=True))
    tabs.order = [pk for pk in dict.fromkeys(order) if pk in known][: MOST_VIEWS * 2]
    tabs.save()
    return tabs


@action("records.open_view_first", label=gettext_lazy("Choose the first view"), granted=False)
def open_view_first(*, actor: User, entity: Entity, view: SavedView | None) -> ViewTabs:
    """Choose the view that the navigation leads to; None for the whole list."""
    tabs = _tabs(actor, entity)
    tabs.opens = view
    tabs.save()
    return tabs


@action("records.keep_favourite", label=gettext_lazy("Add to favourites"), granted=False)
def keep_favourite(
    *, actor: User, entity: Entity, view: SavedView | None = None, record: Any = None
) -> Favourite:
    """Keep a view or a record in one's navigation; twice is the same as once."""
    if Favourite.objects.filter(user=actor).count() >= MOST_FAVOURITES:
        raise DomainError(
            _("You have %(most)s favourites. Remove some first."), most=MOST_FAVOURITES
        )
    kept, _made = Favourite.objects.get_or_create(
        user=actor, entity=entity.key, view=view, row_id=record.pk if record is not None else None
    )
    return kept


@action("records.drop_favourite", label=gettext_lazy("Remove from favourites"), granted=False)
def drop_favourite(
    *, actor: User, entity: Entity, view: SavedView | None = None, record: Any = None
) -> None:
    """Take a view or a record out of one's navigation."""
    row_id = record.pk if record is not None else None
    Favourite.objects.filter(user=actor, entity=entity.key, view=view, row_id=row_id).delete()


def _editable(actor: User, view: SavedView) -> SavedView:
    """The view, locked; NotFound for one that is not the actor's (or an administrator's) to change."""
    rows = SavedView.objects.filter(pk=view.pk).visible_to(actor, "edit")
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(_("There is no such view, or it is not yours to change."))
    return found


def _require_list(actor: User, entity: Entity) -> None:
    if rights_of(actor).scope(entity.key) is Scope.NONE:
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))


def _checked(actor: User, entity: Entity, query: str) -> str:
    """The state in canonical form, once it makes sense to the actor, values and all."""
    if len(query) > LONGEST_QUERY:
        raise DomainError(_("There is too much in this list's state to keep it."))
    state = parse_list(entity, actor, QueryDict(query))
    matching(state)
    return canonical(state)


def _name(view: SavedView, name: str) -> None:
    view.name = clean(name)[:80].strip()
    if not view.name:
        raise DomainError(_("Give the view a name."), field="name")
    same = SavedView.objects.filter(owner_id=view.owner_id, entity=view.entity)
    if same.filter(name__iexact=view.name).exclude(pk=view.pk).exists():
        raise DomainError(_("You already have a view of this name here."), field="name")


def _share(actor: User, view: SavedView, role: Role | None, team: Team | None) -> None:
    rights = rights_of(actor)
    if not rights.may("records.share_view"):
        raise NotAllowed(_("You may not share views. Ask an administrator for the right to."))
    if role is not None and not (rights.administrator or role.pk in rights.role_ids):
        raise NotAllowed(_("Share with a role or a team that you belong to."), field="shared")
    if team is not None and not (rights.administrator or team.pk in rights.team_ids):
        raise NotAllowed(_("Share with a role or a team that you belong to."), field="shared")
    view.role, view.team = role, None if role is not None else team


def _save(view: SavedView) -> None:
    try:
        view.save()
    except IntegrityError as error:  # two windows at once
        raise DomainError(_("You already have a view of this name here."), field="name") from error


def _tabs(actor: User, entity: Entity) -> ViewTabs:
    tabs, _made = ViewTabs.objects.get_or_create(user=actor, entity=entity.key)
    return tabs
