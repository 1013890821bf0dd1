"""With the thumb: what lies in a pool is claimed, and the next one is refused by the quota."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.personas import People
from tests.sales.test_pools import nobodys, pool


def test_a_customer_is_claimed_and_the_quota_says_that_it_was_the_last(
    open_window: Callable[..., Window], people: People
) -> None:
    one = pool(people, most_claims=1)
    first, second = nobodys(people, "Aurora"), nobodys(people, "Borealis")
    window = open_window(people.owner, phone=True)
    page = window.page
    page.goto("/pools")
    page.get_by_role("link", name="Nobody's").tap()
    expect(page.get_by_text("Claimed today: 0 of 1")).to_be_visible()
    # before the claim nobody learns how it is reached
    expect(page.get_by_text("600 123 987")).to_have_count(0)
    page.get_by_role("button", name="Claim: Aurora").tap()
    expect(page.get_by_role("heading", level=1, name="Aurora")).to_be_visible()
    expect(page.get_by_text("600 123 987").first).to_be_visible()
    first.refresh_from_db()
    assert first.owner == people.owner
    page.goto(f"/pools/{one.pk}")
    with window.watch.refusals(422):
        page.get_by_role("button", name="Claim: Borealis").tap()
        expect(page.get_by_text("which is all for now. You may claim again from")).to_be_visible()
    second.refresh_from_db()
    assert second.owner is None
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "nothing stands beside a phone's screen"
