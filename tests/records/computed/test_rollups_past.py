"""Roll-ups in the history: what they were before related records changed, as each reader sees it."""

from __future__ import annotations

import contextlib
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.records.api.calling import Caller, make_key
from tests.records.computed.test_filed import told
from tests.records.computed.test_formulas import hide, values
from tests.records.computed.test_rollups import rollup
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company, make_person
from vinculo.interactions.models import Task
from vinculo.kernel.clock import frozen
from vinculo.parties.models import Company
from vinculo.platform.custom import known
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import NothingUndone, undo_change_set
from vinculo.records.computed.past import related, rows
from vinculo.records.custom.actions import delete_custom_field
from vinculo.records.history import told_history
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, delete_record, edit_record

COMPANIES, PEOPLE, TASKS = "parties.company", "parties.person", "interactions.task"
pytestmark = pytest.mark.django_db


def promise(user: User, company: Company, title: str, **more: Any) -> Task:
    """A task as somebody makes it on the screen."""
    data = {"title": title, "company": company, **more}
    made: Task = create_record(actor=user, entity=entity(TASKS), data=data)
    return made


def change(user: User, record: Any, key: str = TASKS, **values: Any) -> None:
    """What somebody changes of a record on the screen."""
    record = type(record).objects.get(pk=record.pk)
    edit_record(actor=user, entity=entity(key), record=record, data=values)


def delete(user: User, record: Any, key: str = TASKS) -> None:
    """A record that somebody deletes."""
    delete_record(actor=user, entity=entity(key), record=type(record).objects.get(pk=record.pk))


def undo_last(user: User) -> None:
    """The last thing that was done is taken back."""
    undo_change_set(actor=user, change_set=ChangeSet.objects.order_by("-pk")[0])


def numbers(*pairs: tuple[Any, Any]) -> list[tuple[Any, Any]]:
    """Pairs of whole numbers as a history tells them."""
    return [(Decimal(old), Decimal(new)) for old, new in pairs]


def test_a_count_tells_what_was_made_moved_deleted_and_undone(people: People) -> None:
    count = rollup(people, TASKS, "company", "count", "Tasks")
    add(people.admin, "formula", "Double", formula=f"{count.name} * 2")
    acme, other = make_company(people.owner, "Acme"), make_company(people.owner, "Other")
    first = promise(people.owner, acme, "First")
    second = promise(people.owner, acme, "Second")
    change(people.owner, second, title="Renamed")  # nothing that is counted
    change(people.owner, first, company=other)
    delete(people.owner, second)
    assert told(people.owner, acme, "Tasks") == numbers((1, 0), (2, 1), (1, 2), (0, 1))
    assert told(people.owner, acme, "Double") == numbers((2, 0), (4, 2), (2, 4), (0, 2))
    assert told(people.owner, other, "Tasks") == numbers((0, 1))
    undo_last(people.owner)
    assert told(people.owner, acme, "Tasks")[0] == (Decimal(0), Decimal(1))
    assert len(told(people.owner, acme, "Tasks")) == 5


def test_the_page_and_the_api_name_the_record_to_whom_may_see_it(people: People) -> None:
    rollup(people, TASKS, "company", "count", "Tasks")
    acme = make_company(people.owner, "Acme")
    shown, gone = promise(people.owner, acme, "Zanzibar"), promise(people.owner, acme, "Quill")
    change(people.admin, gone, owner=people.stranger, team=people.south)
    page = signed_in(people.owner).get(f"/companies/{acme.pk}/history").content.decode()
    assert f'<a href="/tasks/{shown.pk}">Zanzibar</a>' in page and "<ins>2</ins>" in page
    assert "Quill" not in page and f"/tasks/{gone.pk}" not in page
    answer = Caller(make_key(people.owner)[1]).get(f"/api/v1/companies/{acme.pk}/history").json()
    said = [(one["old"], one["new"]) for entry in answer["data"] for one in entry["changes"]
            if one["label"] == "Tasks"]  # fmt: skip
    assert said == [("2", "1"), ("1", "2"), ("0", "1")]
    about = [one for entry in answer["data"] for one in entry["about"]]
    assert about == [{"kind": "Task", "name": "Zanzibar", "url": f"/tasks/{shown.pk}"}]
    assert answer["untold"] == []


