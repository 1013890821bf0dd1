"""What a dialog does with the page under it: nothing, until something is saved."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Window
from vinculo.parties.models import Company

TOLD = "() => { history.back = () => { document.body.dataset.left = 'yes'; }; }"


def test_cancel_closes_the_dialog_and_leaves_the_page_where_it_is(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/my-day")
    page.goto("/companies")
    page.evaluate(TOLD)
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    for close in ("Cancel", "Close"):
        dialog.get_by_role("button", name=close, exact=True).click()
        expect(dialog).to_be_hidden()
        assert page.locator("body").get_attribute("data-left") is None
        page.keyboard.press("c")
        expect(dialog).to_be_visible()


def test_cancel_of_the_same_form_as_a_page_goes_back(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.goto("/companies/new")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)
