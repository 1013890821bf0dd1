"""Tasks: promised, given away, snoozed, done, and coming again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.interactions.makers import latest_change_set, make_company
from tests.personas import People
from vinculo.interactions.actions import (
    add_task,
    assign_task,
    complete_task,
    edit_task,
    reopen_task,
    snooze_task,
)
from vinculo.interactions.day import my_day, my_day_count
from vinculo.interactions.jobs import remind
from vinculo.interactions.models import Task
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform.models import Change, Notification
from vinculo.platform.undo import undo_change_set

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def titles(items: list) -> list[str]:  # type: ignore[type-arg]
    return [str(item.row) for item in items]


def test_a_repeating_task_comes_again_and_keeps_its_rhythm(people: People) -> None:
    with frozen(datetime(2026, 1, 31, 9, tzinfo=UTC)):
        task = add_task(
            actor=people.owner, title="Rent", due_on=date(2026, 1, 31), repeat="monthly"
        )
        second = complete_task(actor=people.owner, task=task)
    assert second is not None
    assert second.due_on == date(2026, 2, 28)
    with frozen(datetime(2026, 2, 28, 9, tzinfo=UTC)):
        third = complete_task(actor=people.owner, task=second)
    assert third is not None
    assert third.due_on == date(2026, 3, 31)


def test_a_late_task_does_not_pile_up(people: People) -> None:
    with frozen(NOON):
        task = add_task(
            actor=people.owner, title="Report", due_on=date(2026, 1, 6), repeat="weekly"
        )
        following = complete_task(actor=people.owner, task=task)
    assert following is not None
    assert following.due_on == date(2026, 3, 10)


def test_done_today_in_advance_comes_on_the_next_day_of_its_rhythm(people: People) -> None:
    with frozen(NOON):
        task = add_task(
            actor=people.owner, title="Report", due_on=date(2026, 3, 12), repeat="weekly"
        )
        following = complete_task(actor=people.owner, task=task)
    assert following is not None
    assert following.due_on == date(2026, 3, 19)


def test_undo_of_done_takes_the_next_one_away(people: People) -> None:
    task = add_task(
        actor=people.owner, title="Rent", due_on=timezone.localdate(now()), repeat="daily"
    )
    complete_task(actor=people.owner, task=task)
    assert Task.objects.count() == 2
    undo_change_set(actor=people.owner, change_set=latest_change_set(people.owner))
    assert Task.objects.get().done_at is None


def test_a_task_is_done_once_and_reopened_once(people: People) -> None:
    task = add_task(actor=people.owner, title="Ring")
    with pytest.raises(DomainError):
        reopen_task(actor=people.owner, task=task)
    complete_task(actor=people.owner, task=task)
    with pytest.raises(DomainError):
        complete_task(actor=people.owner, task=task)
    assert reopen_task(actor=people.owner, task=task).done_at is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x", "repeat": "weekly"}, "due_on"),
    ],
)
def test_refusals_write_nothing(people: People, given: dict[str, str], field: str) -> None:
    before = Change.objects.count()
    with pytest.raises(DomainError) as refused:
        add_task(actor=people.owner, **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Change.objects.count() == before


def test_a_task_is_only_given_to_who_may_see_the_customer(people: People) -> None:
    company = make_company(people.owner)
    task = add_task(actor=people.owner, title="Visit", party=company)
    with pytest.raises(DomainError) as refused:
        assign_task(actor=people.owner, task=task, owner=people.stranger)
    assert refused.value.field == "owner"
    assert not Notification.objects.exists()
    assign_task(actor=people.owner, task=task, owner=people.manager)
    told = Notification.objects.get()
    assert told.user_id == people.manager.pk
    assert told.params == {"who": "Owner", "what": "Visit"}
    task.refresh_from_db()
    assert (task.owner_id, task.team_id) == (people.manager.pk, people.company.pk)
    with pytest.raises(NotFound):
        complete_task(actor=people.owner, task=task)


def test_a_task_without_a_customer_is_its_owners_alone(people: People) -> None:
    add_task(actor=people.owner, title="Private")
    assert Task.objects.visible_to(people.owner).count() == 1
    assert Task.objects.visible_to(people.stranger).count() == 0
    assert Task.objects.visible_to(people.manager).count() == 1


def test_snoozed_tasks_come_back_on_their_day(people: People) -> None:
    with frozen(NOON):
        task = add_task(actor=people.owner, title="Ring", due_on=date(2026, 3, 9))
        assert titles(my_day(people.owner).overdue) == ["Ring"]
        with pytest.raises(DomainError):
            snooze_task(actor=people.owner, task=task, until=date(2026, 3, 10))
        snooze_task(actor=people.owner, task=task, until=date(2026, 3, 12))
        day = my_day(people.owner)
        assert (day.overdue, day.now, titles(day.next)) == ([], [], ["Ring"])
        assert my_day_count(people.owner) == 0
    with frozen(NOON + timedelta(days=2)):
        assert titles(my_day(people.owner).now) == ["Ring"]
        assert my_day_count(people.owner) == 1
        edit_task(actor=people.owner, task=task, title="Ring", due_on=date(2026, 3, 20))
        assert Task.objects.get().snoozed_until is None


def test_due_today_is_the_readers_today(people: People) -> None:
    with frozen(datetime(2026, 3, 10, 23, 30, tzinfo=UTC)):
        add_task(actor=people.owner, title="Ring", due_on=date(2026, 3, 11))
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            assert titles(my_day(people.owner).now) == ["Ring"]
        with timezone.override(ZoneInfo("America/Lima")):
            assert titles(my_day(people.owner).next) == ["Ring"]
    with frozen(datetime(2026, 3, 12, 2, 0, tzinfo=UTC)):
        with timezone.override(ZoneInfo("America/Lima")):
            assert titles(my_day(people.owner).now) == ["Ring"]
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            assert titles(my_day(people.owner).overdue) == ["Ring"]


def test_my_day_takes_two_queries_however_much_there_is(
    people: People, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    company = make_company(people.owner)
    for number in range(5):
        add_task(
            actor=people.owner,
            title=f"Task {number}",
            party=company,
            due_on=timezone.localdate(now()),
        )
    my_day_count(people.owner)
    with django_assert_num_queries(2):
        day = my_day(people.owner)
        assert [item.row.party.name for item in day.now] == ["Aurora Trading"] * 5


def test_a_reminder_comes_once_and_is_no_change(people: People) -> None:
    company = make_company(people.owner)
    with frozen(NOON):
        task = add_task(
            actor=people.owner, title="Ring", party=company, remind_at=NOON + timedelta(hours=1)
        )
        remind()
    assert not Notification.objects.exists()
    before = Change.objects.count()
    with frozen(NOON + timedelta(hours=1)):
        remind()
        remind()
    told = Notification.objects.get()
    assert (told.user_id, told.kind, told.params) == (people.owner.pk, "reminder", {"what": "Ring"})
    assert Change.objects.count() == before
    with frozen(NOON + timedelta(hours=2)):
        snooze_task(actor=people.owner, task=task, until=date(2026, 3, 11))
    with frozen(NOON + timedelta(days=1, hours=1)):
        remind()
    assert Notification.objects.count() == 2


def test_nobody_is_reminded_of_a_customer_they_no_longer_see(people: People) -> None:
    company = make_company(people.owner)
    with frozen(NOON):
        add_task(actor=people.owner, title="Ring", party=company, remind_at=NOON)
    company.owner, company.team = people.stranger, people.south
    company.save()
    with frozen(NOON + timedelta(hours=1)):
        remind()
    assert not Notification.objects.exists()
