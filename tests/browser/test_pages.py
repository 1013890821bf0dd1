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
#: Which looks are judged over one demo company: making one and finding its pages takes as long as
#: looking at them does.
TOGETHER = [LOOKS[::2], LOOKS[1::2]]
#: What passes is not asked for: gathering that takes longer than finding what is wrong.
ONLY_WRONG = {"resultTypes": ["violations"]}
#: What a look tells of a page at once: what it is called, what sticks out of the window sideways (the
#: innermost first to blame), and of what kinds of parts it is made. A kind is an element as rules of
#: accessibility see it: where it stands, its classes, which attributes it has, whether it is named.
LOOK = """() => {
  const wide = document.documentElement.clientWidth;
  const out = (one) => one.getBoundingClientRect().right > wide + 1;
  const wider = document.documentElement.scrollWidth > wide;
  const tag = (one) => one ? one.tagName + "." + [...one.classList].sort().join(".") : "";
  const told = (one) => [
    tag(one.parentElement), tag(one),
    [...one.attributes].map((a) => a.name).filter((n) => !/^(data-|hx-)/.test(n)).sort().join(),
    ...["type", "role", "tabindex", "aria-live"].map((n) => one.getAttribute(n) ?? "-"),
    Boolean(one.labels?.length), Boolean(one.textContent.trim()),
  ].join("|");
  const all = [...document.querySelectorAll("body, body *:not(svg *)")];
  const headings = all.filter((one) => /^H[1-6]$/.test(one.tagName)).map((one) => one.tagName);
  return {
    title: document.title,
    headings: headings.filter((one) => one === "H1").length,
    language: document.documentElement.lang,
    out: !wider ? [] : all.filter((one) => out(one) && ![...one.children].some(out))
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)),
    kinds: [...new Set([...all.map(told), headings.filter((h, at) => h !== headings[at - 1]).join()])],
  };
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The demo company."""
    return make_world()


def judge(page: Page, language: str, known: set[str]) -> list[str]:
    """What is wrong with the page in front.

    The rules of accessibility take longer than all else. They judge kinds of parts, which pages
    share, so that a page is held against them if it has a kind that is not `known` by the pages
    before it: the pages of a new record type are made of the same.
    """
    wrong = []
    found = page.evaluate(LOOK)
    title = found["title"]
    if not title.replace("Vinculo", "").strip(" ·"):
        wrong.append(f"its title says only {title!r}")
    if found["headings"] != 1:
        wrong.append(f"it has {found['headings']} h1")
    if found["language"] != language:
        wrong.append("it is in another language")
    wrong += [f"sticks out: {what}" for what in found["out"]]
    # Two looks tell what markup and colours tell; Chinese is looked at for what does not fit.
    if language.startswith("zh") or known.issuperset(found["kinds"]):
        return wrong
    known.update(found["kinds"])
    for violation in AXE.run(page, options=ONLY_WRONG).response["violations"]:
        wrong += [
            f"axe {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:160]}"
            for node in violation["nodes"][:2]
        ]
    return wrong


@pytest.mark.parametrize("looks", TOGETHER, ids=lambda looks: "+".join(one[0] for one in looks))
def test_every_page_is_sound(
    world: World, open_window: Callable[..., Any], looks: list[tuple[str, bool, bool]]
) -> None:
    urls = addresses(world)
    assert len(urls) > 60
    report = []
    for language, dark, phone in looks:
        world.user.language = language
        world.user.save()
        window: Window = open_window(world.user, dark=dark, phone=phone)
        known: set[str] = set()
        for url in urls if language == "en" else essential(urls):
            # a page for strangers goes by what its maker chose, all others by the user's language
            of_strangers = url.startswith(("/f/", "/q/"))
            window.page.goto(f"{url}?lang={language}" if of_strangers else url)
            wrong = [*judge(window.page, language, known), *window.watch.problems]
            window.watch.problems.clear()
            report += [f"{language} {url}: {what}" for what in wrong]
        window.page.close()
    assert not report, "\n".join(report)


def test_every_page_before_signing_in_is_sound(
    world: World, open_window: Callable[..., Any]
) -> None:
    report = []
    for language, dark, phone in LOOKS:
        window: Window = open_window(dark=dark, phone=phone, locale=locale_of(language))
        known: set[str] = set()
        entrances = [
            "/accounts/login/",
            "/accounts/login/?next=/companies",
            "/accounts/password/reset/",
            "/accounts/password/reset/done/",
            "/accounts/inactive/",
            f"/welcome/{world.welcome}",
            f"/confirm/{world.confirm}?lang={language}",
            f"/q/{world.offer}?lang={language}",
            "/confirm/thanks",
            "/confirm/not-a-link",
        ]
        with window.watch.refusals(404, 410):
            for url in [*entrances, "/welcome/not-a-link", "/nowhere", "/accounts/signup/"]:
                window.page.goto(url)
                wrong = [*judge(window.page, language, known), *window.watch.problems]
                window.watch.problems.clear()
                report += [f"{language} {url}: {what}" for what in wrong]
    assert not report, "\n".join(report)


def locale_of(language: str) -> str:
    """How a browser asks for that language."""
    return {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}.get(language, language)
