"""A formula is written with its error in sight, and a colleague reads how its value came about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_phone import SMALL
from tests.browser.walking import press
from tests.personas import People
from tests.records.custom.kinds import add
from tests.samples import make_company
from vinculo.interactions.models import Task
from vinculo.parties.models import Company
from vinculo.platform.models import CustomField


def company(people: People) -> Company:
    """A company of the owner's with five floors and two tasks."""
    add(people.admin, "number", "Floors")
    made = make_company(people.owner, "Torre Norte 北塔")
    Company.objects.filter(pk=made.pk).update(custom={"floors": 5})
    for title in ("Call", "Visit"):
        Task.objects.create(title=title, party_id=made.pk, company_id=made.pk, owner=people.owner)
    return made


def test_a_formula_is_written_by_keyboard_and_read_by_a_colleague(
    open_window: Callable[..., Any], people: People
) -> None:
    tower = company(people)
    page = open_window(people.admin).page
    page.goto("/settings/fields/companies/new")
    press(page, page.get_by_role("link", name="Formula"))
    page.get_by_label("Label", exact=True).first.fill("Cleaning")
    page.get_by_label("Formula", exact=True).focus()
    page.keyboard.type("custom_floors * 'a'")
    tried = page.locator("#formula-tried")
    expect(tried).to_contain_text("Letter 17: This is a text, and a number is wanted.")
    expect(tried.locator("mark")).to_have_text("'a'")
    page.get_by_label("Formula", exact=True).fill("12.5 * ")
    press(page, page.get_by_text("Fields that can be used"))
    press(page, page.get_by_role("button", name="Floors"))
    expect(tried).to_contain_text("This gives a number.")
    expect(tried.get_by_role("row", name="Torre Norte 北塔")).to_contain_text("62.5")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("row", name="Cleaning")).to_be_visible()
    assert CustomField.objects.get(kind="formula").formula == "12.5 * custom_floors"

    page = open_window(people.owner).page
    page.goto(f"/companies/{tower.pk}")
    press(page, page.get_by_role("link", name="How Cleaning came about"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("12.5 * custom_floors")
    expect(dialog).to_contain_text("62.5")


def test_a_roll_up_is_made_and_leads_to_its_records(
    open_window: Callable[..., Any], people: People
) -> None:
    tower = company(people)
    page = open_window(people.admin).page
    page.goto("/settings/fields/companies/new")
    press(page, page.get_by_role("link", name="Roll-up of related records"))
    press(page, page.get_by_role("link", name="Tasks Company"))
    page.get_by_label("Label", exact=True).first.fill("Open tasks")
    page.get_by_label("Only those that match").fill("/tasks?done_at.empty=1&sort=title")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("row", name="Open tasks")).to_be_visible()
    page = open_window(people.owner).page
    page.goto(f"/companies/{tower.pk}/how/custom_open_tasks")
    press(page, page.get_by_role("link", name="Show these records"))
    expect(page.get_by_role("link", name="Visit")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_on_a_phone(open_window: Callable[..., Any], people: People, dark: bool) -> None:
    tower = company(people)
    made = add(people.admin, "formula", "Cleaning", formula="custom_floors * 12.5")
    window = open_window(people.manager_as_admin(), phone=True, dark=dark)
    page = window.page
    for url in (f"/settings/fields/{made.pk}", "/settings/fields/companies/new?kind=rollup",
                "/settings/fields/companies/new?kind=rollup&of=interactions.task&by=company",
                f"/companies/{tower.pk}/how/{made.name}", f"/companies/{tower.pk}"):  # fmt: skip
        page.goto(url)
        if "fields/" in url and str(made.pk) in url:
            page.get_by_label("Formula", exact=True).fill("custom_floors +")
            expect(page.locator("#formula-tried")).to_contain_text("ends too early")
            page.get_by_text("Fields that can be used").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, url
        assert page.evaluate(SMALL) == [], url
        violations = Axe().run(page).response["violations"]
        assert not violations, [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
