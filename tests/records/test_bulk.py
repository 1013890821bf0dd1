"""Many records at once: checked row by row, written set by set, undone as one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed
from vinculo.kernel.ids import token
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set
from vinculo.platform.labels import LONGEST, MARK, of_many, said
from vinculo.platform.models import ChangeSet, Role, User, Work
from vinculo.platform.undo import undo_change_set
from vinculo.platform.worker import run_worker
from vinculo.records.bulk.change import Change
from vinculo.records.bulk.models import BulkRun
from vinculo.records.bulk.runs import outcome, start_run
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

COMPANY = entity("parties.company")


def make_many(owner: User, number: int) -> list[Company]:
    """So many companies of the owner, made as an import makes them."""
    with change_set(actor=owner, verb="records.create"):
        team = owner.main_team_id()
        made = Company.objects.bulk_create(
            Company(kind="company", name=f"Firm {at:05}", owner=owner, team_id=team)
            for at in range(number)
        )
        refresh([one.pk for one in made])
    return made


def run(actor: User, ids: list[int], change: Change, **more: Any) -> BulkRun:
    """Carry a change out as the dialog does."""
    told = {"seen_at": now(), "token": token(), **more}
    return start_run(actor=actor, entity=COMPANY, ids=ids, change=change, **told)


def reasons_of(done: BulkRun) -> str:
    """Why rows stayed as they were."""
    return " ".join(reason for _pk, _title, reason, _params in done.report["rows"])


@pytest.mark.django_db(transaction=True)
def test_a_thousand_change_in_few_statements_and_come_back_by_one_undo(people: People) -> None:
    made = make_many(people.owner, 1000)
    ids = [one.pk for one in made]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        done = run(people.owner, ids, Change("edit", "industry", "set", "energy"), token="t" * 20)
        assert done.status == "waiting"
        run_worker(wait=False)
    done.refresh_from_db()
    assert (done.status, done.changed, done.refused) == ("done", 1000, 0)
    assert Company.objects.filter(pk__in=ids, industry="energy").count() == 1000
    assert len(asked) < 120
    assert Work.objects.get(pk=done.work_id).state == "done"
    assert ChangeSet.objects.filter(verb="records.bulk_edit").count() == 1
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=done.changeset_id))
    assert Company.objects.filter(pk__in=ids, industry="").count() == 1000


def test_the_same_form_twice_is_one_run(people: People) -> None:
    ids = [one.pk for one in make_many(people.owner, 3)]
    change = Change("edit", "tags", "add", ["hot"])
    first = run(people.owner, ids, change, token="once" * 5)
    again = run(people.owner, ids, change, token="once" * 5)
    assert first.pk == again.pk
    assert ChangeSet.objects.filter(verb="records.bulk_edit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_job_has_changed_nothing(people: People) -> None:
    ids = [one.pk for one in make_many(people.owner, 250)]
    done = run(people.owner, ids, Change("edit", "industry", "set", "energy"))
    Work.objects.filter(pk=done.work_id).update(cancel_requested=True)
    run_worker(wait=False)
    done = BulkRun.objects.get(pk=done.pk)
    assert done.state == "cancelled"
    assert not Company.objects.filter(industry="energy").exists()


def test_tags_are_added_and_taken_away(people: People) -> None:
    made = make_many(people.owner, 2)
    with change_set(actor=people.owner, verb="records.edit"):
        edit_record(actor=people.owner, entity=COMPANY, record=made[0], data={"tags": ["old"]})
    ids = [one.pk for one in made]
    run(people.owner, ids, Change("edit", "tags", "add", ["hot"]))
    assert [one.tags for one in Company.objects.order_by("pk")] == [["old", "hot"], ["hot"]]
    run(people.owner, ids, Change("edit", "tags", "remove", ["hot"]))
    assert [one.tags for one in Company.objects.order_by("pk")] == [["old"], []]


def test_search_keys_follow_a_bulk_change(people: People) -> None:
    made = make_many(people.owner, 3)
    run(people.owner, [one.pk for one in made], Change("edit", "tags", "set", ["Zebrafink"]))
    client = Client()
    client.force_login(people.owner)
    assert client.get("/companies?q=zebrafink").content.count(b"data-row") == 3


def test_rows_out_of_reach_stay_and_are_not_named(people: People) -> None:
    mine = make_company(people.owner, "Mine")
    theirs = make_company(people.stranger, "Secret of others")
    done = run(people.owner, [mine.pk, theirs.pk], Change("edit", "industry", "set", "energy"))
    assert (done.changed, done.refused) == (1, 1)
    theirs.refresh_from_db()
    assert theirs.industry == ""
    assert "Secret" not in json.dumps(done.report)


def test_a_row_that_may_be_seen_but_not_edited_says_so(people: People) -> None:
    reader = Role.objects.get(name="Own rows")
    reader.grants = {"parties.company": {"view": "all", "edit": "own"}}
    reader.save()
    theirs = make_company(people.stranger, "Seen only")
    done = run(people.owner, [theirs.pk], Change("edit", "industry", "set", "energy"))
    assert done.changed == 0
    assert "may see this record but not change it" in reasons_of(done)


@pytest.mark.parametrize("rule", ["hidden", "readonly"])
def test_a_field_that_a_role_withholds_is_not_written(people: People, rule: str) -> None:
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"parties.company": {"industry": rule}}
    role.save()
    mine = make_company(people.owner, "Mine")
    with pytest.raises(NotAllowed):
        run(people.owner, [mine.pk], Change("edit", "industry", "set", "energy"))
    mine.refresh_from_db()
    assert mine.industry == ""
    assert not BulkRun.objects.exists()


def test_what_another_changed_meanwhile_is_left_alone(people: People) -> None:
    made = make_many(people.owner, 2)
    seen = now()
    edit_record(actor=people.manager, entity=COMPANY, record=made[0], data={"industry": "finance"})
    change = Change("edit", "industry", "set", "energy")
    done = run(people.owner, [one.pk for one in made], change, seen_at=seen)
    assert (done.changed, done.refused) == (1, 1)
    assert "has changed this meanwhile" in reasons_of(done)
    made[0].refresh_from_db()
    assert made[0].industry == "finance"


def test_nobody_gives_rows_away_beyond_their_own_reach(people: People) -> None:
    made = make_many(people.owner, 2)
    change = Change("edit", "owner", "set", people.stranger.pk)
    done = run(people.owner, [one.pk for one in made], change)
    assert (done.changed, done.refused) == (0, 2)
    assert "only to people in your teams" in reasons_of(done)
    assert Company.objects.filter(owner=people.owner).count() == 2
    done = run(
        people.manager, [one.pk for one in made], Change("edit", "owner", "set", people.teammate.pk)
    )
    assert done.changed == 2


def test_values_outside_the_table_are_written_row_by_row(people: People) -> None:
    made = make_many(people.owner, 3)
    run(people.owner, [one.pk for one in made], Change("edit", "city", "set", "Ulm"))
    assert Company.objects.filter(city="Ulm").count() == 3


def test_delete_keeps_what_may_not_go_and_comes_back(people: People) -> None:
    made = make_many(people.owner, 3)
    theirs = make_company(people.stranger, "Not mine")
    done = run(people.owner, [*(one.pk for one in made), theirs.pk], Change("delete"))
    assert (done.changed, done.refused) == (3, 1)
    assert Company.objects.count() == 1
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(pk=done.changeset_id))
    assert Company.objects.count() == 4


def test_all_that_match_is_what_the_list_shows_to_this_person(
    people: People, client: Client
) -> None:
    make_many(people.owner, 3)
    make_company(people.owner, "Other")
    make_company(people.stranger, "Firm of others")
    client.force_login(people.owner)
    asked = {"all": "1", "query": "q=firm", "field": "industry"}
    dialog = client.get("/companies/bulk/edit", asked, headers={"HX-Request": "true"})
    assert "Change 3 records" in dialog.content.decode()
    told = client.post(
        "/companies/bulk/edit", {**asked, "industry": "energy"}, headers={"HX-Request": "true"}
    )
    assert told.status_code == 204
    toast = json.loads(told.headers["HX-Trigger"])["toast"]
    assert toast["message"] == "3 changed."
    assert Company.objects.filter(industry="energy").count() == 3


def test_a_report_is_its_owners_alone(people: People, client: Client) -> None:
    mine = make_company(people.owner, "Mine")
    done = run(people.owner, [mine.pk], Change("edit", "industry", "set", "energy"))
    client.force_login(people.owner)
    assert "1 changed" in client.get(f"/bulk/{done.pk}").content.decode()
    client.force_login(people.admin)
    assert client.get(f"/bulk/{done.pk}").status_code == 404


def test_an_export_of_ticked_rows_holds_these_alone(people: People, client: Client) -> None:
    made = make_many(people.owner, 3)
    theirs = make_company(people.stranger, "Not mine")
    client.force_login(people.owner)
    told = client.post("/companies/bulk/export.csv", {"ids": [made[0].pk, theirs.pk]})
    text = b"".join(told.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Firm 00000" in text
    assert "Firm 00001" not in text and "Not mine" not in text


# --- blocks of cells ---------------------------------------------------------------------------


def paste(client: Client, rows: list[int], fields: list[str], values: Any, **more: str) -> Any:
    """Send a block as the list's page does."""
    block = {"rows": rows, "fields": fields, "values": values}
    if values is None:
        block = {"rows": rows, "fields": fields, "fill": True}
    data = {"block": json.dumps(block), **more}
    return client.post("/companies/cells", data, headers={"HX-Request": "true"})


