"""Events: what happened, in the business's words, written in the transaction that did it.

    emit("parties.company_created", {"id": company.pk})

    @on("parties.company_created")
    def greet(event: Event) -> None: …

Delivered after commit by the worker, in order and at least once; a handler recognises a repeat by
`event.key`. A handler runs in a transaction with the note that it ran; what is slow or leaves the
house belongs into a job that it enqueues.
"""

import json
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Q
from django.utils.functional import Promise

from vinculo.kernel.clock import now
from vinculo.platform import journal, versions
from vinculo.platform.models import Event

logger = logging.getLogger("vinculo.events")
Handler = Callable[[Event], None]

CHANNEL = "vinculo_events"
#: After so many tries an event is left as it is, with its error, for a person to look at.
TRIES = 10
#: Any number that no other advisory lock of ours has: only one worker delivers at a time.
_LOCK = 7_236_001

_handlers: dict[str, list[Handler]] = {}
_listeners: list[tuple[Callable[[], set[str]], Handler]] = []
_catalogue: "dict[str, str | Promise]" = {}
_about: dict[str, str] = {}


def emit(name: str, payload: dict[str, Any]) -> Event:
    """Write an event; it is delivered after commit, at least once, and carries a key by which a
    receiver recognises a repeat. A rollback takes it along."""
    opened = journal.current()
    event = Event(
        name=name,
        at=now(),
        payload=payload,
        changeset_id=opened.id if opened else None,
        key=uuid.uuid4(),
    )
    heard = bool(_handlers.get(name) or _listeners)
    told = json.dumps(payload, cls=DjangoJSONEncoder)
    values: list[Any] = [name, event.at, told, event.changeset_id, event.key]
    with connection.cursor() as cursor:
        # The notice reaches the worker at commit, once per transaction however often it is said.
        if heard:
            cursor.execute(INSERT_AND_SAY, [*values, CHANNEL])
        else:
            cursor.execute(INSERT, values)
        event.pk = cursor.fetchone()[0]
    event._state.adding = False
    return event


INSERT = """
INSERT INTO platform_event (name, at, payload, changeset_id, key, attempts, error)
VALUES (%s, %s, %s, %s, %s, 0, '') RETURNING id
"""
INSERT_AND_SAY = f"WITH made AS ({INSERT}) SELECT id, pg_notify(%s, '') FROM made"  # noqa: S608


def on(name: str) -> Callable[[Handler], Handler]:
    """Have a function called for every event of this name."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(name, []).append(handler)
        return handler

    return register


def listen(wanted: Callable[[], set[str]]) -> Callable[[Handler], Handler]:
    """Have a function called for every event whose name is among those `wanted` just then."""

    def register(handler: Handler) -> Handler:
        _listeners.append((wanted, handler))
        return handler

    return register


def catalogue(names: "dict[str, str | Promise]", about: str = "") -> None:
    """Say what events a room writes and what they mean: what webhooks can be asked to tell. `about`
    is the record type that they are of, if it is one."""
    _catalogue.update(names)
    _about.update(dict.fromkeys(names, about))


def catalogued() -> "dict[str, str | Promise]":
    """Every event by name with what it means, in the order of the names."""
    return dict(sorted(_catalogue.items()))


def about(name: str) -> str:
    """The record type that an event is of; "" where it is not one alone, or nobody knows it."""
    return _about.get(name, "")


def deliver_waiting() -> int:
    """Deliver what waits, oldest first; returns how many events were delivered.

    An event whose handler fails is put aside and tried again later, so that it does not hold up
    the others.
    """
    versions.ask()
    heard = set(_handlers).union(*(wanted() for wanted, _handler in _listeners))
    nobody_listens = Event.objects.filter(delivered_at__isnull=True).exclude(name__in=heard)
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
            for wanted, handler in _listeners:
                if event.name in wanted():
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
