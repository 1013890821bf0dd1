"""A deal goes over the board by the keyboard alone, from stage to stage until it is won."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.makers import deal, stage
from vinculo.sales.pipelines.known import known


def column(page: Page, name: str) -> Locator:
    """The column of a stage."""
    return page.locator(f'[data-column="{stage(name).pk}"]')


def card(inside: Locator) -> Locator:
    """The title of the deal's card, which is what has the focus."""
    return inside.get_by_role("link", name="Pumps", exact=True)


def test_a_deal_is_moved_completed_won_and_the_win_taken_back(
    window: Window, people: People
) -> None:
    made = deal(people.owner, stage=stage("Needs understood"))
    day = timezone.localdate() + timedelta(days=30)
    page = window.page
    page.goto("/deals?layout=board")
    card(column(page, "Needs understood")).focus()
    # the next stage wants to know what it is worth and when it is decided
    with window.watch.refusals(422):
        page.keyboard.press("Shift+ArrowRight")
        dialog = page.locator("#dialog")
        dialog.get_by_label("Amount").fill("1200")
    dialog.get_by_label("Close date").fill(day.isoformat())
    page.keyboard.press("Enter")
    expect(card(column(page, "Proposal"))).to_be_visible()
    made.refresh_from_db()
    assert (made.stage, made.amount, made.close_on) == (stage("Proposal"), Decimal(1200), day)
    card(column(page, "Proposal")).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(card(column(page, "Negotiation"))).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(dialog.get_by_role("heading", name="Win")).to_be_visible()
    reason = next(one for one in known().reasons.values() if one.ends == "won")
    dialog.get_by_label("Reason").select_option(str(reason.pk))
    dialog.get_by_role("button", name="Win").press("Enter")
    expect(card(column(page, "Won"))).to_be_visible()
    made.refresh_from_db()
    assert (made.status, made.reason) == ("won", reason)
    page.locator(".toast").get_by_role("button", name="Undo").last.press("Enter")
    expect(card(column(page, "Negotiation"))).to_be_visible()
    made.refresh_from_db()
    assert (made.status, made.reason, made.closed_on) == ("open", None, None)
