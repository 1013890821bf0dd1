"""The part of a quote's page that says who was given a link, and what the customer answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import reaches, rights_of
from vinculo.records.entity import Panel
from vinculo.sales.quotes.document.seeing import rules_allow
from vinculo.sales.quotes.models import Quote, Status
from vinculo.sales.quotes.offering.links import OPEN, standing
from vinculo.sales.quotes.offering.models import AnswerKind, QuoteAnswer, QuoteLink

KEY = "sales.quote"
MOST = 10
TONES = {AnswerKind.ACCEPTED: "circle-check", AnswerKind.REJECTED: "circle-x",
         AnswerKind.COMMENT: "message-square"}  # fmt: skip


def answers(request: HttpRequest, quote: Quote) -> dict[str, Any] | None:
    """Links that work and what came back by them; None for a draft, and for who may not see it."""
    user: Any = request.user
    rights = rights_of(user)
    if quote.status in (Status.DRAFT, Status.APPROVAL) or any(
        rights.field_rule(KEY, name) == "hidden" for name in ("status", "answer")
    ):
        return None
    editable = reaches(user, quote, "edit")
    works = standing(quote) == OPEN
    links = QuoteLink.objects.filter(quote=quote, revoked_at__isnull=True)
    said = list(QuoteAnswer.objects.filter(quote=quote).order_by("-at", "-pk"))
    may_offer = works and editable and rules_allow(user, quote)
    shown = list(links.select_related("made_by").order_by("-made_at")[:MOST]) if works else []
    if not (said or shown or may_offer):
        return None
    return {
        "answers": [(one, TONES[AnswerKind(one.kind)]) for one in said],
        "links": shown,
        "offer_url": f"/quotes/{quote.pk}/offer" if may_offer else "",
        "editable": editable,
        "until": quote.valid_until,
    }


ANSWERS = Panel("answers", _("Answer"), "sales/quotes/offer/panel.html", answers, order=5)
