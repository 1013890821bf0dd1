"""A rule that gives new leads to colleagues: written, seen before it does anything, and switched on."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.test_assigning import leads
from vinculo.sales.assigning.dealing import assign
from vinculo.sales.assigning.models import AssignRule
from vinculo.sales.leads.models import Lead


def test_a_rule_is_previewed_saved_and_kept(
    open_window: Callable[..., Window], people: People
) -> None:
    leads(4)
    page = open_window(people.admin).page
    page.goto("/settings/assignment")
    page.get_by_role("link", name="New rule").first.press("Enter")
    page.get_by_label("Name").fill("To the north")
    page.get_by_label("Somebody of this team").select_option(str(people.north.pk))
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("heading", name="What these rules would have done")).to_be_visible()
    shown = page.locator(".card", has_text="What these rules would have done")
    for name in ("Owner", "Teammate"):
        expect(shown.locator("li", has_text=name).locator(".num")).to_have_text("2")
    assert not Lead.objects.exclude(owner=None).exists(), "a preview gives nobody anything"
    rule = AssignRule.objects.get()
    assert (rule.is_active, rule.team) == (False, people.north)
    page.get_by_role("link", name="To the north").press("Enter")
    page.get_by_label("On", exact=True).press("Space")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("heading", name="What these rules would have done")).to_be_visible()
    rule.refresh_from_db()
    assert rule.is_active
    assign()
    assert sorted(Lead.objects.values_list("owner__name", flat=True)) == [
        "Owner", "Owner", "Teammate", "Teammate",
    ]  # fmt: skip
