"""A real pipeline of 8,800 deals with its accounts, products and people: all of it comes in by the
import, every figure of it is on our screens, and one undo takes it away again."""

from __future__ import annotations

import argparse
import csv
import re
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from tests.personas import People
from tests.records.transfer.shared_data import shared
from vinculo.cli.import_ import add_arguments, run
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, Membership, RoleAssignment, Team, User
from vinculo.platform.undo import undo_change_set
from vinculo.products.models import Product
from vinculo.records import lists
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal, StageVisit
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Pipeline
from vinculo.sales.scoring.learning import train
from vinculo.sales.scoring.of_deals import DEALS

pytestmark = pytest.mark.django_db

FILES = ("sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv")


def deals_as(user: User, query: str) -> lists.ListState:
    return lists.parse_list(entity("sales.deal"), user, QueryDict(query))


def groups(user: User, by: str, query: str = "") -> dict[str, lists.Group]:
    found = lists.groups_of(deals_as(user, f"group={by}&cols=name,value&{query}"))
    return {one.label: one for one in found.groups}


def foot(user: User, column: str, query: str) -> Any:
    (found,) = lists.figures_of(deals_as(user, f"cols=name,{column}&{query}"))
    return found


def test_all_of_it_is_on_the_screens_and_goes_away_again(
    people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [model.objects.count() for model in (User, Team, Membership, Pipeline, Company)]
    rights = RoleAssignment.objects.count()
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    files = [str(shared("maven_crm_sales", name)) for name in FILES]
    assert run(parser.parse_args([*files, "--user", people.admin.email])) == 0
    told = capsys.readouterr().out
    assert re.findall(r"created +([\d,]+)", told) == ["35", "85", "7", "8,800"]
    assert re.findall(r"refused +(\d+)", told) == ["0"] * 4
    _people_stand_in_their_teams(rights)
    _accounts_and_products_are_whole()
    _figures_are_those_of_the_file(people.admin)
    _figures_are_in_the_reports(people.admin)
    _open_deals_wait_for_their_customers(people.admin)
    assert train(DEALS).verdict == "none"  # nothing in it says beforehand who wins
    assert not Deal.objects.filter(score__isnull=False).exists()
    (change,) = ChangeSet.objects.filter(verb="records.import")
    assert change.label == ", ".join(FILES)
    undo_change_set(actor=people.admin, change_set=change)
    assert [
        model.objects.count() for model in (User, Team, Membership, Pipeline, Company)
    ] == before
    for model in (Deal, StageVisit, Product):
        assert not model.objects.exists()


def _people_stand_in_their_teams(rights: int) -> None:
    darcel = User.objects.get(name="Darcel Schlecht")
    team = darcel.memberships.get().team
    assert (team.name, team.parent and team.parent.name) == ("Melvin Marxen", "Central")
    leader = User.objects.get(name="Melvin Marxen")
    assert leader.memberships.get().team == team
    assert not darcel.has_address and not darcel.has_usable_password()
    assert RoleAssignment.objects.count() == rights  # a file gives nobody rights


def _accounts_and_products_are_whole() -> None:
    acme = Company.objects.get(name="Acme Corporation")
    assert (acme.industry, acme.size, acme.country) == ("software", "1000+", "US")
    assert not Company.objects.filter(industry="").exists()
    assert Product.objects.get(name="GTX Pro").price == Decimal(4821)
    assert Product.objects.filter(family="GTX").count() == 4


def _figures_are_those_of_the_file(admin: User) -> None:
    stages = groups(admin, "stage")
    named = {label.rpartition(": ")[2]: group.number for label, group in stages.items()}
    assert named == {"Prospecting": 500, "Engaging": 1589, "Won": 4238, "Lost": 2473}
    made = Pipeline.objects.get(name="Opportunities")
    assert [one.name for one in known().stages_of(made.pk)] == [
        "Prospecting", "Engaging", "Won", "Lost",
    ]  # fmt: skip
    by_status = {one.value: one for one in groups(admin, "status").values()}
    won, lost = by_status["won"].number, by_status["lost"].number
    assert round(Decimal(100 * won) / (won + lost), 2) == Decimal("63.15")
    assert foot(admin, "value", "status.is=won").total == Decimal(10_005_534)
    assert round(foot(admin, "cycle_days", "status.is=won").average, 1) == Decimal("51.8")
    assert round(foot(admin, "cycle_days", "status.is=lost").average, 1) == Decimal("41.5")
    owners = groups(admin, "owner", "status.is=won")
    best = max(owners.values(), key=lambda one: one.figures["value"])
    assert (best.label, best.figures["value"]) == ("Darcel Schlecht", Decimal(1_153_214))
    products = groups(admin, "product")
    assert (len(products), products["GTX Pro"].number) == (7, 1480)


def _figures_are_in_the_reports(admin: User) -> None:
    """As the page's own files have them: which hold what the page shows."""
    client = Client()
    client.force_login(admin)

    def rows(tab: str, table: str, period: str) -> dict[str, dict[str, str]]:
        url = f"/sales-report/export?tab={tab}&period={period}"
        answer = client.post(url, {"table": table})
        lines = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
        return {next(iter(line.values())): line for line in lines}

    whole = rows("outcome", "all", "2017")["All"]
    assert (whole["Won"], whole["Lost"], whole["Win rate"]) == ("4238", "2473", "63.15")
    assert whole["Value won"] == "10005534.00"
    assert rows("outcome", "owner", "2017")["Darcel Schlecht"]["Value won"] == "1153214.00"
    assert len(rows("outcome", "product", "2017")) == 7
    pace = rows("velocity", "pace", "2017")["All"]
    assert (pace["Open now"], pace["Days to win (mean)"]) == ("2089", "51.8")
    made = Pipeline.objects.get(name="Opportunities")
    came = rows("funnel", f"funnel-{made.pk}", "2016-01-01..2035-12-31")
    assert [came[name]["Reached"] for name in ("Prospecting", "Engaging", "Won", "Lost")] == [
        "8800", "5827", "4238", "2473",
    ]  # fmt: skip
    assert (came["Prospecting"]["Open here"], came["Engaging"]["Open here"]) == ("500", "1589")
    months = rows("cohorts", "cohorts", "2016-01-01..2017-12-31").values()
    assert sum(int(month["Won"]) for month in months) == 4238


def _open_deals_wait_for_their_customers(admin: User) -> None:
    waiting = deals_as(admin, "company.empty=1&person.empty=1")
    assert lists.matching(waiting).count() == 1425
    assert set(lists.matching(waiting).values_list("status", flat=True)) == {"open"}
    flagged = deals_as(admin, "doubts.in=no_customer")
    assert lists.matching(flagged).count() == 1425
