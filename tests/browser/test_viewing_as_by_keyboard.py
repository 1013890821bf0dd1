"""An administrator looks through a colleague's eyes and back again, without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.walking import press, reach, skip_to_content
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet


def test_enter_see_less_be_refused_and_leave(
    open_window: Callable[..., Window], people: People
) -> None:
    mine = make_company(people.owner, "Aurora")
    make_company(people.stranger, "Borealis")
    page = open_window(people.admin).page
    stale = page.context.new_page()  # opened with one's own eyes, and left open
    stale.goto(f"/companies/{mine.pk}")
    stale.keyboard.press("e")
    reach(stale, stale.locator("#dialog").get_by_label("City"))
    page.bring_to_front()
    page.goto("/settings/users")
    skip_to_content(page)
    press(page, page.get_by_role("link", name="Owner", exact=True))
    expect(page.get_by_role("heading", level=1, name="Owner")).to_be_visible()
    skip_to_content(page)
    press(page, page.get_by_role("button", name="See what they see"))
    banner = page.get_by_role("status").filter(has_text="You see what Owner sees.")
    expect(banner).to_be_visible()

    page.goto("/companies")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("#records")).to_contain_text("Aurora")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Aurora")).to_be_visible()
    stale.keyboard.type("Lyon")
    stale.keyboard.press("Control+Enter")
    expect(stale.get_by_text("nothing can be changed").first).to_be_visible()
    expect(stale.get_by_label("City")).to_have_value("Lyon")  # what was typed is still there
    assert Company.objects.get(pk=mine.pk).city == ""

    page.goto("/companies")
    press(page, page.get_by_role("button", name="Back to my own view"))
    expect(page.get_by_role("heading", level=1, name="Owner")).to_be_visible()
    expect(banner).to_have_count(0)
    page.goto("/companies")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    noted = ChangeSet.objects.filter(actor=people.admin).order_by("pk")
    assert list(noted.values_list("verb", flat=True)) == [
        "platform.view_as",
        "platform.end_view_as",
    ]
