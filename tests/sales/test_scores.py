"""Scores: learned from decided deals, judged by later ones, shown only where they are worth something."""

from __future__ import annotations

import csv
import math
import os
import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company
from vinculo.kernel.errors import NotAllowed
from vinculo.platform import journal
from vinculo.platform.models import Role
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead
from vinculo.sales.scoring.actions import learn_scores
from vinculo.sales.scoring.gathering import gather
from vinculo.sales.scoring.learning import train
from vinculo.sales.scoring.models import DealScore, LeadScore, ScoreTraining
from vinculo.sales.scoring.of_deals import DEALS
from vinculo.sales.scoring.of_leads import LEADS
from vinculo.sales.scoring.statistics.measures import auc, brier, losses, reliability
from vinculo.sales.scoring.statistics.sheet import Column, Learned, Sheet, cut, missing
from vinculo.sales.scoring.statistics.training import learn

CAME = datetime(2024, 1, 1, 12, tzinfo=UTC)
MAVEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "maven_crm_sales"

# --- measures -----------------------------------------------------------------------------------

outcomes = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=40)


@given(outcomes)
@settings(max_examples=40)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(told: list[tuple[bool, float]]) -> None:
    import numpy as np

    won = np.array([float(hit) for hit, _chance in told])
    said = np.array([chance for _hit, chance in told])
    pairs = [
        0.5 if a == b else float(a > b)
        for hit, a in told if hit
        for miss, b in told if not miss
    ]  # fmt: skip
    assert auc(won, said) == pytest.approx(sum(pairs) / len(pairs) if pairs else 0.5)
    assert 0 <= brier(won, said) <= 1
    assert (losses(won, said) >= 0).all()
    groups = reliability(won, said)
    assert sum(one["deals"] for one in groups) == len(told)
    assert sum(one["deals"] * one["came"] for one in groups) == pytest.approx(won.sum())


@given(st.lists(st.integers(0, 30), max_size=80))
@settings(max_examples=60)
def test_newer_deals_judge_what_was_learned_from_older_ones(days: list[int]) -> None:
    parts = cut(days)
    assert sorted(at for part in parts for at in part) == list(range(len(days)))
    told = [[days[at] for at in part] for part in parts if part]
    assert all(max(one) < min(other) for one, other in pairwise(told))


@given(st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=40)
def test_what_is_missing_is_enough(won: int, lost: int) -> None:
    more = missing(won, lost)
    assert (more == 0) == (won + lost >= 200 and won >= 20 and lost >= 20)
    assert won + lost + more >= 200


# --- learning -----------------------------------------------------------------------------------


def with_signal(rows: int, seed: int = 3) -> tuple[list[Column], list[bool]]:
    """Deals of which large ones are rather lost and those by referral rather won."""
    dice = random.Random(seed)
    amounts = [dice.lognormvariate(8, 1) for _row in range(rows)]
    sources = [dice.choice(["web", "referral", "event"]) for _row in range(rows)]
    noise = [dice.random() for _row in range(rows)]
    won = []
    for amount, source in zip(amounts, sources, strict=True):
        odds = -1.3 * (math.log(amount) - 8) + (1.2 if source == "referral" else -0.4)
        won.append(dice.random() < 1 / (1 + math.exp(-odds)))
    columns = [
        Column("amount", True, amounts), Column("source", False, sources), Column("size", True, noise)
    ]  # fmt: skip
    return columns, won


def halves(columns: list[Column], at: int) -> tuple[list[Column], list[Column]]:
    return (
        [Column(one.name, one.is_number, one.values[:at]) for one in columns],
        [Column(one.name, one.is_number, one.values[at:]) for one in columns],
    )


@pytest.fixture(scope="module")
def learned() -> tuple[Learned, list[Column]]:
    columns, won = with_signal(760)
    leaking = [1.0 if hit else 0.0 for hit in won]
    past, waiting = halves([*columns, Column("won", True, leaking)], 700)
    return learn(Sheet(past, list(range(700)), won[:700]), Sheet(waiting)), waiting


