"""A collision rule is made by keyboard and holds; the owner of a hidden customer is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.test_phone import SMALL
from tests.browser.walking import choose, press
from tests.parties.collision_help import SAME_EMAIL, only_rule, save
from tests.personas import People
from vinculo.parties.collisions.models import CollisionRule
from vinculo.parties.models import Company
from vinculo.platform.models import Notification


def test_a_rule_is_made_looked_at_and_moved_by_keyboard(
    open_window: Callable[..., Any], people: People
) -> None:
    for name in ("Alder", "ALDER"):
        save(people.owner, name=name, external_id="K7")
    page = open_window(people.admin).page
    page.goto("/settings/collisions")
    press(page, page.get_by_role("link", name="New rule").first)
    expect(page.get_by_role("heading", name="New collision rule")).to_be_visible()
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("One number, one company")
    choose(page, page.get_by_label("Alternative 1, condition 1"), "External id: to")
    press(page, page.get_by_role("button", name="Look, without saving"))
    expect(page.locator("#found")).to_contain_text("2 records collide with one another")
    page.get_by_label("Refuse: there can be only one").focus()
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save", exact=True))
    row = page.get_by_role("row", name="One number, one company")
    expect(row).to_contain_text("2 records collide already")
    expect(row).to_contain_text("Refuses")
    rule = CollisionRule.objects.get(name="One number, one company")
    assert (rule.conditions, rule.refuses) == ([[["external_id", "exact"]]], True)
    press(page, page.get_by_role("button", name="Move “One number, one company” up"))
    expect(page.get_by_role("row", name="Similar name in the same city").first).to_be_visible()
    names = CollisionRule.objects.filter(kind="company").values_list("name", flat=True)
    assert list(names)[-2:] == ["One number, one company", "Similar name in the same city"]
    press(page, page.get_by_role("link", name="2 records collide already"))
    expect(page.get_by_role("link", name="ALDER", exact=True)).to_be_visible()


def test_the_owner_is_asked_while_typing(window: Window, people: People) -> None:
    only_rule(people.admin, SAME_EMAIL)
    save(people.stranger, name="Zanzibarquill", email="info@acme.es")
    page = window.page
    page.goto("/companies/new")
    page.get_by_label("Name").fill("Acme")
    page.get_by_label("E-mail").fill("info@acme.es")
    hints = page.locator("#hints")
    expect(hints).to_contain_text("A colleague has this customer")
    expect(hints).to_contain_text("cannot be saved")
    hints.get_by_text("Ask the owner").click()
    page.get_by_label("What do you want to ask?").fill("A tender in May")
    page.keyboard.press("Enter")  # saves nothing
    hints.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".toast", has_text="The owner was asked.")).to_be_visible()
    told = Notification.objects.get(user=people.stranger)
    assert told.params["what"] == "A tender in May"
    window.watch.problems.clear()
    assert Company.objects.count() == 1


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_on_a_phone(open_window: Callable[..., Any], people: People, dark: bool) -> None:
    rule = only_rule(people.admin, SAME_EMAIL)
    page = open_window(people.admin, phone=True, dark=dark).page
    for url in ("", "/new?kind=person", f"/{rule.pk}", f"/{rule.pk}/found"):
        page.goto(f"/settings/collisions{url}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, url
        assert page.evaluate(SMALL) == [], url
        violations = Axe().run(page).response["violations"]
        assert not violations, [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
