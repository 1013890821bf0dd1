"""Which commands there are for a reader on a page: the page's own, the selection's, the house's."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from vinculo.platform.access import Scope, reaches, rights_of
from vinculo.platform.modules.known import entity_is_on, route_is_on
from vinculo.platform.nav import nav_pages
from vinculo.platform.views.common import pages_for
from vinculo.records.palette.command import Command
from vinculo.records.registry import entities
from vinculo.records.saved.models import SavedView
from vinculo.records.saved.shelf import view_url
from vinculo.records.transfer.held import may_import

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: Asked with the reader, a record type and a record for what else its page can do.
Offer = Callable[["User", "Entity", Any], list[Command]]
_OFFERS: list[Offer] = []

_RECORD = re.compile(r"/(?P<path>[\w-]+)/(?P<pk>\d{1,18})/?\Z")
_LIST = re.compile(r"/(?P<path>[\w-]+)(?:/views/\d{1,18})?/?\Z")


def offer_on_records(offer: Offer) -> Offer:
    """A higher room adds commands to the pages of records."""
    _OFFERS.append(offer)
    return offer


def commands_of_page(user: "User", here: str) -> tuple[str, list[Command]]:
    """What the page at the address `here` can do, under its heading; nothing on other pages."""
    by_path = {one.path: one for one in entities()}
    on_record, on_list = _RECORD.match(here), _LIST.match(here)
    if on_record and (entity := by_path.get(on_record["path"])):
        return _of_record(user, entity, int(on_record["pk"]))
    if on_list and (entity := by_path.get(on_list["path"])):
        return str(entity.label_plural), _of_list()
    return "", []


def _of_record(user: "User", entity: "Entity", pk: int) -> tuple[str, list[Command]]:
    if rights_of(user).scope(entity.key) is Scope.NONE:
        return "", []
    record = entity.visible(user).filter(pk=pk).order_by().first()
    if record is None:
        return "", []
    url, editable = entity.url(record), reaches(user, record, "edit")
    offered = [command for offer in _OFFERS for command in offer(user, entity, record)]
    quicker = {command.does: command for command in offered if command.does}
    found = []
    if editable:
        found.append(Command(_("Edit"), "pencil", f"{url}/edit", "e", dialog=True))
    for one in entity.actions_for(user):
        if not one.offered_on(record) or not (one.granted or editable):
            continue
        quick = quicker.pop(one.name, None)
        if quick is not None:
            found.append(replace(quick, label=one.label, also=(quick.label,)))
        else:
            command = Command(one.label, one.icon, f"{url}/do/{one.name}", one.key, dialog=True)
            found.append(command)
    found += [
        *(command for command in offered if not command.does or command.does in quicker),
        Command(_("Keep among the favourites, or no more"), "star", press="#record-head .star"),
        *(
            Command(link.label, link.icon, f"{url}/{link.path}", dialog=True)
            for link in entity.links_on
            if reaches(user, record, link.verb)
        ),
        Command(_("History"), "history", f"{url}/history"),
        Command(_("Who can see this"), "eye", f"{url}/who", dialog=True),
    ]
    if reaches(user, record, "delete"):
        found.append(Command(_("Delete"), "trash-2", f"{url}/delete", dialog=True))
    return entity.title_of(record), found


def _of_list() -> list[Command]:
    """Controls of the list's own page: what is not drawn there is not offered."""
    return [
        Command(_("Add a filter"), "list-filter", key="f", press='#main [data-key="f"]'),
        Command(
            _("Save as a view"), "bookmark-plus", key="Shift+v", press='#main [data-key="Shift+v"]'
        ),
        Command(_("Table"), "rows-3", press=".layout-link:nth-of-type(1)", also=(_("Layout"),)),
        Command(
            _("Board"), "square-kanban", press='.layout-link[href*="layout=board"]',
            also=(_("Layout"),),
        ),
        Command(
            _("Calendar"), "calendar", press='.layout-link[href*="layout=month"]',
            also=(_("Layout"),),
        ),
        Command(_("Export as CSV"), "download", press='form[action*="/export.csv"] .menu-item'),
        Command(
            _("Export as XLSX"), "download", press='form [formaction*="/export.xlsx"]',
            also=("Excel",),
        ),
    ]  # fmt: skip


