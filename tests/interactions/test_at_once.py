"""Two people at the same moment: nothing is done twice, and the last contact is the last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.interactions.makers import last_contact, make_company
from tests.personas import make_people
from vinculo.interactions.actions import add_task, complete_task, log_call
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*gestures: Callable[[], Any]) -> list[Any]:
    """Run each gesture in its own thread and connection; their results, or what they raised."""
    start = threading.Barrier(len(gestures))
    results: list[Any] = [None] * len(gestures)

    def run(place: int) -> None:
        try:
            start.wait(timeout=10)
            results[place] = gestures[place]()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(gestures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_a_repeating_task_ticked_off_twice_comes_again_once() -> None:
    people = make_people()
    today = now().date()
    task = add_task(actor=people.owner, title="Rent", due_on=today, repeat="daily")
    results = at_once(
        *[lambda: complete_task(actor=people.owner, task=task) for _gesture in range(4)]
    )
    assert len([result for result in results if isinstance(result, DomainError)]) == 3
    assert Task.objects.count() == 2


def test_calls_logged_at_the_same_moment_leave_the_latest_as_last_contact() -> None:
    people = make_people()
    company = make_company(people.owner)
    moments = [now() - timedelta(minutes=minutes) for minutes in (40, 10, 30, 20)]
    at_once(*[lambda at=at: log_call(actor=people.owner, party=company, at=at) for at in moments])
    assert Interaction.objects.count() == 4
    assert last_contact(company) == max(moments)
