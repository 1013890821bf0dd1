"""Where one is lives in the address; what one typed lives on the device; a swap is no other page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from vinculo.parties.models import Company
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

#: The page as it is, without what differs on every load or only says that a script was here.
SEEN = """() => {
  const page = document.querySelector("#main").cloneNode(true);
  for (const one of page.querySelectorAll("[name=csrfmiddlewaretoken], [name=_was]")) one.remove();
  for (const one of page.querySelectorAll("*")) {
    for (const { name } of [...one.attributes])
      if (/^(tabindex|title|popover|style|draggable|data-seen)$/.test(name)) one.removeAttribute(name);
    one.classList.remove("is-current", "htmx-request", "htmx-settling", "htmx-added");
    if (one.getAttribute("class") === "") one.removeAttribute("class");
    if (one.matches("tr[aria-selected=false]")) one.removeAttribute("aria-selected");
    if (one.matches("time")) one.textContent = "";
    if (one.matches("details")) one.removeAttribute("open");
    if (one.matches("input, textarea")) one.removeAttribute("value");
  }
  return page.innerHTML.replace(/\\s+/g, " ").replace(/> </g, ">\\n<");
}"""


def settled(page: Page) -> None:
    """Wait until nothing is asked for any more."""
    page.wait_for_load_state("networkidle")


def assert_same_after_reload(page: Page) -> None:
    """A page after a swap equals the page after reload."""
    settled(page)
    swapped = page.evaluate(SEEN).splitlines()
    page.reload()
    settled(page)
    fresh = page.evaluate(SEEN).splitlines()
    differences = [pair for pair in zip(swapped, fresh, strict=False) if pair[0] != pair[1]]
    assert swapped == fresh, differences[:3] or (len(swapped), len(fresh))


def test_a_list_after_swaps_is_the_page_after_reload(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.get_by_role("searchbox", name="Search: companies").fill("Cedar")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    assert_same_after_reload(page)
    page.get_by_role("searchbox", name="Search: companies").fill("nothing like it")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert_same_after_reload(page)
    page.goto("/companies?sort=-name")
    page.keyboard.press("c")
    page.locator("#dialog").get_by_label("Name", exact=True).fill("Elm Ltd")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Elm Ltd")).to_be_visible()
    assert_same_after_reload(page)


def test_a_record_after_swaps_is_the_page_after_reload(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto(f"/companies/{companies[0].pk}")
    email = page.locator(".fact[data-field=email]")
    email.locator("dt").click()
    email.get_by_role("textbox").fill("desk@alder.com")
    page.keyboard.press("Enter")
    expect(email.locator("dd")).to_have_text("desk@alder.com")
    assert_same_after_reload(page)
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("They like **oak**.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline strong", has_text="oak")).to_be_visible()
    assert_same_after_reload(page)
    page.get_by_label("Add contact detail").click()
    page.get_by_role("link", name="E-mail").last.click()
    page.locator("#dialog").get_by_role("textbox").first.fill("info@alder.com")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#record-side").get_by_text("info@alder.com")).to_be_visible()
    assert_same_after_reload(page)


def test_back_reload_and_a_shared_address_give_the_same_page(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    window: Window = open_window(people.owner)
    page = window.page
    page.goto("/companies")
    page.get_by_role("searchbox", name="Search: companies").fill("Birch")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=Birch"))
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"sort=-name"))
    shared = page.url
    page.locator("tr[data-row] a").first.click()
    expect(page.get_by_role("heading", level=1, name="Birch GmbH")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(shared)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Search: companies")).to_have_value("Birch")
    settled(page)
    mine = page.evaluate(SEEN)
    other: Window = open_window(people.owner)
    other.page.goto(shared)
    settled(other.page)
    assert other.page.evaluate(SEEN) == mine


def test_the_side_panel_is_in_the_address(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto(f"/companies?peek={companies[2].pk}")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name=NAMES[2])).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.go_back()
    expect(panel.get_by_role("heading", name=NAMES[2])).to_be_visible()


def test_a_draft_survives_a_reload(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto(f"/companies/{companies[0].pk}")
    page.keyboard.press("n")
    note = page.get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    page.keyboard.type("half a thou")
    page.wait_for_timeout(600)  # kept once nobody has typed for a moment
    page.reload()
    expect(note).to_have_value("half a thou")
    expect(page.get_by_text("What you typed before is back.")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(note).to_have_value("")
    page.keyboard.type("half a thou")
    page.wait_for_timeout(600)
    page.reload()
    expect(note).to_have_value("half a thou")
    note.focus()
    note.fill("half a thought")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline").get_by_text("half a thought")).to_be_visible()
    page.reload()
    expect(note).to_have_value("")


def test_without_a_connection_it_says_so_and_loses_nothing(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto(f"/companies/{companies[0].pk}")
    settled(page)
    with window.watch.offline():
        page.context.set_offline(True)
        expect(page.get_by_text("You are offline.")).to_be_visible()
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")
        note = page.get_by_role("textbox", name="Note")
        note.fill("kept")
        page.keyboard.press("Control+Enter")
        waiting = page.locator("#waiting")
        expect(waiting).to_contain_text("1 entry waits for the network")
        expect(note).to_have_value("")
        note.fill("another")
        page.keyboard.press("Control+Enter")
        expect(waiting).to_contain_text("2 entries wait for the network")
        page.context.set_offline(False)
        expect(page.get_by_text("You are back online.")).to_be_visible()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#timeline").get_by_text("kept")).to_be_visible()
    expect(page.locator("#timeline").get_by_text("another")).to_be_visible()
    expect(waiting).to_be_hidden()


def test_an_entry_that_did_arrive_is_not_saved_twice(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto(f"/companies/{companies[0].pk}")
    settled(page)
    note = page.get_by_role("textbox", name="Note")
    with window.watch.offline():
        page.context.set_offline(True)
        note.fill("only once")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#waiting")).to_contain_text("1 entry waits")
        page.context.set_offline(False)
    key = "Object.keys(localStorage).find((name) => name.startsWith('waiting:'))"
    kept = page.evaluate(f"() => localStorage.getItem({key})")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#timeline").get_by_text("only once")).to_be_visible()
    # the answer got lost: the device still believes that it waits
    user = page.evaluate("() => document.body.dataset.user")
    page.evaluate(
        "([name, value]) => localStorage.setItem(name, value)", [f"waiting:{user}:", kept]
    )
    page.reload()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#waiting")).to_be_hidden()
    page.reload()
    expect(page.locator("#timeline").get_by_text("only once")).to_have_count(1)


def test_a_conflict_of_what_waited_comes_in_the_ordinary_dialog(
    window: Window, people: People, companies: list[Company]
) -> None:
    page, company = window.page, companies[0]
    page.goto(f"/companies/{company.pk}")
    settled(page)
    page.keyboard.press("e")
    dialog = page.locator("#dialog")
    dialog.get_by_label("City", exact=True).fill("Kiel")
    with window.watch.offline():
        page.context.set_offline(True)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#waiting")).to_contain_text("1 entry waits")
        expect(dialog).to_be_hidden()
        page.context.set_offline(False)
    edit_record(
        actor=people.admin, entity=entity("parties.company"), record=company, data={"city": "Rom"}
    )
    with window.watch.refusals(422):
        page.get_by_role("button", name="Send now").click()
        expect(dialog).to_be_visible()
        expect(dialog).to_contain_text("Rom")
        expect(dialog).to_contain_text("Kiel")
