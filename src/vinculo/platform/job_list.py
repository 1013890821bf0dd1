"""The jobs of everybody, for administrators: what waits, runs and failed, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, NotFound, _
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import JobFailure, User, Work

PAGE = 50
#: What the page calls a job's state → what the queue calls it, and the chip's tone.
STATES = {
    "waiting": ("todo", gettext_lazy("Waiting"), ""),
    "running": ("doing", gettext_lazy("Running"), "is-info"),
    "failed": ("failed", gettext_lazy("Failed"), "is-bad"),
    "cancelled": ("cancelled", gettext_lazy("Cancelled"), ""),
}
_CALLED = {queue: name for name, (queue, _label, _tone) in STATES.items()} | {
    "aborted": "cancelled",
    "aborting": "running",
    "succeeded": "cancelled",
}


@dataclass(frozen=True)
class JobLine:
    """One job as the page shows it; `label` is its owner's word for it, where there is one."""

    id: int
    name: str
    label: str
    state: str
    person: str
    at: datetime | None
    attempts: int
    error: str
    done: int
    total: int
    has_work: bool
    cancel_requested: bool

    @property
    def state_label(self) -> object:
        """The state in the reader's words."""
        return STATES[self.state][1]

    @property
    def tone(self) -> str:
        """The chip's colour."""
        return STATES[self.state][2]

    @property
    def percent(self) -> int | None:
        """How much is done, 0 to 100; None where nobody counts."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def may_retry(self) -> bool:
        """Whether it can be put back into the queue."""
        return self.state == "failed"

    @property
    def may_cancel(self) -> bool:
        """Whether it can be taken out, or asked to stop."""
        if self.state == "waiting":
            return True
        return self.state == "running" and self.has_work and not self.cancel_requested


LINES = """
SELECT job.id, job.task_name, coalesce(work.label, ''), job.status::text, coalesce(person.name, ''),
       coalesce((SELECT max(happened.at) FROM procrastinate_events happened
                 WHERE happened.job_id = job.id AND happened.type <> 'scheduled'),
                job.scheduled_at),
       job.attempts, coalesce(failure.error, ''), coalesce(work.done, 0), coalesce(work.total, 0),
       work.id IS NOT NULL, coalesce(work.cancel_requested, false)
FROM procrastinate_jobs job
LEFT JOIN platform_work work ON work.id = (job.args->>'work_id')::bigint
LEFT JOIN platform_user person ON person.id = (job.args->>'actor_id')::bigint
LEFT JOIN platform_jobfailure failure ON failure.job_id = job.id
WHERE (%(status)s = '' OR job.status::text = %(status)s)
  AND (%(before)s::bigint IS NULL OR job.id < %(before)s)
  AND (%(name)s = '' OR strpos(lower(job.task_name || ' ' || coalesce(work.label, '')), %(name)s) > 0)
ORDER BY job.id DESC LIMIT %(most)s
"""
COUNTS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"


def job_lines(
    actor: User, *, state: str = "", name: str = "", before: int | None = None
) -> tuple[list[JobLine], int | None]:
    """A page of jobs, newest first, and where the next one begins (None at the end)."""
    administrators_only(actor)
    values = {
        "status": STATES[state][0] if state in STATES else "",
        "name": name.replace("\0", "").strip().lower()[:80],
        "before": before,
        "most": PAGE + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, values)
        rows = cursor.fetchall()
    lines = [_line(row) for row in rows[:PAGE]]
    return lines, lines[-1].id if len(rows) > PAGE else None


def _line(row: tuple[Any, ...]) -> JobLine:
    values = [*row]
    values[3] = _CALLED[values[3]]
    return JobLine(*values)


def job_counts(actor: User) -> dict[str, int]:
    """How many jobs there are of each state."""
    administrators_only(actor)
    counts = dict.fromkeys(STATES, 0)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        for status, amount in cursor.fetchall():
            counts[_CALLED[status]] += amount
    return counts


def retry_job(*, actor: User, job_id: int) -> None:
    """Put a failed job back into the queue, as if it had just been asked for."""
    administrators_only(actor)
    with transaction.atomic():
        work_id = _held(job_id, "failed", _("This job has not failed, so it is not tried again."))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job_id, now()]
            )
        JobFailure.objects.filter(job_id=job_id).delete()
        Work.objects.filter(pk=work_id).update(
            state=Work.State.WAITING, cancel_requested=False, ended_at=None, message=""
        )


def cancel_queued_job(*, actor: User, job_id: int) -> None:
    """Take a waiting job out of the queue, or ask a running one to stop at its next step."""
    administrators_only(actor)
    with transaction.atomic():
        work_id = _held(job_id, "", "")
        with connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_cancel_job_v1(%s, false, false)", [job_id])
            (taken_out,) = cursor.fetchone()
        work = Work.objects.filter(pk=work_id)
        if taken_out is not None:
            work.update(state=Work.State.CANCELLED, ended_at=now())
        elif not work.filter(state=Work.State.RUNNING).update(cancel_requested=True):
            raise Conflict(_("This job cannot be stopped any more."))


def _held(job_id: int, status: str, otherwise: str) -> int:
    """The number of the job's work (0: none), the job locked; a refusal when it is gone or not in
    that state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'work_id', status::text FROM procrastinate_jobs WHERE id = %s FOR UPDATE",
            [job_id],
        )
        found = cursor.fetchone()
    if found is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    if status and found[1] != status:
        raise Conflict(otherwise)
    return int(found[0] or 0)
