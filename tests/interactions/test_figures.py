"""Key figures of a customer's header: what comes next, what is open, and who may know."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.interactions.makers import make_company, make_person
from tests.personas import People
from vinculo.interactions.actions import add_task, complete_task, plan_meeting
from vinculo.interactions.figures import ahead
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.records.entity import Figure


def labelled(figures: list[Figure]) -> dict[str, Figure]:
    """The figures by their English labels."""
    return {str(figure.label): figure for figure in figures}


def test_a_customer_with_nothing_ahead_says_so(people: People) -> None:
    shown = labelled(ahead(people.owner, make_company(people.owner)))
    assert shown["Next step"].value == "None planned"
    assert (shown["Open tasks"].value, shown["Open tasks"].url) == ("0", "")


def test_the_nearest_of_plan_and_task_is_the_next_step(people: People) -> None:
    company = make_company(people.owner)
    person = make_person(people.owner, company=company)
    today = timezone.localdate(now())
    task = add_task(
        actor=people.owner, party=person, title="Send prices", due_on=today + timedelta(days=3)
    )
    meeting = plan_meeting(
        actor=people.owner, party=company, subject="Review", at=now() + timedelta(days=5)
    )
    first = labelled(ahead(people.owner, company))["Next step"]
    assert (first.note, first.url) == ("Send prices", f"/tasks/{task.pk}")
    complete_task(actor=people.owner, task=task)
    then = labelled(ahead(people.owner, Company.objects.get(pk=company.pk)))["Next step"]
    assert (then.note, then.url) == ("Review", f"/activities/{meeting.pk}")


def test_what_is_overdue_is_counted_and_is_no_next_step(people: People) -> None:
    company = make_company(people.owner)
    day = timezone.localdate(now()) - timedelta(days=1)
    add_task(actor=people.owner, party=company, title="Call back", due_on=day)
    shown = labelled(ahead(people.owner, company))
    assert shown["Next step"].value == "None planned"
    tasks = shown["Open tasks"]
    assert (tasks.value, tasks.note, tasks.note_tone) == ("1", "1 overdue", "bad")
    assert tasks.url == f"/tasks?company.is={company.pk}&done_at.empty=1"


def test_who_may_not_see_the_customer_learns_nothing_from_its_figures(people: People) -> None:
    company = make_company(people.owner)
    plan_meeting(actor=people.owner, party=company, subject="Secret", at=now() + timedelta(days=1))
    shown = labelled(ahead(people.stranger, company))
    assert all("Secret" not in str(figure.note) for figure in shown.values())
