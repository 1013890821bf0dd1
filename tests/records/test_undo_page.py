"""Activity → Undo: which change-sets one sees, what undoing would do, and that it does just that."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import make_company, make_person
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, User
from vinculo.records.entity import Entity
from vinculo.records.registry import entity
from vinculo.records.undoing.listing import PAGE
from vinculo.records.writing import create_record, delete_record, edit_record

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(user: User, query: str = "") -> str:
    page = client_of(user).get(f"/undo{query}")
    assert page.status_code == 200
    text = page.content.decode()
    return text[text.index("</form>", text.index('action="/undo"')) :]


def companies() -> Entity:
    return entity("parties.company")


def edited(user: User, name: str = "Aurora", **data: str) -> tuple[Company, int]:
    company = make_company(user, name)
    edit_record(actor=user, entity=companies(), record=company, data=data)
    return company, ChangeSet.objects.latest("pk").pk


def test_one_sees_ones_own_and_administrators_all(people: People) -> None:
    edited(people.owner, "Aurora", industry="")
    edited(people.owner, "Aurora", description="x")
    edited(people.stranger, "Borealis", description="x")
    assert "Aurora" in listed(people.owner)
    assert "Borealis" not in listed(people.owner)
    both = listed(people.admin)
    assert "Aurora" in both
    assert "Borealis" in both
    assert "Nothing to undo" in listed(people.teammate)


def test_who_may_undo_others_sees_those_of_their_teams_without_names(people: People) -> None:
    role = make_role("Undoes others", "team")
    role.actions = ["platform.undo_others"]
    role.save()
    lead = make_user("lead", role, team=people.north)
    _company, ours = edited(people.owner, "Aurora", description="x")
    _company, theirs = edited(people.stranger, "Borealis", description="x")
    page = listed(lead)
    assert f"/undo/{ours}" in page
    assert f"/undo/{theirs}" not in page
    assert "Aurora" not in page
    client = client_of(lead)
    assert client.get(f"/undo/{ours}").status_code == 200
    assert client.get(f"/undo/{theirs}").status_code == 404


def test_narrowed_by_person_verb_type_and_day(people: People) -> None:
    edited(people.owner, "Aurora", description="x")
    person = make_person(people.stranger, "Ana Rossi")
    delete_record(actor=people.stranger, entity=entity("parties.person"), record=person)
    admin = people.admin
    assert "Ana Rossi" not in listed(admin, f"?person={people.owner.pk}")
    assert "Aurora" not in listed(admin, "?verb=records.delete")
    assert "Ana Rossi" in listed(admin, "?kind=parties.person")
    assert "Aurora" not in listed(admin, "?kind=parties.person")
    assert "Ana Rossi" not in listed(admin, "?kind=parties.company")
    tomorrow = (now() + timedelta(days=2)).date()
    assert "Nothing to undo" in listed(admin, f"?since={tomorrow}")
    assert "Aurora" in listed(admin, f"?until={tomorrow}&since=2001-01-01&kind=parties.company")
    for nonsense in ("?person=²", "?since=0000-00-00&until=x", "?verb='", "?kind=x&before=-1"):
        assert "Aurora" in listed(admin, nonsense)


def test_older_ones_are_a_page_away_and_what_is_older_than_a_month_is_not(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    for turn in range(PAGE + 1):
        data = {"description": str(turn)}
        edit_record(actor=people.owner, entity=companies(), record=company, data=data)
    first = listed(people.owner)
    assert first.count("/undo/") // 2 == PAGE
    last = ChangeSet.objects.filter(actor=people.owner).order_by("-pk")[PAGE - 1]
    assert f"before={last.pk}" in first
    assert listed(people.owner, f"?before={last.pk}").count('hx-get="/undo/') == 1
    ChangeSet.objects.filter(actor=people.owner).update(at=now() - timedelta(days=31))
    assert "Nothing to undo" in listed(people.owner)


def test_the_preview_says_what_the_undo_then_does(people: People) -> None:
    company, number = edited(people.owner, "Aurora", description="after")
    client = client_of(people.owner)
    page = client.get(f"/undo/{number}").content.decode()
    assert "would change back" in page
    assert "<del>after</del>" in page
    client.post(f"/changes/{number}/undo")
    assert Company.objects.get(pk=company.pk).description == ""
    assert "already been undone" in client.get(f"/undo/{number}").content.decode()
    assert "Undone by" in listed(people.owner)


def test_what_was_made_would_go_and_what_was_deleted_would_return(people: People) -> None:
    made = create_record(actor=people.owner, entity=companies(), data={"name": "Aurora"})
    number = ChangeSet.objects.latest("pk").pk
    client = client_of(people.owner)
    assert "would go" in client.get(f"/undo/{number}").content.decode()
    gone = delete_record(actor=people.owner, entity=companies(), record=made)
    page = client.get(f"/undo/{gone}").content.decode()
    assert "would return" in page
    assert "Aurora" in page


def test_what_somebody_changed_since_is_said_to_stay(people: People) -> None:
    company, number = edited(people.owner, "Aurora", description="mine")
    data = {"description": "the chief's"}
    edit_record(actor=people.admin, entity=companies(), record=company, data=data)
    page = client_of(people.owner).get(f"/undo/{number}").content.decode()
    assert "stays: Admin changed it" in page


def test_hidden_fields_and_lost_records_stay_unsaid(people: People) -> None:
    company, number = edited(
        people.owner, "Aurora", description="zanzibarquill", website="https://a.example"
    )
    role = people.owner.role_assignments.get().role
    role.field_rules = {"parties.company": {"description": "hidden"}}
    role.save()
    page = client_of(people.owner).get(f"/undo/{number}").content.decode()
    assert "zanzibarquill" not in page
    assert "a.example" in page
    Company.objects.filter(pk=company.pk).update(owner=people.stranger, name="Borealis")
    page = client_of(people.owner).get(f"/undo/{number}").content.decode()
    assert "Borealis" not in page
    assert "a.example" not in page


def test_the_history_leads_there(people: People) -> None:
    company, number = edited(people.owner, "Aurora", description="x")
    page = client_of(people.owner).get(f"/companies/{company.pk}/history").content.decode()
    assert f'href="/undo/{number}"' in page


def test_day_by_day_in_the_readers_time_zone(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.owner.time_zone = "Asia/Tokyo"
    people.owner.save()
    noon = datetime(2026, 5, 20, 3, tzinfo=UTC)  # 12:00 in Tokyo
    company = make_company(people.owner, "Aurora")
    for hours in (60, 13, 11, 0):  # Monday, 23:00 yesterday, 1:00 and 12:00 today
        data = {"description": str(hours)}
        edit_record(actor=people.owner, entity=companies(), record=company, data=data)
        latest = ChangeSet.objects.latest("pk")
        ChangeSet.objects.filter(pk=latest.pk).update(at=noon - timedelta(hours=hours))
    for module in ("records.undoing.listing", "records.views.undoing", "platform.formats"):
        monkeypatch.setattr(f"vinculo.{module}.now", lambda: noon)
    page = listed(people.owner)
    heads = re.findall(r'<h2 class="day-name"[^>]*>(?:<time[^>]*>)?([^<]+)', page)
    assert heads[:3] == ["today", "yesterday", "Monday, May 18, 2026"]


def test_one_goes_back_to_newer_ones_as_one_came(people: People) -> None:
    company = make_company(people.owner, "Aurora")
    for turn in range(2 * PAGE + 3):
        data = {"description": str(turn)}
        edit_record(actor=people.owner, entity=companies(), record=company, data=data)
    seen: list[list[str]] = []
    address: str | None = ""
    while address is not None:
        seen.append(numbers(page := listed(people.owner, address)))
        address = link(page, "before")
    assert [len(some) for some in seen] == [PAGE, PAGE, 3]
    back = listed(people.owner, link(page, "after") or "")
    assert numbers(back) == seen[1]
    assert numbers(listed(people.owner, link(back, "after") or "")) == seen[0]
    assert link(listed(people.owner), "after") is None


def numbers(page: str) -> list[str]:
    """The change-sets of a page, in their order."""
    return re.findall(r'hx-get="/undo/(\d+)"', page)


def link(page: str, name: str) -> str | None:
    """Where a page leads on to."""
    found = re.search(rf'href="/undo(\?{name}=\d+)"', page)
    return found[1] if found else None


def test_what_was_undone_and_taken_back_can_be_undone_again(people: People) -> None:
    company, number = edited(people.owner, "Aurora", description="x")
    client = client_of(people.owner)
    for held, sign in (("", "Undone by"), ("x", "Look and undo"), ("", "Undone by")):
        assert sign not in listed(people.owner)
        client.post(f"/changes/{number}/undo")
        assert Company.objects.get(pk=company.pk).description == held
        assert sign in listed(people.owner)
        number = ChangeSet.objects.latest("pk").pk
        found = numbers(listed(people.owner))
        assert found == ([] if sign == "Undone by" else [str(number)])


def test_contact_details_and_relations_have_names(people: People) -> None:
    company, person = make_company(people.owner, "Aurora"), make_person(people.owner, "Ana Rossi")
    client = client_of(people.owner)

    def told() -> str:
        return client.get(f"/undo/{ChangeSet.objects.latest('pk').pk}").content.decode()

    edited_by = {"actor": people.owner, "entity": companies(), "record": company}
    edit_record(**edited_by, data={"phone": "+34 600 111 222"})
    assert "+34 600 111 222 · Aurora" in told()
    edit_record(**edited_by, data={"phone": "+34 600 333 444"})
    assert "<del>+34 600 333 444</del>" in told()
    assert "<ins>+34 600 111 222</ins>" in told()
    edit_record(
        actor=people.owner,
        entity=entity("parties.person"),
        record=person,
        data={"company": company},
    )
    assert "Ana Rossi · Aurora" in told()
