"""Fifty people save the same new customer at the same moment: the database lets one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from tests.parties.collision_help import SAME_EMAIL, only_rule, save
from tests.personas import make_people

from vinculo.kernel.errors import RowsRefused
from vinculo.parties.collisions.models import CollisionKey, CollisionRule
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet
from vinculo.platform.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 50


def all_at_once(gestures: list[Any]) -> list[Any]:
    """Each gesture in a thread and a connection of its own, all begun together."""
    start = threading.Barrier(len(gestures))
    results: list[Any] = [None] * len(gestures)

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            results[place] = gestures[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(gestures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (SAME_EMAIL, lambda number: {"name": f"Firm {number}", "email": "Info@Acme.es"}),
        (
            [[["name_city", "similar"]]],
            lambda number: {"name": f"Northwind Traders{'s' * (number % 3)}", "city": "Sevilla"},
        ),
    ],
    ids=["equal", "similar"],
)
def test_of_fifty_exactly_one_succeeds(conditions: Any, said: Any) -> None:
    people = make_people()
    only_rule(people.admin, conditions)
    results = all_at_once(
        [lambda number=number: save(people.owner, **said(number)) for number in range(WRITERS)]
    )
    saved = [result for result in results if isinstance(result, Company)]
    refused = [result for result in results if isinstance(result, RowsRefused)]
    assert (len(saved), len(refused)) == (1, WRITERS - 1), results
    assert Company.objects.count() == 1
    assert ChangeSet.objects.filter(verb="records.create").count() == 1
    # Whoever was second is told of the first, which they see.
    assert {error.params.get("name") for error in refused} == {saved[0].name}


def test_without_the_rule_all_of_them_succeed() -> None:
    people = make_people()
    CollisionRule.objects.all().delete()
    results = all_at_once([lambda: save(people.owner, name="Acme", email="a@a.es")] * 5)
    assert all(isinstance(result, Company) for result in results), results


def test_who_began_before_the_rule_does_not_slip_by() -> None:
    """A rule is switched on while somebody is in the middle of saving: it is prepared once they
    are done, by the worker, and then knows of them."""
    people = make_people()
    begun, made = threading.Event(), threading.Event()

    def writer() -> None:
        from vinculo.platform.journal import change_set

        try:
            with change_set(actor=people.owner, verb="records.create"):
                save(people.owner, name="Early", email="info@acme.es")
                begun.set()
                made.wait(timeout=60)
        finally:
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert begun.wait(timeout=60)
    rule = only_rule(people.admin, SAME_EMAIL)
    assert not rule.ready
    made.set()
    thread.join(timeout=60)
    run_worker(wait=False)
    rule.refresh_from_db()
    assert rule.ready
    assert CollisionKey.objects.filter(rule_id=rule.pk).count() == 1
    with pytest.raises(RowsRefused, match="Early"):
        save(people.owner, name="Late", email="info@acme.es")
