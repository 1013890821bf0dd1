"""What every page of the shell shows around its content."""

from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from vinculo.interactions.day import my_day_count
from vinculo.platform import installation
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.modules.known import route_is_on
from vinculo.platform.nav import nav_pages
from vinculo.platform.top_bar import waiting_for
from vinculo.platform.views.happenings import job_lines
from vinculo.records.registry import entities
from vinculo.records.saved.shelf import entry_url, favourite_items


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and links of the signed-in reader; only what they may see."""
    context: dict[str, Any] = {
        "language_url": "/language",
        "company_name": installation.company_name(),
    }
    if installation.is_demo():
        context |= {"demo_installation": True, "demo_personas_url": "/accounts/login/"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    rights = rights_of(user)
    sections: list[dict[str, Any]] = []
    if route_is_on("my-day"):
        home = _item(request, gettext("My day"), "/my-day", "list-checks", "d")
        # Asked only where the navigation is really drawn: most answers are parts of pages.
        home["count"] = cache(partial(my_day_count, user))
        sections.append({"label": "", "items": [home]})
    names = {
        "customers": gettext("Customers"),
        "activity": gettext("Activity"),
        "sales": pgettext("navigation", "Sales"),
    }
    pages = nav_pages(user)
    listed = sorted((one for one in entities() if one.nav), key=lambda one: one.nav_order)
    for key, label in names.items():
        lists = [
            (
                one.nav_order,
                _item(request, str(one.label_plural), one.nav_url, one.icon, one.path[0])
                | {"url": cache(partial(entry_url, user, one))},
            )
            for one in listed
            if one.nav == key and rights.scope(one.key) is not Scope.NONE
        ]
        others = [
            (
                page.order,
                _item(request, str(page.label), page.url, page.icon, page.key)
                | ({"seldom": True} if page.seldom else {}),
            )
            for page in pages
            if page.section == key
        ]
        items = [item for _order, item in sorted([*lists, *others], key=lambda pair: pair[0])]
        if key == "activity":
            items.append(_item(request, gettext("Undo"), "/undo", "undo-2", "u"))
        if items:
            sections.append({"label": label, "items": items})
    usual = [item for one in sections for item in one["items"] if "seldom" not in item]
    context |= {
        "nav": sections,
        # Asked for where the navigation is drawn, as the day's count is.
        "favourites": cache(partial(favourite_items, user, request.path)),
        "bottom_links": usual[:4],
        "create_links": [
            {"label": str(one.add_label), "url": f"/{one.path}/new", "icon": one.icon}
            for one in listed
            if one.creatable and rights.scope(one.key, "add") is not Scope.NONE
        ],
        "settings_url": "/settings/",
        "settings_active": request.path.startswith(("/settings", "/accounts/")),
        "account_url": "/settings/security",
        "preferences_url": "/settings/profile",
        # Drawn with the page: fetched afterwards, each would cost a request of its own.
        "notifications_url": "/notifications",
        "waiting": cache(partial(waiting_for, user)),
        "jobs_url": "/jobs/chip",
        "job_lines": partial(job_lines, user),
    }
    return context


def _item(request: HttpRequest, label: str, url: str, icon: str, key: str) -> dict[str, Any]:
    """One entry of the navigation; `g` and then `key` go there."""
    path = url.split("?")[0]
    active = request.path == path or request.path.startswith(f"{path}/")
    return {"label": label, "url": url, "icon": icon, "active": active, "key": key}
