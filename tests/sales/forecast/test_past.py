"""What the forecast was: snapshots tell it whatever became of the deals, and how right it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company
from vinculo.kernel.clock import frozen
from vinculo.kernel.errors import NotAllowed
from vinculo.platform.models import Work
from vinculo.records.registry import entity
from vinculo.records.writing import delete_record
from vinculo.sales.deals.models import Deal
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.figures import as_it_was, current
from vinculo.sales.forecast.models import DealSnapshot, Snapshot
from vinculo.sales.forecast.past import Guess, accuracy, chart_of, movement
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.snapshots import (
    due_since,
    snapshot_asked_for,
    snapshot_before,
    snapshot_now,
    snapshot_weekly,
    take_snapshot,
)

pytestmark = pytest.mark.django_db
Q3 = Asked(Period.read("2026-Q3"))


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


STAGES = ("Qualified", "Proposal", "Negotiation", "Won", "Lost")
DAYS = st.sampled_from([date(2026, 7, 5), date(2026, 8, 1), date(2026, 10, 9)])
AMOUNTS = st.none() | st.integers(0, 10**6)
STATES = st.tuples(st.sampled_from(STAGES), AMOUNTS, DAYS, st.booleans())


@settings(max_examples=6, deadline=None, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    before=st.lists(STATES, min_size=2, max_size=5), after=st.lists(STATES, min_size=5, max_size=5)
)
def test_what_was_stays_whatever_becomes_of_the_deals(
    people: People, before: list, after: list
) -> None:
    """Snapshot, then any change and any deletion: the old figures, for everybody who saw them."""
    with transaction.atomic():
        acme = make_company(people.owner, "Acme")
        with frozen(at(8, 10)):
            made = [
                deal(people.owner if mine else people.stranger, company=acme) for *_, mine in before
            ]
            for one, told in zip(made, before, strict=True):
                become(one, *told)
            now = {user.pk: current(user, Q3, {}) for user in (people.owner, people.manager)}
            take_snapshot()
        with frozen(at(9, 1)):
            for one, told in zip(made, after, strict=False):
                become(one, *told)
            delete_record(actor=people.admin, entity=entity("sales.deal"), record=made[0])
            day = snapshot_before(date(2026, 8, 31)).day
            assert day == date(2026, 8, 10)
            for user in (people.owner, people.manager):
                assert as_it_was(user, Q3, day) == now[user.pk]
        transaction.set_rollback(True)


def become(one: Deal, name: str, amount: int | None, day: date, mine: bool) -> None:
    """Another stage, amount and day, as the database holds them."""
    place = stage(name)
    value = None if amount is None else Decimal(amount)
    Deal.objects.filter(pk=one.pk).update(
        stage=place, status=place.ends, category=place.category, probability=place.probability,
        amount=value, value=value, weighted=value and value * place.probability / 100,
        close_on=day, closed_on=None if place.ends == "open" else day,
    )  # fmt: skip


@pytest.fixture
def kept(people: People) -> People:
    """Q2 and Q3 with a deal each: forecast high in April and May, and won for less."""
    acme = make_company(people.owner, "Acme")
    with frozen(at(3, 30)):
        second = deal(people.owner, stage=stage("Negotiation").pk, amount=1000, company=acme,
                      close_on=date(2026, 6, 1))  # fmt: skip
        third = deal(people.owner, stage=stage("Qualified").pk, amount=500, company=acme,
                     close_on=date(2026, 8, 1))  # fmt: skip
        take_snapshot()
    with frozen(at(5, 11)):
        become(second, "Negotiation", 900, date(2026, 6, 1), True)
        take_snapshot()
    become(second, "Won", 800, date(2026, 6, 1), True)
    with frozen(at(6, 29)):
        take_snapshot()
    become(third, "Negotiation", 500, date(2026, 8, 1), True)
    with frozen(at(7, 20)):
        take_snapshot()
    return people


def test_how_it_moved(kept: People) -> None:
    points = movement(kept.owner, Q3)
    assert [(point.day.isoformat(), point.figures.forecast) for point in points] == [
        ("2026-05-11", 0), ("2026-06-29", 0), ("2026-07-20", 500),
    ]  # fmt: skip
    assert points[0].figures.pipeline == 500
    assert [point.figures.pipeline for point in movement(kept.stranger, Q3)] == [0, 0, 0]
    chart = chart_of(points)
    assert chart is not None
    assert dict(chart.lines)["forecast"] == "0.0,120.0 420.0,120.0 600.0,0.0"
    assert chart_of(points[:1]) is None
    assert chart_of(movement(kept.stranger, Q3)) is None


def test_how_right_it_was(kept: People) -> None:
    (second,) = accuracy(kept.admin, Q3, date(2026, 8, 10))
    assert (second.period.code, second.outcome) == ("2026-Q2", 800)
    amounts = [(guess.amount, guess.error) for guess in second.guesses]
    assert amounts[0] == (1000, Decimal("25.0"))
    assert amounts[3] == (900, Decimal("12.5"))
    assert amounts[2] == (None, None)
    assert Guess(Decimal(5), Decimal(0)).error is None
    assert accuracy(kept.stranger, Q3, date(2026, 8, 10))[0].outcome == 0


def test_the_week_begins_on_monday_at_two_where_the_company_is() -> None:
    madrid = ZoneInfo("Europe/Madrid")  # UTC+2 then
    assert due_since(datetime(2026, 6, 28, 23, 59, tzinfo=UTC), madrid) == date(2026, 6, 22)
    assert due_since(datetime(2026, 6, 29, 0, 0, tzinfo=UTC), madrid) == date(2026, 6, 29)
    assert due_since(datetime(2026, 7, 5, 12, 0, tzinfo=UTC), madrid) == date(2026, 6, 29)


def test_one_a_week_and_one_a_day(people: People) -> None:
    deal(people.owner, company=make_company(people.owner, "Acme"))
    for when, number in ((at(6, 28), 1), (at(6, 29, 1), 1), (at(6, 29, 3), 2), (at(7, 7), 3)):
        with frozen(when):
            snapshot_weekly()
        assert Snapshot.objects.count() == number, when
    with frozen(at(7, 7)):
        take_snapshot()
    assert (Snapshot.objects.count(), DealSnapshot.objects.count()) == (3, 3)


def test_an_administrator_has_it_kept_now(people: People) -> None:
    with pytest.raises(NotAllowed):
        snapshot_now(actor=people.manager)
    client = Client()
    client.force_login(people.admin)
    assert client.post("/forecast/snapshot").status_code == 302
    snapshot_asked_for(actor=people.admin, work_id=Work.objects.get().pk)
    assert Snapshot.objects.count() == 1


def test_the_page_of_a_day(kept: People) -> None:
    client = Client()
    client.force_login(kept.owner)
    with frozen(at(8, 10)):
        page = client.get("/forecast?period=2026-Q3&as_of=2026-07-01").content.decode()
        assert "As it was on Jun 29, 2026" in page
        assert "How right past forecasts were" in page
        assert "+25 %" in page
        assert "close_on.between" not in page
        none = client.get("/forecast?period=2026-Q3&as_of=2026-01-01").content.decode()
        assert "There is no snapshot of that day or before it." in none
