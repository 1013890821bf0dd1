"""Every page there is, in four languages, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Window
from tests.browser.pages import World, addresses, essential, make_world

AXE = Axe()
#: Language, dark, phone: each value meets each other one at least once.
LOOKS = [
    ("en", False, False),
    ("es", True, True),
    ("zh-hans", False, True),
    ("zh-hant", True, False),
]
#: What sticks out of the window sideways, the innermost first to blame.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .filter((one) => ![...one.children].some((c) => c.getBoundingClientRect().right > wide + 1))
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The demo company."""
    return make_world()


#: What passes is not asked for: gathering that takes longer than finding what is wrong.
ONLY_WRONG = {"resultTypes": ["violations"]}


def judge(page: Page, language: str, *, thorough: bool = True) -> list[str]:
    """What is wrong with the page in front; `thorough` with its markup and colours."""
    wrong = []
    title = page.title()
    if not title.replace("Vinculo", "").strip(" ·"):
        wrong.append(f"its title says only {title!r}")
    if page.locator("h1").count() != 1:
        wrong.append(f"it has {page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") != language:
        wrong.append("it is in another language")
    wrong += [f"sticks out: {what}" for what in page.evaluate(STICKS_OUT)]
    # Two looks tell what markup and colours tell; Chinese is looked at for what does not fit.
    if language.startswith("zh") or not thorough:
        return wrong
    for violation in AXE.run(page, options=ONLY_WRONG).response["violations"]:
        wrong += [
            f"axe {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:160]}"
            for node in violation["nodes"][:2]
        ]
    return wrong


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS)
def test_every_page_is_sound(
    world: World, open_window: Callable[..., Any], language: str, dark: bool, phone: bool
) -> None:
    world.user.language = language
    world.user.save()
    urls = addresses(world)
    assert len(urls) > 60
    window: Window = open_window(world.user, dark=dark, phone=phone)
    report = []
    kinds = set(essential(urls))
    for url in urls if language == "en" else essential(urls):
        window.page.goto(url)
        thorough = url in kinds
        wrong = [*judge(window.page, language, thorough=thorough), *window.watch.problems]
        window.watch.problems.clear()
        report += [f"{url}: {what}" for what in wrong]
    assert not report, "\n".join(report)


@pytest.mark.parametrize(("language", "dark", "phone"), LOOKS)
def test_every_page_before_signing_in_is_sound(
    world: World, open_window: Callable[..., Any], language: str, dark: bool, phone: bool
) -> None:
    window: Window = open_window(dark=dark, phone=phone, locale=locale_of(language))
    report = []
    entrances = [
        "/accounts/login/",
        "/accounts/login/?next=/companies",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
        f"/welcome/{world.welcome}",
        f"/confirm/{world.confirm}?lang={language}",
        "/confirm/thanks",
        "/confirm/not-a-link",
    ]
    with window.watch.refusals(404, 410):
        for url in [*entrances, "/welcome/not-a-link", "/nowhere", "/accounts/signup/"]:
            window.page.goto(url)
            wrong = [*judge(window.page, language), *window.watch.problems]
            window.watch.problems.clear()
            report += [f"{url}: {what}" for what in wrong]
    assert not report, "\n".join(report)


def locale_of(language: str) -> str:
    """How a browser asks for that language."""
    return {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}.get(language, language)
