"""Cells of a list edited as in a spreadsheet, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

LIST = "/companies?cols=name,legal_name,industry,tags,completeness,city"


def cell(page: Page, company: Company, field: str) -> Locator:
    """The cell of a company in the column of a field."""
    place = page.locator("[data-list] thead th").evaluate_all(
        "(heads, field) => heads.findIndex((head) => head.dataset.field === field)", field
    )
    return page.locator(f"tr[data-id='{company.pk}'] > td").nth(place)


def enter(page: Page, *keys: str) -> None:
    """From the page into the first row's title cell, then on by these keys."""
    page.goto(LIST)
    page.keyboard.press("ArrowRight")
    for key in keys:
        page.keyboard.press(key)


def test_typing_opens_a_cell_enter_goes_down_and_escape_restores(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    enter(page, "ArrowRight")
    first, second = (cell(page, one, "legal_name") for one in companies[:2])
    expect(first).to_be_focused()
    page.keyboard.type("Alder Sons plc")
    expect(first.get_by_role("textbox")).to_have_value("Alder Sons plc")
    page.keyboard.press("Enter")
    expect(first).to_have_text("Alder Sons plc")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(second.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("never saved")
    page.keyboard.press("Escape")
    expect(second).to_be_focused()
    expect(second).to_have_text("")
    companies[0].refresh_from_db()
    companies[1].refresh_from_db()
    assert (companies[0].legal_name, companies[1].legal_name) == ("Alder Sons plc", "")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(first).to_have_text("")


def test_tab_saves_and_moves_on_and_back(window: Window, companies: list[Company]) -> None:
    page = window.page
    enter(page, "ArrowRight")
    legal, industry, tags = (
        cell(page, companies[0], name) for name in ("legal_name", "industry", "tags")
    )
    page.keyboard.press("F2")
    expect(legal.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Alder plc")
    page.keyboard.press("Tab")
    expect(industry.get_by_role("combobox")).to_be_focused()
    expect(legal).to_have_text("Alder plc")
    page.keyboard.press("Tab")
    expect(tags.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("hot, new")
    page.keyboard.press("Shift+Tab")
    expect(industry.get_by_role("combobox")).to_be_focused()
    expect(tags.locator(".chip")).to_have_text(["hot", "new"])


def test_a_refusal_stays_with_what_was_typed(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies?cols=name,website")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    website = cell(page, companies[0], "website")
    page.keyboard.type("j")
    expect(website.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("avascript:alert(1)")
    with window.watch.refusals(422):
        page.keyboard.press("Enter")
        expect(website.locator(".field-error")).to_be_visible()
    expect(website.get_by_role("textbox")).to_be_focused()
    expect(website.get_by_role("textbox")).to_have_value("javascript:alert(1)")
    page.keyboard.press("Escape")
    expect(website).to_contain_text("alder.com")


def test_a_cell_that_cannot_be_typed_into_says_why(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    enter(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(cell(page, companies[0], "completeness")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("follows from what is done")


def test_what_a_colleague_changed_meanwhile_is_shown_not_overwritten(
    window: Window, companies: list[Company], people: People
) -> None:
    page = window.page
    enter(page, "ArrowRight")
    legal = cell(page, companies[0], "legal_name")
    page.keyboard.press("Enter")
    expect(legal.get_by_role("textbox")).to_be_focused()
    company = entity("parties.company")
    edit_record(
        actor=people.manager, entity=company, record=companies[0], data={"legal_name": "Theirs"}
    )
    page.keyboard.type("Mine")
    with window.watch.refusals(422):
        page.keyboard.press("Enter")
        expect(legal).to_contain_text("Theirs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # “Use mine”
    expect(legal).to_have_text("Mine")


def test_a_block_is_filled_down_and_undone(window: Window, companies: list[Company]) -> None:
    page = window.page
    enter(page, "ArrowRight")
    page.keyboard.type("Group plc")
    page.keyboard.press("Enter")
    expect(cell(page, companies[1], "legal_name")).to_be_focused()
    for key in ("ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("td.is-block")).to_have_count(3)
    page.keyboard.press("Control+d")
    expect(cell(page, companies[2], "legal_name")).to_have_text("Group plc")
    expect(cell(page, companies[3], "legal_name")).to_have_text("")
    page.locator(".toast").last.get_by_role("button", name="Undo").click()
    expect(cell(page, companies[2], "legal_name")).to_have_text("")
    expect(cell(page, companies[0], "legal_name")).to_have_text("Group plc")


def test_a_block_goes_to_a_spreadsheet_and_comes_back(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, "ArrowRight")
    text = '=1+1\tEnergy\r\n"Two\nlines"\tno such trade\r\n'
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    before = ChangeSet.objects.count()
    page.keyboard.press("Control+v")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Change 2 rows?")).to_be_visible()
    expect(dialog).to_contain_text("is not one of the choices")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(cell(page, companies[0], "industry")).to_contain_text("Energy")
    expect(cell(page, companies[1], "legal_name")).to_contain_text("Two")
    assert ChangeSet.objects.count() == before + 1
    expect(cell(page, companies[0], "legal_name")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    copied: Any = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "'=1+1\tEnergy"
    page.locator(".toast").last.get_by_role("button", name="Undo").click()
    expect(cell(page, companies[0], "legal_name")).to_have_text("")


def test_rows_keys_and_cells_keys_do_not_disturb_each_other(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr.is-current")).to_contain_text(NAMES[1])
    expect(page.locator(".cell-form")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/companies\?"))


def test_a_double_click_opens_a_cell_and_leaving_saves(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto(LIST)
    legal = cell(page, companies[2], "legal_name")
    legal.dblclick()
    expect(legal.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Cedar KK")
    page.locator("h1").click()
    expect(legal).to_have_text("Cedar KK")
    expect(page.locator("#panel")).to_be_hidden()
