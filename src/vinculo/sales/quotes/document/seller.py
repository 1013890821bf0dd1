"""Who offers and to whom, as plain words: kept with an issue, so that a paper stays as it went out."""

from __future__ import annotations

from typing import Any

from vinculo.kernel.addresses import address_lines
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.parties.understanding import address_of, default_country
from vinculo.platform import installation
from vinculo.sales.quotes.document.models import letterhead
from vinculo.sales.quotes.models import Issued, Quote


def parties_now(quote: Quote) -> dict[str, Any]:
    """Seller and buyer as they are today."""
    return {"seller": seller(), "buyer": _buyer(quote)}


def parties_of(quote: Quote) -> dict[str, Any]:
    """Seller and buyer of a quote: as they were when it was issued, else as they are today."""
    kept = Issued.objects.filter(quote=quote).values_list("parties", flat=True).first()
    return kept or parties_now(quote)


def seller() -> dict[str, Any]:
    """Us, as the letterhead says it."""
    ours = letterhead()
    return {
        "name": ours.name or installation.company_name() or "Vinculo",
        "tax_id": ours.tax_id,
        **{part: getattr(ours, part).splitlines() for part in ("address", "contact", "bank", "footer")},
    }  # fmt: skip


def _buyer(quote: Quote) -> dict[str, Any]:
    company, person = quote.company, quote.person
    customer = company or person
    named = (company.legal_name or company.name) if company is not None else str(person)
    return {
        "name": named,
        "contact": str(person) if company is not None and person is not None else "",
        "address": _address(customer, quote.language),
        "tax_id": customer.tax_id if customer is not None else "",
    }


def _address(party: Party | None, language: str) -> list[str]:
    points = ContactPoint.objects.filter(party_id=party.pk if party else 0)
    point = points.filter(kind=ContactKind.ADDRESS).order_by("-is_primary", "pk").first()
    if point is None:
        return []
    return address_lines(address_of(point), language or "en", default_country())
