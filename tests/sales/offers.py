"""Issued quotes, and links to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.test import Client

from tests.sales.test_quotes import fresh, make
from vinculo.platform.models import User
from vinculo.sales.quotes import actions
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.quotes.offering.links import make_quote_link

LINES = [
    {"name": "Pump", "price": Decimal(100), "tax_rate": Decimal(20)},
    {"name": "Hose", "price": Decimal(10), "tax_rate": Decimal(20), "optional": True},
    {"name": "Visit", "price": Decimal(50), "tax_rate": Decimal(20), "optional": True},
]


def issued(owner: User, **data: Any) -> Quote:
    """An issued quote of `owner`: 100 and two optional lines of 10 and 50, 20 % tax."""
    quote = make(owner, **{"language": "en", "lines": LINES, **data})
    actions.issue_quote(actor=owner, quote=quote)
    return fresh(quote)


def link_to(owner: User, quote: Quote) -> str:
    """The address of a new link, as a path."""
    url = make_quote_link(actor=owner, quote=quote).url
    return url[url.index("/q/") :]


def optional(quote: Quote) -> list[int]:
    return list(QuoteLine.objects.filter(quote=quote, optional=True).values_list("pk", flat=True))


def send(path: str, do: str, client: Client | None = None, **sent: Any) -> Any:
    """An answer as the page sends it."""
    return (client or Client()).post(path, {"name": "Ada Byron", "do": do, **sent})