def commands_of_selection() -> list[Command]:
    """What can be done with the selected rows: the buttons of the bulk bar."""
    return [
        Command(_("Select all that match"), "list-checks", press="#bulk [data-bulk-all]"),
        Command(_("Assign an owner"), "user-round", key="b o", press='#bulk [data-key="b o"]'),
        Command(_("Tag"), "tag", key="b t", press='#bulk [data-key="b t"]'),
        Command(_("Change a field"), "pencil", key="b e", press='#bulk [data-key="b e"]'),
        Command(_("Export the selected rows"), "download", press="#bulk [data-bulk-form] button"),
        Command(_("Delete"), "trash-2", key="b d", press='#bulk [data-key="b d"]'),
        Command(_("Select nothing"), "x", key="Esc", press="#bulk [data-bulk-clear]"),
    ]


def commands_to_make(user: "User") -> list[Command]:
    """New records, and files to bring in."""
    rights = rights_of(user)
    found = [
        Command(one.add_label, "plus", f"/{one.path}/new", dialog=True)
        for one in sorted(entities(), key=lambda one: one.nav_order)
        if one.creatable and rights.scope(one.key, "add") is not Scope.NONE
    ]
    if any(may_import(user, one) for one in entities()):
        found.append(Command(_("Import a file"), "upload", "/import/"))
    return found


def commands_to_go(user: "User") -> list[Command]:
    """The pages of the navigation."""
    rights = rights_of(user)
    my_day = Command(_("My day"), "list-checks", "/my-day", "g d")
    found = [my_day] if route_is_on("my-day") else []
    for one in sorted(entities(), key=lambda one: one.nav_order):
        if one.nav and rights.scope(one.key) is not Scope.NONE:
            key = f"g {one.path[0]}"
            found.append(Command(one.label_plural, one.icon, one.nav_url, key))
    return [
        *found,
        *(Command(page.label, page.icon, page.url, f"g {page.key}") for page in nav_pages(user)),
        Command(_("Undo"), "undo-2", "/undo", "g u", also=(_("Recent changes"),)),
        Command(_("Notifications"), "bell", "/notifications"),
        Command(_("Settings"), "settings", "/settings/"),
    ]


def commands_to_views(user: "User") -> list[Command]:
    """The saved views that the reader sees: one query."""
    by_key = {one.key: one for one in entities()}
    return [
        Command(view.name, "bookmark", view_url(entity, view), note=entity.label_plural)
        for view in SavedView.objects.all().visible_to(user).order_by("name", "pk")
        if (entity := by_key.get(view.entity)) is not None and entity_is_on(view.entity)
    ]


def commands_to_set(user: "User") -> list[Command]:
    """The settings, the colours, the languages, the keys and the way out."""
    pages = [
        Command(page.label, page.icon, page.url, note=_("Settings")) for page in pages_for(user)
    ]
    colours = [
        Command(label, icon, press=f'[data-theme-set="{name}"]', note=_("Colours"))
        for name, label, icon in (
            ("light", _("Light"), "sun"),
            ("dark", _("Dark"), "moon"),
            ("system", _("Like the system"), "monitor"),
        )
    ]
    languages = [
        Command(
            _own_name(code), "languages", press=f'#palette-language [value="{code}"]',
            note=_("Language"), also=(name,),
        )
        for code, name in settings.LANGUAGES
    ]  # fmt: skip
    return [
        *pages,
        *colours,
        *languages,
        Command(_("Keyboard shortcuts"), "keyboard", key="?", press="[data-help-open]"),
        Command(_("Fold the navigation"), "panel-left", press="[data-nav-toggle]"),
        Command(_("Sign out"), "log-out", press='form[action$="/logout/"] button'),
    ]


def _own_name(code: str) -> str:
    """What a language calls itself."""
    from django.utils.translation import get_language_info

    with override(None):
        return str(get_language_info(code)["name_local"])
