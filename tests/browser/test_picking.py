"""Rows ticked on a phone: *Select* or a long press, then what the desktop's bar offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.touching import Finger
from tests.personas import People
from tests.records.test_bulk import make_many
from vinculo.parties.models import Company


@pytest.fixture
def phone(open_window: Callable[..., Window], people: People) -> Page:
    """A page of the owner on a phone."""
    return open_window(people.owner, phone=True).page


def bar_of(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Selected rows")


def test_cards_are_ticked_by_thumb_and_changed_together(
    phone: Page, companies: list[Company]
) -> None:
    phone.goto("/companies?cols=name,tags")
    select = phone.get_by_role("button", name="Select", exact=True)
    boxes = phone.locator("tr[data-row] input.check")
    expect(boxes.first).to_be_hidden()
    select.tap()
    expect(select).to_have_attribute("aria-pressed", "true")
    expect(bar_of(phone)).to_contain_text("0 selected")
    expect(bar_of(phone).get_by_role("button", name="Tag")).to_be_hidden()
    for cell in phone.locator("tr[data-row] .cell-check").all():
        box = cell.bounding_box()
        assert box is not None and box["width"] >= 44 and box["height"] >= 44
    boxes.nth(0).tap()
    phone.locator("tr[data-row] a.cell-title").nth(1).tap()  # the whole card is the box
    phone.locator("tr[data-row]").nth(2).tap()
    phone.locator("tr[data-row]").nth(2).tap()
    expect(bar_of(phone)).to_contain_text("2 selected")
    assert phone.url.endswith("/companies?cols=name,tags")
    for button in bar_of(phone).get_by_role("button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    bar_of(phone).get_by_role("button", name="Tag").tap()
    dialog = phone.locator("#dialog")
    dialog.get_by_label("Tags").fill("hot")
    dialog.get_by_role("button", name="Change 2").tap()
    expect(phone.locator(".toast", has_text="2 changed")).to_be_visible()
    assert Company.objects.filter(tags__contains=["hot"]).count() == 2
    expect(bar_of(phone)).to_be_hidden()
    expect(boxes.first).to_be_hidden()


def test_a_long_press_ticks_the_card_and_opens_nothing(
    phone: Page, companies: list[Company]
) -> None:
    phone.goto("/companies")
    cards = phone.locator("tr[data-row]")
    finger = Finger(phone, cards.nth(1))
    expect(cards.nth(1)).to_have_attribute("aria-selected", "true")
    finger.lift()
    expect(bar_of(phone)).to_contain_text("1 selected")
    cards.nth(0).tap()
    expect(bar_of(phone)).to_contain_text("2 selected")
    assert phone.url.endswith("/companies")
    bar_of(phone).get_by_role("button", name="Select nothing").tap()
    expect(bar_of(phone)).to_be_hidden()
    cards.nth(0).tap()
    phone.wait_for_url(f"**/companies/{companies[0].pk}**")


def test_all_that_match_is_a_step_of_its_own_on_a_phone(phone: Page, people: People) -> None:
    make_many(people.owner, 60)
    phone.goto("/companies")
    expect(phone.locator(".pager")).to_contain_text("60 records")
    phone.get_by_role("button", name="Select", exact=True).tap()
    phone.get_by_text("Select all rows of this page").tap()
    expect(bar_of(phone)).to_contain_text("50 selected")
    bar_of(phone).get_by_role("button", name="Select all 60 matching").tap()
    expect(bar_of(phone)).to_contain_text("60 selected")
    bar_of(phone).get_by_role("button", name="Delete").tap()
    expect(phone.get_by_role("heading", name="Delete 60 records?")).to_be_visible()
