"""Plans of activities: one click promises a sequence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.personas import People
from tests.sales.makers import deal
from vinculo.interactions.models import Task
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.sales.plans.actions import Step, save_plan, start_plan
from vinculo.sales.plans.models import ActivityPlan

pytestmark = pytest.mark.django_db


def plan(people: People) -> ActivityPlan:
    steps = [Step("Send the offer", 3), Step("Call", 0), Step("Ask", 10, people.teammate)]
    return save_plan(actor=people.admin, name="New customer", steps=steps)


def test_each_step_becomes_a_task_and_the_first_is_the_next_step(people: People) -> None:
    made, today = deal(people.owner), timezone.localdate()
    people.teammate.forget_rights()
    made.company.team_id = people.north.pk
    start_plan(actor=people.owner, deal=made, plan=plan_of_one(people), on=today)
    tasks = list(Task.objects.order_by("due_on"))
    assert [(task.title, (task.due_on - today).days) for task in tasks] == [
        ("Call (Pumps)", 0),
        ("Send the offer (Pumps)", 3),
    ]
    assert {task.party_id for task in tasks} == {made.company_id}
    made.refresh_from_db()
    assert (made.next_step, made.next_step_on, made.next_task_id) == ("Call", today, tasks[0].pk)
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(verb="sales.start_plan"))
    assert not Task.objects.exists()
    made.refresh_from_db()
    assert made.next_step == ""


def plan_of_one(people: People) -> ActivityPlan:
    steps = [Step("Send the offer", 3), Step("Call", 0)]
    return save_plan(actor=people.admin, name="New customer", steps=steps)


def test_who_may_not_see_the_customer_gets_no_task(people: People) -> None:
    made = deal(people.owner)
    with pytest.raises(DomainError, match="may not see this customer"):
        start_plan(actor=people.owner, deal=made, plan=plan(people), on=timezone.localdate())
    assert not Task.objects.exists()


def test_only_administrators_make_plans(people: People) -> None:
    with pytest.raises(NotAllowed):
        save_plan(actor=people.manager, name="Mine", steps=[Step("Call", 0)])
    with pytest.raises(DomainError, match="at least one step"):
        save_plan(actor=people.admin, name="Empty", steps=[])
    with pytest.raises(DomainError, match="cannot be right"):
        start_plan(
            actor=people.owner, deal=deal(people.owner), plan=plan_of_one(people),
            on=timezone.localdate() + timedelta(days=9000),
        )  # fmt: skip


def test_a_plan_is_made_and_changed_on_its_page(people: People) -> None:
    client = Client()
    client.force_login(people.admin)
    told = {
        "name": "Trade fair",
        "is_active": "on",
        "title_0": "Call",
        "days_0": "2",
        "title_3": "Ask",
    }
    assert client.post("/settings/plans/new", told).status_code == 302
    made = ActivityPlan.objects.get()
    assert [(s.title, s.days) for s in made.steps.order_by("place")] == [("Call", 2), ("Ask", 0)]
    shown = client.get(f"/settings/plans/{made.pk}").content.decode()
    assert 'value="Trade fair"' in shown
    assert client.post(f"/settings/plans/{made.pk}", {"name": ""}).status_code == 422
    assert client.post(f"/settings/plans/{made.pk}/delete").status_code == 302
    assert not ActivityPlan.objects.exists()
