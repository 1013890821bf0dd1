"""Events: what happened, in the business's words, written in the transaction that did it.

    emit("parties.company_created", {"id": company.pk})

    @on("parties.company_created")
    def greet(event: Event) -> None: …

Delivered after commit by the worker, in order and at least once; a handler recognises a repeat by
`event.key`. A handler runs in a transaction with the note that it ran; what is slow or leaves the
house belongs into a job that it enqueues.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from vinculo.kernel.clock import now
from vinculo.platform import journal
from vinculo.platform.models import Event

logger = logging.getLogger("vinculo.events")
Handler = Callable[[Event], None]

CHANNEL = "vinculo_events"
#: After so many tries an event is left as it is, with its error, for a person to look at.
TRIES = 10
#: Any number that no other advisory lock of ours has: only one worker delivers at a time.
_LOCK = 7_236_001

_handlers: dict[str, list[Handler]] = {}


def emit(name: str, payload: dict[str, Any]) -> Event:
    """Write an event; it is delivered after commit, at least once, and carries a key by which a
    receiver recognises a repeat. A rollback takes it along."""
    opened = journal.current()
    event = Event.objects.create(
        name=name,
        at=now(),
        payload=payload,
        changeset_id=opened.id if opened else None,
        key=uuid.uuid4(),
    )
    if _handlers.get(name):
        with connection.cursor() as cursor:
            # Reaches the worker at commit, once per transaction however often it is said.
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return event


def on(name: str) -> Callable[[Handler], Handler]:
    """Have a function called for every event of this name."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(name, []).append(handler)
        return handler

    return register


def deliver_waiting() -> int:
    """Deliver what waits, oldest first; returns how many events were delivered.

    An event whose handler fails is put aside and tried again later, so that it does not hold up
    the others.
    """
    nobody_listens = Event.objects.filter(delivered_at__isnull=True).exclude(name__in=_handlers)
    delivered = nobody_listens.update(delivered_at=now())
    with journal.through("job"):
        while (succeeded := _deliver_next()) is not None:
            delivered += succeeded
    return delivered


def _deliver_next() -> bool | None:
    """Whether the next waiting event was delivered; None when there is none (or another worker
    is at it)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return None
        due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now())
        waiting = Event.objects.filter(due, delivered_at__isnull=True, attempts__lt=TRIES)
        event = waiting.order_by("id").first()
        if event is None:
            return None
        error = _handle(event)
        event.attempts += 1
        if error is None:
            event.delivered_at, event.next_try_at, event.error = now(), None, ""
        else:
            event.next_try_at = now() + timedelta(seconds=2**event.attempts)
            event.error = f"{type(error).__name__}: {error}"[:2000]
        event.save(update_fields=["attempts", "delivered_at", "next_try_at", "error"])
        return error is None


def _handle(event: Event) -> Exception | None:
    try:
        with transaction.atomic():
            for handler in _handlers.get(event.name, ()):
                handler(event)
    except Exception as error:
        logger.exception(
            "Event %s (%s) was not delivered (try %s): %s",
            event.name,
            event.pk,
            event.attempts + 1,
            error,
            extra={"event": event.name, "event_id": event.pk},
        )
        return error
    return None
