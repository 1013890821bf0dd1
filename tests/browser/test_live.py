"""Calm news: a row lights up where it stands, new ones wait behind a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

SOON = "() => document.dispatchEvent(new Event('visibilitychange'))"


def test_a_list_tells_what_others_did(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    window: Window = open_window(people.admin)
    page = window.page
    with page.expect_response("**/live?**"):
        page.goto("/companies")
    company = entity("parties.company")
    edit_record(actor=people.owner, entity=company, record=companies[1], data={"name": "Birch AG"})
    with change_set(actor=people.owner, verb="records.create"):
        make_company(people.owner, "Aaron first")
    with page.expect_response("**/live?**"):
        page.evaluate(SOON)
    # Others may glow too: what was committed just before the page came is told once more.
    expect(page.locator("tr.is-fresh").filter(has_text="Birch AG")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(len(NAMES))
    note = page.get_by_role("button", name="1 new: show")
    expect(note).to_be_visible()
    note.click()
    expect(page.locator("tr[data-row]").first).to_contain_text("Aaron first")
    expect(note).to_be_hidden()


def test_a_record_shows_what_others_changed(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    page = open_window(people.admin).page
    with page.expect_response("**/live?**"):
        page.goto(f"/companies/{companies[0].pk}")
    page.wait_for_load_state("networkidle")
    company = entity("parties.company")
    edit_record(actor=people.owner, entity=company, record=companies[0], data={"city": "Kiel"})
    page.evaluate(SOON)
    expect(page.locator("#record-facts")).to_contain_text("Kiel")
    expect(page.locator("#record-facts .is-fresh").first).to_contain_text("Kiel")
