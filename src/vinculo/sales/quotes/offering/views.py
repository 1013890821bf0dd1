"""What colleagues do with links to quotes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.platform import journal
from vinculo.platform.refusals import sentence, status_of
from vinculo.platform.views.common import found
from vinculo.records.entity import Entity
from vinculo.records.views.common import (
    Request,
    dialog_or_page,
    entity_view,
    get_record,
    toast,
    told,
)
from vinculo.sales.quotes.document.seeing import must_see_paper
from vinculo.sales.quotes.offering.links import end_quote_link, make_quote_link
from vinculo.sales.quotes.offering.mailing import letter
from vinculo.sales.quotes.offering.models import QuoteLink


@require_http_methods(["GET", "HEAD", "POST"])
@entity_view("edit")
def offer(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """Ask whether a link is wanted; POST makes it and shows it this once."""
    quote = get_record(request, entity, pk, "edit")
    must_see_paper(request.user, quote)  # the dialog says until when it is valid
    context: dict[str, Any] = {
        "entity": entity, "record": quote, "heading": gettext("Link for the customer"),
        "post_url": f"/quotes/{pk}/offer", "valid_until": quote.valid_until,
    }  # fmt: skip
    if request.method == "POST":
        try:
            made = make_quote_link(actor=request.user, quote=quote)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            context["problem"] = sentence(error)
            return dialog_or_page(
                request, "sales/quotes/offer/make.html", context, status_of(error)
            )
        context |= {"url": made.url, "mail": letter(request.user, made)}
        answer = dialog_or_page(request, "parties/confirming/made.html", context)
        return told(answer, record_changed={})
    return dialog_or_page(request, "sales/quotes/offer/make.html", context)


@login_required
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Let a link work no more."""
    links = QuoteLink.objects.visible_to(request.user).select_related("quote")
    link = found(links.filter(pk=pk).first())
    with journal.change_set(actor=request.user, verb="sales.end_quote_link") as opened:
        end_quote_link(actor=request.user, link=link)
    if not request.htmx:
        return redirect(f"/quotes/{link.quote_id}")
    said = toast(gettext("The link works no more."), undo=opened.id)
    return told(HttpResponse(status=204), toast=said, record_changed={})
