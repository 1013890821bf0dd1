"""Rules of standardising by keyboard: looked at, applied, undone, and one value set back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.test_phone import SMALL
from tests.browser.walking import press
from tests.parties.makers import make_company, make_person, point
from tests.personas import People
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, Person
from vinculo.parties.standardising import actions, switching


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    switching.look_again()
    yield
    switching.look_again()


@pytest.fixture
def records(people: People) -> tuple[Company, Person]:
    company = make_company("Furtado e Hijos, sl", owner=people.admin)
    point(company, "address", "C/ SOL 3", street="C/ SOL 3", city="MADRID", country="ES",
          is_primary=True)  # fmt: skip
    point(company, "phone", "955472912", "+34955472912", is_primary=True, is_valid=True)
    person = make_person(
        "MARÍA DEL CARMEN GARCÍA", given_name="MARÍA DEL CARMEN", family_name="GARCÍA",
        company=company, owner=people.admin,
    )  # fmt: skip
    refresh([company.pk, person.pk])
    return company, person


def test_rules_are_looked_at_applied_and_set_back_by_keyboard(
    open_window: Callable[..., Any], people: People, records: tuple[Company, Person]
) -> None:
    company, person = records
    page = open_window(people.admin).page
    page.goto("/settings/standardising")
    off = page.get_by_role("button", name="Phones, International form: All records")
    expect(off).to_have_attribute("aria-pressed", "true")
    press(page, off)
    expect(off).to_have_attribute("aria-pressed", "false")
    press(page, page.get_by_role("button", name="Preview on all records"))
    expect(page.get_by_text("Preview: 2 records would change")).to_be_visible()
    expect(page.get_by_text("María del Carmen García", exact=True)).to_be_visible()
    expect(page.get_by_text("+34 955 47 29 12")).to_have_count(0)
    press(page, page.get_by_role("button", name="Apply"))
    press(page, page.get_by_role("alertdialog").get_by_role("button", name="Apply"))
    expect(page.get_by_text("2 records standardised").first).to_be_visible()
    company.refresh_from_db()
    assert (company.name, company.city) == ("Furtado e Hijos, S.L.", "Madrid")

    page.goto(f"/people/{person.pk}")
    press(page, page.get_by_role("button", name="Restore what was typed: Name"))
    expect(page.locator(".toast", has_text="Back as it was typed.")).to_be_visible()
    expect(page.get_by_role("heading", name="MARÍA DEL CARMEN GARCÍA")).to_be_visible()

    page.goto("/settings/standardising")
    press(page, page.get_by_role("link", name="2 records standardised").first)
    press(page, page.get_by_role("button", name="Undo", exact=True))
    press(page, page.get_by_role("button", name="Undo the rest"))
    expect(page.locator(".toast").first).to_be_visible()
    company.refresh_from_db()
    assert company.name == "Furtado e Hijos, sl"
    page.goto("/settings/standardising")
    press(page, page.get_by_role("button", name="Preview on all records"))
    expect(page.get_by_text("Nothing to change")).to_be_visible()
    expect(page.get_by_text("2 records have values that somebody set back")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_on_a_phone(
    open_window: Callable[..., Window], people: People, records: tuple[Company, Person], dark: bool
) -> None:
    seen = actions.look(actor=people.admin, token="look")
    done = actions.apply(actor=people.admin, token="do", seen=seen)
    page = open_window(people.admin, phone=True, dark=dark).page
    for url in (
        "/settings/standardising",
        f"/settings/standardising/runs/{seen.pk}",
        f"/settings/standardising/runs/{done.pk}",
        f"/people/{records[1].pk}",
    ):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, url
        assert page.evaluate(SMALL) == [], url
