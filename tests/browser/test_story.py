"""The story of the first customer, in a browser: from a real file in to all as before."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window, work_off_jobs
from tests.personas import PASSWORD, People
from tests.records.transfer.shared_data import shared
from vinculo.platform.types import table_models

#: Tables that remember what happened; everything else must be as before.
MEMORY = {
    "platform_changeset",
    "platform_change",
    "platform_event",
    "platform_notification",
    "platform_recentview",
    "platform_work",
    "records_import",
    # Who looked at what, and which forms were sent already: neither is taken back.
    "platform_accessevent",
    "platform_oncekey",
}


def contents() -> dict[str, set[Any]]:
    """Every row of every table that an undo must bring back."""
    found = {}
    with connection.cursor() as cursor:
        for table in table_models():
            if table not in MEMORY:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found[table] = {row[0] for row in cursor.fetchall()}
    return found


def test_a_real_file_comes_in_and_all_is_as_before(open_window: Any, people: People) -> None:
    people.owner.set_password(PASSWORD)
    people.owner.save()
    window: Window = open_window()
    page = window.page
    sign_in(page, people)
    before = contents()

    import_northwind(page)
    company = open_imported_company(page, "Bólido Comidas preparadas")
    log_call_with_follow_up(page)
    see_it_on_my_day(page)
    find_by_part_of_the_name(page, company)
    change_phone_and_undo(page)
    undo_the_import(page)

    assert contents() == before
    page.goto("/companies")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    assert page.request.get(company).status == 404


def sign_in(page: Page, people: People) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("Email").fill(people.owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="My day")).to_be_visible()


def import_northwind(page: Page) -> None:
    page.goto("/companies")
    page.get_by_role("link", name="Import").first.click()
    page.locator("input[type=file]").set_input_files(shared("northwind", "customers.csv"))
    expect(page.get_by_text("Alfreds Futterkiste")).to_be_visible()
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".outcome").filter(has_text="to be created")).to_contain_text("91")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off_jobs()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible()
    expect(page.locator(".outcome").filter(has_text="created")).to_contain_text("91")
    page.get_by_role("link", name="See companies").click()
    expect(page.locator(".pager")).to_contain_text("91 records")


def open_imported_company(page: Page, name: str) -> str:
    """Its address."""
    page.get_by_role("searchbox", name="Search: companies").fill(name[:6])
    row = page.locator("tr[data-row]").filter(has_text=name)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=B"))
    row.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/companies/\d+(\?in=[^/]*)?$"))
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    return page.url.split("?")[0]


def log_call_with_follow_up(page: Page) -> None:
    """By the keyboard alone: `l` opens the call, Ctrl+Enter saves it."""
    page.keyboard.press("l")
    said = page.get_by_role("textbox", name="What was said")
    expect(said).to_be_focused()
    page.keyboard.type("They want forty crates in **May**.")
    page.get_by_label("Follow up on").focus()
    page.get_by_label("Follow up on").fill(tomorrow())
    page.keyboard.press("Tab")
    page.get_by_label("What you promised").fill("Send the price list")
    page.keyboard.press("Control+Enter")
    timeline = page.locator("#timeline")
    expect(timeline.locator("strong", has_text="May")).to_be_visible()
    expect(timeline.get_by_text("Send the price list")).to_be_visible()


def see_it_on_my_day(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(re.compile("/my-day"))
    ahead = page.get_by_role("region", name="Next 7 days")
    expect(ahead.get_by_text("Send the price list")).to_be_visible()
    expect(ahead.get_by_role("link", name="Bólido")).to_be_visible()
    recent = page.get_by_role("region", name="Recently viewed")
    expect(recent.get_by_role("link", name="Bólido")).to_be_visible()


def tomorrow() -> str:
    return str(timezone.localdate() + timedelta(days=1))


def find_by_part_of_the_name(page: Page, company: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("lido comi")
    first = page.get_by_role("option", selected=True)
    expect(first).to_contain_text("Bólido Comidas preparadas")
    expect(first).to_have_attribute("href", company.removeprefix(origin(page)))
    page.keyboard.press("Enter")
    expect(page).to_have_url(company)
    page.goto("/search?q=bolido")
    page.get_by_role("link", name="Bólido Comidas preparadas").click()
    expect(page).to_have_url(company)


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def change_phone_and_undo(page: Page) -> None:
    fact = page.locator(".fact[data-field=phone]")
    was = fact.locator("dd").inner_text()
    fact.locator("dt").click()
    entry = fact.get_by_role("textbox")
    expect(entry).to_be_focused()
    entry.fill("(91) 555 15 99")
    entry.press("Enter")
    expect(fact.locator("dd")).to_contain_text("15 99")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(fact.locator("dd")).to_have_text(was)


def undo_the_import(page: Page) -> None:
    page.goto("/import/")
    page.get_by_role("link", name="customers.csv").click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("button", name="Undo these too").click()
    expect(page.get_by_text("This import was undone")).to_be_visible()
