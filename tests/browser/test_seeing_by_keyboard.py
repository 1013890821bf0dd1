"""Who can see a record, and why: asked and left again without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.walking import press, reach, skip_to_content
from tests.personas import People, make_role, make_user
from tests.samples import make_company


def test_who_can_see_this_and_why(open_window: Callable[..., Window], people: People) -> None:
    lead = make_role("Leads", "team")
    lead.field_rules = {"parties.company": {"description": "hidden"}}
    lead.save()
    make_user("lead", lead, team=people.north)
    company = make_company(people.owner)
    page = open_window(people.owner).page
    page.goto(f"/companies/{company.pk}")
    skip_to_content(page)
    more = page.locator(".page-head summary[aria-label=More]")
    press(page, more)
    press(page, page.get_by_role("link", name="Who can see this"))
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Who can see this")).to_be_visible()
    expect(dialog.get_by_role("listitem").filter(has_text="Lead")).to_contain_text(
        "role “Leads” sees those of the team North · may change it · without Description"
    )
    expect(dialog).not_to_contain_text("Stranger")
    expect(dialog.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(more).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("who can see")
    palette = page.get_by_role("dialog", name="Search and commands")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Who can see this")
    page.keyboard.press("Enter")
    press(page, dialog.get_by_role("link", name="What may I do?"))
    expect(page.get_by_role("heading", level=1, name="What I may do")).to_be_visible()
    skip_to_content(page)
    reach(page, page.locator(".settings-nav a[aria-current=page]"))