def test_each_reader_is_told_what_they_would_have_seen(people: People) -> None:
    rollup(people, TASKS, "company", "count", "Tasks")
    acme = make_company(people.owner, "Acme")
    mine = promise(people.owner, acme, "Mine")
    promise(people.admin, acme, "Admin's", owner=people.stranger, team=people.south)
    assert told(people.owner, acme, "Tasks") == numbers((0, 1))
    assert told(people.manager, acme, "Tasks") == numbers((1, 2), (0, 1))
    change(people.admin, mine, owner=people.stranger, team=people.south)
    assert told(people.owner, acme, "Tasks") == numbers((1, 0), (0, 1))
    assert told(people.manager, acme, "Tasks") == numbers((1, 2), (0, 1))


def test_only_those_that_match_and_what_is_picked_of_them(people: People) -> None:
    urgent = rollup(people, TASKS, "company", "count", "Urgent", where="priority.is=1")
    last = rollup(people, TASKS, "company", "last", "Newest", field="title", latest="due_on")
    due = rollup(people, TASKS, "company", "min", "Next", field="due_on")
    acme = make_company(people.owner, "Acme")
    one = promise(people.owner, acme, "One", priority=1, due_on=date(2030, 1, 1))
    change(people.owner, one, priority=2)
    change(people.owner, one, title="Eins")
    promise(people.owner, acme, "Two", due_on=date(2031, 1, 1))
    assert told(people.owner, acme, urgent.label) == numbers((1, 0), (0, 1))
    assert told(people.owner, acme, last.label) == [("Eins", "Two"), ("One", "Eins"), ("", "One")]
    assert told(people.owner, acme, due.label) == [(None, date(2030, 1, 1))]


def test_over_references_of_ones_own_and_people_of_the_same_table(people: People) -> None:
    supplier = add(people.admin, "relation", "Supplier", target=COMPANIES, key=TASKS)
    worth = add(people.admin, "money", "Worth", key=TASKS, currency="EUR")
    spent = rollup(people, TASKS, supplier.name, "sum", "Spent", field=worth.name)
    staff = rollup(people, PEOPLE, "company", "count", "Staff")
    acme, other = make_company(people.owner, "Acme"), make_company(people.owner, "Other")
    task = promise(people.owner, other, "T", **{supplier.name: acme, worth.name: Decimal("12.50")})
    change(people.owner, task, **{worth.name: Decimal("20")})
    change(people.owner, task, **{supplier.name: other})
    undo_last(people.owner)
    delete(people.owner, task)
    sums = ["0.00", "12.50", "20.00", "0.00", "20.00", "0.00"]
    pairs = [(Decimal(old), Decimal(new)) for old, new in itertools.pairwise(sums)]
    assert told(people.owner, acme, spent.label) == pairs[::-1]
    ana = make_person(people.owner, "Ana")
    change(people.owner, ana, PEOPLE, company=acme)
    change(people.owner, ana, PEOPLE, company=other)
    assert told(people.owner, acme, staff.label) == numbers((1, 0), (0, 1))


def test_a_filter_one_step_further_follows_the_record_there(people: People) -> None:
    below = rollup(
        people, PEOPLE, "company", "count", "Of clients", where="company.state.is=active"
    )
    acme = make_company(people.owner, "Acme")
    ana = make_person(people.owner, "Ana")
    change(people.owner, ana, PEOPLE, company=acme)
    change(people.owner, acme, COMPANIES, name="Acme Ltd")
    Company.objects.filter(pk=acme.pk).update(state="active")
    acme.refresh_from_db()
    assert told(people.owner, acme, below.label) == numbers((0, 1))


