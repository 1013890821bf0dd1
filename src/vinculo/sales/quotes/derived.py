"""What follows from quotes: what they come to, and what they are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import connection

from vinculo.kernel.quoting import Discount, QuotedLine, Reckoning, reckon
from vinculo.kernel.text import SearchValues, search_keys
from vinculo.platform.search_keys import write_keys
from vinculo.products.entities import currency_of
from vinculo.records.custom.fields import words_of
from vinculo.sales.quotes.models import Quote, QuoteLine

#: Quotes that lines belong to, and belonged to before this undo took them away.
QUOTES_OF = """
SELECT quote_id FROM sales_quoteline WHERE id = ANY(%(ids)s)
UNION
SELECT (before ->> 'quote_id')::bigint FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = 'sales_quoteline' AND row_id = ANY(%(ids)s) AND op = 'D'
"""


def lines_of(quote: Quote) -> list[QuoteLine]:
    """The lines of a quote, in their order."""
    return list(QuoteLine.objects.filter(quote=quote).order_by("place", "pk"))


def reckoned(quote: Quote, lines: Iterable[QuoteLine]) -> Reckoning:
    """What a quote with these lines comes to. Raises DomainError where its discounts are too much."""
    off = Discount(quote.discount_percent, quote.discount_amount)
    return reckon([_quoted(one) for one in lines], currency_of(quote), off)


def _quoted(line: QuoteLine) -> QuotedLine:
    return QuotedLine(
        line.quantity,
        line.price,
        line.tax_rate,
        Discount(line.discount_percent, line.discount_amount),
        chosen=line.counts,
    )


def given_away(quote: Quote, lines: Sequence[QuoteLine]) -> Decimal:
    """The most, in percent of our list prices, that a quote gives away: with the lines that count,
    or on one that the customer may add. A price below our list gives away as a discount does."""
    found = [_off(reckoned(quote, lines), lines, [one.counts for one in lines])]
    if any(one.optional for one in lines):
        every = reckon(
            [
                QuotedLine(one.quantity, one.price, one.tax_rate,
                           Discount(one.discount_percent, one.discount_amount))
                for one in lines
            ],
            currency_of(quote),
            Discount(percent=quote.discount_percent),
        )  # fmt: skip
        found += [
            _off(every, lines, [one is other for other in lines]) for one in lines if one.optional
        ]
    return max(found)


def _off(reckoning: Reckoning, lines: Sequence[QuoteLine], counted: Sequence[bool]) -> Decimal:
    listed = net = Decimal(0)
    for line, sums, counts in zip(lines, reckoning.lines, counted, strict=True):
        if counts:
            listed += max(sums.list.amount, (line.list_price or Decimal(0)) * line.quantity)
            net += sums.net.amount
    return (listed - net) * 100 / listed if listed else Decimal(0)


def refresh(ids: Sequence[int]) -> None:
    """Bring totals and search keys of the quotes `ids` up to date."""
    quotes = list(Quote.objects.filter(pk__among=list(ids)).select_related("company", "person"))
    by_quote: dict[int, list[QuoteLine]] = {quote.pk: [] for quote in quotes}
    for line in QuoteLine.objects.filter(quote__in=by_quote).order_by("place", "pk"):
        by_quote[line.quote_id].append(line)
    keys = []
    for quote in quotes:
        sums = reckoned(quote, by_quote[quote.pk])
        quote.net, quote.tax, quote.gross = sums.net.amount, sums.tax.amount, sums.gross.amount
        names = tuple(one.name for one in (quote.company, quote.person) if one is not None)
        words = (quote.number, *words_of("sales.quote", quote.custom))
        values = SearchValues(names=(quote.name, *names), words=words)
        keys.append((quote.pk, search_keys(values)))
    Quote.objects.bulk_update(quotes, ["net", "tax", "gross"])
    write_keys(Quote, keys)


def refresh_quotes_of(line_ids: Sequence[int]) -> None:
    """Bring the quotes up to date whose lines an undo has just written or taken away."""
    with connection.cursor() as cursor:
        cursor.execute(QUOTES_OF, {"ids": list(line_ids)})
        refresh([row[0] for row in cursor.fetchall()])
