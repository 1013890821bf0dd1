"""On a phone: where what was decided tells nothing of what will be, the page says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Window, work_off_jobs
from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company
from vinculo.platform.journal import change_set
from vinculo.sales.deals.models import Deal
from vinculo.sales.scoring.models import DealScore


def decided_by_lot(people: People, number: int) -> None:
    """Deals of the last year, each won or lost by the toss of a coin."""
    coin, today, company = Random(7), timezone.localdate(), make_company(people.owner)
    made = []
    for at in range(number):
        end = stage(coin.choice(("Won", "Lost")))
        closed = today - timedelta(days=at % 330 + 5)
        made.append(
            Deal(
                name=f"Deal {at}", company_id=company.pk, pipeline_id=end.pipeline_id, stage=end,
                status=end.ends, stage_since=timezone.now(), amount=coin.randrange(100, 9_000),
                currency="EUR", opened_on=closed - timedelta(days=40), closed_on=closed,
                source=coin.choice(("web", "referral", "event")), owner=people.owner,
                team=people.north,
            )
        )  # fmt: skip
    with change_set(actor=people.admin, verb="records.import"):
        Deal.objects.bulk_create(made)


def test_where_nothing_can_be_learned_the_page_of_scores_says_so(
    open_window: Callable[..., Window], people: People
) -> None:
    decided_by_lot(people, 240)
    waiting = deal(people.owner)
    page = open_window(people.admin, phone=True).page
    page.goto("/settings/scores")
    expect(page.get_by_text("Nothing learned yet")).to_be_visible()
    page.get_by_role("button", name="Learn now").tap()
    expect(page.locator("#main").get_by_text("Scores are being learned.")).to_be_visible()
    work_off_jobs()
    page.goto("/settings/scores")
    expect(page.get_by_role("heading", name="No signal")).to_be_visible()
    expect(page.get_by_text("open with a score: 0")).to_be_visible()
    assert not DealScore.objects.exists()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "nothing stands beside a phone's screen"
    page.goto(f"/deals/{waiting.pk}")
    expect(page.get_by_role("heading", level=1, name="Pumps")).to_be_visible()
    expect(page.get_by_text("Score", exact=True)).to_have_count(0)