def test_a_pasted_block_is_shown_first_and_written_as_one(people: People, client: Client) -> None:
    made = make_many(people.owner, 3)
    ids = [one.pk for one in made]
    client.force_login(people.owner)
    values = [["Energy", "Ulm"], ["no such trade", "Bonn"], ["", "Köln"]]
    shown = paste(client, ids, ["industry", "city"], values).content.decode()
    assert "Change 3 rows?" in shown
    assert "is not one of the choices" in shown
    assert not Company.objects.exclude(city="").exists()
    before = ChangeSet.objects.count()
    told = paste(client, ids, ["industry", "city"], values, apply="1")
    assert told.status_code == 204
    assert ChangeSet.objects.count() == before + 1
    held = list(Company.objects.order_by("pk").values_list("industry", "city"))
    assert held == [("energy", "Ulm"), ("", "Bonn"), ("", "Köln")]
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.latest("pk"))
    assert not Company.objects.exclude(city="").exists()


def test_filling_down_takes_the_first_rows_values(people: People, client: Client) -> None:
    made = make_many(people.owner, 3)
    edit_record(actor=people.owner, entity=COMPANY, record=made[0], data={"tags": ["a", "b"]})
    client.force_login(people.owner)
    told = paste(client, [one.pk for one in made], ["tags"], None, direct="1")
    assert told.status_code == 204
    assert all(one.tags == ["a", "b"] for one in Company.objects.all())


