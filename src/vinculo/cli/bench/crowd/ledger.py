"""What the crowd asked for and was told: the answers' times, and every write by its mark."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

#: What a write leaves behind, by kind: where it is looked up afterwards (see proof.py).
CALL, TASK, EDIT, FORM, PROGRAM, BULK = "call", "task", "edit", "form", "program", "bulk"


@dataclass(slots=True)
class Write:
    """One write: the mark that finds it again, and whether anybody said that it was done."""

    kind: str
    mark: str
    acknowledged: bool = False
    tries: int = 0


@dataclass
class Ledger:
    """Kept by all people of the crowd together."""

    writes: list[Write] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)  # milliseconds by what was asked
    unanswered: Counter[str] = field(default_factory=Counter)  # "503", "no answer", …
    wrong: list[str] = field(default_factory=list)  # answers nobody should get
    requests: int = 0
    _lock: Lock = field(default_factory=Lock)

    def promise(self, kind: str, mark: str) -> Write:
        """Note a write before it is sent."""
        write = Write(kind, mark)
        with self._lock:
            self.writes.append(write)
        return write

    def note(self, name: str, began: float) -> None:
        """A request that was answered as it should be; `began` by time.perf_counter()."""
        took = (time.perf_counter() - began) * 1000
        with self._lock:
            self.requests += 1
            self.took.setdefault(name, []).append(took)

    def turn_away(self, why: str) -> None:
        """A request that was told to come again, or not answered at all."""
        with self._lock:
            self.requests += 1
            self.unanswered[why] += 1

    def complain(self, what: str) -> None:
        """A request that got what nobody should get."""
        with self._lock:
            self.requests += 1
            self.wrong.append(what)

    def of(self, kind: str) -> list[Write]:
        """The writes of one kind."""
        return [write for write in self.writes if write.kind == kind]
