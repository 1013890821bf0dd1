"""Jobs: work that need not be done before the answer, run by a worker of `vinculo serve`.

    @job("parties.refresh_all", retry=3)
    def refresh_all(*, since: str) -> None: …

    enqueue(refresh_all, since="2026-01-01")

A job is written in the transaction that wants it: a rollback takes it along. Its arguments are
plain JSON. An *atomic* job (the usual kind) runs in one transaction together with the receipt that
it ran, so that a worker killed at any moment leaves either all of it or nothing, and a repeat is
recognised. A job with `atomic=False` commits as it goes and must itself be safe to repeat.
"""

import inspect
import logging
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction
from django.utils import translation
from procrastinate import App, JobContext
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.platform import journal, versions
from vinculo.platform.errors import Cancelled
from vinculo.platform.modules.known import job_is_on
from vinculo.platform.outages import database_is_away

if TYPE_CHECKING:
    from vinculo.platform.models import JobFailure

logger = logging.getLogger("vinculo.jobs")
F = TypeVar("F", bound=Callable[..., Any])

#: A job whose worker died this often is the likely reason for it and is not tried again.
DEADLY_AFTER = 5
#: How often a job is tried again because the database went away.
OUTAGES = 20
#: A worker that has not been heard of for so many seconds is gone.
SILENCE = 30.0


@dataclass(frozen=True)
class JobKind:
    """A registered job."""

    name: str
    function: Callable[..., Any]
    queue: str
    retry: int
    lock: str
    atomic: bool
    every: str

    @property
    def wants_actor(self) -> bool:
        """Whether the function asks for the user on whose behalf it runs."""
        return "actor" in inspect.signature(self.function).parameters


_JOBS: dict[str, JobKind] = {}
_NAMES: dict[Callable[..., Any], str] = {}
_ready: list[App] = []


def job(
    name: str,
    *,
    queue: str = "default",
    retry: int = 0,
    lock: str = "",
    atomic: bool = True,
    every: str = "",
) -> Callable[[F], F]:
    """Make a keyword-only function a job.

    `retry`: how often to try again after an unexpected error (a refusal is never tried again);
    `lock`: jobs of the same lock run one after the other, may name arguments: "import:{import_id}";
    `every`: a cron line ("0 3 * * *", UTC) by which the worker runs it without being asked.
    """

    def register(function: F) -> F:
        if name in _JOBS:
            raise ValueError(f"There are two jobs called {name}.")
        _JOBS[name] = JobKind(name, function, queue, retry, lock, atomic, every)
        _NAMES[function] = name
        for app in _ready:
            _hand_over(app, _JOBS[name])
        return function

    return register


def enqueue(function: Callable[..., Any], **arguments: Any) -> int:
    """Have a worker run the job once this transaction commits; returns the job's number.

    `actor` (a User) is the person on whose behalf it runs; the rest must be JSON.
    """
    return enqueue_at(None, function, **arguments)


def enqueue_at(when: datetime | None, function: Callable[..., Any], **arguments: Any) -> int:
    """Like `enqueue`, but not before the aware instant `when`."""
    kind = _JOBS[_NAMES[function]]
    actor = arguments.pop("actor", None)
    if actor is not None:
        arguments["actor_id"] = actor.pk
    queued = QueuedJob(
        queue=kind.queue,
        task_name=kind.name,
        lock=kind.lock.format_map(arguments) or None,
        queueing_lock=None,
        task_kwargs=arguments,
        scheduled_at=when,
    )
    # Always through Django's connection: inside a worker the queue's own connector is another
    # one, and a job enqueued by a job must go down with its transaction too.
    made = JobManager(DjangoConnector()).defer_job(queued)
    if made.id is None:
        raise RuntimeError(f"The queue gave job {kind.name} no number.")
    return made.id


def hand_over_all(app: App) -> None:
    """Tell the queue about every job; Django calls this once all rooms are imported."""
    _ready.append(app)
    for kind in _JOBS.values():
        _hand_over(app, kind)


def _hand_over(app: App, kind: JobKind) -> None:
    retry = _Retry(kind.retry)

    def run(context: JobContext, **arguments: Any) -> None:
        run_job(kind, context.job.id or 0, arguments)

    def run_on_time(context: JobContext, timestamp: int) -> None:
        run_job(kind, context.job.id or 0, {})

    if kind.every:
        lock = kind.lock or None
        task = app.task(
            name=kind.name, queue=kind.queue, pass_context=True, retry=retry, lock=lock
        )(run_on_time)
        app.periodic(cron=kind.every, periodic_id=kind.name)(task)
    else:
        app.task(name=kind.name, queue=kind.queue, pass_context=True, retry=retry)(run)


