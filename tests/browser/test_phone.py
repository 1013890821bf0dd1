"""On a phone everything that is pressed is large enough for a thumb, on every page there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.pages import World, addresses, essential, make_world
from tests.personas import People
from vinculo.parties.models import Company
from vinculo.platform.models import Work

#: What can be pressed and is smaller than 44 by 44. A link within a sentence is as high as its
#: line, and a box is as large as the label around it.
SMALL = """() => {
  const pressed = "a[href], button, summary, select, textarea, [role=tab], input:not([type=hidden])";
  const found = new Map();
  for (const one of document.querySelectorAll(pressed)) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || one.disabled) continue;
    if (one.closest(".visually-hidden, .skip-link, [inert]")) continue;
    const head = one.closest("thead"); // cards have no head to press: it is there for readers alone
    if (head && getComputedStyle(head).clipPath !== "none") continue;
    if (one.matches("a") && getComputedStyle(one).display === "inline") continue;
    const holder = one.matches("input[type=checkbox], input[type=radio], input[type=file]")
      ? (one.closest("label, .cell-check, .field-check") ?? one) : one;
    const { width, height } = holder.getBoundingClientRect();
    if (!width || !height || (width <= 1 && height <= 1)) continue;
    const reach = getComputedStyle(one, "::after");
    const more = reach.content !== "none" && reach.position === "absolute";
    const high = more ? Math.max(height, parseFloat(reach.height) || 0) : height;
    const wide = more ? Math.max(width, parseFloat(reach.width) || 0) : width;
    if (high >= 43.5 && wide >= 43.5) continue;
    const name = `${one.tagName.toLowerCase()}.${one.className}`;
    found.set(name, `${name} ${Math.round(wide)}x${Math.round(high)}: ${one.outerHTML.slice(0, 90)}`);
  }
  return [...found.values()];
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The demo company."""
    return make_world()


def test_everything_pressed_is_44_pixels(world: World, open_window: Callable[..., Any]) -> None:
    window: Window = open_window(world.user, phone=True)
    report: dict[str, str] = {}
    for url in essential(addresses(world)):
        window.page.goto(url)
        for what in window.page.evaluate(SMALL):
            report.setdefault(what.split(" ")[0] + what.split(" ")[1], f"{url}: {what}")
    window.watch.problems.clear()
    assert not report, "\n".join(report.values())


def test_long_work_is_a_thumb_wide_and_named(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    for number, label in enumerate(("Change of 12,000 companies", "Import of clientes.csv")):
        Work.objects.create(
            user=people.owner, label=label, kind="bulk", state="running", done=number, total=4
        )
    page = open_window(people.owner, phone=True).page
    page.goto("/companies")
    expect(page.get_by_role("link", name="Import of clientes.csv 25 %")).to_be_visible()
    expect(page.locator(".progress-chip:visible")).to_have_count(1)
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
