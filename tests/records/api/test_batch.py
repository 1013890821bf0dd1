"""Many records in one call, by the ids of another system."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.records.api.calling import caller_for, database_state
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform.models import ChangeSet, Event
from vinculo.platform.undo import undo_change_set
from vinculo.records import external
from vinculo.records.external.models import ExternalId

pytestmark = pytest.mark.django_db


def shop(number: int, **values: Any) -> dict[str, Any]:
    return {"external_id": f"A-{number}", "values": {"name": f"Customer {number}", **values}}


def body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"source": "Shop", "rows": list(rows), **more}


def test_the_first_time_makes_and_the_second_time_changes(people: People) -> None:
    caller = caller_for(people.owner)
    first = caller.post(
        "/companies/batch", body(shop(1, city="Madrid", phone="912345678"), shop(2))
    )
    assert first.status_code == 200
    told = first.json()
    assert told["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert [row["status"] for row in told["data"]] == ["created", "created"]
    madrid = Company.objects.get(pk=told["data"][0]["id"])
    assert (madrid.city, madrid.phone, madrid.owner) == ("Madrid", "912345678", people.owner)
    assert madrid.sort_name
    assert madrid.team_id == people.north.pk
    assert external.names_of("parties.company", [madrid.pk]) == {madrid.pk: [("shop", "A-1")]}
    second = caller.post("/companies/batch", body(shop(1, city="Sevilla"), shop(2), shop(3)))
    told = second.json()
    assert [row["status"] for row in told["data"]] == ["updated", "unchanged", "created"]
    assert told["data"][0]["id"] == madrid.pk
    madrid.refresh_from_db()
    assert madrid.city == "Sevilla"
    assert Company.objects.count() == 3
    assert Event.objects.filter(name="parties.company_created").count() == 3


def test_one_step_that_is_undone_as_one(people: People) -> None:
    caller = caller_for(people.owner)
    before = caller.post("/companies/batch", body(shop(1, city="Madrid")))
    kept = database_state()
    made = caller.post("/companies/batch", body(shop(1, city="Sevilla"), shop(2), shop(3)))
    assert before["Vinculo-Change-Set"] != made["Vinculo-Change-Set"]
    change_set = ChangeSet.objects.get(pk=int(made["Vinculo-Change-Set"]))
    assert (change_set.verb, change_set.label) == ("records.upsert", "Companies: 3 rows")
    undo_change_set(actor=people.owner, change_set=change_set)
    company = Company.objects.get()
    assert company.city == "Madrid"
    assert ExternalId.objects.count() == 1
    assert {name: one for name, one in database_state().items() if "externalid" in name} == {
        name: one for name, one in kept.items() if "externalid" in name
    }


def test_each_row_has_its_own_refusal_and_the_others_are_written(people: People) -> None:
    theirs = Company.objects.create(kind="company", name="Theirs", owner=people.stranger)
    caller = caller_for(people.owner)
    caller.post("/companies/batch", body(shop(1)))
    rows = [
        shop(2),
        {"values": {"city": "No name"}},
        shop(3, nonsense=1),
        shop(4, email="no e-mail"),
        {"id": theirs.pk, "values": {"name": "Mine now"}},
        {"id": 10**9, "values": {"name": "Nobody"}},
        shop(5, website="ht!tp:// x"),
        {"external_id": "", "values": {"name": "Empty id"}},
        {"nonsense": 1, "values": {"name": "Odd"}},
        "no row",
        shop(6),
        shop(6),
        shop(1, city="Madrid"),
    ]
    told = caller.post("/companies/batch", body(*rows)).json()
    statuses = [row["status"] for row in told["data"]]
    assert statuses == ["created", *["refused"] * 11, "updated"]
    errors = {row["row"]: row["errors"] for row in told["data"]}
    assert [errors[n][0]["field"] for n in (1, 2, 3, 6, 7, 8, 10)] == [
        "name", "nonsense", "email", "website", "external_id", "nonsense", "external_id",
    ]  # fmt: skip
    assert errors[4] == errors[5], "what one may not see is not there"
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert Company.objects.filter(owner=people.owner).count() == 2
    assert not ContactPoint.objects.filter(kind="email").exists()


def test_all_or_nothing_writes_nothing(people: People) -> None:
    caller = caller_for(people.owner)
    before = database_state()
    for bad in (shop(2, nonsense=1), shop(2, email="no e-mail"), {"id": 77, "values": {}}):
        refused = caller.post("/companies/batch", body(shop(1), bad, all_or_nothing=True))
        assert refused.status_code == 422
        assert refused.json()["error"]["fields"][0]["field"].startswith("rows.1")
        assert database_state() == before


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"rows": []},
        {"rows": "x"},
        {"rows": [{"values": {"name": "A"}}] * 201},
        {"rows": [{"values": {"name": "A"}}], "other": 1},
        {"rows": [{"values": {"name": "A"}}], "all_or_nothing": 1},
    ],
)
def test_what_is_no_batch_is_refused(people: People, bad: dict[str, Any]) -> None:
    caller = caller_for(people.owner)
    before = database_state()
    assert caller.post("/companies/batch", bad).status_code == 422
    assert database_state() == before


def test_an_owner_out_of_reach_refuses_its_row_only(people: People) -> None:
    caller = caller_for(people.owner)
    told = caller.post("/companies/batch", body(shop(1, owner=people.stranger.pk), shop(2))).json()
    assert [row["status"] for row in told["data"]] == ["refused", "created"]
    assert told["data"][0]["errors"][0]["field"] == "owner"
    assert Company.objects.count() == 1


def test_read_only_and_hidden_fields_stay_so(people: People) -> None:
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"tax_id": "hidden", "city": "readonly"}}
    role.save()
    told = caller_for(people.owner).post(
        "/companies/batch", body(shop(1, tax_id="1"), shop(2, city="Madrid"), shop(3))
    )
    assert [row["status"] for row in told.json()["data"]] == ["refused", "refused", "created"]


def test_who_may_nothing_is_told_so(people: People) -> None:
    role = people.owner.active_roles()[0]
    role.grants = {"parties.company": {"view": "all"}}
    role.save()
    assert caller_for(people.owner).post("/companies/batch", body(shop(1))).status_code == 403


def test_the_ids_go_with_the_record_and_come_back_with_it(people: People) -> None:
    caller = caller_for(people.owner)
    made = caller.post("/companies/batch", body(shop(1))).json()["data"][0]
    gone = caller.delete(made["url"])
    assert not ExternalId.objects.exists()
    undo_change_set(
        actor=people.owner, change_set=ChangeSet.objects.get(pk=int(gone["Vinculo-Change-Set"]))
    )
    again = caller.post("/companies/batch", body(shop(1, city="Madrid"))).json()["data"][0]
    assert (again["status"], again["id"]) == ("updated", made["id"])


def test_a_second_id_for_a_known_record_is_noted(people: People) -> None:
    caller = caller_for(people.owner)
    made = caller.post("/companies/batch", body(shop(1))).json()["data"][0]
    row = {"id": made["id"], "source": "erp", "external_id": 4711, "values": {}}
    noted = caller.post("/companies/batch", {"rows": [row]})
    assert noted.json()["data"][0]["status"] == "unchanged"
    assert "Vinculo-Change-Set" in noted
    names = external.names_of("parties.company", [made["id"]])[made["id"]]
    assert names == [("erp", "4711"), ("shop", "A-1")]
    # An id that is another record's is not taken away from it.
    other = caller.post("/companies/batch", body(shop(2))).json()["data"][0]
    clash = {"id": other["id"], "source": "erp", "external_id": "4711", "values": {}}
    assert caller.post("/companies/batch", {"rows": [clash]}).json()["counts"]["refused"] == 1


def test_people_and_their_companies(people: People) -> None:
    caller = caller_for(people.owner)
    company = caller.post("/companies/batch", body(shop(1))).json()["data"][0]["id"]
    rows = [
        {
            "external_id": n,
            "values": {"given_name": "Ana", "family_name": f"Ruiz {n}", "company": company},
        }
        for n in range(3)
    ]
    told = caller.post("/people/batch", body(*rows)).json()
    assert told["counts"]["created"] == 3, told
    assert caller.get(f"/people?company.is={company}").json()["data"][2]["name"]


def test_a_row_costs_few_statements(people: People) -> None:
    caller = caller_for(people.owner)
    caller.post("/companies/batch", body(shop(0)))
    with CaptureQueriesContext(connection) as plain:
        made = caller.post("/companies/batch", body(*(shop(n) for n in range(1, 51))))
    assert made.json()["counts"]["created"] == 50
    assert len(plain) <= 2 * 50 + 30
    with CaptureQueriesContext(connection) as again:
        caller.post("/companies/batch", body(*(shop(n) for n in range(1, 51))))
    assert len(again) <= 15, "\n".join(query["sql"][:100] for query in again)


def test_the_page_says_what_other_systems_call_it(people: People) -> None:
    made = caller_for(people.owner).post("/companies/batch", body(shop(1), shop(2))).json()["data"]
    client = Client()
    client.force_login(people.owner)
    page = client.get(f"/companies/{made[0]['id']}").content.decode()
    assert "Known elsewhere" in page
    assert "A-1<" in page
    external.forget("parties.company", [made[0]["id"]])
    assert "Known elsewhere" not in client.get(f"/companies/{made[0]['id']}").content.decode()
