"""Collision rules: what agrees, what is warned of and what is refused, at every door."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.parties.collision_help import SAME_EMAIL, SAME_NAME_AND_BIRTHDAY, only_rule, save
from tests.personas import People

from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, RowsRefused
from vinculo.parties import actions
from vinculo.parties.collisions.actions import (
    add_rule,
    change_rule,
    delete_rule,
    move_rule,
    switch_rule,
)
from vinculo.parties.collisions.models import CollisionKey, CollisionRule
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.models import Company, Party
from vinculo.parties.rules import company_warnings
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import delete_record, edit_record

pytestmark = pytest.mark.django_db

COMPANY = entity("parties.company")


# --- what is the same -----------------------------------------------------------------------------

AGREEING = [
    ("name", "folded", {"name": "Café Río, S.L."}, {"name": "CAFE RIO"}),
    ("name", "similar", {"name": "Northwind Traders"}, {"name": "Northwind Tradesr"}),
    ("name_city", "folded", {"name": "Río", "city": "Sevilla"}, {"name": "RIO", "city": "Sevilla"}),
    ("tax_id", "tax", {"tax_id": "B58378431"}, {"tax_id": "b-5837 8431"}),
    ("email", "folded", {"email": "Ana@acme.es"}, {"email": "ana@ACME.es"}),
    ("email", "domain", {"email": "ana@acme.es"}, {"email": "eva@acme.es"}),
    ("phone", "phone", {"phone": "+34 955 47 29 12"}, {"phone": "0034955472912"}),
    ("website", "domain", {"website": "https://www.acme.es/a"}, {"website": "acme.es"}),
    ("external_id", "exact", {"external_id": "K-7"}, {"external_id": "K-7"}),
    ("legal_name", "folded", {"legal_name": "ÁCME sa"}, {"legal_name": "acme SA"}),
    ("postal_code", "exact", {"postal_code": "41001"}, {"postal_code": "41001"}),
]
DIFFERING = [
    ("name", "folded", {"name": "Acme Norte"}, {"name": "Acme Sur"}),
    ("name", "exact", {"name": "Acme"}, {"name": "ACME"}),
    ("name_city", "similar", {"name": "Northwind", "city": "Sevilla"},
     {"name": "Northwind", "city": "Madrid"}),
    ("email", "domain", {"email": "ana@gmail.com"}, {"email": "eva@gmail.com"}),
    ("phone", "phone", {"phone": "+34 955 47 29 12"}, {"phone": "+34 955 47 29 13"}),
    ("external_id", "exact", {"external_id": "K-7"}, {"external_id": "k-7"}),
    ("legal_name", "folded", {"legal_name": "Acme"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "how", "one", "other"), AGREEING)
@pytest.mark.parametrize("refuses", [True, False])
def test_records_that_agree_collide(
    people: People,
    field: str,
    how: str,
    one: dict[str, Any],
    other: dict[str, Any],
    refuses: bool,
) -> None:
    only_rule(people.admin, [[[field, how]]], refuses=refuses)
    first = save(people.owner, **{"name": "First", **one})
    second = {"name": "Second", **other}
    (match,) = possible_matches(people.owner, "company", second)
    assert (match.party_id, match.refuses) == (first.pk, refuses)
    if not refuses:
        save(people.owner, **second)
        return
    with pytest.raises(RowsRefused) as caught:
        save(people.owner, **second)
    assert first.name in str(caught.value)
    assert caught.value.field == ("name" if field.startswith("name") else field)
    assert Company.objects.count() == 1


@pytest.mark.parametrize(("field", "how", "one", "other"), DIFFERING)
def test_records_that_differ_do_not(
    people: People, field: str, how: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    only_rule(people.admin, [[[field, how]]])
    save(people.owner, **{"name": "First", **one})
    assert possible_matches(people.owner, "company", {"name": "Second", **other}) == []
    save(people.owner, **{"name": "Second", **other})
    assert Company.objects.count() == 2


def test_all_conditions_of_an_alternative_and_any_alternative(people: People) -> None:
    only_rule(people.admin, [*SAME_NAME_AND_BIRTHDAY, [["external_id", "exact"]]], kind="person")
    ana = {"given_name": "Ana", "family_name": "Ruiz"}
    save(people.owner, "person", **ana, birthday=date(1980, 5, 1), external_id="7")
    save(people.owner, "person", **ana, birthday=date(1981, 5, 1))
    for again in ({**ana, "birthday": date(1980, 5, 1)}, {"given_name": "X", "external_id": "7"}):
        with pytest.raises(RowsRefused):
            save(people.owner, "person", **again)
    assert Party.objects.count() == 2


def test_a_company_and_a_person_never_collide(people: People) -> None:
    only_rule(people.admin, SAME_EMAIL)
    save(people.owner, name="Acme", email="a@acme.es")
    save(people.owner, "person", given_name="Ana", email="a@acme.es")


# --- every door -----------------------------------------------------------------------------------


@pytest.fixture
def one_mailbox(people: People) -> CollisionRule:
    """A rule by which no two companies have the same e-mail address."""
    return only_rule(people.admin, SAME_EMAIL)


@pytest.fixture
def acme(people: People, one_mailbox: CollisionRule) -> Party:
    """The owner's company."""
    return save(people.owner, name="Acme", email="info@acme.es")


