"""Shares of counted things: bounds that always hold, and figures from books."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.proportions import conversions, share, velocity, wilson

COUNTS = st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)).map(
    lambda two: (min(two), max(two))
)


@given(COUNTS)
def test_an_interval_holds_its_share_and_stays_between_none_and_all(
    counts: tuple[int, int],
) -> None:
    hits, tries = counts
    found = wilson(hits, tries)
    if not tries:
        assert found is None
        return
    assert found is not None
    low, high = found
    part = share(hits, tries)
    assert part is not None
    assert 0 <= low <= part <= high <= 1
    # What is missed is what is hit, seen from the other side.
    assert wilson(tries - hits, tries) == (1 - high, 1 - low)


@given(COUNTS, st.integers(2, 50))
def test_more_cases_say_it_more_surely(counts: tuple[int, int], times: int) -> None:
    def width(hits: int, tries: int) -> Decimal:
        low, high = wilson(hits, tries) or (Decimal(0), Decimal(0))
        return high - low

    hits, tries = counts
    assert width(hits * times, tries * times) <= width(hits, tries) + Decimal("0.0001")


def test_the_interval_is_that_of_the_books() -> None:
    """Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    books = {(81, 263): ("0.2553", "0.3662"), (15, 148): ("0.0624", "0.1605"),
             (0, 20): ("0.0000", "0.1611"), (1, 29): ("0.0061", "0.1718")}  # fmt: skip
    for counts, ends in books.items():
        assert wilson(*counts) == tuple(Decimal(end) for end in ends)


@given(st.lists(st.integers(0, 10**6), max_size=8).map(lambda some: sorted(some, reverse=True)))
def test_conversions_multiply_to_what_came_through(reached: list[int]) -> None:
    found = conversions(reached)
    assert len(found) == len(reached)
    assert all(part is None or 0 <= part <= 1 for part in found)
    if reached and reached[-1]:
        through = Decimal(1)
        for part in found[1:]:
            assert part is not None
            through *= part
        whole = share(reached[-1], reached[0])
        assert whole is not None
        assert abs(through - whole) < Decimal("0.001")


def test_velocity_is_what_a_day_brings() -> None:
    assert velocity(40, Decimal("0.25"), Decimal(25_000), Decimal(90)) == Decimal(250_000) / 90
    assert velocity(40, Decimal("0.25"), Decimal(25_000), Decimal(0)) is None
