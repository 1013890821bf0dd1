"""Walking a page with Tab alone, as somebody without a mouse does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

IS_FOCUSED = "one => one === document.activeElement"
LOST = "() => document.activeElement === null || document.activeElement === document.body"


def skip_to_content(page: Page) -> None:
    """Past the navigation, by the link that is there for it."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def reach(page: Page, target: Locator, *, back: bool = False, most: int = 200) -> None:
    """Press Tab (or Shift+Tab) until `target` has the focus; fails where Tab does not lead there."""
    expect(target).to_be_visible()
    for _step in range(most):
        if target.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{most} times Tab do not lead to {target}")


def press(page: Page, target: Locator, key: str = "Enter", **how: Any) -> None:
    """Reach a control and press it."""
    reach(page, target, **how)
    page.keyboard.press(key)


def choose(page: Page, target: Locator, letters: str, **how: Any) -> None:
    """Reach a list of choices and type the beginning of the one that is meant."""
    reach(page, target, **how)
    page.keyboard.type(letters)
    expect(target).to_be_focused()


def assert_focus_is_kept(page: Page) -> None:
    """The focus stands on something of the page, not on nothing."""
    assert not page.evaluate(LOST), "the focus got lost"