def test_a_block_reaches_neither_others_rows_nor_locked_fields(
    people: People, client: Client
) -> None:
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"parties.company": {"city": "readonly", "website": "hidden"}}
    role.save()
    mine, theirs = make_company(people.owner, "Mine"), make_company(people.stranger, "Others")
    client.force_login(people.owner)
    rows = [mine.pk, theirs.pk]
    shown = paste(client, rows, ["city"], [["Ulm"], ["Ulm"]], direct="1").content.decode()
    assert "Your role may read this field" in shown and "Others" not in shown
    refused = paste(client, rows, ["website"], [["a.com"], ["b.com"]], apply="1")
    assert refused.status_code == 422
    paste(client, rows, ["industry"], [["energy"], ["energy"]], apply="1")
    held = dict(Company.objects.values_list("name", "industry"))
    assert held == {"Mine": "energy", "Others": ""}
    assert not Company.objects.exclude(city="", website="").exists()


@pytest.mark.parametrize("block", ["", "[]", "{}", '{"rows":[1],"fields":["name"],"values":[[]]}',
                                   '{"rows":["x"],"fields":["name"]}', '{"rows":[-1],"fields":["name"],"fill":true}'])  # fmt: skip
def test_what_is_no_block_is_refused_in_words(people: People, client: Client, block: str) -> None:
    client.force_login(people.owner)
    told = client.post("/companies/cells", {"block": block}, headers={"HX-Request": "true"})
    assert told.status_code == 422


def test_what_came_of_it_is_a_sentence_of_the_readers_language() -> None:
    done = BulkRun(change={"verb": "edit"}, changed=1_412, unchanged=2, refused=3)
    with translation.override("en"):
        assert outcome(done) == "1,412 changed, 2 already so, 3 not."
    with translation.override("zh-hans"):
        assert outcome(done) == "已更改 1,412 条，2 条无需更改，3 条未处理。"


def test_labels_are_said_in_the_language_of_whoever_reads_them(people: People) -> None:
    ids = [one.pk for one in make_many(people.owner, 3)]
    with translation.override("en"):
        edited = run(people.owner, ids, Change("edit", "industry", "set", "energy"))
        gone = run(people.owner, ids[:1], Change("delete"))
    ChangeSet.objects.create(at=now(), actor=people.owner, verb="records.bulk_edit", via="screen",
                             label="Industry: 412 records (Companies)")  # fmt: skip
    labels = ChangeSet.objects.in_bulk([edited.changeset_id, gone.changeset_id])
    for language, words in (
        ("en", "Industry: 3 records (Companies)"),
        ("es", "Sector: 3 registros (Empresas)"),
        ("zh-hans", "行业：3"),
    ):
        with translation.override(language):
            assert str(labels[edited.changeset_id]).startswith(words)
    assert labels[gone.changeset_id].said == "1 record (Companies)"
    assert ChangeSet.objects.latest("pk").said == "Industry: 412 records (Companies)"  # as it was
    people.owner.language = "es"
    people.owner.save()
    client = Client()
    client.force_login(people.owner)
    page = client.get("/undo").content.decode()
    assert "Sector: 3 registros (Empresas)" in page
    shown = client.get(f"/undo/{edited.changeset_id}").content.decode()
    assert "Sector: 3 registros (Empresas)" in shown
    answer = client.post(f"/changes/{gone.changeset_id}/undo", headers={"HX-Request": "true"})
    assert "1 registro (Empresas)" in json.loads(answer["HX-Trigger"])["toast"]["message"]


def test_a_label_of_many_fields_stays_whole_and_no_name_passes_for_one(people: People) -> None:
    label = of_many("parties.company", 7, [f"field_{at:03}" for at in range(100)])
    assert len(label) <= LONGEST
    assert said(label).endswith(": 7 records (Companies)")
    assert "field_000, field_001" in said(label)
    for odd in (MARK, f"{MARK}gone.type|x|", f"{MARK}a|b"):
        assert MARK not in said(odd)
    client = Client()
    client.force_login(people.owner)
    client.post("/companies/new", {"name": f"{MARK}parties.company|9|"})
    assert MARK not in Company.objects.latest("pk").name
