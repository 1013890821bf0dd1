"""How many requests each route answered, how and how fast: counted once for all web processes.

The counters lie in memory that the web processes share, made before they are forked: nothing is
written to disk, and a process that dies takes no count along.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

#: Upper edges of the histogram, in seconds.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
OTHER = "(other)"
_WIDTH = len(BUCKETS) + 2  # the buckets, everything, and the microseconds


class Counters:
    """A row for each route and class of status, in shared memory."""

    def __init__(self, routes: list[str]) -> None:
        self.routes = {route: place for place, route in enumerate([OTHER, *routes])}
        size = len(self.routes) * len(CLASSES) * _WIDTH * 8
        self._cells = memoryview(mmap.mmap(-1, size)).cast("Q")
        # A file lock between processes, since the kernel frees it when one is killed.
        self._file, name = tempfile.mkstemp()
        os.unlink(name)  # noqa: PTH108 - open for as long as the counters live
        self._threads = threading.Lock()

    def count(self, route: str, status: int, seconds: float) -> None:
        """One more answer."""
        kind = min(max(status // 100, 1), len(CLASSES)) - 1
        place = (self.routes.get(route, 0) * len(CLASSES) + kind) * _WIDTH
        with self._alone():
            for step, edge in enumerate(BUCKETS):
                if seconds <= edge:
                    self._cells[place + step] += 1
            self._cells[place + len(BUCKETS)] += 1
            self._cells[place + len(BUCKETS) + 1] += int(seconds * 1_000_000)

    def rows(self) -> Iterator[tuple[str, str, list[int], int, float]]:
        """Route, class, cumulated buckets, amount, seconds: of all that were asked for."""
        with self._alone():
            cells = self._cells.tolist()
        for route, place in self.routes.items():
            for step, kind in enumerate(CLASSES):
                start = (place * len(CLASSES) + step) * _WIDTH
                *buckets, amount, micro = cells[start : start + _WIDTH]
                if amount:
                    yield route, kind, buckets, amount, micro / 1_000_000

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


_counters: Counters | None = None


def counters() -> Counters:
    """The counters of this installation's web processes; to be called once before forking."""
    global _counters
    if _counters is None:
        _counters = Counters(sorted(set(_routes())))
    return _counters


def count_request(route: str, status: int, seconds: float) -> None:
    """Note one answered request."""
    counters().count(route, status, seconds)


def _routes() -> Iterator[str]:
    from django.urls import URLResolver, get_resolver

    def below(patterns: Sequence[object], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(getattr(one, "pattern", ""))
            if isinstance(one, URLResolver):
                yield from below(one.url_patterns, here)
            else:
                yield f"/{here}"

    yield from below(get_resolver().url_patterns, "")
    yield "(none)"
