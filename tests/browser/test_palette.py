"""The palette does what the page and the selection can do, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from vinculo.parties.models import Company


def opened(page: Page, typed: str) -> Any:
    """The palette with something typed."""
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    return page.get_by_role("dialog", name="Search and commands")


def test_commands_of_page_selection_and_house(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("j")
    page.keyboard.press("x")
    palette = opened(page, "assign")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Assign an owner")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()

    palette = opened(page, "dark")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.goto(f"/companies/{companies[0].pk}")
    palette = opened(page, ">note")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Add note")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()

    # what this page has not is not offered: no rows are selected here
    palette = opened(page, "assign")
    expect(palette.get_by_role("option").filter(has_text="Assign an owner")).to_have_count(0)


def test_the_language_changes_from_the_palette(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    palette = opened(page, "spanish")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("español")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page).to_have_url(re.compile("/companies$"))
