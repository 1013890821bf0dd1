"""Whom a lead goes to: plain functions over plain values, the same for one lead, a thousand and a
preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from vinculo.sales.assigning.models import Way


@dataclass
class Seat:
    """A colleague to whom leads may go, as they stand now."""

    user_id: int
    #: Open leads and deals.
    load: int = 0
    #: Open leads alone: what the capacity speaks of.
    leads: int = 0
    most: int | None = None
    #: rule → the place of their last turn by it, the latest the highest; 0 for none yet.
    turns: dict[int, int] = field(default_factory=dict)
    skills: frozenset[tuple[str, str]] = frozenset()

    @property
    def has_room(self) -> bool:
        """Whether they take one more."""
        return self.most is None or self.leads < self.most


@dataclass(frozen=True)
class Wish:
    """A rule as it is applied: whose turn it may be, and how one is chosen."""

    pk: int
    people: tuple[int, ...]
    way: str
    match: str = ""


class Table:
    """Everybody's seats while leads are dealt out."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        self.seats = {one.user_id: one for one in seats}
        self._clock = max((t for s in self.seats.values() for t in s.turns.values()), default=0)

    @property
    def is_full(self) -> bool:
        """Nobody takes one more."""
        return not any(seat.has_room for seat in self.seats.values())

    def deal(
        self, wish: Wish, values: Mapping[str, str], without: Collection[int] = ()
    ) -> int | None:
        """Give one lead with these `values` (what is matched → folded) by a rule; whoever gets it,
        or None where nobody can take it. `without` had it before."""
        fitting = [
            seat
            for pk in wish.people
            if (seat := self.seats.get(pk)) is not None
            and seat.has_room
            and pk not in without
            and (not wish.match or (wish.match, values.get(wish.match, "")) in seat.skills)
        ]
        if not fitting:
            return None
        least = wish.way == Way.LEAST_BUSY
        chosen = min(
            fitting,
            key=lambda one: (one.load if least else 0, one.turns.get(wish.pk, 0), one.user_id),
        )
        self._clock += 1
        chosen.turns[wish.pk] = self._clock
        chosen.load += 1
        chosen.leads += 1
        return chosen.user_id
