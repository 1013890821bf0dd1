"""An administrator changes a role without a mouse, and looks first at what it would let see."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.walking import assert_focus_is_kept, choose, press, skip_to_content
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet


def reach_of(page: Page, what: str) -> Locator:
    """How far one verb of one record type reaches, on the role's page."""
    return page.get_by_role("combobox", name=what, exact=True)


def test_a_role_is_looked_at_changed_and_saved(
    open_window: Callable[..., Window], people: People
) -> None:
    for owner, name in ((people.owner, "Aurora"), (people.stranger, "Borealis")):
        make_company(owner, name)
    window = open_window(people.admin)
    page = window.page
    page.goto("/settings/roles")
    skip_to_content(page)
    press(page, page.get_by_role("link", name="Own rows"))
    expect(page.get_by_role("heading", level=1, name="Own rows")).to_be_visible()

    skip_to_content(page)
    view = reach_of(page, "Companies: View")
    choose(page, view, "Al")
    expect(view).to_have_value("all")
    fields = page.locator("summary").filter(has_text="Companies")
    press(page, fields)
    website = page.get_by_role("combobox", name="Website", exact=True)
    choose(page, website, "Hid")
    expect(website).to_have_value("hidden")

    look = page.get_by_role("button", name="Look, without saving")
    preview = page.locator("#role-preview")
    with window.watch.refusals(422):
        press(page, look)
        expect(preview).to_contain_text("Choose a person first.")
    expect(look).to_be_focused()
    choose(page, page.get_by_role("combobox", name="Person", exact=True), "Owner", back=True)
    press(page, look)
    row = preview.get_by_role("row").filter(has_text="Companies")
    expect(row).to_contain_text("Borealis")
    expect(row).to_contain_text("Website")
    expect(preview).to_contain_text("Nothing is saved yet.")
    expect(look).to_be_focused()
    assert Company.objects.visible_to(people.owner).count() == 1
    assert not ChangeSet.objects.filter(verb="platform.save_role").exists()

    press(page, page.get_by_role("button", name="Save"))
    expect(page.locator(".toast")).to_contain_text("Saved.")
    people.owner.forget_rights()
    assert Company.objects.visible_to(people.owner).count() == 2
    role = people.owner.role_assignments.get().role
    assert role.field_rules == {"parties.company": {"website": "hidden"}}


def test_what_makes_no_sense_is_marked_where_it_stands(
    open_window: Callable[..., Window], people: People
) -> None:
    window = open_window(people.admin)
    page = window.page
    role = people.owner.role_assignments.get().role
    page.goto(f"/settings/roles/{role.pk}")
    skip_to_content(page)
    edit = reach_of(page, "Companies: Edit")
    choose(page, edit, "All")
    with window.watch.refusals(422):
        page.keyboard.press("Control+Enter")
        expect(page.locator(".form-errors")).to_be_visible()
    edit = reach_of(page, "Companies: Edit")
    expect(edit).to_have_value("all")
    assert_focus_is_kept(page)
    role.refresh_from_db()
    assert role.grants["parties.company"]["edit"] == "own"
