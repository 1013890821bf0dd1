"""Notes of who looked at what, written in batches beside the requests (ADR 15).

A page is read in a transaction that cannot write (ADR 8), and must not wait for a note of itself.
So a process keeps its notes for a moment and a thread of its own writes them together, through a
connection of its own. What a process holds is written when it ends in order.
"""

import logging
import os
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from vinculo.kernel.clock import now

if TYPE_CHECKING:
    from vinculo.platform.models import User

logger = logging.getLogger("vinculo.access")

#: A record opened again within so many seconds (a page that reloads itself) is one access.
SAME = 60.0
#: Notes that wait while the database cannot be reached; beyond that the oldest are let go, loudly.
MOST_WAITING = 50_000


@dataclass(frozen=True)
class Access:
    """One note: who, through whose eyes, by which door, what, how much."""

    at: datetime
    user_id: int
    seen_as: int | None
    how: str
    entity: str
    row_id: int | None = None
    rows: int | None = None
    query: str = ""

    @property
    def same(self) -> tuple[Any, ...]:
        """What makes two notes of a record the same one."""
        return (self.user_id, self.seen_as, self.how, self.entity, self.row_id)


class Notes:
    """The notes of this process that are not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._waiting: list[Access] = []
        self._lately: dict[tuple[Any, ...], datetime] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, note: Access) -> None:
        """Keep a note until the next batch; costs no query."""
        with self._lock:
            if self._pid != os.getpid():
                self._start()  # a fork begins without its parent's thread
            if note.row_id is not None:
                before = self._lately.get(note.same)
                if before is not None and (note.at - before).total_seconds() < SAME:
                    return
                self._lately[note.same] = note.at
            self._waiting.append(note)
            if self._thread is None and settings.ACCESS_FLUSH_SECONDS:
                self._thread = threading.Thread(
                    target=self._write_now_and_then, name="access notes", daemon=True
                )
                self._thread.start()
                # Runs in forks of multiprocessing too, where atexit does not.
                Finalize(None, self.end, exitpriority=10)

    def _write_now_and_then(self) -> None:
        while not self._stop.wait(settings.ACCESS_FLUSH_SECONDS):
            self.flush()

    def end(self) -> None:
        """Write what is left, once, before the process ends."""
        self._stop.set()
        self.flush()

    def flush(self, connection: Any = None) -> int:
        """Write what waits in one statement (through `connection`, or one beside the requests);
        returns how many notes. What cannot be written waits for the next time."""
        with self._lock:
            batch, self._waiting = self._waiting, []
            old = now() - timedelta(seconds=SAME)
            self._lately = {key: at for key, at in self._lately.items() if at > old}
        if not batch:
            return 0
        beside = None if connection else connections["default"].copy()
        try:
            write(batch, connection or beside)
        except Exception:
            logger.exception("Notes of who looked at what could not be written; tried again.")
            with self._lock:
                self._waiting = (batch + self._waiting)[-MOST_WAITING:]
            return 0
        finally:
            if beside is not None:
                beside.close()
        return len(batch)


# A user who was taken away meanwhile (a demo that ended) takes their notes along.
INSERT = """
INSERT INTO platform_accessevent (at, user_id, seen_as_id, how, entity, row_id, rows, query)
SELECT n.* FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                       %s::bigint[], %s::bigint[], %s::text[])
     AS n(at, user_id, seen_as, how, entity, row_id, rows, query)
WHERE EXISTS (SELECT FROM platform_user u WHERE u.id = n.user_id)
AND (n.seen_as IS NULL OR EXISTS (SELECT FROM platform_user u WHERE u.id = n.seen_as))
"""


def write(batch: list[Access], connection: Any) -> None:
    """Write these notes in one statement."""
    columns = ("at", "user_id", "seen_as", "how", "entity", "row_id", "rows", "query")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [[getattr(note, name) for note in batch] for name in columns])


notes = Notes()


def note_record(user: "User", how: str, entity: str, row_id: int) -> None:
    """`user` read one record by the door `how` (see `AccessEvent.How`)."""
    notes.add(Access(now(), *eyes(user), how, entity, row_id))


def note_list(user: "User", how: str, entity: str, rows: int, query: str = "") -> None:
    """`user` read `rows` rows of a list at once, narrowed by `query`."""
    notes.add(Access(now(), *eyes(user), how, entity, None, rows, query.replace("\x00", "")[:500]))


def eyes(user: "User") -> tuple[int, int | None]:
    """Who really looks, and as whom: an administrator may look through a colleague's eyes."""
    behind: User | None = getattr(user, "viewed_by", None)
    return (user.pk, None) if behind is None else (behind.pk, user.pk)


def prune_accesses(instant: datetime) -> int:
    """Forget what is older than `VINCULO_ACCESS_DAYS`; returns how many notes."""
    from vinculo.platform.models import AccessEvent

    oldest = instant - timedelta(days=settings.VINCULO_ACCESS_DAYS)
    return int(AccessEvent.objects.filter(at__lt=oldest)._raw_delete("default"))
