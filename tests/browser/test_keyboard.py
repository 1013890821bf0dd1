"""Work without a mouse: palette, lists, dialogs, facts edited in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from vinculo.parties.models import Company


def marked(page: Page) -> Any:
    return page.locator("tr.is-current")


def test_the_palette_finds_and_goes(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/my-day")
    page.keyboard.press("/")
    palette = page.get_by_role("dialog", name="Search and commands")
    expect(palette).to_be_visible()
    expect(palette.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("edar")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Cedar")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/companies/{companies[2].pk}$"))


def test_a_list_is_walked_and_opened(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    for name in (NAMES[0], NAMES[1], NAMES[2]):
        page.keyboard.press("j")
        expect(marked(page)).to_contain_text(name)
    page.keyboard.press("k")
    expect(marked(page)).to_contain_text(NAMES[1])
    page.keyboard.press(" ")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=NAMES[1])).to_be_visible()
    expect(page).to_have_url(re.compile(rf"peek={companies[1].pk}"))
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name=NAMES[2])).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/companies/{companies[2].pk}\?in=all$"))


def test_a_dialog_keeps_what_was_typed_and_saves(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    name = dialog.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    page.keyboard.type("Elm Ltd")
    page.keyboard.press("Escape")
    expect(dialog.get_by_text("Close and lose what you typed?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(name).to_have_value("Elm Ltd")
    name.focus()
    name.fill("")
    with window.watch.refusals(422):
        page.keyboard.press("Control+Enter")
        expect(dialog.locator(".field-error").first).to_be_visible()
    expect(name).to_be_focused()
    page.keyboard.type("Elm Ltd")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Elm Ltd")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/companies/\d+$"))


def test_facts_are_edited_in_place(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto(f"/companies/{companies[0].pk}")
    email = page.locator(".fact[data-field=email]")
    email.focus()
    page.keyboard.press("Enter")
    expect(email.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("nobody@alder.com")
    page.keyboard.press("Escape")
    expect(email.get_by_role("textbox")).to_have_count(0)
    expect(email).to_be_focused()
    page.keyboard.press("Enter")
    expect(email.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("info@alder.com")
    page.keyboard.press("Tab")  # saves, and goes on to the next fact
    website = page.locator(".fact[data-field=website]")
    expect(website.get_by_role("textbox")).to_be_focused()
    expect(email.locator("dd")).to_have_text("info@alder.com")
    page.wait_for_load_state("networkidle")  # the rest of the page has followed
    expect(website.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("javascript:alert(1)")
    with window.watch.refusals(422):
        page.keyboard.press("Enter")
        expect(website.locator(".field-error")).to_be_visible()
    expect(website.get_by_role("textbox")).to_have_value("javascript:alert(1)")
    page.keyboard.press("Escape")


def test_what_was_deleted_comes_back_by_its_toast(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto(f"/companies/{companies[1].pk}")
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    expect(page.locator("#dialog").get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(3)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)


def test_two_people_at_once_choose_per_field(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    mine: Window = open_window(people.owner)
    theirs: Window = open_window(people.manager)
    for one in (mine, theirs):
        one.page.goto(f"/companies/{companies[0].pk}")
        one.page.keyboard.press("e")
        expect(one.page.locator("#dialog").get_by_label("City")).to_be_visible()
    dialog = theirs.page.locator("#dialog")
    dialog.get_by_label("City").fill("Lyon")
    dialog.get_by_label("Region").fill("Rhône")
    theirs.page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()

    dialog = mine.page.locator("#dialog")
    dialog.get_by_label("City").fill("Bonn")
    dialog.get_by_label("Street").fill("Am Hof 1")
    with mine.watch.refusals(409, 422):
        mine.page.keyboard.press("Control+Enter")
        expect(dialog.get_by_text("Somebody else changed this meanwhile")).to_be_visible()
    row = dialog.get_by_role("row").filter(has_text="City")
    expect(row).to_contain_text("Bonn")
    expect(row).to_contain_text("Lyon")
    expect(dialog.get_by_role("row").filter(has_text="Region")).to_have_count(0)
    row.get_by_label("Lyon").check()
    mine.page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    mine.page.goto(f"/companies/{companies[0].pk}/edit")
    for label, kept in (("City", "Lyon"), ("Street", "Am Hof 1"), ("Region", "Rhône")):
        expect(mine.page.get_by_label(label)).to_have_value(kept)
