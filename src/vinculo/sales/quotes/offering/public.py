"""What a customer sees behind the link to a quote, and where their answer goes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.errors import DomainError, NotFound
from vinculo.kernel.ids import row_id
from vinculo.parties.confirming import door
from vinculo.platform.formats import exact_text
from vinculo.platform.refusals import sentence
from vinculo.sales.quotes.derived import lines_of, reckoned
from vinculo.sales.quotes.document.paper import table_of
from vinculo.sales.quotes.document.seller import parties_of
from vinculo.sales.quotes.document.views import made, name_of, sent
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.quotes.offering.answering import (
    accept_offer,
    comment_offer,
    reject_offer,
    with_taken,
)
from vinculo.sales.quotes.offering.forms import AnswerForm
from vinculo.sales.quotes.offering.links import OPEN, find_quote_link, note_opened, standing_of
from vinculo.sales.quotes.offering.models import AnswerKind, QuoteAnswer, QuoteLink

PAGE = "sales/quotes/offer/page.html"
#: Calls a minute of one link: whoever chooses among optional lines asks for the total each time.
CALLS = 60
BIGGEST_BODY = 32 * 1024
#: Lines that one call may name; a quote has no more.
MOST_TAKEN = 200
#: Of quotes that are over, their own words; else the page shows what was offered.
SHOWN = (OPEN, "accepted", "rejected")


def _calls() -> int:
    return CALLS if settings.VINCULO_CONFIRM_RATE else 0


DOOR = door.Door("quote", find_quote_link, _calls, biggest=BIGGEST_BODY)


@require_http_methods(["GET", "HEAD", "POST"])
@DOOR.opens
def offer(request: HttpRequest, link: QuoteLink, token: str) -> HttpResponse:
    """The offer to look at; POST takes an answer."""
    if standing_of(link) not in SHOWN:
        return _over(request, link)
    if request.method != "POST":
        return _page(request, link, AnswerForm(), _wanted(request.GET))
    form, wanted = AnswerForm(request.POST), _wanted(request.POST)
    if form.is_valid():
        try:
            _take(request, form, token, wanted)
        except NotFound:
            return door.gone(request)
        except DomainError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, sentence(refusal))
            link = find_quote_link(token)  # it may be over meanwhile
        else:
            said = "?said=comment&" if form.cleaned_data["do"] == "comment" else "?"
            return HttpResponseRedirect(f"/q/{token}{said}lang={get_language()}")
    return _page(request, link, form, wanted, 422)


@require_safe
@DOOR.opens
def totals(request: HttpRequest, link: QuoteLink, token: str) -> HttpResponse:
    """What the offer comes to with the lines that are ticked; for the page that is open."""
    if standing_of(link) != OPEN:
        return door.gone(request)
    quote = link.quote
    context = _reckoned(quote, _chosen(lines_of(quote), _wanted(request.GET)))
    return door.shown(request, "sales/quotes/offer/totals.html", context)


@require_safe
@DOOR.opens
def paper(request: HttpRequest, link: QuoteLink, token: str) -> HttpResponse:
    """The same as PDF."""
    if standing_of(link) not in SHOWN:
        return _over(request, link)
    return sent(made(link.quote), name_of(link.quote))


@require_POST
@DOOR.opens
def opened(request: HttpRequest, link: QuoteLink, token: str) -> HttpResponse:
    """The page says that somebody looks at it: programs that only fetch links do not."""
    note_opened(actor=None, secret=token)
    return HttpResponse(status=204)


def _take(request: HttpRequest, form: AnswerForm, token: str, wanted: list[int]) -> None:
    told = form.cleaned_data
    said: dict[str, Any] = {
        "actor": None, "secret": token, "name": told["name"], "text": told["text"],
        "address": door.caller(request),
    }  # fmt: skip
    if told["do"] == "accept":
        accept_offer(**said, taken=wanted, seen=told["seen"])
    elif told["do"] == "reject":
        reject_offer(**said)
    else:
        comment_offer(**said)


def _wanted(data: QueryDict) -> list[int]:
    return [found for one in data.getlist("take")[:MOST_TAKEN] if (found := row_id(one))]


def _chosen(lines: list[QuoteLine], wanted: list[int]) -> list[QuoteLine]:
    """The lines as they would be; what cannot be chosen is left out of a mere look."""
    optional = {line.pk for line in lines if line.optional}
    return with_taken(lines, [one for one in wanted if one in optional])


def _reckoned(quote: Quote, lines: list[QuoteLine]) -> dict[str, Any]:
    sums = reckoned(quote, lines)
    table = table_of(quote, lines, sums)
    return {"table": table, "seen": str(sums.gross.amount)}


def _page(
    request: HttpRequest, link: QuoteLink, form: AnswerForm, wanted: list[int], status: int = 200
) -> HttpResponse:
    quote, stands = link.quote, standing_of(link)
    lines = lines_of(quote)
    lines = _chosen(lines, wanted) if stands == OPEN else lines
    found = _reckoned(quote, lines)
    decision = QuoteAnswer.objects.filter(quote=quote).exclude(kind=AnswerKind.COMMENT).first()
    context = {
        **found,
        "rows": list(zip(lines, found["table"]["lines"], strict=True)),
        "quote": quote,
        "parties": parties_of(quote),
        "form": form,
        "asking": stands == OPEN,
        "stands": stands,
        "decision": decision,
        "decided_at": exact_text(decision.at) if decision is not None else "",
        "commented": request.GET.get("said") == "comment",
        "choosing": stands == OPEN and any(line.optional for line in lines),
        "address": request.path,
        "opened_url": "" if form.is_bound or link.opened_at else f"{request.path}/opened",
        "languages": settings.LANGUAGES,
    }
    return door.shown(request, PAGE, context, status)


def _over(request: HttpRequest, link: QuoteLink) -> HttpResponse:
    """A page that says why there is nothing to answer any more, and nothing else."""
    context = {"stands": standing_of(link), "languages": settings.LANGUAGES}
    return door.shown(request, "sales/quotes/offer/over.html", context, 410)
