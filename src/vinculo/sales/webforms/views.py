"""Settings → Web forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.platform.mail import address_of
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.sales.webforms.asking import StrangersForm
from vinculo.sales.webforms.counting import counts_of
from vinculo.sales.webforms.forms import WebFormForm
from vinculo.sales.webforms.models import WebForm
from vinculo.sales.webforms.setting import delete_web_form, save_web_form

ACTIVE, PAGE = "webforms", "/settings/webforms"


@for_administrators
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All web forms."""
    rows = WebForm.objects.visible_to(signed_in(request)).order_by("name", "pk")
    return show(request, "sales/webforms/list.html", ACTIVE, {"forms": rows})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a web form, or change one; with what to copy into a site, and what became of it."""
    user = signed_in(request)
    held = _form(request, pk) if pk is not None else None
    form = WebFormForm(request.POST or None, held=held)
    if request.method == "POST":
        ok, made = submit(form, lambda: save_web_form(actor=user, form=held, wish=form.wish()))
        if ok:
            return done(request, f"{PAGE}/{made.pk}", saved())
    context: dict[str, Any] = {
        "form": form,
        "heading": held.name if held is not None else gettext("New web form"),
        "back": PAGE,
    }
    if held is not None:
        context |= {
            "held": held,
            "url": address_of(f"/f/{held.token}"),
            "snippets": snippets(held),
            "counts": counts_of(held),
            "delete_url": f"{PAGE}/{pk}/delete",
        }
    status = 422 if form.is_bound else 200
    return show(request, "sales/webforms/form.html", ACTIVE, context, status)


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a web form that was never sent in."""
    delete_web_form(actor=signed_in(request), form=_form(request, pk))
    return done(request, PAGE, gettext("Web form deleted."))


def snippets(form: WebForm) -> list[tuple[str, str]]:
    """What to copy into a site: (what it is, text)."""
    with override(form.language):
        context = {
            "url": address_of(f"/f/{form.token}"),
            "title": form.said("title", form.language) or form.name,
            "form": StrangersForm(form, form.language),
        }
        frame = render_to_string("sales/webforms/snippet_frame.html", context)
        plain = render_to_string("sales/webforms/snippet_form.html", context)
    return [
        (gettext("In a frame"), frame.strip()),
        (gettext("As a form of your own"), plain.strip()),
    ]


def _form(request: HttpRequest, pk: int) -> WebForm:
    rows = WebForm.objects.visible_to(signed_in(request))
    one: WebForm = found(rows.filter(pk=pk).first())
    return one
