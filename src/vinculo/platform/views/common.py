"""What the settings pages share: their navigation, refusals on forms, answers to htmx."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform.access import rights_of
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User
from vinculo.platform.modules.known import route_is_on
from vinculo.platform.refusals import sentence, status_of

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Page:
    """One entry of the settings navigation."""

    name: str
    label: Any
    url: str
    icon: str
    group: str = "you"
    administrators: bool = False
    shown: Callable[[], bool] = lambda: True


def _page(name: str, label: Any, icon: str, group: str) -> Page:
    """A page of the administrators."""
    return Page(name, label, f"/settings/{name}", icon, group, administrators=True)


#: What the pages are about, in the order of the navigation.
GROUPS = {
    "you": pgettext_lazy("settings", "You"),
    "company": pgettext_lazy("settings", "Company"),
    "records": pgettext_lazy("settings", "Records"),
    "sales": pgettext_lazy("settings", "Sales"),
    "system": pgettext_lazy("settings", "System"),
}
PAGES = [
    Page("profile", gettext_lazy("Profile"), "/settings/profile", "user"),
    Page("security", gettext_lazy("Sign-in and security"), "/settings/security", "shield"),
    Page("rights", gettext_lazy("What I may do"), "/settings/rights", "shield-question-mark"),
    Page("keys", gettext_lazy("API keys"), "/settings/keys", "key-round"),
    _page("users", gettext_lazy("Colleagues"), "users", "company"),
    _page("teams", gettext_lazy("Teams"), "network", "company"),
    _page("roles", gettext_lazy("Roles"), "shield-check", "company"),
    _page("accesses", gettext_lazy("Accesses"), "eye", "company"),
    _page("fields", gettext_lazy("Fields"), "text-cursor-input", "records"),
    _page("layouts", gettext_lazy("Layouts"), "layout-panel-top", "records"),
    _page("terms", gettext_lazy("Terminology"), "languages", "records"),
    _page("collisions", gettext_lazy("Collision rules"), "copy-x", "records"),
    _page("standardising", gettext_lazy("Standardising"), "wand-sparkles", "records"),
    _page("quality", gettext_lazy("Data quality"), "gauge", "records"),
    _page("confirming", gettext_lazy("Confirm data"), "mail-check", "records"),
    _page("cycle", gettext_lazy("Sales cycle"), "flag", "records"),
    _page("care", gettext_lazy("Care"), "heart-handshake", "records"),
    _page("leads", gettext_lazy("Leads"), "sprout", "sales"),
    _page("webforms", gettext_lazy("Web forms"), "panel-top", "sales"),
    _page("pipelines", gettext_lazy("Pipelines"), "milestone", "sales"),
    _page("plans", gettext_lazy("Activity plans"), "list-ordered", "sales"),
    _page("assignment", gettext_lazy("Assignment"), "shuffle", "sales"),
    _page("pools", gettext_lazy("Pools"), "waves-horizontal", "sales"),
    _page("quotes", gettext_lazy("Quotes"), "file-text", "sales"),
    _page("letterhead", gettext_lazy("Letterhead"), "stamp", "sales"),
    _page("scores", gettext_lazy("Scores"), "gauge", "sales"),
    _page("points", gettext_lazy("Points"), "list-plus", "sales"),
    _page("currencies", gettext_lazy("Currencies"), "coins", "sales"),
    _page("modules", gettext_lazy("Modules"), "blocks", "system"),
    _page("webhooks", gettext_lazy("Webhooks"), "webhook", "system"),
    _page("data", gettext_lazy("Data"), "database", "system"),
    _page("jobs", gettext_lazy("Jobs"), "list-checks", "system"),
]


def signed_in(request: HttpRequest) -> User:
    """The user behind a request that `login_required` let through."""
    return cast(User, request.user)


def for_administrators(view: View) -> View:
    """A page that only administrators open."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        administrators_only(signed_in(request))
        return view(request, *args, **kwargs)

    return login_required(guarded)


def show(
    request: HttpRequest, template: str, active: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A settings page with its navigation."""
    return render(request, template, {**context, "active": active}, status=status)


def pages_for(user: User) -> list[Page]:
    """The settings pages that `user` may open."""
    administrator = rights_of(user).administrator
    return [
        page
        for page in PAGES
        if (administrator or not page.administrators)
        and page.shown()
        and route_is_on(page.url.strip("/"))
    ]


def groups_for(user: User) -> list[tuple[str, Any, list[Page]]]:
    """The same under what they are about: (name, label, pages); one group alone needs no heading."""
    pages = pages_for(user)
    found = [(name, label, [page for page in pages if page.group == name])
             for name, label in GROUPS.items()]  # fmt: skip
    filled = [group for group in found if group[2]]
    return filled if len(filled) > 1 else [(name, "", some) for name, _label, some in filled]


def found(row: Any) -> Any:
    """The row, or a refusal that does not tell whether it exists."""
    if row is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    return row


def submit(form: forms.BaseForm, call: Callable[[], Any]) -> tuple[bool, Any]:
    """Run the verb with what the form holds; a refusal lands on its field."""
    if not form.is_valid():
        return False, None
    try:
        return True, call()
    except DomainError as refusal:
        if status_of(refusal) in (403, 404):
            raise
        form.add_error(refusal.field if refusal.field in form.fields else None, sentence(refusal))
        return False, None


def dialog(
    request: HttpRequest, form: Any, *, heading: str, submit_label: str, status: int = 200
) -> HttpResponse:
    """A form in the dialog, or as a page of its own without htmx."""
    context = {
        "form": form,
        "heading": heading,
        "submit_label": submit_label,
        "post_url": request.get_full_path(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "web/dialog.html", context, status=status)
    context["dialog_template"] = "web/dialog.html"
    return render(request, "web/dialog_page.html", context, status=status)


def done(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """After a verb: on to the page, which says what happened."""
    messages.success(request, message)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def toast(message: str, level: str = "success", **more: Any) -> HttpResponse:
    """Nothing to swap, only a line that says what happened."""
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"toast": {"message": message, "level": level, **more}})
    return response


def saved() -> str:
    """The usual line after a change."""
    return gettext("Saved.")