def test_where_there_is_a_signal_deals_get_scores_that_come_true(
    learned: tuple[Learned, list[Column]],
) -> None:
    found, waiting = learned
    assert found.verdict == "signal"
    judged = found.report["judged"][found.report["chosen"]]
    assert judged["log_loss"] < found.report["judged"]["base"]["log_loss"]
    assert judged["gain_low"] > 0
    assert judged["auc_low"] > 0.5
    assert len(found.scores) == 60
    assert all(1 <= percent <= 99 for percent, _factors in found.scores)
    spread = found.report["reliability"]
    assert spread[0]["came"] < spread[-1]["came"]
    largest = max(range(60), key=lambda at: waiting[0].values[at])
    amount = next(one for one in found.scores[largest][1] if one[0] == "amount")
    assert amount[1] < 0
    assert amount[2] == "more"


def test_what_separates_too_well_by_itself_is_left_out_and_named(
    learned: tuple[Learned, list[Column]],
) -> None:
    found, _waiting = learned
    (out,) = found.report["left_out"]
    assert (out["column"], out["why"]) == ("won", "alone")
    assert out["auc"] > 0.95
    assert "won" not in found.report["used"]


@pytest.mark.skipif(not MAVEN.exists(), reason="the deals of Maven are not here")
def test_the_deals_of_maven_have_no_signal() -> None:
    past, waiting = maven()
    found = learn(past, waiting)
    assert found.verdict == "none"
    assert found.scores == []
    assert [one["column"] for one in found.report["left_out"]] == ["amount"]
    assert sum(found.report["deals"]) == 6711


def maven() -> tuple[Sheet, Sheet]:
    """The pipeline of Maven: decided deals, and open ones."""
    tables = {
        name: list(csv.DictReader((MAVEN / f"{name}.csv").read_text("utf-8").splitlines()))
        for name in ("accounts", "sales_teams", "sales_pipeline")
    }
    accounts = {row["account"]: row for row in tables["accounts"]}
    teams = {row["sales_agent"]: row["manager"] for row in tables["sales_teams"]}
    rows = tables["sales_pipeline"]

    def columns(deals: list[dict[str, str]]) -> list[Column]:
        of = [accounts.get(row["account"], {}) for row in deals]
        return [
            Column("owner", False, [row["sales_agent"] for row in deals]),
            Column("team", False, [teams[row["sales_agent"]] for row in deals]),
            Column("campaign", False, [row["product"] for row in deals]),
            Column("industry", False, [one.get("sector") for one in of]),
            Column("country", False, [one.get("office_location") for one in of]),
            Column("size", True, [float(one["employees"]) if one else None for one in of]),
            Column("amount", True, [float(row["close_value"] or 0) for row in deals]),
            Column("month", False, [row["engage_date"].split("/")[0] or None for row in deals]),
        ]

    past = [row for row in rows if row["deal_stage"] in ("Won", "Lost")]
    waiting = [row for row in rows if row["deal_stage"] not in ("Won", "Lost")]
    days = [datetime.strptime(row["close_date"], "%m/%d/%Y").date().toordinal() for row in past]
    return Sheet(columns(past), days, [r["deal_stage"] == "Won" for r in past]), Sheet(
        columns(waiting)
    )


def test_deals_decided_on_one_day_cannot_be_learned_from() -> None:
    columns, won = with_signal(300)
    assert learn(Sheet(columns, [5] * 300, won), Sheet(columns)).verdict == "split"


# --- deals --------------------------------------------------------------------------------------


