"""Undo of any sequence of what people do, step after step backwards, restores the exact rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.parties.importing_help import import_text
from tests.personas import People
from vinculo.interactions.actions.calls import log_call
from vinculo.interactions.actions.tasks import add_task, complete_task, remove_task
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.parties import actions as parties
from vinculo.parties.cycle.actions import set_state
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Company, ContactPoint, Party, Person, Relation
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.types import table_models
from vinculo.platform.undo import undo_change_set
from vinculo.records import external
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, delete_record, edit_record

pytestmark = pytest.mark.django_db

COMPANY, PERSON, TASK = (
    entity(key) for key in ("parties.company", "parties.person", "interactions.task")
)
WORDS = ("Acme", "Ana Ruiz", "上海远景", "Ávila & Söhne", "x")
Step = Callable[[User, int, int], object]


def pick(rows: Any, at: int) -> Any:
    """One of the rows there are now; a step that needs one is left out where there is none."""
    found = list(rows.order_by("pk"))
    if not found:
        raise DomainError("Nothing there.")
    return found[at % len(found)]


def kind_of(party: Party) -> Any:
    return COMPANY if party.kind == "company" else PERSON


def a_party(at: int) -> Any:
    """A company or person, as what it is."""
    party = pick(Party.objects, at)
    return kind_of(party).model.objects.get(pk=party.pk)


def create(user: User, one: int, two: int) -> object:
    if one % 2:
        return create_record(actor=user, entity=COMPANY, data={"name": WORDS[two % 5]})
    data = {"given_name": "Li", "family_name": WORDS[two % 5], "name": f"Li {WORDS[two % 5]}"}
    return create_record(actor=user, entity=PERSON, data=data)


def edit(user: User, one: int, two: int) -> object:
    changes: list[dict[str, Any]] = [
        {"tags": ["vip", WORDS[two % 5]]}, {"state": ("lead", "active", "lost")[two % 3]},
        {"city": WORDS[two % 5]}, {"phone": f"+3460012312{two % 3}"}, {"description": "A\nB"},
        {"email": f"a{two % 3}@acme.es"}, {"owner": None}, {"native_name": WORDS[two % 5]},
    ]  # fmt: skip
    party = a_party(one)
    return edit_record(actor=user, entity=kind_of(party), record=party, data=changes[two % 8])


def rename(user: User, one: int, two: int) -> object:
    company = pick(Company.objects, one)
    return edit_record(actor=user, entity=COMPANY, record=company, data={"name": WORDS[two % 5]})


def delete(user: User, one: int, _two: int) -> object:
    party = a_party(one)
    return delete_record(actor=user, entity=kind_of(party), record=party)


def reach(user: User, one: int, two: int) -> object:
    party, first = a_party(one), two % 2 == 0
    if two % 3 == 0:
        return parties.add_phone(
            actor=user, party=party, typed=f"+3491122233{two % 4}", make_primary=first
        )
    if two % 3 == 1:
        return parties.add_email(
            actor=user, party=party, typed=f"b{two % 4}@acme.es", make_primary=first
        )
    return parties.add_address(
        actor=user, party=party, city=WORDS[two % 5], country="ES", make_primary=first
    )


def reached(user: User, one: int, two: int) -> object:
    found = pick(ContactPoint.objects, one)
    if two % 4 == 0:
        return parties.remove_contact_point(actor=user, point=found)
    if two % 4 == 1:
        return parties.make_primary(actor=user, point=found)
    if two % 4 == 2:
        return parties.mark_do_not_contact(actor=user, point=found, refused=two % 3 == 0)
    return parties.edit_contact_point(
        actor=user, point=found, typed="+34933344455", label="home", city="Lima"
    )


def work(user: User, one: int, two: int) -> object:
    if two % 3 == 0:
        relation = pick(Relation.objects, one)
        return parties.end_relation(actor=user, relation=relation, ended_on=date(2026, 11, 1))
    if two % 3 == 1:
        above = pick(Company.objects, two)
        return parties.set_parent(actor=user, company=pick(Company.objects, one), parent=above)
    company, person = pick(Company.objects, one), pick(Person.objects, two)
    started = date(2025, 1, 1 + two % 3)
    return parties.add_person(actor=user, company=company, person=person, started_on=started)


def join(user: User, one: int, two: int) -> object:
    kept = a_party(one)
    others = kind_of(kept).model.objects.exclude(pk=kept.pk)
    return merge(actor=user, keep=kept, gone=[pick(others, two)])


def care(user: User, one: int, two: int) -> object:
    if two % 4 == 0:
        at, due = now() - timedelta(days=two), date(2026, 12, 1)
        return log_call(actor=user, party=a_party(one), at=at, body="Spoke", follow_up_on=due,
                        follow_up_title="Again")  # fmt: skip
    if two % 4 == 1:
        repeat = "weekly" if two % 3 else ""
        return add_task(
            actor=user, title="Call", party=a_party(one), due_on=date(2026, 12, 2), repeat=repeat
        )
    task = pick(Task.objects, one)
    return (complete_task if two % 4 == 2 else remove_task)(actor=user, task=task)


def stand(user: User, one: int, two: int) -> object:
    state = ("prospect", "active", "dormant", "won_back")[two % 4]
    return set_state(actor=user, party=a_party(one), state=state, for_good=two % 2 == 0)


STEPS: dict[str, Step] = {
    one.__name__: one
    for one in (create, edit, rename, delete, reach, reached, work, join, care, stand)
}
plans = st.lists(
    st.tuples(st.sampled_from([*STEPS, "bring"]), st.integers(0, 11), st.integers(0, 23)),
    min_size=3, max_size=9,
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(plan=plans)
def test_any_sequence_undone_backwards_restores_the_exact_rows(
    people: People, tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[str, int, int]]
) -> None:
    """And once more forwards, undoing the undos, brings each state back as well."""
    user = people.admin
    folder = tmp_path_factory.mktemp("files")
    with transaction.atomic():
        for n in range(4):
            create(user, n, n)
        pairs = {("shop", "A-1"): pick(Company.objects, 0).pk}
        external.note("parties.company", pairs)
        images, sets = [everything()], []
        for step in plan:
            done = carried_out(user, folder, step)
            note(f"{step}: {done}")
            if done is not None and everything() != images[-1]:
                images.append(everything())
                sets.append(done)
        there = list(images)
        undos = []
        for number in reversed(sets):
            assert everything() == images.pop()
            note(f"undo of {number}")
            undos.append(undone(user, number))
        assert everything() == images.pop()
        for image, number in zip(there[1:], reversed(undos), strict=True):
            undone(user, number)
            assert everything() == image
        transaction.set_rollback(True)


def carried_out(user: User, folder: Path, step: tuple[str, int, int]) -> int | None:
    """The change-set of a step; None where it was refused."""
    name, one, two = step
    try:
        with transaction.atomic():
            if name == "bring":
                text = (
                    f"Name,Phone,City,Id\n{WORDS[one % 5]},+34 600 1{two:02} 123,Bonn,{one % 3}\n"
                )
                done = import_text(
                    user, "parties.company", folder, text, key="external_id", mode="both"
                )
                return done.result.changeset_id
            with change_set(actor=user, verb="t.step") as opened:
                STEPS[name](user, one, two)
            return opened.id
    except DomainError:
        return None


def undone(user: User, number: int) -> int:
    """Undo a change-set; the number of the undo."""
    done = undo_change_set(actor=user, change_set=ChangeSet.objects.get(pk=number))
    assert not done.kept
    assert done.changeset_id
    return done.changeset_id


def everything() -> dict[str, list[Any]]:
    """Every row of every table that the journal watches, but for when it was last written."""
    found = {}
    with connection.cursor() as cursor:
        for table, model in table_models().items():
            if model.journalled:  # type: ignore[attr-defined]
                cursor.execute(f"SELECT to_jsonb(t) - 'updated_at' FROM {table} t ORDER BY id")
                found[table] = [
                    json.loads(row) if isinstance(row, str) else row for (row,) in cursor
                ]
    return found
