"""Long work that its owner can watch and cancel: the progress chip in the top bar.

    work = start_work(user, _("Export of companies"), kind="export", total=120_000)
    enqueue(write_export, work_id=work.pk, actor=user)

    with progress(work_id) as step:          # in the job
        for batch in batches:
            write(batch)
            step.advance(len(batch))         # raises Cancelled when the owner asked for that

Progress is written through a connection of its own, so that it shows while one large transaction
is still open, and that transaction's rollback does not take it back.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform.errors import Cancelled
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify


def start_work(user: User, label: str, *, kind: str, total: int = 0) -> Work:
    """A row for long work that is about to be enqueued; shows in the top bar at once."""
    return Work.objects.create(user=user, label=label[:200], kind=kind, total=total)


def current_work(user: User, most: int = 5) -> list[Work]:
    """What `user` has waiting or running, newest first."""
    active = Work.objects.visible_to(user).filter(
        state__in=[Work.State.WAITING, Work.State.RUNNING]
    )
    return list(active.order_by("-id")[:most])


def cancel_work(user: User, work_id: int) -> Work:
    """Ask the work to stop; it does at its next step. NotFound when it is not the user's own."""
    work = Work.objects.visible_to(user).filter(pk=work_id).first()
    if work is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    if work.active:
        Work.objects.filter(pk=work.pk).update(cancel_requested=True)
    return work


class Step:
    """Counts what is done and notices a wish to cancel, at most a few times a second."""

    def __init__(self, work_id: int, every: float = 0.3) -> None:
        self.work_id = work_id
        self.done = 0
        self._every = every
        self._last = 0.0
        self._beside = connections["default"].copy()

    def advance(self, amount: int = 1) -> None:
        """`amount` more is done; raises Cancelled when the owner asked for that."""
        self.done += amount
        if time.monotonic() - self._last >= self._every:
            self.write()

    def write(self, total: int | None = None) -> None:
        """Show the count (and the total, once it is known) now."""
        self._last = time.monotonic()
        if self._execute(UPDATE, [self.done, total, self.work_id]):
            raise Cancelled

    def end(self, state: str, message: str) -> None:
        """Show that it ended without its result."""
        self._execute(END, [self.done, state, message[:300], now(), self.work_id])

    def close(self) -> None:
        """Give the connection back."""
        self._beside.close()

    def _execute(self, statement: str, values: list[Any]) -> bool:
        with self._beside.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchone()
        return bool(found and found[0])


UPDATE = """
UPDATE platform_work SET done = %s, total = coalesce(%s, total), state = 'running'
WHERE id = %s RETURNING cancel_requested
"""
END = """
UPDATE platform_work SET done = %s, state = %s, message = %s, ended_at = %s
WHERE id = %s RETURNING false
"""


@contextmanager
def progress(work_id: int, *, result_url: str = "", tell: bool = True) -> Iterator[Step]:
    """Around the work itself: it ends as done, cancelled, or failed with its reason.

    Done only once the surrounding transaction has committed; then its owner is told, unless the
    work says more about its end itself (`tell=False`).
    """
    step = Step(work_id)
    try:
        step.write()
        yield step
    except Cancelled as error:
        step.end(Work.State.CANCELLED, str(error))
        raise
    except Exception as error:
        step.end(Work.State.FAILED, str(error) if isinstance(error, DomainError) else "")
        raise
    else:
        done = step.done
        transaction.on_commit(lambda: _finish(work_id, done, result_url, tell))
    finally:
        step.close()


def _finish(work_id: int, done: int, result_url: str, tell: bool) -> None:
    work = Work.objects.select_related("user").filter(pk=work_id).first()
    if work is None:
        return
    work.done, work.state, work.ended_at = done, Work.State.DONE, now()
    work.result_url = result_url or work.result_url
    work.save(update_fields=["done", "state", "ended_at", "result_url"])
    if not tell:
        return
    notify(
        work.user,
        _("Finished: %(what)s"),
        params={"what": work.label},
        url=work.result_url,
        kind="work",
    )


def give_up_lost_work(silent_since: datetime) -> int:
    """Work whose job died for good must not look as if it were running; returns how many."""
    lost = Work.objects.filter(
        state__in=[Work.State.WAITING, Work.State.RUNNING], created_at__lt=silent_since
    )
    return int(lost.update(state=Work.State.FAILED, ended_at=now()))
