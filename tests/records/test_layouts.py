"""Boards and calendars: the same rows, filters and rights as the table; moving is the ordinary edit."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.personas import People, make_role, make_user
from tests.records.test_surfaces import signed_in
from tests.samples import CANARY, make_company, make_interaction, make_sample, make_task
from vinculo.interactions.models import Interaction, Task
from vinculo.parties.models import Company
from vinculo.platform.models import Change, ChangeSet, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.layouts.board import CARDS, columns_of
from vinculo.records.layouts.calendar import days_around, moved
from vinculo.records.lists import parse_list
from vinculo.records.registry import entities, entity

COMPANY, TASK = entity("parties.company"), entity("interactions.task")
HTMX = {"HX-Request": "true"}


def board(user: User, query: str = "") -> dict[str, Any]:
    """The columns of the board of companies, by their value."""
    state = parse_list(COMPANY, user, QueryDict(f"layout=board&{query}"))
    return {column.value: column for column in columns_of(state)}


def titles(column: Any) -> list[str]:
    return [card.title for card in column.cards]


def company_in(user: User, name: str, state: str) -> Company:
    company = make_company(user, name)
    Company.objects.filter(pk=company.pk).update(state=state)
    return company


def test_a_board_has_a_column_per_choice_with_its_cards_and_counts(people: People) -> None:
    for number in range(3):
        company_in(people.owner, f"Lead {number}", "lead")
    company_in(people.owner, "Busy", "active")
    columns = board(people.owner)
    assert list(columns) == [value for value, _label in COMPANY.all_fields["state"].choices or ()]
    assert titles(columns["lead"]) == ["Lead 0", "Lead 1", "Lead 2"]
    assert columns["lead"].count == "3" and columns["active"].count == "1"
    narrowed = board(people.owner, "state.in=lead,active&name.contains=lead 1")
    assert set(narrowed) == {"lead", "active"}
    assert titles(narrowed["lead"]) == ["Lead 1"] and not narrowed["active"].cards


def test_a_long_column_goes_on_by_keyset_and_counts_afterwards(people: People) -> None:
    for number in range(CARDS + 5):
        company_in(people.owner, f"Lead {number:02}", "lead")
    client = signed_in(people.owner)
    column = board(people.owner)["lead"]
    assert len(column.cards) == CARDS and column.count == ""
    rest = client.get(column.more_url).content.decode()
    assert rest.count("data-card ") == 5 and "board-more" not in rest
    assert f">{CARDS + 5}<" in client.get(column.head_url).content.decode()
    anew = client.get(f"{column.url}&cards={CARDS + 5}").content.decode()
    assert anew.count("data-card ") == CARDS + 5
    assert client.get("/companies/board?layout=board&column=nowhere").status_code == 422


def test_a_card_moved_is_the_ordinary_edit_and_can_be_undone(people: People) -> None:
    company = company_in(people.owner, "Mover", "lead")
    client = signed_in(people.owner)
    url = f"/companies/{company.pk}/move?layout=board"
    answer = client.post(url, {"to": "active", "was": "lead"}, headers=HTMX)
    assert answer.status_code == 204
    assert "moved to Active" in answer["HX-Trigger"] and "undo_url" in answer["HX-Trigger"]
    company.refresh_from_db()
    assert company.state == "active"
    made = ChangeSet.objects.filter(verb="records.edit").latest("pk")
    undo_change_set(actor=people.owner, change_set=made)
    company.refresh_from_db()
    assert company.state == "lead"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"to": "nonsense", "was": "lead"}, 422),
        ({"to": "active", "was": "prospect"}, 409),  # somebody else moved it meanwhile
    ],
)
def test_a_refused_move_writes_nothing_and_says_why(
    sent: dict[str, str], status: int, people: People
) -> None:
    company = company_in(people.owner, "Stays", "lead")
    before = Change.objects.count()
    client = signed_in(people.owner)
    answer = client.post(f"/companies/{company.pk}/move?layout=board", sent, headers=HTMX)
    assert answer.status_code == status and "toast" in answer["HX-Trigger"]
    assert Change.objects.count() == before
    company.refresh_from_db()
    assert company.state == "lead"


def test_a_move_needs_the_right_to_edit_and_a_field_that_may_be_written(people: People) -> None:
    company = company_in(people.owner, "Locked", "lead")
    role = make_role("Looks", "all")
    role.grants = {key: {**verbs, "edit": "none"} for key, verbs in role.grants.items()}
    role.save()
    looker = make_user("looker", role, team=people.north)
    stuck = make_role("Stuck", "own")
    stuck.field_rules = {"parties.company": {"state": "readonly"}}
    stuck.save()
    reader = make_user("reader", stuck, team=people.north)
    own = company_in(reader, "Own", "lead")
    sent = {"to": "active", "was": "lead"}
    url = f"/companies/{company.pk}/move?layout=board"
    before = Change.objects.count()
    assert signed_in(people.stranger).post(url, sent, headers=HTMX).status_code == 404
    assert signed_in(looker).post(url, sent, headers=HTMX).status_code == 403
    refused = signed_in(reader).post(f"/companies/{own.pk}/move?layout=board", sent, headers=HTMX)
    assert refused.status_code == 403
    assert Change.objects.count() == before
    assert not any(card.movable for card in board(looker)["lead"].cards)
    assert board(reader)["lead"].open is False


def test_a_hidden_stage_or_date_gives_no_board_and_no_calendar(people: People) -> None:
    role = people.owner.active_roles()[0]
    role.field_rules = {
        "parties.company": {"state": "hidden"},
        "interactions.task": {"due_on": "hidden", "priority": "hidden"},
    }
    role.save()
    make_company(people.owner)
    make_task(people.owner)
    client = signed_in(people.owner)
    for url in ("/companies?layout=board", "/tasks?layout=board", "/tasks?layout=month"):
        body = client.get(url).content.decode()
        assert "data-board" not in body and "data-calendar" not in body, url
        assert 'class="layout-link"' not in body, url
    assert client.get("/companies/board?column=lead").status_code == 422


@pytest.mark.parametrize("layout", ("board", "month", "week"))
@pytest.mark.parametrize("persona", ("owner", "teammate", "stranger", "manager", "admin"))
def test_every_layout_shows_a_record_only_to_those_who_see_it(
    layout: str, persona: str, people: People
) -> None:
    task = make_task(people.owner, CANARY)
    Task.objects.filter(pk=task.pk).update(due_on=timezone.localdate())
    make_interaction(people.owner, CANARY)
    company_in(people.owner, CANARY, "lead")
    made = ("interactions.task", "interactions.interaction", "parties.company")
    for one in entities():
        if (one.board or one.calendar) and one.key not in made:
            make_sample(one, people.owner, CANARY)
    client = signed_in(people.all()[persona])
    for one in entities():
        body = client.get(f"/{one.path}?layout={layout}").content.decode()
        offered = one.board if layout == "board" else one.calendar
        if offered is not None:
            assert (CANARY in body) == (persona in ("owner", "manager", "admin")), one.key


def test_an_interaction_changes_its_stage_only_by_its_own_verb(people: People) -> None:
    planned = make_interaction(people.owner, "Visit them")
    later = timezone.now() + timedelta(hours=2)
    Interaction.objects.filter(pk=planned.pk).update(status="planned", at=later)
    client = signed_in(people.owner)
    body = client.get("/activities?layout=board").content.decode()
    done = re.search(r'data-column="done"[^>]*>', body)
    assert done is not None and 'data-action="interactions.hold_meeting"' in done[0]
    column = re.search(r'data-column="planned"[^>]*>', body)
    assert column is not None and "data-closed" in column[0]
    move = f"/activities/{planned.pk}/move?layout=board"
    assert client.post(move, {"to": "done", "was": "planned"}, headers=HTMX).status_code == 403
    asked = client.get(f"/activities/{planned.pk}/do/interactions.cancel", headers=HTMX)
    assert asked.status_code == 200
    client.post(f"/activities/{planned.pk}/do/interactions.cancel", headers=HTMX)
    planned.refresh_from_db()
    assert planned.status == "cancelled"


def test_a_month_shows_whole_weeks_from_the_readers_first_day(people: People) -> None:
    with translation.override("es"):
        days = list(days_around(date(2026, 11, 21), week=False))
        assert (days[0], days[-1], len(days)) == (date(2026, 10, 26), date(2026, 12, 6), 42)
        assert next(iter(days_around(date(2026, 11, 21), week=True))) == date(2026, 11, 16)
    with translation.override("en-us"):
        first = next(iter(days_around(date(2026, 2, 10), week=False)))
        assert first.weekday() == 6 and first == date(2026, 2, 1)


def test_entries_stand_on_the_readers_own_day(people: People) -> None:
    late = make_interaction(people.owner, "Late call")
    Interaction.objects.filter(pk=late.pk).update(at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    for zone, day in (("UTC", "2026-11-20"), ("Asia/Taipei", "2026-11-21")):
        people.owner.time_zone = zone
        people.owner.save()
        body = (
            signed_in(people.owner).get("/activities?layout=month&day=2026-11-03").content.decode()
        )
        assert "Late call" in cell_of(body, day), zone


def cell_of(body: str, day: str) -> str:
    """The part of a calendar's page that is one day."""
    return body.split(f'data-day="{day}"')[1].split("</td>")[0]


