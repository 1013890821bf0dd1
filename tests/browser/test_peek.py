"""A record beside the list, and its place in the list on its own page."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set


def test_the_panel_follows_the_list_and_its_address_can_be_shared(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=NAMES[0])).to_be_visible()
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name=NAMES[1])).to_be_visible()
    shared = page.url
    assert f"peek={companies[1].pk}" in shared
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(f"tr[data-id='{companies[1].pk}'] a.cell-title")).to_be_focused()
    page.goto(shared)
    expect(panel.get_by_role("heading", name=NAMES[1])).to_be_visible()


def test_back_closes_the_panel(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/companies$"))


def test_a_fact_edited_in_the_panel_shows_in_the_list(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies?cols=name,website")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    fact = page.locator("#panel .fact[data-field=website]")
    fact.focus()
    page.keyboard.press("Enter")
    expect(fact.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("aurora.example")
    page.keyboard.press("Enter")
    expect(page.locator(f"tr[data-id='{companies[0].pk}']")).to_contain_text("aurora.example")
    expect(page.locator("tr.is-current")).to_contain_text(NAMES[0])


def test_a_click_opens_beside_the_list_and_enter_opens_the_page(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.locator(f"tr[data-id='{companies[2].pk}'] td").nth(3).click()
    expect(page.locator("#panel").get_by_role("heading", name=NAMES[2])).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/companies/{companies[2].pk}\?in=all$"))


def test_a_record_knows_its_place_in_the_list_it_came_from(
    window: Window, companies: list[Company], people: People
) -> None:
    with change_set(actor=people.owner, verb="records.create"):
        make_company(people.owner, "Zedern AG")
    page = window.page
    page.goto("/companies?sort=-name&city.empty=1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zedern AG")
    expect(page.get_by_text("1 of 4 in Companies")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMES[3])
    expect(page.get_by_text("2 of 4 in Companies")).to_be_visible()
    page.keyboard.press("[")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zedern AG")
    page.get_by_role("navigation", name="You are here").get_by_role("link").press("Enter")
    expect(page).to_have_url(re.compile(r"city\.empty=1"))
