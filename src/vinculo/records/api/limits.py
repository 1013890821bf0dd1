"""How often one key or person may call: a bucket that holds a minute's calls and refills evenly.

Counted in the memory of each web process: a counter in the database would make every reading call
a writing one. So the whole server allows at most its number of web processes times the rate.
"""

import math
import threading
import time

from django.conf import settings

MOST_BUCKETS = 10_000


class Buckets:
    """Token buckets by name; the rate is calls per minute, 0 for no limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, float]] = {}

    def take(self, name: str, rate: int) -> int:
        """Take one call out of a bucket; 0 when there was one, else the seconds to wait."""
        if rate <= 0:
            return 0
        instant = time.monotonic()
        per_second = rate / 60
        with self._lock:
            left, since = self._held.get(name, (float(rate), instant))
            left = min(float(rate), left + (instant - since) * per_second)
            if left < 1:
                self._held[name] = (left, instant)
                return max(1, math.ceil((1 - left) / per_second))
            if len(self._held) >= MOST_BUCKETS and name not in self._held:
                # A bucket untouched for a minute is full again: forgetting it changes nothing.
                self._held = {key: at for key, at in self._held.items() if instant - at[1] < 60}
            self._held[name] = (left - 1, instant)
            return 0

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._held.clear()


buckets = Buckets()


def rate() -> int:
    """Calls per minute that one key or person may make to this process."""
    return int(getattr(settings, "VINCULO_API_RATE", 600))