def test_a_full_day_says_how_many_more_and_leads_to_them(people: People) -> None:
    for number in range(7):
        task = make_task(people.owner, f"Task {number}")
        Task.objects.filter(pk=task.pk).update(due_on=date(2026, 11, 12))
    client = signed_in(people.owner)
    cell = cell_of(client.get("/tasks?layout=month&day=2026-11-01").content.decode(), "2026-11-12")
    assert cell.count("data-card ") == 4 and "+3 more" in cell
    link = re.search(r'class="calendar-more" href="([^"]+)"', cell)
    assert link is not None
    listed = client.get(unescape(link[1])).content.decode()
    assert all(f"Task {number}" in listed for number in range(7)) and "data-calendar" not in listed


def test_an_entry_moved_keeps_its_time_of_day(people: People) -> None:
    people.owner.time_zone = "Europe/Madrid"
    people.owner.save()
    call = make_interaction(people.owner, "Call them")
    at = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
    Interaction.objects.filter(pk=call.pk).update(at=at)
    client = signed_in(people.owner)
    sent = {"to": "2026-07-02", "was": "2026-11-20T09:15"}  # summer: an hour nearer to UTC
    answer = client.post(f"/activities/{call.pk}/move?layout=calendar", sent, headers=HTMX)
    assert answer.status_code == 204
    call.refresh_from_db()
    assert call.at == datetime(2026, 7, 2, 7, 15, tzinfo=UTC)
    assert moved(date(2026, 1, 1), date(2026, 2, 3)) == "2026-02-03"


