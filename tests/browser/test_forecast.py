"""A manager says what they count on, by the keyboard; who is meant reads it, month by month."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.makers import deal, stage
from vinculo.sales.forecast.models import Adjustment
from vinculo.sales.forecast.periods import Period


def test_a_forecast_is_adjusted_and_read_by_period(
    open_window: Callable[..., Window], people: People
) -> None:
    today = timezone.localdate()
    quarter, month = Period.around(today, "quarter"), Period.around(today, "month")
    deal(people.owner, stage=stage("Negotiation").pk, amount=Decimal(1200), close_on=today)
    page = open_window(people.manager).page
    page.goto(f"/forecast?period={quarter.code}")
    expect(page.get_by_role("link", name="Owner, Commit: €1,200")).to_be_visible()
    page.get_by_role("link", name="Adjust: Owner").press("Enter")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Amount").fill("1,000")
    dialog.get_by_label("Note").fill("One of them slips")
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("link", name="Adjust: Owner")).to_have_text("€1,000")
    expect(page.get_by_text("One of them slips")).to_be_visible()
    said = Adjustment.objects.get()
    assert (said.person, said.amount, said.period) == (people.owner, Decimal(1000), quarter.code)
    # what was said of the quarter is nothing that was said of its month
    page.get_by_role("link", name="Month", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(month.text())
    expect(page.get_by_role("link", name="Owner, Commit: €1,200")).to_be_visible()
    expect(page.get_by_text("One of them slips")).to_have_count(0)
    page.get_by_role("link", name="Later period").press("Enter")
    expect(page.get_by_text("Nothing to forecast here")).to_be_visible()
    mine = open_window(people.owner, phone=True).page
    mine.goto(f"/forecast?period={quarter.code}")
    expect(mine.get_by_text("One of them slips")).to_be_visible()
    expect(mine.get_by_role("link", name="Adjust: Owner")).to_have_count(0)
    mine.get_by_role("link", name="Owner, Commit: €1,200").tap()
    expect(mine.get_by_role("link", name="Pumps", exact=True)).to_be_visible()
