"""Points by rules: who gets them, whose eyes they look with, and what the reasons tell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_company
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.models import ChangeSet, Role, RoleAssignment, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead
from vinculo.sales.scoring.points.actions import delete_point_rule, save_point_rule
from vinculo.sales.scoring.points.counting import count_all
from vinculo.sales.scoring.points.models import PointRule

pytestmark = pytest.mark.django_db


def rule(actor: User, where: str, points: int, reason: str, key: str = "sales.deal") -> PointRule:
    return save_point_rule(actor=actor, entity=key, where=where, points=points, reason=reason)


def points(made: Any) -> tuple[int | None, list[int]]:
    fresh = type(made).objects.get(pk=made.pk)
    return fresh.points, fresh.point_rules


def page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def test_a_record_has_the_sum_of_the_rules_that_fit(people: People) -> None:
    large, small = deal(people.owner, amount=Decimal(9000)), deal(people.owner, amount=Decimal(10))
    assert points(large) == (None, [])
    amount = rule(people.admin, "amount.min=1000", 20, "Large")
    source = rule(people.admin, "source.is=advert", -5, "Advertising")
    count_all()
    assert points(large) == (20, [amount.pk])
    assert points(small) == (0, [])
    edit_record(
        actor=people.owner, entity=entity("sales.deal"), record=large, data={"source": "advert"}
    )
    assert points(large) == (15, [amount.pk, source.pk]), "counted when it is saved"
    shown = page(people.owner, f"/deals/{large.pk}")
    assert "Large" in shown
    assert "−5" in shown
    listed = page(people.owner, "/deals?points.min=1&columns=name,points&sort=-points")
    assert f"/deals/{large.pk}" in listed
    assert f"/deals/{small.pk}" not in listed


def test_leads_have_points_too(people: People) -> None:
    one = rule(people.admin, "city.is=Bonn", 7, "Near", "sales.lead")
    made: Lead = create_record(
        actor=people.owner, entity=entity("sales.lead"), data={"name": "Pumps", "city": "Bonn"}
    )
    assert points(made) == (7, [one.pk])
    assert "Near" in page(people.owner, f"/leads/{made.pk}")


def test_a_rule_looks_with_the_eyes_of_who_wrote_it(people: People) -> None:
    chief = people.manager_as_admin()
    north, south = (
        deal(one, company=make_company(one, "Harmless Ltd"))
        for one in (people.owner, people.stranger)
    )
    Deal.objects.filter(pk=south.pk).update(team=people.south)
    one = rule(chief, "company.name.contains=Harmless", 9, "Harmless")
    count_all()
    assert points(north) == (9, [one.pk])
    RoleAssignment.objects.filter(user=chief).delete()
    count_all()
    assert points(north) == (0, []), "what may no longer be asked gives no points"
    assert "Cannot be read" in page(people.admin, "/settings/points")


def test_a_reason_is_told_to_who_may_ask_the_same(people: People) -> None:
    made = deal(people.owner, amount=Decimal(9000))
    rule(people.admin, "amount.min=1000", 20, "More than a thousand")
    count_all()
    Role.objects.filter(name="Own rows").update(field_rules={"sales.deal": {"amount": "hidden"}})
    shown = page(people.owner, f"/deals/{made.pk}")
    assert "More than a thousand" not in shown
    assert "1 more rule, about what you may not see" in shown


def test_a_rule_is_deleted_and_undone(people: People) -> None:
    made = deal(people.owner, amount=Decimal(9000))
    one = rule(people.admin, "amount.min=1000", 20, "Large")
    delete_point_rule(actor=people.admin, rule=one)
    count_all()
    assert points(made) == (None, [])
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    count_all()
    assert points(made) == (20, [PointRule.objects.get().pk])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"where": ""}, "where"),
        ({"where": "nonsense.is=1"}, "where"),
        ({"where": "points.min=1"}, "where"),
        ({"points": 0}, "points"),
        ({"points": 101}, "points"),
        ({"reason": " "}, "reason"),
        ({"entity": "parties.company"}, "entity"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    people: People, wrong: dict[str, Any], field: str
) -> None:
    usual = {"entity": "sales.deal", "where": "amount.min=1", "points": 1, "reason": "Large"}
    with pytest.raises(DomainError) as refused:
        save_point_rule(actor=people.admin, **{**usual, **wrong})
    assert refused.value.field == field
    assert not PointRule.objects.exists()


def test_only_administrators_look_after_rules(people: People) -> None:
    with pytest.raises(NotAllowed):
        rule(people.owner, "amount.min=1000", 20, "Large")
    client = Client()
    client.force_login(people.admin)
    told = {
        "entity": "sales.deal", "where": "https://crm.example/deals?amount.min=5&sort=name",
        "points": "3", "reason": "Some", "is_active": "on",
    }  # fmt: skip
    assert client.post("/settings/points/new", told).status_code == 302
    made = PointRule.objects.get()
    assert (made.where, made.points) == ("amount.min=5", 3)
    assert client.post(f"/settings/points/{made.pk}", {"reason": ""}).status_code == 422
    assert client.post(f"/settings/points/{made.pk}/delete").status_code == 302
