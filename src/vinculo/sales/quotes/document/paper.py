"""A quote as words and numbers, ready to be laid out: in its own language, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, override, pgettext

from vinculo.kernel.quoting import LineSums, Reckoning
from vinculo.platform.formats import Styles, date_text, money_text, number_text, written_as
from vinculo.products.entities import currency_of
from vinculo.sales.quotes.derived import lines_of, reckoned
from vinculo.sales.quotes.document.seller import parties_of
from vinculo.sales.quotes.models import Quote, QuoteLine, Status

#: What is on its way, and not offered to anybody yet.
DRAFTS = (Status.DRAFT, Status.APPROVAL)
#: What is offered no more: a paper that still goes round says so.
OVER = (Status.WITHDRAWN, Status.REPLACED, Status.EXPIRED, Status.REJECTED)


@contextmanager
def in_its_language(language: str) -> Iterator[None]:
    """Write words, dates and numbers as a customer reads them, not as whoever is signed in."""
    with override(language or "en"), written_as(Styles()):
        yield


def paper_of(quote: Quote) -> dict[str, Any]:
    """All that stands on the paper of a quote, as plain JSON."""
    lines = lines_of(quote)
    return laid_out(quote, lines, reckoned(quote, lines), parties_of(quote))


def laid_out(
    quote: Quote, lines: Sequence[QuoteLine], sums: Reckoning, parties: dict[str, Any]
) -> dict[str, Any]:
    """The same of lines and parties at hand."""
    with in_its_language(quote.language):
        return {
            **_head(quote), **parties, **table_of(quote, lines, sums), "words": _words(),
        }  # fmt: skip


def issued_at(quote: Quote) -> datetime:
    """The instant that the file says it was made at: the same each time it is made."""
    day = quote.issued_on or date(2000, 1, 1)
    return datetime.combine(day, time(), UTC)


def _head(quote: Quote) -> dict[str, Any]:
    facts = [(pgettext("of a quote", "Number"), quote.full_number)] if quote.number else []
    if quote.issued_on is not None:
        facts.append((pgettext("on a paper", "Date"), date_text(quote.issued_on, "long")))
    if quote.valid_until is not None:
        facts.append((gettext("Valid until"), date_text(quote.valid_until, "long")))
    return {
        "title": gettext("Quote"),
        "subject": quote.name,
        "facts": facts,
        "mark": _mark(quote),
        "terms": quote.terms.splitlines(),
    }


def _mark(quote: Quote) -> str:
    """What is printed across a paper that is no offer (any more)."""
    if quote.status in DRAFTS:
        return pgettext("on a paper", "Draft")
    return str(quote.get_status_display()) if quote.status in OVER else ""


def _words() -> dict[str, str]:
    return {
        "tax_id": gettext("Tax id"),
        "contact": gettext("Contact person"),
        "bank": gettext("Bank details"),
        "terms": gettext("Terms"),
        "page": pgettext("on a paper", "Page %(page)s of %(pages)s")
        % {"page": "{page}", "pages": "{pages}"},
    }


def table_of(quote: Quote, lines: Sequence[QuoteLine], sums: Reckoning) -> dict[str, Any]:
    """The lines with what they come to, and the totals; in the language in force."""
    currency = currency_of(quote)
    shown = [_line(line, one, currency) for line, one in zip(lines, sums.lines, strict=True)]
    discounts = any(row["discount"] for row in shown)
    head = [
        pgettext("of a line", "What"), gettext("Quantity"), gettext("Unit price"),
        gettext("Discount"), gettext("Tax"), pgettext("of a line", "Amount"),
    ]  # fmt: skip
    left_out = any(not line.counts for line in lines)
    return {
        "head": head,
        "discounts": discounts,
        "lines": shown,
        "totals": _totals(quote, sums, currency),
        "note": gettext("Optional lines that are not taken add nothing to the total.")
        if left_out
        else "",
    }


def _line(line: QuoteLine, sums: LineSums, currency: str) -> dict[str, Any]:
    mark = ""
    if line.optional:
        mark = pgettext("of a line", "Taken") if line.chosen else pgettext("of a line", "Optional")
    quantity = number_text(line.quantity.normalize())
    return {
        "name": line.name,
        "description": line.description.splitlines(),
        "mark": mark,
        "counts": line.counts,
        "quantity": f"{quantity} {line.unit}".strip(),
        "price": money_text(line.price, currency),
        "discount": _discount(line.discount_percent, line.discount_amount, currency),
        "tax": _percent(line.tax_rate),
        "net": money_text((sums.net + sums.share).amount, currency),
    }


def _discount(percent: Decimal | None, amount: Decimal | None, currency: str) -> str:
    if percent is not None:
        return f"−{_percent(percent)}"
    return f"−{money_text(amount, currency)}" if amount is not None else ""


def _percent(rate: Decimal) -> str:
    return f"{number_text(rate.normalize())} %"


def _totals(quote: Quote, sums: Reckoning, currency: str) -> list[dict[str, Any]]:
    rows: list[tuple[str, str]] = []
    if sums.discount:
        rows.append((gettext("Subtotal"), money_text(sums.subtotal.amount, currency)))
        label = gettext("Discount on everything")
        if quote.discount_percent is not None:
            label = f"{label} ({_percent(quote.discount_percent)})"
        rows.append((label, f"−{money_text(sums.discount.amount, currency)}"))
    rows.append((gettext("Net"), money_text(sums.net.amount, currency)))
    for one in sums.rates:
        if one.rate:
            base = money_text(one.net.amount, currency)
            label = gettext("Tax %(rate)s on %(base)s") % {"rate": _percent(one.rate), "base": base}
            rows.append((label, money_text(one.tax.amount, currency)))
    rows.append((pgettext("of a quote", "Total"), money_text(sums.gross.amount, currency)))
    return [{"label": label, "amount": amount, "last": at == len(rows) - 1}
            for at, (label, amount) in enumerate(rows)]  # fmt: skip
