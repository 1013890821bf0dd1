"""What a quote must be before it is written; forms, cells, API and imports all pass here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.quoting import Discount
from vinculo.kernel.text import clean
from vinculo.parties.confirming.links import language_of
from vinculo.platform.models import User
from vinculo.products.entities import checked_currency
from vinculo.records.registry import entity
from vinculo.sales.quotes.models import Quote, QuoteLine, Status
from vinculo.sales.quotes.numbering import quote_settings

#: What may be changed of a quote that is no draft any more.
ALWAYS = frozenset(("owner", "team"))
WAITS = _("This quote waits for approval. Withdraw it to change it.")
ISSUED = _("An issued quote is not changed any more. Make its next version.")


def prepare_quote(user: User, record: Quote, data: dict[str, Any]) -> None:
    """Check the values of a form, a cell or a call, and add what follows from them."""
    declared = {name for name in data if not name.endswith("_id")} - ALWAYS
    if record.pk is not None and declared:
        must_be_draft(record)
    _customer(record, data)
    _currency(record, data)
    _discount(record, data)
    _validity(record, data)
    if not (data.get("language") or record.language):
        data["language"] = language_of(
            _after(record, data, "company") or _after(record, data, "person")
        )
    if not clean(str(data.get("name", record.name) or "")):
        data["name"] = str(
            _after(record, data, "deal") or _after(record, data, "company")
            or _after(record, data, "person")
        )[:200]  # fmt: skip


def fixed_of(quote: Quote) -> dict[str, str]:
    """What is not typed on this quote: nearly all, once it is no draft any more."""
    if quote.status == Status.DRAFT:
        return {}
    why = WAITS if quote.status == Status.APPROVAL else ISSUED
    return {name: why for name in entity("sales.quote").all_fields if name not in ALWAYS}


def must_be_draft(quote: Quote) -> None:
    """Refuse to change a quote that the customer, or who approves it, has before them."""
    if quote.status == Status.APPROVAL:
        raise DomainError(WAITS)
    if quote.status != Status.DRAFT:
        raise DomainError(ISSUED)


def _after(record: Quote, data: dict[str, Any], name: str) -> Any:
    """The row that a reference will mean once the data is written."""
    return data[name] if name in data else getattr(record, name)


def _customer(record: Quote, data: dict[str, Any]) -> None:
    """A deal brings its customer along, a person their company; one of them there must be."""
    deal = data.get("deal")
    person, company = _after(record, data, "person"), _after(record, data, "company")
    if deal is not None and company is None and person is None:
        company, person = deal.company, deal.person
        data |= {"company": company, "person": person}
    if company is None and person is not None and person.company_id and "person" in data:
        company = data["company"] = person.company
    if company is None and person is None:
        raise DomainError(_("A quote needs a company or a contact person."), field="company")


def _currency(record: Quote, data: dict[str, Any]) -> None:
    """A quote has a currency, and its prices are in it for good."""
    if "currency" not in data and record.currency:
        return
    deal = _after(record, data, "deal")
    given = data.get("currency") or record.currency or (deal.currency if deal else "")
    data["currency"] = checked_currency(given)
    other = record.pk is not None and data["currency"] != record.currency
    if other and QuoteLine.objects.filter(quote=record).exists():
        raise DomainError(
            _("The lines have their prices in %(code)s. Remove them to choose another currency."),
            field="currency", code=record.currency,
        )  # fmt: skip


def _discount(record: Quote, data: dict[str, Any]) -> None:
    percent = data.get("discount_percent", record.discount_percent)
    amount = data.get("discount_amount", record.discount_amount)
    for name in ("discount_amount", "discount_percent"):
        if data.get(name) is not None:
            try:
                Discount(percent, amount)
            except DomainError as refusal:
                raise DomainError(refusal.message, field=name) from None


def _validity(record: Quote, data: dict[str, Any]) -> None:
    """A quote is valid for the usual time unless it says until when; a day that has passed is
    refused when it is issued."""
    today = timezone.localdate(now())
    if data.get("valid_until") is None and (record.pk is None or "valid_until" in data):
        data["valid_until"] = today + timedelta(days=quote_settings().valid_days)