def test_the_day_of_a_move_is_said_as_the_reader_says_it(people: People) -> None:
    task = make_task(people.owner)
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 1, 1))
    sent = {"to": "2026-02-03", "was": "2026-01-01"}
    url = f"/tasks/{task.pk}/move?layout=calendar"
    answer = signed_in(people.owner).post(url, sent, headers=HTMX)
    assert answer.status_code == 204 and "moved to Feb 3, 2026." in answer["HX-Trigger"]


def test_a_move_can_be_asked_for_without_a_mouse(people: People) -> None:
    company = company_in(people.owner, "By hand", "lead")
    client, url = signed_in(people.owner), f"/companies/{company.pk}/move?layout=board"
    asked = client.get(url, headers=HTMX).content.decode()
    was = re.search(r'name="_was" value="([^"]*)"', asked)
    assert was is not None and "<select" in asked
    sent = {"state": "dormant", "_was": unescape(was[1])}
    done = client.post(url, sent, headers=HTMX)
    assert done.status_code == 204 and "records:changed" in done["HX-Trigger"]
    company.refresh_from_db()
    assert company.state == "dormant"


@pytest.mark.parametrize("day", ("", "nonsense", "0001-01-01", "9999-12-31", "2026-13-01"))
def test_any_day_in_the_address_gives_a_calendar(day: str, people: People) -> None:
    for layout in ("month", "week"):
        assert signed_in(people.owner).get(f"/tasks?layout={layout}&day={day}").status_code == 200


@pytest.mark.parametrize("query", ("layout=board", "layout=month", "layout=week"))
def test_a_layout_takes_the_same_queries_however_many_cards(query: str, people: People) -> None:
    client, counts = signed_in(people.owner), []
    make_task(people.owner, "First")
    client.get(f"/tasks?{query}")  # a process learns some things once
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/tasks?{query}").status_code == 200
        counts.append(len(queries))
        for number in range(6):
            task = make_task(people.owner, f"Task {number}")
            Task.objects.filter(pk=task.pk).update(
                due_on=timezone.localdate() + timedelta(days=number % 2), priority=1 + number % 3
            )
    assert counts[1] <= counts[0] + 4 <= 24, counts
