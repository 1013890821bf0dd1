"""The PDF of a quote, and Settings → Letterhead."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from vinculo.platform.access_events import note_record
from vinculo.platform.views.common import done, for_administrators, saved, show, signed_in, submit
from vinculo.records.entity import Entity
from vinculo.records.views.common import Request, entity_view, get_record
from vinculo.sales.quotes.document.models import letterhead
from vinculo.sales.quotes.document.paper import issued_at, paper_of
from vinculo.sales.quotes.document.sample import sample_paper
from vinculo.sales.quotes.document.seeing import must_see_paper
from vinculo.sales.quotes.document.setting import LetterheadForm, set_letterhead
from vinculo.sales.quotes.document.typesetting import has_chinese, pdf_of, picture_of
from vinculo.sales.quotes.models import Quote

ACTIVE, PAGE = "letterhead", "/settings/letterhead"


@require_safe
@entity_view()
def pdf(request: Request, entity: Entity, pk: int) -> HttpResponse:
    """A quote as the paper that its customer gets."""
    quote = get_record(request, entity, pk)
    must_see_paper(request.user, quote)
    note_record(request.user, "download", entity.key, pk)
    return sent(made(quote), name_of(quote))


def made(quote: Quote) -> bytes:
    """The PDF of a quote."""
    return pdf_of(paper_of(quote), quote.language, issued_at(quote), logo())


def logo() -> bytes:
    """Our logo as PNG, empty for none."""
    return b64decode(letterhead().logo)


def name_of(quote: Quote) -> str:
    """What the file is called: by its number, which says nothing of anybody."""
    return f"{(quote.full_number or f'{quote.pk}').replace('/', '-')}.pdf"


def sent(content: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """A file that we have made ourselves, to be looked at; kept by nobody on the way."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead_settings(request: HttpRequest) -> HttpResponse:
    """Who we are on papers, with a picture of one."""
    user = signed_in(request)
    posted = request.method == "POST"
    form = LetterheadForm(request.POST if posted else None, request.FILES if posted else None)
    if posted:
        ok, _row = submit(form, lambda: set_letterhead(actor=user, **form.cleaned_data))
        if ok:
            return done(request, PAGE, saved())
    context: dict[str, Any] = {"form": form, "has_chinese": has_chinese()}
    status = 422 if form.is_bound else 200
    return show(request, "sales/quotes/letterhead.html", ACTIVE, context, status)


@for_administrators
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """What a paper looks like with the letterhead as it is saved."""
    language = get_language() or "en"
    at = datetime(2026, 1, 1, tzinfo=UTC)
    picture = picture_of(sample_paper(language), language, at, logo())
    return sent(picture, "letterhead.png", "image/png")
