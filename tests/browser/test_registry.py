"""A company out of a register: found while one types its name, filled in, compared with a record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.parties.test_registry import ROWS, load, write
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.parties.registry.finding import look_again

AXE = Axe()


@pytest.fixture(autouse=True)
def register(people: People, tmp_path: Path) -> Iterator[None]:
    """Four companies that can be looked up."""
    load(write(tmp_path / "mercantil.csv", ROWS))
    yield
    look_again()


def test_a_new_company_is_filled_in_by_keyboard(window: Window) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Phone").fill("+34 911 222 333")
    dialog.get_by_label("City").fill("Toledo")
    dialog.get_by_label("Name", exact=True).focus()
    page.keyboard.type("furta")
    offered = dialog.get_by_role("option", name="Furtado e Hijos, S.L.")
    expect(offered).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Furtado e Hijos, S.L.")
    expect(dialog.get_by_label("Tax id")).to_have_value("B58378431")
    expect(dialog.get_by_label("Phone")).to_have_value("+34 911 222 333")
    expect(dialog.get_by_label("City")).to_have_value("Toledo")
    dialog.get_by_role("button", name="Take it over").click()
    expect(dialog.get_by_label("City")).to_have_value("Madrid")
    assert AXE.run(page).response["violations"] == []
    dialog.get_by_label("City").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="Furtado e Hijos, S.L.")).to_be_visible()
    expect(page.locator(".fact-note").first).to_contain_text("Mercantil M-1")
    assert Company.objects.get().city == "Madrid"


def test_a_tax_id_typed_where_it_stands_offers_the_company(window: Window, people: People) -> None:
    company = make_company(people.owner, "Furtado")
    page = window.page
    page.goto(f"/companies/{company.pk}")
    page.locator('[data-field="tax_id"]').click()
    page.get_by_role("combobox", name="Tax id").press_sequentially("B5837")
    page.get_by_role("option", name="Furtado e Hijos, S.L.").click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("checkbox", name="Tax id")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="Name", exact=True)).not_to_be_checked()
    assert AXE.run(page).response["violations"] == []
    dialog.get_by_role("button", name="Take over").click()
    expect(page.locator('[data-field="tax_id"]')).to_contain_text("B58378431")
    expect(page.locator('[data-field="tax_id"] .fact-note')).to_contain_text("Mercantil M-1")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator('[data-field="tax_id"]')).not_to_contain_text("B58378431")


def test_leaving_a_name_alone_chooses_nothing(window: Window) -> None:
    page = window.page
    page.goto("/companies/new")
    page.get_by_label("Name", exact=True).fill("Furta")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1, name="Furta", exact=True)).to_be_visible()
