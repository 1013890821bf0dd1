"""The forecast: each figure is the sum of the list behind it, and nobody sees more than their deals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company
from vinculo.kernel.clock import frozen
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.models import ChangeSet, Role, Team, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.lists import matching, parse_list
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal, StageVisit
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.figures import Figures, current
from vinculo.sales.forecast.forms import TargetsForm
from vinculo.sales.forecast.models import Adjustment, Target
from vinculo.sales.forecast.periods import KINDS, Period
from vinculo.sales.forecast.rates import ENOUGH, StageRate, stage_rates
from vinculo.sales.forecast.targets import (
    Wish,
    adjust_forecast,
    adjustments_of,
    delete_target,
    set_targets,
    targets_of,
)
from vinculo.sales.forecast.tree import Line, Told, Tree

pytestmark = pytest.mark.django_db
Q3 = Period.read("2026-Q3")
TODAY = datetime(2026, 8, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    with frozen(TODAY):
        yield


def put(owner: User, at: str, amount: Any, day: date | None, **data: Any) -> Deal:
    """A deal in a stage; `day` is when it was closed, else when it is to be."""
    place = stage(at)
    when = {"closed_on": day, "opened_on": day} if place.ends != "open" else {"close_on": day}
    made = deal(owner, stage=place.pk, amount=amount, **when, **data)
    return Deal.objects.get(pk=made.pk)


@pytest.fixture
def sold(people: People) -> People:
    """Deals of two people in the North and one in the South."""
    acme = make_company(people.owner, "Acme")
    inside, before = date(2026, 9, 30), date(2026, 6, 30)
    put(people.owner, "Won", 1000, date(2026, 7, 1), company=acme)
    put(people.owner, "Won", 77, before, company=acme)
    put(people.owner, "Qualified", 400, inside, company=acme)
    put(people.owner, "Qualified", 40, before, company=acme)
    put(people.owner, "Qualified", 4, None, company=acme)
    put(people.owner, "Lost", 500, date(2026, 8, 1), company=acme)
    put(people.owner, "Proposal", 300, inside, category="omitted", company=acme)
    put(people.owner, "Proposal", 250, inside, currency="USD", company=acme)
    put(people.teammate, "Proposal", 600, inside)
    put(people.teammate, "Negotiation", 800, date(2026, 7, 15))
    put(people.stranger, "Negotiation", 90, inside)
    return people


def lines(user: User, period: Period = Q3, rates: Any = None, **told: Any) -> dict[str, Line]:
    """The rows that `user` is shown, by name."""
    asked = Asked(period, **told)
    made = Told(
        asked, current(user, asked, rates or {}), targets_of(user, period),
        adjustments_of(user, period),
    )  # fmt: skip
    return {line.name: line for line in Tree(made).lines()}


def listed(user: User, url: str) -> list[Deal]:
    """The deals of the list at an address."""
    path, _mark, query = url.partition("?")
    assert path == "/deals"
    return list(matching(parse_list(entity("sales.deal"), user, QueryDict(query))))


#: Figure → its list, and the column of a deal that it sums.
LISTS = {"won": "won", "commit": "commit", "best_case": "best_case", "pipeline": "pipeline",
         "weighted": "open", "forecast": "forecast"}  # fmt: skip


def test_figures_are_the_sums_of_their_lists(sold: People) -> None:
    for user in (sold.owner, sold.manager, sold.admin):
        for line in lines(user).values():
            for figure, behind in LISTS.items():
                column = "weighted" if figure == "weighted" else "value"
                found = listed(user, line.urls[behind])
                total = sum((getattr(one, column) or 0 for one in found), Decimal(0))
                assert total == getattr(line.figures, figure), (user, line.name, figure)


def test_what_counts_where(sold: People) -> None:
    found = lines(sold.admin)
    assert list(found) == ["All", "Company", "North", "Owner", "Teammate", "South", "Stranger"]
    owner = found["Owner"].figures
    assert (owner.won, owner.pipeline, owner.commit, owner.without_rate) == (1000, 400, 0, 1)
    assert (owner.weighted, owner.open_deals) == (40, 2)
    north = found["North"].figures
    assert (north.commit, north.forecast) == (800, 1800)
    assert found["All"].figures.forecast == 1890
    assert [found[name].depth for name in ("Company", "North", "Owner")] == [0, 1, 2]


def test_everybody_sees_the_sums_of_their_own_deals(sold: People) -> None:
    assert list(lines(sold.owner)) == ["All", "North", "Owner"]
    assert lines(sold.stranger)["All"].figures.forecast == 90
    assert lines(sold.manager)["All"].figures.forecast == 1890
    only = lines(sold.admin, team=sold.north.pk)
    assert list(only) == ["All", "North", "Owner", "Teammate"]
    assert list(lines(sold.admin, person=sold.stranger.pk)) == ["All", "South", "Stranger"]


def test_a_hidden_amount_shows_no_forecast(sold: People) -> None:
    client = Client()
    client.force_login(sold.owner)
    assert client.get("/forecast").status_code == 200
    Role.objects.filter(name="Own rows").update(field_rules={"sales.deal": {"value": "hidden"}})
    answer = client.get("/forecast")
    assert answer.status_code == 403
    assert b'href="/forecast"' not in client.get("/deals").content


def test_the_model_goes_by_enough_closed_deals_only(sold: People) -> None:
    """Exactly thirty deals that passed a stage tell something; twenty-nine do not."""
    acme = make_company(sold.owner, "Acme Two")
    made = [
        put(sold.owner, "Lost", None, date(2026, 1, 5), company=acme) for _ in range(ENOUGH - 1)
    ]
    passed = [StageVisit(deal=one, stage=stage("Qualified"), entered_at=one.created_at,
                         left_at=one.created_at) for one in made * 2]  # fmt: skip
    StageVisit.objects.bulk_create(passed)
    few = stage_rates(date(2026, 8, 10))
    assert few[stage("Qualified").pk] == StageRate(ENOUGH - 1, 0)
    assert lines(sold.admin, rates=few)["Owner"].figures.by_model is None
    won = put(sold.owner, "Won", None, date(2026, 1, 5), company=acme)
    old = put(sold.owner, "Won", None, date(2024, 1, 5), company=acme)
    for one in (won, old):
        StageVisit.objects.create(
            deal=one, stage=stage("Qualified"), entered_at=one.created_at, left_at=one.created_at
        )
    rates = stage_rates(date(2026, 8, 10))
    assert rates[stage("Qualified").pk] == StageRate(ENOUGH, 1)
    rates[stage("Proposal").pk] = StageRate(40, 10)
    assert lines(sold.admin, rates=rates)["Owner"].figures.by_model == Decimal("13.33")
    assert lines(sold.admin, rates=rates)["Teammate"].figures.by_model is None


def test_targets_are_attained_by_what_is_won(sold: People) -> None:
    chief = sold.manager
    wishes = [Wish(sold.owner, Q3, Decimal(4000)), Wish(sold.north, Q3, Decimal(9000)),
              Wish(sold.stranger, Q3, Decimal(100))]  # fmt: skip
    assert set_targets(actor=chief, wishes=wishes) == 3
    assert set_targets(actor=chief, wishes=wishes) == 0
    found = lines(sold.admin)
    assert (found["Owner"].target, found["Owner"].attained) == (4000, Decimal("25.0"))
    assert (found["North"].target, found["All"].target) == (9000, 9100)
    assert found["Teammate"].attained is None
    # A colleague is told of their own, and of nobody else's.
    assert targets_of(sold.owner, Q3) == {("person", sold.owner.pk): Decimal(4000)}


def test_months_make_a_quarter_once_all_are_there(people: People) -> None:
    months = Q3.parts("month")
    for month in months[:2]:
        set_targets(actor=people.manager, wishes=[Wish(people.owner, month, Decimal(10))])
    assert targets_of(people.admin, Q3) == {}
    set_targets(actor=people.manager, wishes=[Wish(people.owner, months[2], Decimal(10))])
    assert targets_of(people.admin, Q3) == {("person", people.owner.pk): Decimal(30)}
    set_targets(actor=people.manager, wishes=[Wish(people.owner, Q3, Decimal(50))])
    assert targets_of(people.admin, Q3) == {("person", people.owner.pk): Decimal(50)}


def test_an_adjustment_stands_beside_what_is_computed_and_can_be_undone(sold: People) -> None:
    adjust_forecast(
        actor=sold.manager, person=sold.teammate, period=Q3, amount=Decimal(500), note="Too bold"
    )
    found = lines(sold.admin)
    assert (found["Teammate"].figures.forecast, found["Teammate"].adjusted) == (800, 500)
    assert (found["North"].adjusted, found["South"].adjusted, found["All"].adjusted) == (
        1500, None, 1590,
    )  # fmt: skip
    adjust_forecast(actor=sold.manager, person=sold.teammate, period=Q3, amount=None)
    assert lines(sold.admin)["All"].adjusted is None
    undo_change_set(actor=sold.manager, change_set=ChangeSet.objects.latest("pk"))
    assert Adjustment.objects.get().note == "Too bold"


def test_only_who_leads_says_what_a_team_is_to_sell(people: People) -> None:
    wish = Wish(people.owner, Q3, Decimal(1))
    for refused in (people.owner, people.teammate, people.stranger):
        with pytest.raises(NotAllowed):
            set_targets(actor=refused, wishes=[wish])
        with pytest.raises(NotAllowed):
            adjust_forecast(actor=refused, person=people.owner, period=Q3, amount=Decimal(1))
    set_targets(actor=people.admin, wishes=[wish])
    with pytest.raises(NotAllowed):
        delete_target(actor=people.owner, target=Target.objects.get())
    elsewhere = Team.objects.create(name="Elsewhere")
    with pytest.raises(NotAllowed, match="Elsewhere is in none of them"):
        set_targets(actor=people.manager, wishes=[wish, Wish(elsewhere, Q3, Decimal(1))])
    assert Target.objects.get().amount == 1


def test_targets_are_pasted(people: People) -> None:
    def wishes(text: str) -> list[Wish]:
        form = TargetsForm({"lines": text}, user=people.manager)
        assert form.is_valid()
        return form.wishes()

    pasted = "Owner\t2026-Q3\t250,000\nnorth ; 2026 ; 1.5 EUR\n\nSTRANGER@example.com;2026-07;3"
    assert [(one.of, one.period.code, one.amount) for one in wishes(pasted)] == [
        (people.owner, "2026-Q3", Decimal(250000)),
        (people.north, "2026", Decimal("1.5")),
        (people.stranger, "2026-07", Decimal(3)),
    ]
    for bad, why in (
        ("Owner 2026-Q3 1", "Line 1: it needs a name"),
        ("Owner;2026;1\nNobody;2026;1", "Line 2: no colleague or team"),
        ("Owner;2026-Q5;1", "Line 1: “2026-Q5” is no period"),
        ("Owner;2026;x", "Line 1: “x” is not a number"),
        ("Owner;2026;1 USD", "Line 1: Write the amount in EUR"),
    ):
        with pytest.raises(DomainError) as refused:
            wishes(bad)
        assert str(refused.value).startswith(why)


def test_the_page_leads_to_its_lists_and_takes_what_a_manager_says(sold: People) -> None:
    client = Client()
    client.force_login(sold.manager)
    url = f"/forecast/adjust?period=2026-Q3&person={sold.owner.pk}"
    assert client.post(url, {"amount": "x"}).status_code == 422
    assert client.post(url, {"amount": "1,234", "note": "Sure"}).status_code == 302
    sent = client.post("/forecast/targets", {"lines": "Owner;2026-Q3;5000"})
    assert sent.status_code == 302
    page = client.get("/forecast?period=2026-Q3").content.decode()
    for shown in ("Q3 2026", "Sure", "€1,234", "€5,000", "1 deal is in no sum"):
        assert shown in page, shown
    for address in set(re.findall(r'href="(/deals\?[^"]+any1[^"]+)"', page)):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert escape("?period=2026-Q3&team=") in page
    target = Target.objects.get()
    assert b"Owner" in client.get("/forecast/targets").content
    client.force_login(sold.owner)
    assert client.get("/forecast/targets").status_code == 403
    assert client.get(url).status_code == 403
    assert client.post(f"/forecast/targets/{target.pk}/delete").status_code in (403, 404)
    for bad in ("period=2026-13", "as_of=x", "team=9999999", "person=x", "pipeline=²"):
        assert client.get(f"/forecast?{bad}").status_code in (400, 404, 422), bad


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(KINDS), st.integers(-9, 9))
@settings(max_examples=60)
def test_periods_lie_side_by_side(day: date, kind: str, steps: int) -> None:
    period = Period.around(day, kind)
    assert period.start <= day <= period.end
    assert period.step(1).start > period.end >= period.middle >= period.start
    assert period.step(steps).step(-steps) == period
    assert Period.read(period.code) == period
    for shorter in period.shorter:
        parts = period.parts(shorter)
        assert (parts[0].start, parts[-1].end) == (period.start, period.end)


FIGURES = st.builds(
    Figures, won=st.decimals(0, 10**9, places=2), commit=st.decimals(0, 10**9, places=2),
    open_deals=st.integers(0, 9),
)  # fmt: skip


@given(told=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), FIGURES), max_size=8))
@settings(max_examples=10, deadline=None, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_teams_sum_up_to_all(people: People, told: list[tuple[int, int, Figures]]) -> None:
    """However deals lie, no one is lost on the way up, and none counts twice."""
    teams = [None, people.company.pk, people.north.pk, people.south.pk]
    owners = [None, *(one.pk for one in (people.owner, people.teammate, people.stranger))]
    figures = {(teams[team], (owners * 2)[owner]): one for team, owner, one in told}
    found = Tree(Told(Asked(Q3), figures, {}, {})).lines()
    assert found[0].figures.forecast == sum(one.forecast for one in figures.values())
    assert sum(one.figures.open_deals for one in found if one.kind == "person") == sum(
        one.open_deals for one in figures.values()
    )
