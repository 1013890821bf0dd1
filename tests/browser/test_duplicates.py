"""The same customer twice: compared, merged, separated again; found in bulk and decided."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.parties.matching.models import DuplicateSearch, PossibleDuplicate
from vinculo.parties.models import Company


@pytest.fixture
def twice(people: People) -> list[Company]:
    """One company of the owner's, twice, and its group as a search found it."""
    made = [make_company(people.owner, name) for name in ("Furtado e Hijos", "FURTADO E HIJOS SL")]
    PossibleDuplicate.objects.create(
        kind="company", one_id=made[0].pk, other_id=made[1].pk, score=97, weight=9.0,
        levels={"name": "same", "phone": "differs"}, cluster=made[0].pk,
    )  # fmt: skip
    DuplicateSearch.objects.create(kind="company", at=now(), records=2, pairs=1, seconds=1)
    return made


def test_two_records_are_compared_merged_and_separated_by_keyboard(
    window: Window, twice: list[Company]
) -> None:
    page = window.page
    page.goto(f"/companies/{twice[0].pk}")
    page.keyboard.press("Control+k")
    page.keyboard.type("> Merge with")
    expect(page.locator(".palette-label", has_text="Merge with another record")).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    compare = dialog.get_by_role("link", name="Compare").first
    expect(compare).to_be_visible()
    compare.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Merge 2 records")).to_be_visible()
    page.get_by_label("Name: FURTADO E HIJOS SL").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Merge", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="FURTADO E HIJOS SL")).to_be_visible()
    assert Company.objects.count() == 1
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1, name="Furtado e Hijos", exact=True)).to_be_visible()
    assert Company.objects.count() == 2


def test_a_group_is_said_to_be_different_customers(window: Window, twice: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.get_by_role("link", name="Duplicates").click()
    group = page.get_by_role("region", name="Group 1")
    expect(group).to_contain_text("same name")
    expect(group).to_contain_text("97 %")
    group.get_by_role("button", name="Not the same").click()
    expect(page.get_by_text("No duplicates at this threshold")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Undone")).to_be_visible()
    page.goto("/duplicates")
    expect(page.get_by_role("region", name="Group 1")).to_be_visible()


def test_selected_rows_are_laid_side_by_side(window: Window, twice: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="Merge 2 records")).to_be_visible()
    page.get_by_role("link", name="Keep this one").click()
    expect(page.locator("th.is-kept")).to_contain_text("FURTADO E HIJOS SL")
