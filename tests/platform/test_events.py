"""Events: delivered after commit, in order, at least once, put aside when a handler fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from vinculo.kernel.clock import frozen, now
from vinculo.platform import events
from vinculo.platform.events import deliver_waiting, emit, on
from vinculo.platform.models import Event, Team
from vinculo.platform.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a handler of tests.happened was told, in order."""
    told: list[int] = []

    @on("tests.happened")
    def listen(event: Event) -> None:
        Team.objects.create(name=f"Team {event.payload['n']}")
        if event.payload.get("broken"):
            raise RuntimeError("The handler is broken.")
        told.append(event.payload["n"])

    yield told
    events._handlers.pop("tests.happened")


def test_delivered_in_order_and_once(heard: list[int]) -> None:
    for number in range(3):
        emit("tests.happened", {"n": number})
    assert deliver_waiting() == 3
    assert deliver_waiting() == 0
    assert heard == [0, 1, 2]


def test_a_rollback_takes_the_event_along(heard: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        emit("tests.happened", {"n": 1})
        1 / 0  # noqa: B018
    assert deliver_waiting() == 0
    assert heard == []


def test_a_failing_handler_is_tried_again_and_holds_up_nobody(heard: list[int]) -> None:
    broken = emit("tests.happened", {"n": 1, "broken": True})
    emit("tests.happened", {"n": 2})
    assert deliver_waiting() == 1
    assert heard == [2]
    assert not Team.objects.filter(name="Team 1").exists()
    broken.refresh_from_db()
    assert (broken.attempts, broken.delivered_at) == (1, None)
    assert "The handler is broken." in broken.error
    broken.payload = {"n": 1}
    broken.save()
    assert deliver_waiting() == 0
    with frozen(now().replace(year=2999)):
        assert deliver_waiting() == 1
    assert heard == [2, 1]


def test_an_event_nobody_can_take_is_given_up_with_its_error(heard: list[int]) -> None:
    event = emit("tests.happened", {"n": 1, "broken": True})
    Event.objects.update(attempts=events.TRIES - 1)
    assert deliver_waiting() == 0
    with frozen(now().replace(year=2999)):
        assert deliver_waiting() == 0
    event.refresh_from_db()
    assert event.attempts == events.TRIES


def test_an_event_nobody_listens_to_is_done_at_once() -> None:
    emit("tests.nobody_cares", {})
    assert deliver_waiting() == 1


def test_the_worker_delivers(heard: list[int]) -> None:
    emit("tests.happened", {"n": 7})
    run_worker(wait=False)
    assert heard == [7]