def test_the_day_is_that_of_the_change(people: People) -> None:
    late = rollup(people, TASKS, "company", "count", "Late", where="due_on.older=0")
    acme = make_company(people.owner, "Acme")
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with frozen(monday):
        task = promise(people.owner, acme, "T", due_on=date(2026, 3, 4))
    with frozen(monday + timedelta(days=4)):
        change(people.owner, task, due_on=date(2026, 3, 9))
        assert told(people.owner, acme, late.label) == numbers((1, 0))
    with frozen(monday + timedelta(days=20)):
        assert told(people.owner, acme, late.label) == numbers((1, 0))
        assert values(people.owner, late.name) == {"Acme": 1}


def test_nothing_is_told_to_whom_a_field_is_hidden_since(people: People) -> None:
    rollup(people, TASKS, "company", "count", "Tasks", where="priority.is=1")
    acme = make_company(people.owner, "Acme")
    promise(people.owner, acme, "T", priority=1)
    assert told(people.owner, acme, "Tasks")
    hide(people.owner, TASKS, "priority")
    history = told_history(entity(COMPANIES), acme, people.owner)
    assert told(people.owner, acme, "Tasks") == [] and history.untold == []
    assert not any(entry.about for entry in history.entries)


def test_a_field_less_and_there_is_nothing_to_tell(people: People) -> None:
    worth = add(people.admin, "money", "Worth", key=TASKS, currency="EUR")
    rollup(people, TASKS, "company", "sum", "Spent", field=worth.name)
    acme = make_company(people.owner, "Acme")
    promise(people.owner, acme, "T", **{worth.name: Decimal(5)})
    assert len(told(people.owner, acme, "Spent")) == 1
    delete_custom_field(actor=people.admin, custom_field=worth)
    assert told(people.owner, acme, "Spent") == []


# --- what is not told -----------------------------------------------------------------------------


def test_what_is_too_much_is_said_to_be_untold(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollup(people, TASKS, "company", "count", "Tasks")
    acme = make_company(people.owner, "Acme")
    for number in range(4):
        promise(people.owner, acme, f"T{number}")
    page = f"/companies/{acme.pk}/history"

    def untold() -> list[tuple[str, bool]]:
        found = told_history(entity(COMPANIES), acme, people.owner).untold
        return [(str(one.field.label), one.since is not None) for one in found]

    assert untold() == []
    with monkeypatch.context() as few:
        few.setattr(related, "MOST_STEPS", 2)
        assert told(people.owner, acme, "Tasks") == numbers((3, 4), (2, 3))
        assert untold() == [("Tasks", True)]
        assert "“Tasks”" in signed_in(people.owner).get(page).content.decode()
    with monkeypatch.context() as few:
        few.setattr(rows, "MOST_CHANGES", 3)
        assert told(people.owner, acme, "Tasks") == numbers((3, 4), (2, 3), (1, 2))
        assert untold() == [("Tasks", True)]
    with monkeypatch.context() as few:
        few.setattr(rows, "MOST_ROWS", 3)
        assert told(people.owner, acme, "Tasks") == [] and untold() == [("Tasks", False)]
        assert "“Tasks”" in signed_in(people.owner).get(page).content.decode()


def test_what_the_journal_does_not_keep_is_said_to_be_untold(people: People) -> None:
    rollup(people, TASKS, "company", "max", "Touched", field="updated_at")
    acme = make_company(people.owner, "Acme")
    promise(people.owner, acme, "T")
    found = told_history(entity(COMPANIES), acme, people.owner).untold
    assert [(str(one.field.label), one.since) for one in found] == [("Touched", None)]
    assert told(people.owner, acme, "Touched") == []


def test_roll_ups_over_the_same_records_are_asked_together(people: People) -> None:
    acme = make_company(people.owner, "Acme")
    promise(people.owner, acme, "T")
    rollup(people, TASKS, "company", "count", "First")
    counted = []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            told_history(entity(COMPANIES), acme, people.owner)
        counted.append(len(asked))
        rollup(people, TASKS, "company", "max", f"Due {number}", field="due_on")
    assert len(set(counted)) == 1


FULL = """
INSERT INTO platform_change (at, changeset_id, table_name, row_id, op, before)
SELECT now(), 1, 'interactions_task', n, CASE n % 5 WHEN 0 THEN 'D' WHEN 1 THEN 'U' ELSE 'I' END,
       jsonb_build_object('company_id', n, 'title', 'T')
FROM generate_series(1, 20000) n
"""


def test_what_once_pointed_here_is_found_by_an_index(people: People) -> None:
    sql = rows.POINTING.format(table="interactions_task", points='t."company_id"')
    params = [1, "interactions_task", '{"company_id": 1}', '{"company_id": 1}', 5]
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        cursor.execute("ANALYZE platform_change")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan" in plan and "_before_idx" in plan, plan


# --- any sequence of changes ----------------------------------------------------------------------

VERBS = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "move", "value", "rank", "give", "delete", "undo", "title", "both"]
        ),
        st.integers(0, 5),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(verbs=VERBS)