def test_the_form_says_it_at_the_field(people: People, acme: Party, client: Client) -> None:
    client.force_login(people.owner)
    said = {"name": "Other", "email": "INFO@acme.es"}
    hint = client.get("/companies/hints", said).content.decode()
    assert "Acme" in hint
    assert "cannot be saved" in hint
    answer = client.post("/companies/new", {**said, "_anyway": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Acme” is the same customer (same e-mail)" in page
    assert 'data-field="email"' in page.split("is the same customer")[0][-900:]
    assert Company.objects.count() == 1


def test_in_place(people: People, acme: Party, client: Client) -> None:
    other = save(people.owner, name="Other")
    client.force_login(people.owner)
    url = f"/companies/{other.pk}/field/email"
    answer = client.post(url, {"email": "info@acme.es"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "“Acme” is the same customer" in answer.content.decode()
    other.refresh_from_db()
    assert other.email == ""


def test_one_more_contact_point(people: People, acme: Party) -> None:
    other = Company.objects.get(pk=save(people.owner, name="Other").pk)
    with pytest.raises(RowsRefused, match="Acme"):
        actions.add_email(actor=people.owner, party=other, typed="info@acme.es")
    assert not other.contact_points.exists()


def test_programs_are_told_409(people: People, acme: Party, client: Client) -> None:
    client.force_login(people.owner)
    body = json.dumps({"name": "Other", "email": "info@acme.es"})
    answer = client.post("/api/v1/companies", body, content_type="application/json")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("conflict", "email")
    assert "Acme" in error["message"]
    assert Company.objects.count() == 1


def test_a_batch_refuses_the_rows_that_collide(people: People, acme: Party, client: Client) -> None:
    client.force_login(people.owner)
    rows = [
        {"values": {"name": "A", "email": "a@a.es"}},
        {"values": {"name": "B", "email": "info@acme.es"}},
        {"values": {"name": "C", "email": "a@a.es"}},
    ]
    body = json.dumps({"rows": rows})
    answer = client.post("/api/v1/companies/batch", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    told = answer.json()["data"]
    assert [row["status"] for row in told] == ["created", "refused", "refused"]
    assert told[1]["errors"][0]["field"] == "email"
    assert sorted(Company.objects.values_list("name", flat=True)) == ["A", "Acme"]


def test_many_at_once_leave_out_those_that_collide(people: People) -> None:
    from vinculo.kernel.clock import now
    from vinculo.records.bulk.engine import BulkWriter

    only_rule(people.admin, [[["external_id", "exact"]]])
    made = [save(people.owner, name=f"Firm {number}") for number in range(3)]
    with change_set(actor=people.owner, verb="records.edit"):
        writer = BulkWriter(
            people.owner, COMPANY, ["external_id"], lambda _row: {"external_id": "7"}, seen_at=now()
        )
        done = writer.write([one.pk for one in made])
    assert done.changed == [made[0].pk]
    assert [one.pk for one in done.refused] == [made[1].pk, made[2].pk]
    assert Company.objects.filter(external_id="7").count() == 1


def test_undo_does_not_bring_back_what_would_collide(people: People, acme: Party) -> None:
    gone = delete_record(actor=people.owner, entity=COMPANY, record=acme)
    save(people.owner, name="New Acme", email="info@acme.es")
    with pytest.raises(Conflict, match="New Acme"):
        undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=gone))
    assert list(Company.objects.values_list("name", flat=True)) == ["New Acme"]


def test_undo_brings_it_back_with_its_keys(people: People, acme: Party) -> None:
    gone = delete_record(actor=people.owner, entity=COMPANY, record=acme)
    assert not CollisionKey.objects.exists()
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=gone))
    with pytest.raises(RowsRefused, match="Acme"):
        save(people.owner, name="Other", email="info@acme.es")


def test_what_is_let_go_is_free_again(people: People, acme: Party) -> None:
    edit_record(actor=people.owner, entity=COMPANY, record=acme, data={"email": "new@acme.es"})
    save(people.owner, name="Other", email="info@acme.es")
    assert Company.objects.count() == 2


def test_merging_keeps_the_keys_of_both(people: People, acme: Party) -> None:
    from vinculo.parties.merging.actions import merge

    other = save(people.owner, name="Other", email="other@acme.es")
    merge(actor=people.owner, keep=acme, gone=[other])
    with pytest.raises(RowsRefused, match="Acme"):
        save(people.owner, name="Third", email="other@acme.es")


# --- rules that come later ------------------------------------------------------------------------


def test_a_rule_that_comes_later_counts_and_leaves_alone(people: People, client: Client) -> None:
    CollisionRule.objects.all().delete()
    twins = [save(people.owner, name=f"Twin {number}", email="t@t.es") for number in range(2)]
    save(people.owner, name="Single", email="s@s.es")
    rule = only_rule(people.admin, SAME_EMAIL)
    assert (rule.ready, rule.collided) == (True, 2)
    client.force_login(people.admin)
    page = client.get(f"/settings/collisions/{rule.pk}/found").content.decode()
    assert "Twin 0" in page
    assert "Twin 1" in page
    assert "Single" not in page
    for twin in twins:
        edit_record(actor=people.owner, entity=COMPANY, record=twin, data={"description": "x"})
    delete_record(actor=people.owner, entity=COMPANY, record=twins[0])
    with pytest.raises(RowsRefused, match="Twin 1"):
        save(people.owner, name="Third", email="t@t.es")


def test_large_data_is_prepared_by_a_job(people: People, monkeypatch: Any) -> None:
    from vinculo.parties.collisions import preparing

    save(people.owner, name="Acme", email="info@acme.es")
    monkeypatch.setattr(preparing, "AT_ONCE", 0)
    rule = only_rule(people.admin, SAME_EMAIL)
    assert not rule.ready
    # Until then it warns.
    second = save(people.owner, name="Second", email="info@acme.es")
    assert len(company_warnings(people.owner, None, {"email": "info@acme.es"})) == 2
    with change_set(actor=None, verb="test"):
        preparing._prepare(rule)
    rule.refresh_from_db()
    assert (rule.ready, rule.collided) == (True, 2)
    edit_record(actor=people.owner, entity=COMPANY, record=second, data={"description": "x"})
    with pytest.raises(RowsRefused):
        save(people.owner, name="Third", email="info@acme.es")


def test_switching_off_lets_everything_pass(people: People, acme: Party) -> None:
    rule = CollisionRule.objects.get(kind="company")
    switch_rule(actor=people.admin, rule=rule, active=False)
    save(people.owner, name="Second", email="info@acme.es")
    switch_rule(actor=people.admin, rule=rule, active=True)
    assert rule.collided == 2


# --- administrators -------------------------------------------------------------------------------


def test_a_new_installation_warns_as_before(people: People) -> None:
    for kind in ("company", "person"):
        rules = CollisionRule.objects.filter(kind=kind)
        assert [rule.name for rule in rules] == [
            "Same tax id", "Same e-mail", "Same phone", "Same name",
            "Similar name in the same city",
        ]  # fmt: skip
        assert not any(rule.refuses for rule in rules)
    assert not CollisionKey.objects.exists()


def test_only_administrators_make_rules(people: People, client: Client) -> None:
    rule = CollisionRule.objects.first()
    told: dict[str, Any] = {"name": "x", "conditions": SAME_EMAIL}
    effect = {"refuses": False, "tells": True, "active": True}
    for gesture in (
        lambda: add_rule(actor=people.manager, kind="company", **told),
        lambda: change_rule(actor=people.manager, rule=rule, **told, **effect),
        lambda: switch_rule(actor=people.manager, rule=rule, active=False),
        lambda: move_rule(actor=people.manager, rule=rule, up=False),
        lambda: delete_rule(actor=people.manager, rule=rule),
    ):
        with pytest.raises(NotAllowed):
            gesture()
    client.force_login(people.manager)
    assert client.get("/settings/collisions").status_code == 403
    assert CollisionRule.objects.count() == 10


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [[]],
        [[["iban", "exact"]]],
        [[["email", "similar"]]],
        [[["birthday", "exact"]]],  # companies have none
        [[["name", "folded"]]] * 2 + [[["name", "nonsense"]]],
        [[[name, "exact"]] for name in ("name", "tax_id", "external_id", "native_name", "legal_name",
                                        "street", "city")],
    ],
)  # fmt: skip
def test_a_rule_without_sense_is_refused(people: People, conditions: Any) -> None:
    with pytest.raises(DomainError):
        add_rule(actor=people.admin, kind="company", name="x", conditions=conditions)
    assert CollisionRule.objects.count() == 10


