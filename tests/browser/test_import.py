"""The import wizard in a browser: files, columns, changes of values, a mapping that is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.personas import People
from vinculo.parties.models import Company

FIRMS = "Firm,Where,Phone\n ACME  SA ,MADRID,+34 911 222 333\nBETA,LIMA,\n"


def look(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look (VINCULO_PICTURES names a folder)."""
    if folder := os.environ.get("VINCULO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_columns_are_changed_shown_and_kept_with_the_keyboard(
    window: Window, people: People, tmp_path: Path
) -> None:
    page = window.page
    file = tmp_path / "firms.csv"
    file.write_text(FIRMS, encoding="utf-8")
    page.goto("/import/?as=parties.company")
    page.locator('input[type="file"]').set_input_files(file)
    page.wait_for_url(re.compile(r"/import/\d+"))
    page.get_by_label("Firm", exact=True).select_option("name")
    opener = page.locator("details.changes summary").first
    opener.focus()
    page.keyboard.press("Enter")
    change = page.get_by_label("Change of Firm").first
    expect(change).to_be_visible()
    change.select_option("trim")
    page.get_by_role("button", name="Show changed values").press("Enter")
    expect(page.locator("details.changes[open]").first).to_contain_text("→ ACME SA")
    page.get_by_label("Change of Firm").nth(1).select_option("title")
    page.get_by_role("button", name="Show changed values").press("Enter")
    expect(page.locator("details.changes[open]").first).to_contain_text("→ Acme Sa")
    page.get_by_label("Name", exact=True).last.fill("Firms of the fair")
    page.get_by_role("button", name="Save the mapping").press("Enter")
    saved = page.locator("section", has_text="Saved mappings").first
    expect(saved).to_contain_text("Firms of the fair")
    expect(saved).to_contain_text("In use")
    look(page, "mapping")
    page.get_by_role("button", name="Check the file").press("Enter")
    expect(page.locator("body")).to_contain_text("Acme Sa")
    assert not Company.objects.exists()


def test_the_wizard_stands_on_a_phone_and_in_the_dark(
    open_window: Callable[..., Any], people: People, tmp_path: Path
) -> None:
    window = open_window(people.owner, phone=True, dark=True)
    page = window.page
    files = []
    for name, text in (("firms.csv", FIRMS), ("people.csv", "Full name,Account ID\nAna,1\n")):
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
    page.goto("/import/?as=parties.company")
    page.locator('input[type="file"]').set_input_files(files)
    page.wait_for_url(re.compile(r"/import/\d+"))
    together = page.get_by_role("navigation", name="Files brought together")
    expect(together.get_by_role("link")).to_have_count(2)
    page.locator("details.changes summary").first.click()
    look(page, "mapping-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
