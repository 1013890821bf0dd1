"""Assignment: leads that nobody has are spread by rules, none twice, none left."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.personas import People, make_people
from tests.records.api.test_once import at_once
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.models import ChangeSet, Notification
from vinculo.platform.undo import undo_change_set
from vinculo.sales.assigning.actions import save_assign_rule, save_colleague
from vinculo.sales.assigning.choosing import Seat, Table, Wish
from vinculo.sales.assigning.dealing import assign, assign_again
from vinculo.sales.assigning.models import AssignRule, Given
from vinculo.sales.assigning.report import fairness, preview
from vinculo.sales.leads.models import Lead
from vinculo.sales.webforms import setting as webforms

pytestmark = pytest.mark.django_db


def rule(people: People, **data: Any) -> AssignRule:
    """A rule that is on: every lead, to somebody of the north."""
    usual = {"name": "All", "team": people.north, "is_active": True}
    return save_assign_rule(actor=people.admin, **{**usual, **data})


def leads(number: int, **columns: Any) -> list[Lead]:
    """Leads that nobody has."""
    return Lead.objects.bulk_create(Lead(name=f"Lead {n}", **columns) for n in range(number))


def owners() -> Counter[int | None]:
    return Counter(Lead.objects.values_list("owner_id", flat=True))


@given(
    dealt=st.lists(st.integers(min_value=0, max_value=6), max_size=40),
    people=st.integers(min_value=1, max_value=7),
)
@settings(max_examples=40)
def test_in_turn_spreads_within_one(dealt: list[int], people: int) -> None:
    table = Table(Seat(pk, load=pk * 3) for pk in range(people))
    wish = Wish(1, tuple(range(people)), "round_robin")
    got = Counter(table.deal(wish, {}) for _lead in dealt)
    counts = [got[pk] for pk in range(people)]
    assert sum(counts) == len(dealt)
    assert max(counts) - min(counts) <= 1


def test_leads_go_in_turn_and_each_learns_of_theirs(people: People) -> None:
    rule(people)
    leads(5)
    assert sorted(assign().values()) == [2, 3]
    assert set(owners()) == {people.owner.pk, people.teammate.pk}
    assert set(Lead.objects.values_list("team_id", flat=True)) == {people.north.pk}
    assert Notification.objects.filter(kind="assigned").count() == 2
    leads(1)
    assign()  # the turn goes on where it was
    assert sorted(owners().values()) == [3, 3]
    assert assign() == {}
    undo_change_set(
        actor=people.admin, change_set=ChangeSet.objects.filter(verb="sales.assign").earliest("pk")
    )
    assert (owners()[None], Given.objects.count()) == (5, 1)


def test_the_first_rule_that_fits_and_finds_somebody_decides(people: People) -> None:
    rule(people, name="Spain", query="country.is=ES", team=None, person=people.stranger)
    rule(people, name="French speakers", match="country")
    rule(people, name="Rest", team=None, person=people.manager)
    save_colleague(actor=people.admin, user=people.teammate, skills={"country": ["FR", " "]})
    leads(2, country="ES")
    leads(2, country="FR")
    leads(1, country="IT")
    assign()
    assert owners() == {people.stranger.pk: 2, people.teammate.pk: 2, people.manager.pk: 1}


def test_capacity_and_absence_are_kept(people: People) -> None:
    rule(people)
    today = timezone.localdate()
    save_colleague(actor=people.admin, user=people.owner, most_open=2, skills={})
    save_colleague(actor=people.admin, user=people.teammate, skills={}, absences=[(today, today)])
    leads(3)
    assign()
    assert owners() == {people.owner.pk: 2, None: 1}
    assign(timezone.now() + timedelta(days=1))  # back again
    assert owners() == {people.owner.pk: 2, people.teammate.pk: 1}


def test_who_speaks_the_language_of_a_web_form_gets_what_came_by_it(people: People) -> None:
    rule(people, match="language")
    save_colleague(actor=people.admin, user=people.teammate, skills={"language": ["es"]})
    asked = {"email": "required"}
    wish = webforms.Wish(name="Contact", language="en", fields=asked)
    page = f"/f/{webforms.save_web_form(actor=people.admin, wish=wish).token}?lang=es"
    headers = {"Origin": "http://testserver"}
    sent = {"email": "ada@byron.example"}
    assert Client().post(page, sent, headers=headers).status_code == 302
    leads(1)  # in no language
    assign()
    assert owners() == {people.teammate.pk: 1, None: 1}
    told = Notification.objects.get(kind="assigned")
    assert (told.user_id, told.message) == (people.teammate.pk, "You were given a new lead.")


def test_what_is_let_go_is_given_again(people: People) -> None:
    rule(people, untouched_hours=1)
    leads(2)
    assign()
    Lead.objects.update(owner=None)
    assert sum(assign().values()) == 2
    assert sorted(Given.objects.values_list("turn", flat=True)) == [1, 1, 2, 2]


def test_nobody_is_asked_about_leads_that_no_rule_means_or_when_all_are_full(
    people: People, django_assert_max_num_queries: Any
) -> None:
    rule(people, query="country.is=ES")
    for one in (people.owner, people.teammate):
        save_colleague(actor=people.admin, user=one, most_open=1, skills={})
    leads(450)
    with django_assert_max_num_queries(6):
        assert assign() == {}
    leads(450, country="ES")
    assert sum(assign().values()) == 2
    with django_assert_max_num_queries(22):  # one batch: then nobody has room
        assert assign() == {}


def test_whoever_has_least_is_chosen(people: People) -> None:
    rule(people, way="least_busy")
    leads(4, owner=people.owner)
    leads(6)
    assign()
    assert owners() == {people.owner.pk: 5, people.teammate.pk: 5}


@pytest.mark.django_db(transaction=True)
def test_a_thousand_at_once_are_spread_evenly_by_parallel_workers() -> None:
    people = make_people()
    rule(people)
    leads(1000)
    counts = at_once([assign] * 4)
    assert sum(sum(one.values()) for one in counts) == 1000
    assert owners() == {people.owner.pk: 500, people.teammate.pk: 500}
    assert Given.objects.count() == Given.objects.values("lead").distinct().count() == 1000


def test_what_stays_untouched_goes_on_and_then_to_the_lead_of_the_team(people: People) -> None:
    rule(people, untouched_hours=4, rounds=2)
    leads(2)
    at = timezone.now()
    assign(at)
    first = dict(Lead.objects.values_list("pk", "owner_id"))
    kept, passed = first
    Lead.objects.filter(pk=kept).update(status="working")
    assert assign_again(at + timedelta(hours=3)) == 0
    assert assign_again(at + timedelta(hours=5)) == 1
    now_with = dict(Lead.objects.values_list("pk", "owner_id"))
    assert now_with[kept] == first[kept]
    assert now_with[passed] != first[passed]
    assert assign_again(at + timedelta(hours=10)) == 0
    assert assign_again(at + timedelta(hours=11)) == 0
    told = Notification.objects.get(kind="escalated")  # once
    assert told.user_id == people.manager.pk


def test_a_preview_writes_nothing_and_the_report_counts(people: People) -> None:
    one = rule(people, is_active=False)
    leads(5)
    seen = preview([one])
    assert (seen.leads, seen.left, sorted(n for _user, n in seen.given)) == (5, 0, [2, 3])
    assert owners() == {None: 5}
    assert assign() == {}
    AssignRule.objects.update(is_active=True)
    assign()
    lines = fairness(timezone.now() + timedelta(hours=2))
    assert [line.given for line in lines] == [3, 2]
    assert all(line.touched == 0 and 1.9 < line.waiting < 2.1 for line in lines)


def test_administrators_set_it_up(people: People) -> None:
    client = Client()
    client.force_login(people.admin)
    filled = {"name": "North", "team": people.north.pk, "way": "round_robin", "rounds": "3",
              "view": "keep", "is_active": "on"}  # fmt: skip
    assert client.post("/settings/assignment/new", filled).status_code == 302
    both = {**filled, "person": people.owner.pk}
    assert client.post("/settings/assignment/new", both).status_code == 422
    url = f"/settings/assignment/colleagues/{people.owner.pk}"
    away = {
        "country": "ES, FR",
        "language": ["zh-hans"],
        "first_0": "2026-08-01",
        "last_0": "2026-08-09",
    }
    assert client.post(url, away).status_code == 302
    assert "Spain, France" in client.get("/settings/assignment/colleagues").content.decode()
    assert "North" in client.get("/settings/assignment").content.decode()
    with pytest.raises(NotAllowed):
        save_assign_rule(actor=people.owner, name="Mine", person=people.owner)
    with pytest.raises(DomainError, match="either a team or a colleague"):
        rule(people, person=people.owner)
