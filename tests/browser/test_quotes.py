"""A quote by the keyboard alone: made of a deal, filled with lines, issued, and its next version."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.makers import deal
from vinculo.sales.quotes.models import Quote


def test_a_quote_is_filled_issued_and_revised(window: Window, people: People) -> None:
    made = deal(people.owner, currency="EUR")
    page = window.page
    page.goto(f"/deals/{made.pk}")
    page.get_by_role("link", name="New quote").press("Enter")
    dialog = page.locator("#dialog")
    dialog.locator("button[type=submit]").press("Enter")
    expect(page.get_by_text("Nothing is offered yet.")).to_be_visible()
    for name, price, quantity in (("Pump", "100", "2"), ("Hose", "15.50", "4")):
        page.get_by_role("link", name="Add line").press("Enter")
        dialog.get_by_label("What").fill(name)
        dialog.get_by_label("Quantity").fill(quantity)
        dialog.get_by_label("Unit price").fill(price)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    lines = page.locator(".card", has=page.get_by_role("heading", name="Lines"))
    expect(lines.locator("tfoot strong")).to_have_text("€262.00")
    page.get_by_role("link", name="Issue", exact=True).press("Enter")
    dialog.get_by_role("button", name="Issue").press("Enter")
    expect(page.get_by_role("link", name="Next version")).to_be_visible()
    first = Quote.objects.get()
    assert (first.status, first.gross, first.number != "") == ("sent", Decimal(262), True)
    # what was issued is changed by nobody; the next version begins with its lines
    expect(page.get_by_role("link", name="Add line")).to_have_count(0)
    page.get_by_role("link", name="Next version").press("Enter")
    dialog.get_by_role("button", name="Next version").press("Enter")
    expect(page.locator(".toast").last).to_contain_text("The next version is a draft.")
    second = Quote.objects.exclude(pk=first.pk).get()
    page.goto(f"/quotes/{second.pk}")
    page.get_by_role("link", name="Hose", exact=True).press("Enter")
    dialog.get_by_label("Quantity").fill("10")
    page.keyboard.press("Control+Enter")
    expect(lines.locator("tfoot strong")).to_have_text("€355.00")
    page.get_by_role("link", name="Issue", exact=True).press("Enter")
    dialog.get_by_role("button", name="Issue").press("Enter")
    expect(page.get_by_role("link", name="Next version")).to_be_visible()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("replaced", "sent")
    assert (first.number, first.version, second.version) == (second.number, 1, 2)
    assert first.gross == Decimal(262), "what the customer has in their hands stays what it was"
