"""`/metrics` for Prometheus: requests, jobs, database, journal. Behind a token; closed without one."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

from vinculo import __version__
from vinculo.config.watching.counters import BUCKETS, counters

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, str], float]

JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
CONNECTIONS = """
SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity
WHERE datname = current_database() GROUP BY 1
"""
NUMBERS = """
SELECT
  (SELECT extract(epoch FROM clock_timestamp() - max(last_heartbeat)) FROM procrastinate_workers),
  (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
   WHERE inhparent = 'platform_change'::regclass),
  pg_database_size(current_database()),
  (SELECT count(*) FROM platform_jobfailure WHERE at > clock_timestamp() - interval '1 day'),
  (SELECT count(*) FROM platform_event WHERE delivered_at IS NULL)
"""
NAMES = (
    ("vinculo_worker_heartbeat_age_seconds", "Seconds since a worker was last heard of."),
    ("vinculo_journal_bytes", "Size of the journal with its indexes."),
    ("vinculo_database_bytes", "Size of the database."),
    ("vinculo_jobs_failed_last_day", "Jobs that failed in the last 24 hours."),
    ("vinculo_events_waiting", "Events that are not delivered yet."),
)


def metrics_answer(request: HttpRequest) -> HttpResponse:
    """The figures; 404 where no token is set, 401 without it."""
    token = settings.METRICS_TOKEN
    if not token:
        return HttpResponse(status=404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse("".join(_lines()), content_type=CONTENT_TYPE)


def _lines() -> Iterable[str]:
    yield from _metric("vinculo_info", "gauge", "This version.", [({"version": __version__}, 1)])
    yield from _requests()
    try:
        figures = list(_database())
    except Error:
        yield from _metric("vinculo_database_up", "gauge", "Whether it answers.", [({}, 0)])
        return
    yield from _metric("vinculo_database_up", "gauge", "Whether it answers.", [({}, 1)])
    yield from figures


def _requests() -> Iterable[str]:
    name = "vinculo_request_seconds"
    yield f"# HELP {name} How long requests took, by route and class of status.\n"
    yield f"# TYPE {name} histogram\n"
    for route, status, buckets, amount, seconds in counters().rows():
        named = {"route": route, "status": status}
        for edge, reached in zip(BUCKETS, buckets, strict=True):
            yield _line(f"{name}_bucket", {**named, "le": f"{edge:g}"}, reached)
        yield _line(f"{name}_bucket", {**named, "le": "+Inf"}, amount)
        yield _line(f"{name}_sum", named, seconds)
        yield _line(f"{name}_count", named, amount)


def _database() -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        jobs = [({"state": state}, float(amount)) for state, amount in cursor.fetchall()]
        cursor.execute(CONNECTIONS)
        used = [({"state": state}, float(amount)) for state, amount in cursor.fetchall()]
        cursor.execute(NUMBERS)
        numbers = cursor.fetchone()
    yield from _metric("vinculo_jobs", "gauge", "Jobs in the queue, by state.", jobs)
    yield from _metric("vinculo_database_connections", "gauge", "Connections, by state.", used)
    for (name, meaning), number in zip(NAMES, numbers, strict=True):
        if number is not None:
            yield from _metric(name, "gauge", meaning, [({}, float(number))])


def _metric(name: str, kind: str, meaning: str, samples: Iterable[Sample]) -> Iterable[str]:
    yield f"# HELP {name} {meaning}\n"
    yield f"# TYPE {name} {kind}\n"
    for labels, value in samples:
        yield _line(name, labels, value)


def _line(name: str, labels: dict[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{inside}}} {value:g}\n" if inside else f"{name} {value:g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", " ")