@pytest.fixture
def decided(people: People) -> list[Deal]:
    """Open deals of a company whose 240 decided ones have a signal."""
    columns, won = with_signal(300)
    company = make_company(people.owner, "Harmless Ltd")
    begin, wins, loses = stage("Qualified"), stage("Won"), stage("Lost")
    worth = [round(Decimal(amount), 2) for amount in columns[0].values]
    rows = []
    for at in range(300):
        over = at < 240
        opened = date(2024, 1, 1) + timedelta(days=at)
        place = (wins if won[at] else loses) if over else begin
        rows.append(
            Deal(
                name=f"Deal {at}", company=company, owner=people.owner, team=people.north,
                pipeline_id=place.pipeline_id, stage=place, status=place.ends,
                stage_since=datetime(2024, 1, 1, tzinfo=UTC), amount=worth[at], value=worth[at], currency="EUR", opened_on=opened,
                closed_on=opened + timedelta(days=3) if over else None,
                source=columns[1].values[at],
            )
        )  # fmt: skip
    with journal.change_set(actor=people.owner, verb="test"):
        return list(Deal.objects.bulk_create(rows))[240:]


def test_open_deals_get_scores_with_their_reasons(people: People, decided: list[Deal]) -> None:
    training = train(DEALS)
    assert (training.verdict, training.scored) == ("signal", 60)
    assert training.won + training.lost == 240
    made = Deal.objects.get(pk=max(decided, key=lambda one: one.amount or 0).pk)
    scored = DealScore.objects.get(record=made)
    assert (scored.training_id, scored.percent) == (training.pk, made.score)
    client = Client()
    client.force_login(people.owner)
    shown = client.get(f"/deals/{made.pk}").content.decode()
    assert f"{made.score} %" in shown
    assert "more than usual" in shown
    worst = client.get("/deals?sort=score&columns=name,score&score.filled=1").content.decode()
    assert worst.count("Deal ") >= 60
    client.force_login(people.admin)
    page = client.get("/settings/scores").content.decode()
    assert "There is a signal" in page
    assert "Boosted trees" in page
    assert "Filled in at the end." in page
    assert not ScoreTraining.objects.visible_to(people.owner).exists()
    assert not DealScore.objects.visible_to(people.stranger).exists()


def test_below_two_hundred_decided_deals_it_says_how_many_are_missing(people: People) -> None:
    one = deal(people.owner)
    Deal.objects.filter(pk=one.pk).update(score=80)
    training = train(DEALS)
    assert (training.verdict, training.scored) == ("few", 0)
    assert Deal.objects.get(pk=one.pk).score is None, "an older score goes"
    client = Client()
    client.force_login(people.admin)
    assert "200 more have to be decided" in client.get("/settings/scores").content.decode()


def test_facts_count_as_they_were_when_a_deal_was_opened(
    people: People, decided: list[Deal]
) -> None:
    past, waiting = gather(DEALS).decided, decided[0]
    assert {one.name for one in past.columns} >= {"amount", "source", "owner"}
    over = list(Deal.objects.exclude(status="open").order_by("-closed_on", "-pk")[:40])
    first = {one.name: one.values[0] for one in past.columns}
    with journal.change_set(actor=people.owner, verb="test"):
        Deal.objects.filter(pk=waiting.pk).update(
            source="event", amount=waiting.amount * 2, value=waiting.amount * 2
        )
        Deal.objects.filter(pk=over[0].pk).update(campaign="Spring")
        Deal.objects.filter(pk__in=[one.pk for one in over]).update(source="other")
    found = gather(DEALS)
    now_open = {one.name: one.values[0] for one in found.waiting.columns}
    assert now_open["amount"] == pytest.approx(float(waiting.amount))
    (out,) = found.left_out
    assert (out["column"], out["why"], out["deals"]) == ("source", "late", 40)
    again = {one.name: one.values[0] for one in found.decided.columns}
    assert again["campaign"] is None
    assert again["amount"] == first["amount"]


def hide(people: People, *names: str) -> None:
    """Hide these facts of deals from the owner."""
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"sales.deal": dict.fromkeys(names, "hidden")}
    role.save()
    people.owner.forget_rights()


