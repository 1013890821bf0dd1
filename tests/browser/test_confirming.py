"""A colleague makes a link; the customer corrects their data on a phone; the owner takes it over."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.parties.confirming_help import make_customer
from tests.personas import People
from vinculo.parties.models import Person

AXE = Axe()


def test_the_customer_corrects_and_the_owner_accepts_and_undoes(
    open_window: Callable[..., Window], people: People
) -> None:
    ana = make_customer(people)
    page = open_window(people.owner).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/people/{ana.pk}")
    page.keyboard.press("Control+k")
    page.keyboard.type("> Ask to confirm")
    expect(page.locator(".palette-label", has_text="Ask to confirm data")).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Language").select_option("en")
    dialog.get_by_role("button", name="Make the link").click()
    expect(dialog.get_by_role("link", name="Open in mail program")).to_be_visible()
    assert AXE.run(page).response["violations"] == []
    dialog.get_by_role("button", name="Copy the text").click()
    expect(dialog.locator("[data-copied]")).to_be_visible()
    assert "/confirm/" in page.evaluate("navigator.clipboard.readText()")
    path = dialog.get_by_label("Link", exact=True).input_value()
    path = path[path.index("/confirm/") :]
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator("#panel-confirming")).to_contain_text("not opened yet")

    phone = open_window(phone=True).page
    with phone.expect_response(lambda answer: answer.url.endswith("/opened")) as noted:
        phone.goto(path)
    assert noted.value.status == 204
    assert AXE.run(phone).response["violations"] == []
    phone.get_by_label("First name").fill("Anna")
    mails = phone.get_by_role("group", name="May we write you e-mails?")
    mails.get_by_label("No").check()
    phone.get_by_role("button", name="This is right").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto("/proposed")
    page.get_by_role("link", name="Ana Ruiz").click()
    expect(page.get_by_role("row", name="First name")).to_contain_text("Anna")
    assert AXE.run(page).response["violations"] == []
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("#record-head h1")).to_contain_text("Anna Ruiz")
    expect(page.locator("#panel-contacts")).to_contain_text("Do not contact")
    expect(page.locator("#panel-confirming")).to_contain_text("Confirmed by the customer")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#record-head h1")).to_contain_text("Ana Ruiz")
    assert Person.objects.get(pk=ana.pk).confirmed_at is None
    expect(page.locator("#panel-confirming")).to_contain_text("Corrections wait for a decision")
