"""A lead from the first word of it to the deal it becomes, by the keyboard alone; and back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from vinculo.parties.models import Company, Person
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead


def press(page: Page, *keys: str) -> None:
    """Keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_a_lead_is_captured_rated_converted_and_the_conversion_taken_back(window: Window) -> None:
    page = window.page
    page.goto("/leads")
    press(page, "c")
    dialog = page.locator("#dialog")
    dialog.get_by_label("About").fill("Ten pumps")
    dialog.get_by_label("Company name").fill("Analytical Engines")
    dialog.get_by_label("Family name").fill("Byron")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1, name="Ten pumps")).to_be_visible()
    made = Lead.objects.get()
    # two of four things that are asked of every lead
    asked = page.locator(".card", has=page.get_by_role("heading", name="Qualification"))
    for name in ("Has a budget", "Needs what we offer"):
        asked.get_by_role("button", name=name).press("Enter")
        expect(asked.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(asked.locator(".count")).to_have_text("50 %")
    page.get_by_role("link", name="Convert", exact=True).press("Enter")
    expect(dialog.get_by_text("New: Analytical Engines")).to_be_visible()
    dialog.get_by_label("Amount").fill("1200")
    dialog.get_by_role("button", name="Convert").press("Enter")
    toast = page.locator(".toast").last
    expect(toast).to_contain_text("Converted.")
    expect(page.get_by_role("link", name="Convert", exact=True)).to_have_count(0)
    made.refresh_from_db()
    deal = Deal.objects.get()
    assert (made.status, made.converted_deal, deal.amount) == ("converted", deal, 1200)
    assert (deal.company.name, deal.person.family_name) == ("Analytical Engines", "Byron")
    toast.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("link", name="Convert", exact=True)).to_be_visible()
    made.refresh_from_db()
    assert (made.status, made.rating) == ("new", 50)
    assert not (Deal.objects.exists() or Company.objects.exists() or Person.objects.exists())
