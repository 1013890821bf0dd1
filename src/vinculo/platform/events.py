"""Events: what happened, in the business's words, written in the transaction that did it."""

import uuid
from typing import Any

from vinculo.kernel.clock import now
from vinculo.platform import journal
from vinculo.platform.models import Event


def emit(name: str, payload: dict[str, Any]) -> Event:
    """Write an event; it is delivered after commit, at least once, and carries a key by which a
    receiver recognises a repeat. A rollback takes it along."""
    opened = journal.current()
    return Event.objects.create(
        name=name,
        at=now(),
        payload=payload,
        changeset_id=opened.id if opened else None,
        key=uuid.uuid4(),
    )
