"""A lead's own page: what is logged by keyboard stands there at once, and is taken back there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.samples import make_lead
from vinculo.sales.leads.contacts.models import LeadContact


def test_a_call_is_logged_by_keyboard_and_undone(window: Window, people: People) -> None:
    made, page = make_lead(people.owner, "Asks for pumps"), window.page
    page.goto(f"/leads/{made.pk}")
    panel = page.locator("#panel-contacts")
    expect(panel.get_by_text("Nothing was done with this lead yet.")).to_be_visible()
    page.keyboard.press("l")
    dialog = page.locator("#dialog")
    dialog.get_by_label("What was said").fill("Wants forty")
    dialog.get_by_label("Outcome").select_option("interested")
    dialog.get_by_role("button", name="Log call").click()
    expect(panel.get_by_text("Wants forty")).to_be_visible()
    expect(page.locator("#record-head").get_by_text("Today")).to_be_visible()
    page.keyboard.press("n")
    dialog.get_by_label("Note").fill("Budget in spring")
    dialog.get_by_role("button", name="Add note").click()
    expect(panel.locator("article").first).to_contain_text("Budget in spring")
    panel.get_by_role("button", name="Delete: Call").click()
    expect(panel.get_by_text("Wants forty")).to_have_count(0)
    page.get_by_role("button", name="Undo").last.click()
    expect(panel.get_by_text("Wants forty")).to_be_visible()
    assert LeadContact.objects.count() == 2


def test_a_tick_of_the_checklist_stands_there_at_once(window: Window, people: People) -> None:
    made, page = make_lead(people.owner, "Asks for pumps"), window.page
    page.goto(f"/leads/{made.pk}")
    budget = page.get_by_role("button", name="Has a budget")
    expect(budget).to_have_attribute("aria-pressed", "false")
    budget.click()
    expect(budget).to_have_attribute("aria-pressed", "true")
