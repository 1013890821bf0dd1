"""Addresses for machines: are we alive, are we ready, and in which figures."""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from vinculo.config.watching.metrics import metrics_answer

# The worker writes a heartbeat every 10 seconds.
WORKER_SILENCE = 60  # seconds after which it counts as gone


class HealthMiddleware:
    """Answers /healthz, /readyz and /metrics before anything else looks at the request.

    A load balancer asks by address, without a host name, TLS or a session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The health answer, or what the rest of the application says."""
        if request.path_info == "/healthz":
            return _uncached(HttpResponse("ok\n", content_type="text/plain"))
        if request.path_info == "/readyz":
            checks = readiness()
            ready = set(checks.values()) == {"ok"}
            return _uncached(JsonResponse(checks, status=200 if ready else 503))
        if request.path_info == "/metrics":
            return _uncached(metrics_answer(request))
        return self.get_response(request)


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def readiness() -> dict[str, str]:
    """Each thing we stand on with "ok" or what is wrong with it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    return {"database": "ok", "migrations": _migrations(), "worker": worker_state()}


def _migrations() -> str:
    from django.db.migrations.recorder import MigrationRecorder

    applied = set(MigrationRecorder(connection).applied_migrations())
    if not _on_disk() <= applied:
        return "pending"
    ours = {room for room, _ in _on_disk()}
    newer = {one for one in applied - _on_disk() if one[0] in ours}
    # Squashed migrations leave names behind that no file has any more; those we cannot tell.
    return "newer" if any(name > _last_of(room) for room, name in newer) else "ok"


def _last_of(room: str) -> str:
    return max(name for label, name in _on_disk() if label == room)


_known: set[tuple[str, str]] = set()


def _on_disk() -> set[tuple[str, str]]:
    # Read once: the files of a running process do not change.
    if not _known:
        from django.db.migrations.loader import MigrationLoader

        _known.update(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
    return _known


def worker_state() -> str:
    """Say "ok" when a worker has sent a heartbeat lately, else what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => %s) LIMIT 1",
                [WORKER_SILENCE],
            )
            return "ok" if cursor.fetchone() else "no heartbeat"
    except Error:
        return "unknown"
