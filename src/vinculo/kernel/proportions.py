"""Shares of counted things: how they convert from step to step, and how sure a share is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import sqrt

#: From fewer cases nobody should read a share.
FEW = 5
#: So many standard errors to each side hold 95 of 100 times.
Z95 = 1.959963984540054
_PLACES = Decimal("0.0001")


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` (0 to 1, four decimals); None of nothing.

    >>> share(1, 3)
    Decimal('0.3333')
    """
    return (Decimal(part) / whole).quantize(_PLACES) if whole else None


def conversions(reached: Sequence[int]) -> list[Decimal | None]:
    """Of how many reached each step, the share that came from the step before; None for the first
    one, and where nobody had reached the step before."""
    came = [share(after, before) for before, after in pairwise(reached)]
    return [None, *came] if reached else []


def wilson(hits: int, tries: int) -> tuple[Decimal, Decimal] | None:
    """Between which shares (0 to 1) the true one lies, 95 of 100 times: the score interval of
    E. B. Wilson (1927), which holds for few tries and for shares near 0 and 1, too.

    >>> wilson(5, 10)
    (Decimal('0.2366'), Decimal('0.7634'))
    """
    if not tries:
        return None
    rate, square = hits / tries, Z95 * Z95
    middle = rate + square / (2 * tries)
    half = Z95 * sqrt(rate * (1 - rate) / tries + square / (4 * tries * tries))
    ends = ((middle - half) / (1 + square / tries), (middle + half) / (1 + square / tries))
    low, high = (Decimal(min(1.0, max(0.0, end))).quantize(_PLACES) for end in ends)
    return low, high


def velocity(number: int, rate: Decimal, value: Decimal, days: Decimal) -> Decimal | None:
    """What a day brings: `number` chances, of which the share `rate` is won, of that mean `value`,
    in so many `days`; None where no day passes."""
    return number * rate * value / days if days > 0 else None
