"""The verbs of currencies: choose that of the books, set rates by hand or from a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import is_currency
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.platform.models.custom import new_stamp
from vinculo.products import currency as known
from vinculo.products.models import BooksCurrency, ExchangeRate
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import Style, style_of

MOST_RATES = 100_000
LARGEST = Decimal(10) ** 9
SMALLEST = Decimal(1) / 10**9


@dataclass(frozen=True)
class Rate:
    """From `on` on, one unit of `currency` is worth `rate` in the books' currency."""

    currency: str
    on: date
    rate: Decimal


@action("products.choose_currency", label=_t("Choose the currency of the books"), granted=False)
def choose_currency(*, actor: User, code: str) -> None:
    """Tell all sums in this currency from now on; rates must be given against it."""
    administrators_only(actor)
    if not is_currency(code):
        raise DomainError(_("“%(code)s” is not a currency."), field="code", code=code[:20])
    row = BooksCurrency.objects.select_for_update().order_by("pk").first() or BooksCurrency()
    if row.pk is not None and row.code == code:
        return
    if ExchangeRate.objects.exists():
        raise DomainError(
            _("Delete the exchange rates first: they are worth nothing in another currency."),
            field="code",
        )
    row.code, row.stamp = code, new_stamp()
    row.save()
    known.forget()
    journal.relabel(code)
    emit("products.rates_changed", {"currencies": None})


@action("products.set_rates", label=_t("Set exchange rates"), granted=False)
def set_rates(*, actor: User, rates: Sequence[Rate]) -> int:
    """Write rates, each in the place of one of the same currency and day; how many were new or
    other ones. Refuses all of them where one cannot be right."""
    administrators_only(actor)
    if len(rates) > MOST_RATES:
        raise DomainError(_("These are too many rates at once."))
    wanted = {}
    for one in rates:
        wanted[one.currency, one.on] = _checked(one)
    held = {
        (row.currency, row.on): row.rate
        for row in ExchangeRate.objects.filter(currency__in={one.currency for one in rates})
    }
    other = [one for key, one in wanted.items() if held.get(key) != one.rate]
    ExchangeRate.objects.bulk_create(
        [ExchangeRate(currency=one.currency, on=one.on, rate=one.rate) for one in other],
        update_conflicts=True,
        update_fields=["rate"],
        unique_fields=["currency", "on"],
        batch_size=5000,
    )
    if other:
        emit("products.rates_changed", {"currencies": sorted({one.currency for one in other})})
    return len(other)


@action("products.delete_rate", label=_t("Delete an exchange rate"), granted=False)
def delete_rate(*, actor: User, rate: ExchangeRate) -> None:
    """Take a rate away; the one before it holds for its days then."""
    administrators_only(actor)
    journal.relabel(str(rate))
    code = rate.currency
    rate.delete()
    emit("products.rates_changed", {"currencies": [code]})


def _checked(one: Rate) -> Rate:
    if not is_currency(one.currency):
        raise DomainError(
            _("“%(code)s” is not a currency."), field="currency", code=one.currency[:20]
        )
    if one.currency == known.books_currency():
        raise DomainError(
            _("%(code)s is the currency of the books: it needs no rate."),
            field="currency",
            code=one.currency,
        )
    if not SMALLEST <= one.rate <= LARGEST:
        raise DomainError(_("This rate cannot be right."), field="rate")
    return Rate(one.currency, one.on, one.rate.quantize(Decimal(1).scaleb(-10)))


def read_rates(lines: Iterable[Sequence[str]]) -> list[Rate]:
    """Rates out of the rows of a table: a currency, a day and a rate in each, in any order of
    columns; a head is passed over. DomainError names the line that cannot be read.

    >>> read_rates([["currency", "date", "rate"], ["usd", "2026-01-02", "0.92"]])
    [Rate(currency='USD', on=datetime.date(2026, 1, 2), rate=Decimal('0.92'))]
    """
    rows = [[cell.strip() for cell in cells] for cells in lines]
    width = max((len(cells) for cells in rows), default=0)
    styles = [style_of(cells[at] for cells in rows if at < len(cells)) for at in range(width)]
    found = []
    for number, cells in enumerate(rows, 1):
        if not any(cells):
            continue
        read = _read_line(cells, styles)
        if read is not None:
            found.append(read)
        elif number > 1 or any(cell[:1].isdigit() for cell in cells):
            raise DomainError(
                _("Line %(number)s is no rate: it needs a currency, a day and a number."),
                number=number,
            )
    if not found:
        raise DomainError(_("There is no rate here."))
    return found


def _read_line(cells: Sequence[str], styles: Sequence[Style]) -> Rate | None:
    code, day, number = None, None, None
    for cell, style in zip(cells, styles, strict=False):
        if code is None and is_currency(cell.upper()):
            code = cell.upper()
        elif day is None and not _plain(cell) and _day(cell, style) is not None:
            day = _day(cell, style)
        elif number is None and cell:
            number = _number(cell, style)
    if code is None or day is None or number is None:
        return None
    return Rate(code, day, number)


def _day(cell: str, style: Style) -> date | None:
    try:
        return values.read_date(cell, style)
    except DomainError:
        return None


def _number(cell: str, style: Style) -> Decimal | None:
    try:
        return values.read_number(cell, style)
    except DomainError:
        return None


def _plain(cell: str) -> bool:
    """Whether a cell is a number rather than a day."""
    return cell.replace(".", "", 1).replace(",", "", 1).isdigit()
