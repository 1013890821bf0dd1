"""A paper of nobody, to look at a letterhead with."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext

from vinculo.kernel.quoting import QuotedLine, reckon
from vinculo.products.currency import books_currency
from vinculo.sales.quotes.document.paper import in_its_language, laid_out
from vinculo.sales.quotes.document.seller import seller
from vinculo.sales.quotes.models import Quote, QuoteLine, Status

DAY = date(2026, 1, 1)


def sample_paper(language: str) -> dict[str, Any]:
    """A made-up quote under our letterhead, in a language."""
    with in_its_language(language):
        what = pgettext("on a sample paper", "Something you offer")
        buyer = pgettext("on a sample paper", "Your customer")
    quote = Quote(
        name=what, number="Q-0000", language=language, currency=books_currency(), issued_on=DAY,
        valid_until=DAY + timedelta(days=30), status=Status.SENT,
    )  # fmt: skip
    lines = [
        QuoteLine(name=what, quantity=Decimal(3), price=Decimal(250), tax_rate=Decimal(20)),
        QuoteLine(name=what, quantity=Decimal(1), price=Decimal(90), tax_rate=Decimal(20),
                  optional=True),
    ]  # fmt: skip
    quoted = [QuotedLine(one.quantity, one.price, one.tax_rate, chosen=one.counts) for one in lines]
    parties = {
        "seller": seller(),
        "buyer": {"name": buyer, "contact": "", "address": [], "tax_id": ""},
    }
    return laid_out(quote, lines, reckon(quoted, quote.currency), parties)
