"""The visits of a day: which, in what order, where, and whom one could see besides."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.personas import People
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.interactions.actions import plan_meeting, plan_visit
from vinculo.interactions.models import Interaction
from vinculo.interactions.rounds import BY_AREA, round_of
from vinculo.kernel.clock import now
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform import journal
from vinculo.platform.models import User

pytestmark = pytest.mark.django_db


def at(owner: User, name: str, city: str, code: str = "", street: str = "") -> Company:
    company = make_company(owner, name)
    ContactPoint.objects.create(party_id=company.pk, kind="address", typed=city, is_primary=True,
                                city=city, postal_code=code, street=street, country="ES")  # fmt: skip
    Company.objects.filter(pk=company.pk).update(city=city, country="ES")
    return company


def planned(owner: User, company: Company, hour: int, *, days: int = 1) -> Interaction:
    day = timezone.localdate(now()) + timedelta(days=days)
    when = datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())
    with journal.change_set(actor=owner, verb="interactions.plan_visit"):
        return plan_visit(actor=owner, party=company, at=when)


def tomorrow() -> date:
    return timezone.localdate(now()) + timedelta(days=1)


def names(user: User, by: str = "time") -> list[str]:
    return [stop.row.party.name for stop in round_of(user, tomorrow(), by).stops]


def test_by_the_hour_and_by_area(people: People) -> None:
    for hour, (name, city, code) in enumerate([("A", "Sevilla", "41003"), ("B", "Bilbao", "48001"),
                                               ("C", "Sevilla", "41001"), ("D", "", "")], 9):  # fmt: skip
        planned(people.owner, at(people.owner, name, city, code), hour)
    planned(people.owner, at(people.owner, "Later", "Sevilla"), 9, days=2)
    planned(people.stranger, at(people.stranger, "Of another", "Sevilla"), 9)
    assert names(people.owner) == ["A", "B", "C", "D"]
    assert names(people.owner, BY_AREA) == ["B", "C", "A", "D"]


def test_a_meeting_counts_and_a_call_does_not(people: People) -> None:
    company = at(people.owner, "A", "Sevilla")
    when = now() + timedelta(minutes=30)
    with journal.change_set(actor=people.owner, verb="interactions.plan_meeting"):
        plan_meeting(actor=people.owner, party=company, at=when, subject="Prices")
    Interaction.objects.create(kind="call", status="planned", party_id=company.pk, at=when,
                               owner=people.owner)  # fmt: skip
    stops = round_of(people.owner, timezone.localdate(when)).stops
    assert [stop.row.kind for stop in stops] == ["meeting"]


def test_whom_one_could_see_besides(people: People) -> None:
    planned(people.owner, at(people.owner, "A", "Sevilla"), 9)
    fresh, old = at(people.owner, "Fresh", "Sevilla"), at(people.owner, "Old", "Sevilla")
    at(people.owner, "Far away", "Bilbao"), at(people.stranger, "Of another", "Sevilla")
    Company.objects.filter(pk=fresh.pk).update(last_contact_at=now())
    Company.objects.filter(pk=old.pk).update(last_contact_at=now() - timedelta(days=90))
    (near,) = round_of(people.owner, tomorrow()).near
    assert near.city == "Sevilla" and [str(one) for one in near.companies] == ["Old", "Fresh"]


def test_the_page(people: People) -> None:
    first = planned(people.owner, at(people.owner, "A", "Sevilla", "41003", "Calle Feria 1"), 9)
    planned(people.owner, at(people.owner, "B", "Bilbao"), 10)
    client = signed_in(people.owner)
    page = client.get(f"/my-day/visits?day={tomorrow()}&by=area").content.decode()
    assert "Calle Feria 1, 41003 Sevilla" in page
    assert f"/activities/{first.pk}/do/interactions.check_in" in page
    assert page.index(">B</a>") < page.index(">A</a>")
    client.post(f"/activities/{first.pk}/do/interactions.check_in", {})
    again = client.get(f"/my-day/visits?day={tomorrow()}").content.decode()
    assert f"/activities/{first.pk}/do/interactions.check_in" not in again
    assert "No visit and no meeting" in client.get("/my-day/visits?day=2026-02-31").content.decode()


def test_what_is_hidden_is_in_no_round(people: People) -> None:
    planned(people.owner, at(people.owner, "A", "Sevilla", "41003", "Calle Feria 1"), 9)
    at(people.owner, "Beside", "Sevilla")
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"street": "hidden", "city": "hidden"}}
    role.save()
    page = signed_in(people.owner).get(f"/my-day/visits?day={tomorrow()}").content.decode()
    assert "41003" in page and "Feria" not in page and "Sevilla" not in page
    assert "Beside" not in page
