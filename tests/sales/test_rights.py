"""What a rule hides of a deal is told by nothing that follows from it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from tests.personas import People
from tests.sales.makers import deal, stage
from vinculo.kernel.errors import DomainError
from vinculo.platform.models import Role, User
from vinculo.sales.deals.actions import win_deal
from vinculo.sales.pipelines.actions import (
    change_pipeline,
    create_pipeline,
    save_reason,
    save_stage,
)
from vinculo.sales.pipelines.known import known

pytestmark = pytest.mark.django_db


def hiding(user: User, *names: str) -> Client:
    """A session of a user whose role hides these facts of deals."""
    role = Role.objects.get(assignments__user=user)
    role.field_rules = {"sales.deal": dict.fromkeys(names, "hidden")}
    role.save()
    user.forget_rights()
    client = Client()
    client.force_login(user)
    return client


def everywhere(client: Client, made) -> str:  # type: ignore[no-untyped-def]
    """Every page, file and answer that tells of a deal and its customer."""
    pages = (
        "/deals", "/deals?layout=board", f"/deals/{made.pk}", f"/deals/{made.pk}/peek",
        f"/deals/{made.pk}/history", f"/companies/{made.company_id}", f"/api/v1/deals/{made.pk}",
        "/api/v1/deals", f"/deals/{made.pk}/edit",
    )  # fmt: skip
    found = [client.get(page).content.decode() for page in pages]
    answer = client.post("/deals/export.csv")
    found.append(b"".join(answer.streaming_content).decode() if answer.streaming else "")
    return "\n".join(found)


def test_a_hidden_amount_is_told_by_no_value(people: People) -> None:
    made = deal(people.owner, amount=Decimal("7654321"))
    open_eyes = Client()
    open_eyes.force_login(people.owner)
    shown = everywhere(open_eyes, made)
    assert "7,654,321" in shown and "7654321" in shown
    hidden = everywhere(hiding(people.owner, "amount"), made)
    for trace in ("7,654,321", "7654321", "765,432", "765432"):
        assert trace not in hidden, trace


def test_a_hidden_stage_is_told_by_no_status(people: People) -> None:
    made = win_deal(actor=people.owner, deal=deal(people.owner))
    client = hiding(people.owner, "stage", "closed_on", "reason")
    for page in (
        f"/deals/{made.pk}",
        f"/deals/{made.pk}/peek",
        f"/companies/{made.company_id}",
        "/deals",
    ):
        text = client.get(page).content.decode()
        assert "Won" not in text, page
        assert "trophy" not in text, page
    assert "status" not in client.get(f"/api/v1/deals/{made.pk}").json()["data"]


def test_days_that_a_rule_hides_are_not_on_the_customer(people: People) -> None:
    made = deal(people.owner, close_on=timezone.localdate().replace(year=2037, month=3, day=9))
    page = f"/companies/{made.company_id}"
    open_eyes = Client()
    open_eyes.force_login(people.owner)
    assert "2037" in open_eyes.get(page).content.decode()
    assert "2037" not in hiding(people.owner, "close_on").get(page).content.decode()


def test_what_is_out_of_use_is_told_but_not_offered(people: People) -> None:
    other = create_pipeline(actor=people.admin, name="Renewals")
    first = known().first_stage(other.pk)
    made = deal(people.owner, pipeline=other.pk)
    change_pipeline(actor=people.admin, pipeline=other, name="Renewals", is_active=False)
    with pytest.raises(DomainError, match="out of use"):
        deal(people.owner, pipeline=other.pk)
    with pytest.raises(DomainError, match="out of use"):
        deal(people.owner, stage=first.pk)
    save_stage(
        actor=people.admin, pipeline=other, name="Talks", probability=20, category="pipeline"
    )
    client = Client()
    client.force_login(people.owner)
    assert "Renewals" in client.get(f"/deals/{made.pk}").content.decode()
    assert "Renewals" not in client.get("/deals/new").content.decode()
    reason = next(one for one in known().reasons.values() if one.name == "Price")
    save_reason(actor=people.admin, reason=reason, name="Price", ends="lost", is_active=False)
    assert ">Price<" not in client.get(f"/deals/{made.pk}/field/reason").content.decode()
    assert stage("Qualified").pipeline_id != other.pk
