"""The sales reports: each figure is what its list holds, and nobody is told of more than they see."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.clock import frozen
from vinculo.kernel.errors import DomainError
from vinculo.platform.access_events import notes
from vinculo.platform.models import AccessEvent, ChangeSet, Role, User
from vinculo.records.lists import matching, parse_list
from vinculo.records.registry import entity
from vinculo.sales.around.actions import add_competitor
from vinculo.sales.deals.models import CloseReason, Deal, StageVisit
from vinculo.sales.reports import activity, cohorts, funnel, velocity, winloss
from vinculo.sales.reports.asked import Asked
from vinculo.sales.reports.spans import Span
from vinculo.sales.reports.tables import Row, Table, csv_text
from vinculo.sales.reports.tabs import tabs_for

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 8, 10, 9, tzinfo=UTC)
YEAR = Span.read("2026")


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    with frozen(TODAY):
        yield


def put(owner: User, at: str, opened: date, days: int | None = None, **data: Any) -> Deal:
    """A deal in a stage, opened on a day and closed so many days later."""
    closed = None if days is None else opened + timedelta(days=days)
    when = {"opened_on": opened, **({"closed_on": closed} if closed else {})}
    data = {"amount": 1000, **data}
    return deal(owner, stage=stage(at).pk, close_on=date(2026, 12, 1), **when, **data)


def stood(made: Deal, **stays: int) -> None:
    """Give a deal stays in open stages, one after the other, each of so many days, before the one
    that it stands in."""
    at = made.stage_since - timedelta(days=sum(stays.values()))
    for name, days in stays.items():
        left = at + timedelta(days=days)
        place = stage(name.replace("_", " "))
        StageVisit.objects.create(deal=made, stage=place, entered_at=at, left_at=left)
        at = left


@pytest.fixture
def sold(people: People) -> People:
    """Deals of three people: open ones, won ones, and lost ones of which two are known."""
    acme, day = make_company(people.owner, "Acme"), date(2026, 2, 2)
    reasons = {one.name: one.pk for one in CloseReason.objects.all()}
    put(people.owner, "Qualified", day, company=acme)
    put(people.owner, "Negotiation", day, company=acme, amount=400, source="web")
    for days in (10, 20, 60):
        won = put(
            people.owner, "Won", day, days, company=acme, reason=reasons["Best offer"], source="web"
        )
        stood(won, Qualified=5, Proposal=days - 5)
    for last in ("Qualified", "Proposal"):
        lost = put(people.owner, "Lost", day, 30, company=acme, reason=reasons["Price"],
                   lesson=f"Ask earlier ({last})")  # fmt: skip
        stood(lost, **{last: 30})
        add_competitor(actor=people.owner, deal=lost, name="=Rival()")
    put(people.teammate, "Lost", day, 5, amount=7)
    put(people.stranger, "Won", date(2026, 3, 1), 40, amount=None)
    put(people.stranger, "Won", date(2025, 3, 1), 40, amount=50)
    return people


def asked(tab: str, span: Span = YEAR, **more: Any) -> Asked:
    return Asked(tab, span, **more)


def named(table: Table) -> dict[str, dict[str, Any]]:
    """What a table holds: row → head → figure."""
    return {row.name: {head: cell.raw for head, cell in cells} for row, cells in table.lines}


def listed(user: User, url: str) -> int:
    """How many records the list at an address has."""
    path, _mark, query = url.partition("?")
    found = {"/deals": "sales.deal", "/leads": "sales.lead", "/tasks": "interactions.task",
             "/activities": "interactions.interaction"}  # fmt: skip
    return matching(parse_list(entity(found[path]), user, QueryDict(query))).count()


def test_a_funnel_counts_who_came_how_far(sold: People) -> None:
    (way,) = funnel.ways(sold.owner, asked("funnel"))
    steps = {one.stage.name if one.stage else "Won": one for one in way.steps}
    reached = {name: one.reached for name, one in steps.items()}
    # One stands in Negotiation and is taken to have passed all before; three won ones, too.
    assert reached == {
        "Qualified": 7, "Needs understood": 5, "Proposal": 5, "Negotiation": 4, "Won": 3,
    }  # fmt: skip
    assert (steps["Qualified"].open_here, steps["Negotiation"].open_here) == (1, 1)
    assert (steps["Qualified"].lost_here, steps["Proposal"].lost_here) == (1, 1)
    assert (way.open, way.won, way.lost, way.unknown) == (2, 3, 2, 0)
    (all_of_them,) = funnel.ways(sold.admin, asked("funnel"))
    assert (all_of_them.opened, all_of_them.unknown) == (9, 1)
    assert not funnel.ways(sold.owner, asked("funnel", Span.read("2024")))


def test_figures_are_as_many_as_their_lists_hold(sold: People) -> None:
    questions: list[dict[str, Any]] = [{}, {"person": sold.owner.pk}, {"team": sold.north.pk}, {"source": "web"},
                 {"pipeline": stage("Won").pipeline_id}]  # fmt: skip
    linked = 0
    for user in (sold.owner, sold.manager, sold.admin):
        for name, tab in tabs_for(user).items():
            for question in questions:
                for table in tab.tables(user, asked(name, **question)):
                    for row, cells in table.lines:
                        for head, cell in cells:
                            if cell.url:
                                linked += 1
                                where = (user, name, table.key, row.name, head)
                                assert listed(user, cell.url) == cell.raw, where
    assert linked > 100


def test_what_was_won_and_lost_by_what_it_depends_on(sold: People) -> None:
    found = {one.key: named(one) for one in winloss.tables(sold.admin, asked("outcome"))}
    assert found["all"]["All"]["Won"] == 4
    assert found["all"]["All"]["Win rate"] == Decimal("57.14")
    assert found["owner"]["Owner"] == {
        "Won": 3, "Lost": 2, "Win rate": Decimal("60.0"),
        "Value won": Decimal(3000), "Value lost": Decimal(2000),
    }  # fmt: skip
    assert found["owner"]["Teammate"]["Win rate"] == ""  # of one nobody can tell
    assert found["reason"]["Price"]["Of these"] == Decimal("66.67")
    assert found["source"]["Website"]["Won"] == 3
    assert found["competitor"]["=Rival()"]["Lost"] == 2
    assert set(found["value"]) == {"€0 to below €100", "€1,000 to below €5,000", "Without a value"}
    lessons = winloss.lessons(sold.owner, asked("outcome"))
    assert [one["lesson"] for one in lessons] == [
        "Ask earlier (Proposal)", "Ask earlier (Qualified)",
    ]  # fmt: skip
    assert not winloss.lessons(sold.stranger, asked("outcome"))


def test_few_cases_say_only_that_they_are_few(sold: People) -> None:
    rows: dict[str, Row] = {}
    for table in winloss.tables(sold.admin, asked("outcome")):
        if table.key == "owner":
            rows = {row.name: row for row in table.rows}
    assert (rows["Owner"].cells[2].text, rows["Owner"].cells[2].note) == ("60 %", "23–88 %")
    assert (rows["Stranger"].cells[2].text, rows["Stranger"].cells[2].note) == ("", "few")


def test_nobody_is_told_of_what_they_do_not_see(sold: People) -> None:
    assert funnel.ways(sold.stranger, asked("funnel"))[0].opened == 1
    client = Client()
    client.force_login(sold.owner)
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"sales.deal": {"amount": "hidden", "owner": "hidden"}}
    role.save()
    page = client.get("/sales-report?tab=outcome&period=2026").content.decode()
    assert "Value won" not in page
    assert "€" not in page
    assert "report-source" in page
    assert "report-owner" not in page
    assert client.get(f"/sales-report?person={sold.owner.pk}").status_code == 404
    role.field_rules = {"sales.deal": {"stage": "hidden", "closed_on": "hidden"}}
    role.save()
    page = client.get("/deals").content.decode()
    assert client.get("/sales-report?tab=funnel").status_code in (403, 404)
    role.grants = {**role.grants, "sales.deal": {"view": "none"}}
    role.save()
    assert client.get("/sales-report").status_code == 403
    assert 'href="/sales-report"' not in client.get("/companies").content.decode()


def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(sold: People) -> None:
    client = Client()
    client.force_login(sold.owner)
    for query, status in (
        ("period=2026-Q5", 422), ("from=2026-02-01&to=2026-01-01", 422), ("from=x&to=y", 422),
        ("from=1700-01-01&to=2026-01-01", 422), ("period=2026-01-01..9999-12-31", 422),
        ("tab=secret", 404), ("person=99999999999999999999", 404), ("team=0", 404),
        ("pipeline=x", 404), ("source=%00", 404), ("by=secret", 404),
    ):  # fmt: skip
        assert client.get(f"/sales-report?{query}").status_code == status, query


def test_spans_step_by_their_own_length() -> None:
    assert Span.read("2026-Q1").step(-1).code == "2025-Q4"
    year = Span.last_year(date(2026, 8, 10))
    assert year.code == "2025-09-01..2026-08-31"
    assert year.step(-1).code == "2024-09-01..2025-08-31"
    week = Span.read("2026-03-02..2026-03-08")
    assert week.step(2).listed == "2026-03-16..2026-03-22"
    assert week.step(3).step(-3) == week
    assert Span.read("2026-01-01..2026-03-31").code == "2026-Q1"
    with pytest.raises(DomainError, match="comes before"):
        Span.read("2026-02-01..2026-01-01")


def test_a_table_is_taken_away_as_a_file_and_that_is_written_down(sold: People) -> None:
    client = Client()
    client.force_login(sold.owner)
    url = "/sales-report/export?tab=outcome&period=2026"
    assert client.get(url).status_code == 302
    answer = client.post(url, {"table": "competitor"})
    assert answer["Content-Disposition"] == 'attachment; filename="outcome-competitor-2026.csv"'
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][:3] == ["'=Rival()", "0", "2"]
    assert client.post(url, {"table": "secret"}).status_code == 404
    notes.flush(connection)
    (noted,) = AccessEvent.objects.filter(user=sold.owner, how="export", entity="sales.deal")
    assert (noted.rows, noted.query) == (1, "tab=outcome&period=2026")
    (change,) = ChangeSet.objects.filter(verb="records.export")
    assert change.label == "Sales report: Competitor (CSV)"
    Role.objects.filter(name="Own rows").update(
        grants={"sales.deal": {"view": "own", "export": "none"}}
    )
    assert client.post(url, {"table": "competitor"}).status_code == 403


def test_the_questions_do_not_grow_with_what_is_asked_for(sold: People) -> None:
    client = Client()
    client.force_login(sold.admin)

    def questions(tab: str) -> int:
        client.get(f"/sales-report?tab={tab}&period=2026")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/sales-report?tab={tab}&period=2026").status_code == 200
        return len(captured.captured_queries)

    before = {tab: questions(tab) for tab in tabs_for(sold.admin)}
    for number in range(8):
        put(sold.teammate, "Won", date(2026, 4, 1), number)
        put(sold.stranger, "Lost", date(2026, 5, 1), number, source="event")
    assert {tab: questions(tab) for tab in before} == before


def test_files_hold_plain_figures() -> None:
    assert csv_text(Table("x", "X", "Whose", ["-Much"], [])) == "\ufeffWhose,'-Much\r\n"


def test_velocity_says_how_long_stages_and_all_of_it_take(sold: People) -> None:
    found = {one.key: one for one in velocity.tables(sold.owner, asked("velocity"))}
    pace = named(found["pace"])["All"]
    assert pace["Days to win (median)"] == Decimal("20.0")
    assert pace["Days to win (mean)"] == Decimal("30.0")
    assert (pace["Open now"], pace["Win rate"]) == (2, Decimal("60.0"))
    assert pace["A day brings"] == ""  # three won ones are too few
    (stages,) = (table for key, table in found.items() if key.startswith("stages"))
    everybody = named(stages)["All"]
    assert everybody == {"Qualified": Decimal("5.0"), "Proposal": Decimal("22.5")}
    for days in (10, 20):
        put(sold.owner, "Won", date(2026, 3, 2), days, source="web")
    (again,) = (one for one in velocity.tables(sold.owner, asked("velocity")) if one.key == "pace")
    # 2 open × 5/7 × 1,000 ÷ 24 days
    assert named(again)["All"]["A day brings"] == Decimal("59.52")
    by_source = velocity.tables(sold.owner, asked("velocity", by="source"))[0]
    assert [row.name for row in by_source.rows] == ["All", "Website", "Not said"]


def test_cohorts_say_how_soon_what_was_opened_was_won(sold: People) -> None:
    put(sold.owner, "Won", date(2026, 7, 1), 10)
    (table,) = cohorts.tables(sold.admin, asked("cohorts"))
    found = named(table)
    assert list(found) == ["February 2026", "March 2026", "July 2026"]
    assert found["February 2026"]["Opened"] == 8
    assert found["February 2026"]["0–30 days"] == Decimal("25.0")
    assert found["February 2026"]["31–60 days"] == Decimal("12.5")
    july = {head: cell for row, cells in table.lines if row.name == "July 2026"
            for head, cell in cells}  # fmt: skip
    assert (july["0–30 days"].text, july["0–30 days"].note) == ("100 %", "so far")
    assert (july["0–30 days"].shade, july["61–90 days"].text) == (5, "")


def test_activities_stand_beside_those_of_the_time_before(sold: People) -> None:
    acme = make_company(sold.owner, "Calls")
    for kind, outcome, at in (
        ("call", "reached", "2026-08-03"), ("call", "no_answer", "2026-08-31"), ("call", "", "2026-07-31"),
        ("visit", "", "2026-08-01"), ("note", "", "2026-06-30"),
    ):  # fmt: skip
        Interaction.objects.create(
            kind=kind,
            outcome=outcome,
            party=acme,
            at=f"{at}T10:00Z",
            owner=sold.owner,
            team=sold.north,
        )
    planned = {"kind": "call", "status": "planned", "party": acme, "owner": sold.owner}
    Interaction.objects.create(at="2026-08-20T10:00Z", **planned)
    Task.objects.create(title="Write", owner=sold.owner, done_at="2026-08-02T10:00Z")
    august = asked("activity", Span.read("2026-08"))
    made, calls = activity.tables(sold.owner, august)
    owner = {head: (cell.raw, cell.note) for head, cell in made.lines[1][1]}
    assert (owner["Call"], owner["Visit"], owner["Note"]) == ((2, "(1)"), (1, "(0)"), (0, "(0)"))
    assert owner["Tasks: Done"] == (1, "(0)")
    assert named(calls)["Owner"] == {"Reached": 1, "No answer": 1}
    for table in (made, calls):
        for _row, cells in table.lines:
            for head, cell in cells:
                assert not cell.url or listed(sold.owner, cell.url) == cell.raw, head
    assert not activity.tables(sold.stranger, august)
