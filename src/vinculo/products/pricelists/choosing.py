"""Which of many prices holds: pure, so that it can be tried with whatever there may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Offer:
    """A price in a list, as far as choosing asks."""

    price: Decimal
    from_quantity: Decimal
    #: The list, and how narrow it is: 0 for everybody, 1 for a class, from 2 on for a company (the
    #: nearer it stands to the customer, the larger).
    price_list: int = 0
    narrow: int = 0
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, quantity: Decimal, on: date) -> bool:
        """For so many, on a day."""
        begun = self.valid_from is None or self.valid_from <= on
        over = self.valid_until is not None and self.valid_until < on
        return begun and not over and self.from_quantity <= quantity


def chosen(offers: Iterable[Offer], quantity: Decimal, on: date) -> Offer | None:
    """The one that holds: of the list made for the narrowest circle, then of the one that began
    last, then of the newest; in it the price from the largest quantity that is reached.

    >>> from_ten = Offer(Decimal(9), Decimal(10))
    >>> chosen([Offer(Decimal(10), Decimal(0)), from_ten], Decimal(12), date(2026, 1, 1)).price
    Decimal('9')
    """
    held = [one for one in offers if one.holds(quantity, on)]
    return max(
        held,
        key=lambda one: (
            one.narrow, one.valid_from or date.min, one.price_list, one.from_quantity,
        ),
        default=None,
    )  # fmt: skip
