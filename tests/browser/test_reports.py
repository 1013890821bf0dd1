"""By the keyboard alone from the report of what was won to the deals behind a figure, and away with
it as a file."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.makers import deal, stage


def test_a_figure_of_the_report_leads_to_its_deals(window: Window, people: People) -> None:
    day = timezone.localdate()
    for name, at in (("Pumps", "Won"), ("Valves", "Won"), ("Pipes", "Lost")):
        deal(
            people.owner, name=name, stage=stage(at).pk, amount=500,
            opened_on=day - timedelta(days=9), closed_on=day,
        )  # fmt: skip
    page = window.page
    page.goto("/deals")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sales report")
    page.get_by_role("link", name="Won and lost", exact=True).press("Enter")
    figure = page.get_by_role("link", name="Owner, Won: 2", exact=True)
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV: Owner", exact=True).press("Enter")
    assert taken.value.suggested_filename.startswith("outcome-owner-")
    figure.press("Enter")
    expect(page.get_by_role("link", name="Pumps", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Valves", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Pipes", exact=True)).to_have_count(0)
