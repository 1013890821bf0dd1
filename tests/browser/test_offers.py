"""A quote is issued, its customer accepts it on a phone with an optional line, its owner sees it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.test_quotes import fresh, make
from vinculo.sales.quotes.models import Status

AXE = Axe()


def test_issued_opened_accepted_and_seen(
    open_window: Callable[..., Window], people: People
) -> None:
    quote = make(people.owner, language="en", lines=[
        {"name": "Pump", "price": Decimal(100), "tax_rate": Decimal(20)},
        {"name": "Hose", "price": Decimal(10), "tax_rate": Decimal(20), "optional": True},
    ])  # fmt: skip
    page = open_window(people.owner).page
    page.goto(f"/quotes/{quote.pk}")
    page.locator(".page-actions").get_by_role("link", name="Issue").click()
    page.locator("dialog[open]").get_by_role("button", name="Issue").click()
    expect(page.locator("#record-head")).to_contain_text("Issued")
    page.get_by_role("link", name="Link for the customer").click()
    dialog = page.locator("#dialog")
    dialog.get_by_role("button", name="Make the link").click()
    path = dialog.get_by_label("Link", exact=True).input_value()
    path = path[path.index("/q/") :]
    assert AXE.run(page).response["violations"] == []
    dialog.locator(".dialog-head").get_by_role("button", name="Close").click()
    expect(page.locator("#panel-answers")).to_contain_text("not opened yet")

    phone = open_window(phone=True).page
    with phone.expect_response(lambda answer: answer.url.endswith("/opened")) as noted:
        phone.goto(path)
    assert noted.value.status == 204
    assert AXE.run(phone).response["violations"] == []
    expect(phone.locator("#totals")).to_contain_text("€120.00")
    phone.get_by_label("I want this as well").check()
    expect(phone.locator("#totals")).to_contain_text("€132.00")
    phone.get_by_label("Your name").fill("Ada Byron")
    phone.get_by_role("button", name="Accept").click()
    expect(phone.get_by_text("Accepted by Ada Byron")).to_be_visible()
    expect(phone.get_by_role("button", name="Accept")).to_have_count(0)
    assert AXE.run(phone).response["violations"] == []

    found = fresh(quote)
    assert (found.status, found.gross) == (Status.ACCEPTED, 132)
    page.goto("/notifications")
    expect(page.get_by_text("Ada Byron accepted")).to_be_visible()
    page.goto(f"/quotes/{quote.pk}")
    expect(page.locator("#panel-answers")).to_contain_text("Accepted: Ada Byron")
    expect(page.locator("#panel-lines")).to_contain_text("€132.00")
