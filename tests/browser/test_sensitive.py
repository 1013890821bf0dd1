"""A sensitive detail in the browser: dots, shown on a press, by keyboard too."""

from __future__ import annotations

import os
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.samples import make_person
from vinculo.parties.entities import PERSON
from vinculo.records.writing import edit_record

NUMBER = "ES9121000418450200051332"


def test_dots_until_show_is_pressed(open_window: Callable[..., Window], people: People) -> None:
    person = make_person(people.owner, "Quill")
    edit_record(actor=people.admin, entity=PERSON, record=person, data={"iban": NUMBER})
    for number, looks in enumerate(({}, {"phone": True, "dark": True})):
        page = open_window(people.admin, **looks).page
        page.goto(f"/people/{person.pk}")
        fact = page.locator("[data-field=iban]")
        expect(fact).to_contain_text("••••••")
        button = fact.get_by_role("button", name="Show")
        button.scroll_into_view_if_needed()
        if folder := os.environ.get("VINCULO_SHOTS"):
            page.screenshot(path=f"{folder}/sensitive-{number}.png")
        button.focus()
        page.keyboard.press("Enter")
        expect(fact).to_contain_text(NUMBER)
        expect(fact.locator("input")).to_have_count(0)  # it did not begin to edit
        page.reload()
        expect(page.locator("[data-field=iban]")).to_contain_text("••••••")
