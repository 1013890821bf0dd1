"""Records that hang together by pairs."""

from __future__ import annotations


class Clusters:
    """Records that hang together by pairs; each group is called by its smallest id."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def of(self, record: int) -> int:
        """The group of a record."""
        above = self._above
        top = record
        while above.get(top, top) != top:
            top = above[top]
        while above.get(record, record) != top:
            above[record], record = top, above[record]
        return top

    def join(self, one: int, other: int) -> None:
        """Both are in one group from now on."""
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first
