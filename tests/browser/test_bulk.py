"""Many rows at once, by keyboard: tick, change, tag, delete, take it back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Window, work_off_jobs
from tests.personas import People
from tests.records.test_bulk import make_many
from vinculo.parties.models import Company


def test_ticked_rows_are_tagged_and_untagged_by_undo(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies?cols=name,tags")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    bar = page.get_by_role("toolbar", name="Selected rows")
    expect(bar).to_contain_text("2 selected")
    page.keyboard.press("b")
    page.keyboard.press("t")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Change 2 records")).to_be_visible()
    expect(dialog.get_by_label("Tags")).to_be_focused()
    page.keyboard.type("hot")
    page.keyboard.press("Control+Enter")
    expect(page.locator("tr[data-row] .chip", has_text="hot")).to_have_count(2)
    expect(bar).to_be_hidden()
    toast = page.locator(".toast", has_text="2 changed")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-row] .chip", has_text="hot")).to_have_count(0)


def test_a_field_is_chosen_in_the_dialog(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("b")
    page.keyboard.press("e")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Field").select_option(label="Industry")
    value = dialog.get_by_label("Industry")
    expect(value).to_be_focused()
    value.select_option(label="Energy")
    page.keyboard.press("Control+Enter")
    expect(page.locator("tr[data-row]").first).to_contain_text("Energy")


def test_what_is_refused_is_listed_with_its_reason(
    window: Window, companies: list[Company], people: People
) -> None:
    page = window.page
    page.goto("/companies")
    for key in ("j", "x", "b", "o"):
        page.keyboard.press(key)
    dialog = page.locator("#dialog")
    dialog.get_by_label("Owner").select_option(label=people.stranger.name)
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_role("heading", name="0 changed, 1 not.")).to_be_visible()
    expect(dialog).to_contain_text("only to people in your teams")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_deleting_asks_with_the_number_and_comes_back(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.get_by_label("Select all rows of this page").check()
    page.keyboard.press("b")
    page.keyboard.press("d")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Delete 4 records?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)


def test_all_that_match_is_a_step_of_its_own_and_runs_as_a_job(
    window: Window, people: People
) -> None:
    make_many(people.owner, 260)
    page = window.page
    page.goto("/companies?cols=name,industry")
    expect(page.locator(".pager")).to_contain_text("260 records")
    page.get_by_label("Select all rows of this page").check()
    bar = page.get_by_role("toolbar", name="Selected rows")
    expect(bar).to_contain_text("50 selected")
    bar.get_by_role("button", name="Select all 260 matching").click()
    expect(bar).to_contain_text("260 selected")
    page.keyboard.press("b")
    page.keyboard.press("e")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Change 260 records")).to_be_visible()
    dialog.get_by_label("Field").select_option(label="Industry")
    dialog.get_by_label("Industry").select_option(label="Energy")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    page.locator(".toast").get_by_role("link", name="Show").click()
    expect(page).to_have_url(re.compile(r"/bulk/\d+$"))
    work_off_jobs()
    expect(page.get_by_text("260 changed.")).to_be_visible()
    assert Company.objects.filter(industry="energy").count() == 260
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It was undone.")).to_be_visible()
    assert not Company.objects.filter(industry="energy").exists()


def test_ticked_rows_are_taken_away_as_a_file(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("j")
    page.keyboard.press("x")
    with page.expect_download() as download:
        page.get_by_role("toolbar", name="Selected rows").get_by_role(
            "button", name="Export"
        ).press("Enter")
    text = download.value.path().read_text("utf-8-sig")
    assert "Alder & Sons" in text and "Birch" not in text
