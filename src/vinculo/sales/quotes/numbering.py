"""Numbers of quotes: in series without gaps, given when a quote is issued."""

from __future__ import annotations

from datetime import date

from vinculo.sales.quotes.models import QuoteSeries, QuoteSettings


def quote_settings() -> QuoteSettings:
    """The settings, the usual ones where nobody has saved any."""
    return QuoteSettings.objects.order_by("pk").first() or QuoteSettings()


def next_number(on: date) -> tuple[QuoteSeries, int, str]:
    """The next number of the series of a day, held until the transaction ends: whoever issues at
    the same time waits, and a refusal gives the number back.

    Returns the series, the number in it, and how it is written.
    """
    settings = quote_settings()
    prefix = settings.number_prefix.replace("{year}", str(on.year))
    QuoteSeries.objects.get_or_create(name=prefix)
    series = QuoteSeries.objects.select_for_update(of=("self",)).get(name=prefix)
    series.last += 1
    series.save(update_fields=["last"])
    return series, series.last, f"{prefix}{series.last:0{settings.number_digits}d}"
