"""What the workers do, and what they have left undone."""

from __future__ import annotations

from collections.abc import Callable

from vinculo.cli.checkup import Finding
from vinculo.cli.checkup.server import carefully, rows

PATIENCE = 15  # minutes a job may wait for a worker
STALLED = """
SELECT count(*) FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '1 minute')
"""
LATE = """
SELECT count(*) FROM procrastinate_jobs job
JOIN procrastinate_events happened ON happened.job_id = job.id AND happened.type = 'deferred'
WHERE job.status = 'todo' AND coalesce(job.scheduled_at, happened.at)
      < now() - make_interval(mins => %s)
"""
START = "Start Vinculo (`make run`, `vinculo serve`), or a worker: `vinculo serve --only worker`."


def work_findings() -> list[Finding]:
    """Worker, stalled, late and failed jobs, undelivered events."""
    looks: tuple[Callable[[], Finding], ...] = (worker, stalled, late, failed, events)
    return [carefully(look) for look in looks]


def worker() -> Finding:
    """Whether one lives."""
    from vinculo.config.health import worker_state

    if worker_state() == "ok":
        return Finding("A worker is at work.")
    return Finding("No worker has been heard of in the last minute.", START)


def stalled() -> Finding:
    """Jobs whose worker died."""
    (amount,) = rows(STALLED)[0]
    if amount:
        return Finding(f"{amount} jobs lost their worker.", f"A worker takes them up. {START}")
    return Finding("No job has lost its worker.")


def late() -> Finding:
    """Jobs that nobody takes."""
    (amount,) = rows(LATE, [PATIENCE])[0]
    if amount:
        return Finding(
            f"{amount} jobs have waited for more than {PATIENCE} minutes.",
            f"{START} If one runs, raise VINCULO_JOBS.",
        )
    return Finding("No job waits too long.")


def failed() -> Finding:
    """What went wrong of late."""
    from vinculo.platform.jobs import recent_failures

    failures = recent_failures()
    if not failures:
        return Finding("No job has failed in the last 7 days.")
    latest = "; ".join(f"{failure.at:%Y-%m-%d %H:%M} {failure}" for failure in failures[:3])
    return Finding(
        f"{len(failures)} jobs failed in the last 7 days: {latest}",
        "Mend what the sentences say, then try them again in Settings → Jobs.",
    )


def events() -> Finding:
    """What automation and webhooks have not heard of yet."""
    (amount,) = rows(
        "SELECT count(*) FROM platform_event WHERE delivered_at IS NULL "
        "AND at < now() - interval '1 hour'"
    )[0]
    if amount:
        return Finding(
            f"{amount} events have waited for more than an hour to be delivered.",
            "Start the worker; if one runs, its log names what fails.",
        )
    return Finding("All events are delivered.")