def test_worked_out_backwards_it_is_what_was_noted_on_the_way(
    people: People, verbs: list[tuple[str, int, int]]
) -> None:
    """For two readers who see different rows, whatever is done in whatever order."""
    with transaction.atomic():
        _done_and_noted(people, verbs)
        transaction.set_rollback(True)
    known.forget()


def _done_and_noted(people: People, verbs: list[tuple[str, int, int]]) -> None:
    acme, other = make_company(people.owner, "Acme"), make_company(people.owner, "Other")
    worth = add(people.admin, "number", "Worth", key=TASKS)
    fields = [
        rollup(people, TASKS, "company", "count", "How many"),
        rollup(people, TASKS, "company", "sum", "Sum", field=worth.name),
        rollup(people, TASKS, "company", "last", "Last", field="title", latest="due_on"),
        rollup(people, TASKS, "company", "count", "First ones", where="priority.is=1"),
    ]
    fields.append(add(people.admin, "formula", "Twice", formula=f"{fields[1].name} * 2"))
    readers = (people.owner, people.admin)
    noted: dict[tuple[int, str], list[Any]] = {}

    def note() -> None:
        for reader in readers:
            reader.forget_rights()
            for made in fields:
                seen = values(reader, made.name)["Acme"]
                line = noted.setdefault((reader.pk, made.label), [])
                if not line or line[-1] != seen:
                    line.append(seen)

    note()
    for verb, which, number in verbs:
        _do(people, verb, which, number, (acme, other), worth.name)
        note()
    for reader in readers:
        for made in fields:
            line = noted[reader.pk, made.label]
            pairs = list(itertools.pairwise(line))[::-1]
            assert told(reader, acme, made.label) == pairs, (str(reader), made.label)


def _do(
    people: People, verb: str, which: int, number: int, companies: tuple[Company, ...], worth: str
) -> None:
    """One thing that somebody does, if it can be done."""
    tasks = list(Task.objects.order_by("pk"))
    actor = people.admin
    if verb == "add" or not tasks:
        promise(actor, companies[number % 2], f"T{number}", priority=1 + number % 3,
                due_on=date(2030, 1, 1 + number), owner=people.owner if which % 2 else actor,
                team=people.north, **{worth: number})  # fmt: skip
        return
    task = tasks[which % len(tasks)]
    if verb == "delete":
        delete(actor, task)
    elif verb == "undo":
        with contextlib.suppress(NothingUndone):
            undo_last(actor)
    else:
        to = people.owner if number % 2 else people.stranger
        told_values: dict[str, Any] = {
            "move": {"company": companies[number % 2]},
            "value": {worth: number},
            "rank": {"priority": 1 + number % 3},
            "title": {"title": f"T{number}"},
            "give": {"owner": to, "team": people.north if number % 2 else people.south},
            "both": {"company": companies[number % 2], worth: number, "due_on": date(2031, 1, 1)},
        }[verb]
        change(actor, task, **told_values)