def test_a_hidden_fact_is_no_reason(people: People, decided: list[Deal]) -> None:
    made = decided[0]
    training = ScoreTraining.objects.create(at=datetime.now(UTC), verdict="signal")
    why = [["amount", -20, "more", None], ["source", 5, "is", "referral"]]
    DealScore.objects.create(record=made, training=training, percent=30, why=why)
    Deal.objects.filter(pk=made.pk).update(score=30)
    hide(people, "amount")
    client = Client()
    client.force_login(people.owner)
    shown = client.get(f"/deals/{made.pk}").content.decode()
    assert "Referral" in shown
    assert "more than usual" not in shown
    hide(people, "score")
    assert "How likely it is won" not in client.get(f"/deals/{made.pk}").content.decode()


@pytest.fixture
def leads(people: People) -> list[Lead]:
    """Open leads beside 220 decided ones, of which those with a phone number rather go well."""
    dice = random.Random(5)
    rows = []
    for at in range(250):
        phone = dice.random() < 0.5
        well = dice.random() < (0.8 if phone else 0.2)
        status = "new" if at >= 220 else "converted" if well else "disqualified"
        rows.append(
            Lead(
                name=f"Lead {at}", owner=people.owner, team=people.north, status=status,
                source=dice.choice(["web", "event"]), phone="+34600000000" if phone else "",
                converted_at=CAME + timedelta(days=at + 4) if status == "converted" else None,
                why="no_need" if status == "disqualified" else "",
            )
        )  # fmt: skip
    with journal.change_set(actor=people.owner, verb="test"):
        made = list(Lead.objects.bulk_create(rows))
    for at, one in enumerate(made):
        one.created_at = CAME + timedelta(days=at)
    with journal.change_set(actor=people.owner, verb="test"):
        Lead.objects.bulk_update(made, ["created_at"])
    return made[220:]


def test_leads_get_scores_by_the_same_way(people: People, leads: list[Lead]) -> None:
    training = train(LEADS)
    assert (training.entity, training.verdict, training.scored) == ("sales.lead", "signal", 30)
    made = next(one for one in leads if one.phone)
    scored = LeadScore.objects.get(record=made)
    assert Lead.objects.get(pk=made.pk).score == scored.percent > 50
    client = Client()
    client.force_login(people.owner)
    shown = client.get(f"/leads/{made.pk}").content.decode()
    assert f"{scored.percent} %" in shown
    assert "filled in" in shown
    client.force_login(people.admin)
    page = client.get("/settings/scores?type=sales.lead").content.decode()
    assert "There is a signal" in page
    assert "Disqualified because" in page


def test_a_lead_counts_as_it_came_in_and_was_decided_when_its_status_last_changed(
    people: People, leads: list[Lead]
) -> None:
    one = leads[0]
    with journal.change_set(actor=people.owner, verb="test"):
        Lead.objects.filter(pk=one.pk).update(phone="+34611111111", source="other")
        Lead.objects.filter(pk=one.pk).update(status="disqualified", why="spam")
    (row,) = LEADS.read([one.pk])
    assert row["ended"] == date.today()
    assert (row["phone"], row["source"]) == (one.phone, one.source)
    assert row["changed"]["source"] == [date.today()]


def test_pages_load_nothing_that_is_learned_with() -> None:
    code = (
        "import sys, django; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from vinculo.sales.scoring import views, actions, learning;"
        "print(sorted({'numpy', 'scipy', 'sklearn', 'lightgbm'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "vinculo.config.settings"},
    )  # fmt: skip
    assert told.stdout.strip() == "[]"


def test_only_administrators_have_it_learned(people: People) -> None:
    with pytest.raises(NotAllowed):
        learn_scores(actor=people.owner)
    client = Client()
    client.force_login(people.admin)
    assert client.post("/settings/scores/learn").status_code == 302
    assert "being learned" in client.get("/settings/scores").content.decode()