class _Retry(BaseRetryStrategy):
    """Again after 5, 25, 125 … seconds, but never what the business refused.

    A job that met a database on its way down is no failed one: it is tried again soon, and often.
    """

    def __init__(self, times: int) -> None:
        self.times = times

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        """When to try again, if at all."""
        if database_is_away(exception) and job.attempts < OUTAGES:
            return RetryDecision(retry_in={"seconds": 2})
        if isinstance(exception, DomainError) or job.attempts >= self.times:
            return None
        return RetryDecision(retry_in={"seconds": int(5 ** (job.attempts + 1))})


def run_job(kind: JobKind, job_id: int, arguments: dict[str, Any]) -> None:
    """Run one job as its user, once; what goes wrong is logged and kept with the job.

    A job of a module that is off does nothing.
    """
    versions.ask()
    if not job_is_on(kind.name):
        logger.info("Job %s (%s) belongs to a module that is off.", kind.name, job_id)
        return
    actor = _actor(arguments.pop("actor_id", None))
    if kind.wants_actor:
        arguments["actor"] = actor
    speaking = translation.override(actor.language) if actor and actor.language else nullcontext()
    try:
        with journal.through("job"), speaking:
            if not kind.atomic:
                kind.function(**arguments)
                return
            with transaction.atomic():
                if _claim(job_id):
                    kind.function(**arguments)
                    if kind.retry:
                        _forget_failure(job_id)
    except Cancelled:
        logger.info("Job %s (%s) was cancelled.", kind.name, job_id)
    except Exception as error:
        if database_is_away(error):
            logger.warning("Job %s (%s) lost the database; it is tried again.", kind.name, job_id)
            raise
        logger.error(
            "Job %s (%s) failed: %s",
            kind.name,
            job_id,
            type(error).__name__,  # its message may quote a customer; it is kept with the job
            exc_info=not isinstance(error, DomainError),
            extra={"job": kind.name, "job_id": job_id, "actor_id": getattr(actor, "pk", None)},
        )
        _note_failure(job_id, kind.name, actor, error)
        raise


def _actor(actor_id: int | None) -> Any:
    from vinculo.platform.models import User

    return User.objects.filter(pk=actor_id).first() if actor_id else None


def _claim(job_id: int) -> bool:
    """Write the receipt; False when the job already ran to its end (its worker died after that)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_jobreceipt (job_id, at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [job_id, now()],
        )
        return bool(cursor.rowcount)


def _note_failure(job_id: int, name: str, actor: Any, error: Exception) -> None:
    from vinculo.platform.models import JobFailure

    JobFailure.objects.update_or_create(
        job_id=job_id,
        defaults={
            "name": name,
            "user": actor,
            "at": now(),
            "error": str(error)[:2000],
            "trace": "" if isinstance(error, DomainError) else traceback.format_exc()[-8000:],
        },
    )


def _forget_failure(job_id: int) -> None:
    """An earlier try had failed; this one did not."""
    from vinculo.platform.models import JobFailure

    JobFailure.objects.filter(job_id=job_id).delete()


def recent_failures(days: int = 7) -> "list[JobFailure]":
    """What jobs failed of late, newest first."""
    from vinculo.platform.models import JobFailure

    since = now() - timedelta(days=days)
    return list(JobFailure.objects.filter(at__gte=since).order_by("-at")[:100])


STALLED = """
SELECT job.id, job.attempts, job.task_name FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""


def retry_stalled(silence: float = SILENCE) -> int:
    """Give the jobs of workers that died back to the queue; returns how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STALLED, [silence])
        stalled = cursor.fetchall()
        for job_id, attempts, name in stalled:
            if attempts + 1 >= DEADLY_AFTER:
                logger.error("Job %s (%s) killed its worker %s times.", name, job_id, attempts + 1)
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
                _note_failure(job_id, name, None, RuntimeError("Its worker died again and again."))
                continue
            logger.warning("Job %s (%s) lost its worker and starts again.", name, job_id)
            cursor.execute(
                "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id]
            )
    return len(stalled)


@job("platform.housekeeping", every="17 3 * * *")
def housekeeping() -> None:
    """Daily: the journal's coming months, and what nobody needs any more."""
    from django.contrib.sessions.models import Session

    from vinculo.platform.access_events import prune_accesses
    from vinculo.platform.models import Event, FirstLink, JobFailure, JobReceipt, Notification
    from vinculo.platform.once import forget_old
    from vinculo.platform.work import give_up_lost_work

    instant = now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT vinculo_journal_months(2)")
        cursor.execute("DELETE FROM platform_cache WHERE expires < %s", [instant])
    give_up_lost_work(instant - timedelta(days=1))
    Session.objects.filter(expire_date__lt=instant).delete()
    Event.objects.filter(delivered_at__lt=instant - timedelta(days=90)).delete()
    Notification.objects.filter(at__lt=instant - timedelta(days=180)).delete()
    JobReceipt.objects.filter(at__lt=instant - timedelta(days=14)).delete()
    JobFailure.objects.filter(at__lt=instant - timedelta(days=90)).delete()
    FirstLink.objects.filter(expires_at__lt=instant - timedelta(days=30)).delete()
    forget_old()
    prune_accesses(instant)
