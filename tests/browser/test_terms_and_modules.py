"""Companies are called accounts and a module goes and comes back, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.test_pages import judge
from tests.browser.walking import press
from tests.personas import People


def test_words_and_modules_by_keyboard(open_window: Callable[..., Any], people: People) -> None:
    page = open_window(people.admin).page
    page.goto("/settings/terms")
    press(page, page.get_by_role("link", name="Change Companies in English"))
    page.get_by_label("One is called").focus()
    page.keyboard.type("Account")
    page.keyboard.press("Tab")
    page.keyboard.type("Accounts")
    page.keyboard.press("Enter")
    expect(page.locator("#nav").get_by_role("link", name="Accounts")).to_be_visible()
    page.goto("/settings/modules")
    assert not judge(page, "en", set())
    press(page, page.get_by_role("button", name="Switch off Duplicates"))
    press(page, page.get_by_role("alertdialog").get_by_role("button", name="Switch off"))
    expect(page.get_by_role("button", name="Switch on Duplicates")).to_be_visible()
    page.goto("/companies")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    expect(page.get_by_role("link", name="Duplicates")).to_have_count(0)
    page.goto("/settings/modules")
    press(page, page.get_by_role("button", name="Switch on Duplicates"))
    expect(page.get_by_role("button", name="Switch off Duplicates")).to_be_visible()


def test_words_on_a_phone_in_the_dark(open_window: Callable[..., Any], people: People) -> None:
    people.admin.language = "es"
    people.admin.save()
    page = open_window(people.admin, dark=True, phone=True).page
    for address in ("/settings/terms", "/settings/terms/companies/es", "/settings/modules"):
        page.goto(address)
        assert not judge(page, "es", set()), address
    page.goto("/settings/terms/companies/es")
    page.get_by_label("Uno se llama").fill("Cliente")
    page.get_by_label("Varios se llaman").fill("Clientes")
    page.get_by_label("Género").select_option("m")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_text("Cómo se lee ahora").click()
    expect(page.locator("#main").get_by_text("Nuevo cliente", exact=True)).to_be_visible()
