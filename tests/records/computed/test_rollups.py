"""Roll-ups: what related records come to, of those that the reader may see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.personas import EVERYTHING, People
from tests.records.computed.test_formulas import hide, values
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, Person
from vinculo.platform.models import CustomField, User
from vinculo.records.custom.actions import delete_custom_field
from vinculo.records.lists import page_of, parse_list
from vinculo.records.registry import entity

pytestmark = pytest.mark.django_db
COMPANIES = "parties.company"


def rollup(
    people: People, of: str, by: str, how: str, label: str = "Roll", **more: str
) -> CustomField:
    """A roll-up field of companies."""
    told = {"of": of, "by": by, "how": how, **more}
    return add(people.admin, "rollup", label, rollup=told)


def task(owner: User, company: Company, title: str, **more: Any) -> Task:
    return Task.objects.create(title=title, party_id=company.pk, company_id=company.pk,
                               owner=owner, team_id=owner.main_team_id(), **more)  # fmt: skip


def call(
    owner: User, company: Company, at: int, minutes: int | None, subject: str = "Call"
) -> None:
    Interaction.objects.create(
        kind="call", party_id=company.pk, company_id=company.pk, subject=subject, minutes=minutes,
        at=datetime(2026, 3, at, tzinfo=UTC), owner=owner, team_id=owner.main_team_id(),
    )  # fmt: skip


def test_count_sum_min_max_and_last(people: People) -> None:
    acme, other = make_company(people.owner, "Acme"), make_company(people.owner, "Other")
    for day, minutes in ((1, 10), (9, None), (5, 30)):
        call(people.owner, acme, day, minutes, f"Day {day}")
    calls = ("interactions.interaction", "company")
    count = rollup(people, *calls, "count", "Calls")
    total = rollup(people, *calls, "sum", "Minutes", field="minutes")
    least = rollup(people, *calls, "min", "Least", field="minutes")
    latest = rollup(people, *calls, "max", "Latest", field="at")
    last = rollup(people, *calls, "last", "Last", field="subject", latest="at")
    kind = rollup(people, *calls, "last", "Last kind", field="kind", latest="at")
    said = {
        one.label: values(people.owner, one.name) for one in (count, total, least, latest, last)
    }
    assert said["Calls"] == {"Acme": 3, "Other": 0}
    assert said["Minutes"] == {"Acme": 40, "Other": 0}
    assert said["Least"] == {"Acme": 10, "Other": None}
    assert said["Latest"] == {"Acme": datetime(2026, 3, 9, tzinfo=UTC), "Other": None}
    assert said["Last"] == {"Acme": "Day 9", "Other": ""}
    assert list(values(people.owner, count.name, **{f"{total.name}.above": "5"})) == ["Acme"]
    assert list(values(people.owner, count.name, sort=f"-{latest.name}")) == ["Acme", "Other"]
    client = signed_in(people.owner)
    assert (
        "Call" in client.get(f"/companies?group={kind.name}&cols=name,{kind.name}").content.decode()
    )
    told = client.get(f"/companies/{acme.pk}/how/{count.name}").content.decode()
    assert f"/activities?company.is={acme.pk}" in told
    listed = client.get(f"/activities?company.is={acme.pk}").content.decode()
    assert listed.count("Day ") >= 3
    assert other.pk != acme.pk


def test_only_those_that_match(people: People) -> None:
    acme = make_company(people.owner, "Acme")
    task(people.owner, acme, "Open")
    task(people.owner, acme, "Done", done_at=datetime(2026, 1, 1, tzinfo=UTC))
    open_ = rollup(people, "interactions.task", "company", "count", "Open",
                   where="sort=title&done_at.empty=1")  # fmt: skip
    assert open_.rollup["where"] == "done_at.empty=1"
    assert values(people.owner, open_.name) == {"Acme": 1}
    mine = rollup(people, "interactions.task", "company", "count", "Mine", where="owner.is=me")
    assert values(people.admin, mine.name) == {"Acme": 0}
    assert values(people.owner, mine.name) == {"Acme": 2}


def test_each_reader_is_told_of_what_they_may_see(people: People) -> None:
    acme = make_company(people.owner, "Acme")
    task(people.owner, acme, "Owner's")
    task(people.stranger, acme, "Stranger's", due_on=date(2030, 1, 1))
    count = rollup(people, "interactions.task", "company", "count", "Tasks")
    due = rollup(people, "interactions.task", "company", "max", "Due", field="due_on")
    double = add(people.admin, "formula", "Double", formula=f"{count.name} * 2")
    seen = {}
    for name, user in people.all().items():
        seen[name] = (values(user, count.name), values(user, double.name), values(user, due.name))
    late = date(2030, 1, 1)
    assert seen["owner"] == ({"Acme": 1}, {"Acme": 2}, {"Acme": None})
    assert seen["admin"] == ({"Acme": 2}, {"Acme": 4}, {"Acme": late})
    assert seen["manager"] == ({"Acme": 2}, {"Acme": 4}, {"Acme": late})
    assert seen["teammate"] == seen["stranger"] == ({}, {}, {})
    asked = {f"{due.name}.after": "2029-01-01"}
    assert list(values(people.admin, due.name, **asked)) == ["Acme"]
    assert list(values(people.owner, due.name, **asked)) == []


def test_who_may_not_see_the_records_or_their_field_has_no_roll_up(people: People) -> None:
    acme = make_company(people.owner, "Acme")
    due = rollup(people, "interactions.task", "company", "max", "Due", field="due_on",
                 where="priority.is=2&company.city.contains=x")  # fmt: skip
    fields = entity(COMPANIES)
    assert fields.field_for(people.owner, due.name) is not None
    for key, name in (("interactions.task", "due_on"), ("interactions.task", "company"),
                      ("interactions.task", "priority"), (COMPANIES, "city")):  # fmt: skip
        hide(people.owner, key, name)
        assert fields.field_for(people.owner, due.name) is None, (key, name)
    role = people.owner.active_roles()[0]
    role.field_rules = {}
    role.grants = {key: role.grants[key] for key in EVERYTHING if key != "interactions.task"}
    role.save()
    people.owner.forget_rights()
    assert fields.field_for(people.owner, due.name) is None
    assert due.name not in signed_in(people.owner).get(f"/companies/{acme.pk}").content.decode()


def test_over_people_below_companies_and_a_reference_of_ones_own(people: People) -> None:
    acme = make_company(people.owner, "Acme")
    Company.objects.filter(pk=make_company(people.owner, "Child").pk).update(parent=acme)
    Person.objects.create(kind="person", name="Ana", family_name="Ana", company=acme,
                          owner=people.owner)  # fmt: skip
    supplier = add(people.admin, "relation", "Supplier", target=COMPANIES, key="interactions.task")
    worth = add(people.admin, "money", "Worth", key="interactions.task", currency="EUR")
    Task.objects.create(title="T", owner=people.owner,
                        custom={supplier.slug: acme.pk, worth.slug: "12.50"})  # fmt: skip
    staff = rollup(people, "parties.person", "company", "count", "Staff")
    below = rollup(people, COMPANIES, "parent", "count", "Below")
    spent = rollup(people, "interactions.task", supplier.name, "sum", "Spent", field=worth.name)
    assert values(people.owner, staff.name)["Acme"] == 1
    assert values(people.owner, below.name) == {"Acme": 1, "Child": 0}
    assert values(people.owner, spent.name) == {"Acme": Decimal("12.50"), "Child": 0}
    assert (spent.gives, spent.currency, spent.decimals) == ("money", "EUR", 2)
    supplier.refresh_from_db()
    assert supplier.indexed  # or each company would read all tasks
    delete_custom_field(actor=people.admin, custom_field=worth)
    assert values(people.owner, spent.name) == {"Acme": None, "Child": None}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"of": "nothing", "by": "company", "how": "count"}, "of"),
        ({"of": "interactions.task", "by": "owner", "how": "count"}, "of"),
        ({"of": "interactions.task", "by": "company", "how": "guess"}, "of"),
        ({"of": "interactions.task", "by": "company", "how": "sum"}, "of_field"),
        ({"of": "interactions.task", "by": "company", "how": "sum", "field": "title"}, "of_field"),
        ({"of": "interactions.task", "by": "company", "how": "max", "field": "title"}, "of_field"),
        ({"of": "interactions.task", "by": "company", "how": "max", "field": "owner"}, "of_field"),
        ({"of": "parties.person", "by": "company", "how": "last", "field": "iban",
          "latest": "created_at"}, "of_field"),
        ({"of": "interactions.task", "by": "company", "how": "count", "where": "no.is=1"}, "where"),
        ({"of": "interactions.task", "by": "company", "how": "count", "where": "due_on.on=soon"},
         "where"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_input(
    people: People, told: dict[str, str], field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        add(people.admin, "rollup", "Roll", rollup=told)
    assert caught.value.field == field
    assert not CustomField.objects.exists()


def test_a_roll_up_of_roll_ups_is_refused(people: People) -> None:
    inner = rollup(people, COMPANIES, "parent", "count", "Below")
    with pytest.raises(DomainError, match="cannot be made of roll-ups"):
        rollup(people, COMPANIES, "parent", "sum", "All below", field=inner.name)


def test_a_page_asks_no_question_more(people: People) -> None:
    companies = [make_company(people.owner, f"C{n}") for n in range(4)]
    for one in companies:
        task(people.owner, one, "T")
    counted = []
    for number in range(3):
        names = ",".join(entity(COMPANIES).custom_fields)
        state = parse_list(entity(COMPANIES), people.owner, {"cols": f"name,{names}".rstrip(",")})
        with CaptureQueriesContext(connection) as asked:
            page_of(state)
        counted.append(len(asked))
        rollup(people, "interactions.task", "company", "count", f"Tasks {number}")
        add(people.admin, "formula", f"Formula {number}", formula="length(name)")
    assert len(set(counted)) == 1


def test_the_form_of_a_roll_up(people: People) -> None:
    client = signed_in(people.admin)
    url = "/settings/fields/companies/new?kind=rollup"
    ways = client.get(url).content.decode()
    assert "of=interactions.task&amp;by=company" in ways
    url += "&of=interactions.task&by=company"
    sent = {"label": "Next due", "how": "min", "of_field": "due_on",
            "where": "https://crm.example/tasks?sort=title&done_at.empty=1&cols=title"}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    made = CustomField.objects.get()
    assert made.rollup == {"of": "interactions.task", "by": "company", "how": "min",
                           "field": "due_on", "where": "done_at.empty=1"}  # fmt: skip
    assert client.get(f"/settings/fields/{made.pk}").status_code == 200
    sent = {"label": "Last", "how": "last", "of_field": "title", "latest": "created_at"}
    assert client.post(f"/settings/fields/{made.pk}", sent).status_code == 302
    made.refresh_from_db()
    assert (made.rollup["how"], made.gives, made.rollup["of"]) == (
        "last",
        "text",
        "interactions.task",
    )
    bad = client.post(url, {"label": "B", "how": "sum", "of_field": "title"})
    assert bad.status_code == 422 and "of_field" in bad.context["form"].errors