def test_rules_are_undone(people: People, acme: Party) -> None:
    rule = CollisionRule.objects.get(kind="company")
    with change_set(actor=people.admin, verb="parties.delete_collision_rule") as opened:
        delete_rule(actor=people.admin, rule=rule)
    assert not CollisionKey.objects.exists()
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.get(pk=opened.id))
    with pytest.raises(RowsRefused, match="Acme"):
        save(people.owner, name="Other", email="info@acme.es")


def test_the_pages(people: People, acme: Party, client: Client) -> None:
    client.force_login(people.admin)
    page = client.get("/settings/collisions").content.decode()
    assert "Test rule" in page
    assert "E-mail: without case and accents" in page
    form = {
        "name": "By phone or by name", "effect": "refuse", "masked": "silent", "active": "on",
        "c0_0": "phone:phone", "c1_0": "name:folded", "c1_1": "city:folded",
    }  # fmt: skip
    found = client.post("/settings/collisions/preview?kind=company", form).content.decode()
    assert "No two records collide" in found
    assert client.post("/settings/collisions/new?kind=company", form).status_code == 302
    rule = CollisionRule.objects.get(name="By phone or by name")
    assert rule.conditions == [[["phone", "phone"]], [["name", "folded"], ["city", "folded"]]]
    assert (rule.refuses, rule.tells, rule.active) == (True, False, True)
    url = f"/settings/collisions/{rule.pk}"
    assert "By phone or by name" in client.get(url).content.decode()
    assert client.post(url, {**form, "c0_0": "", "c1_0": "", "c1_1": ""}).status_code == 422
    assert client.post(url, {**form, "name": "By phone"}).status_code == 302
    client.post(f"{url}/move", {"up": "1"})
    names = CollisionRule.objects.filter(kind="company").values_list("name", flat=True)
    assert list(names) == ["By phone", "Test rule"]
    client.post(f"{url}/switch", {"active": "0"})
    rule.refresh_from_db()
    assert not rule.active
    client.post(f"{url}/delete")
    assert not CollisionRule.objects.filter(pk=rule.pk).exists()
    verbs = set(ChangeSet.objects.filter(actor=people.admin).values_list("verb", flat=True))
    assert {f"parties.{verb}_collision_rule" for verb in
            ("add", "change", "switch", "move", "delete")} <= verbs  # fmt: skip


def test_the_preview_finds_what_is_there(people: People, client: Client) -> None:
    CollisionRule.objects.all().delete()
    for name in ("Northwind Traders", "Northwind Tradesr", "Southgale"):
        save(people.owner, name=name, city="Sevilla")
    client.force_login(people.admin)
    url = "/settings/collisions/preview?kind=company"
    found = client.post(url, {"c0_0": "name_city:similar"}).content.decode()
    assert "Northwind Tradesr" in found
    assert "Southgale" not in found
    assert client.post(url, {}).status_code == 422
    assert not CollisionRule.objects.exists()
