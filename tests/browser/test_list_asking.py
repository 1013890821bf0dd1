"""A list asked by keyboard: filters and groups of them, orders, columns, groups, sums."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NAMES, Window
from tests.browser.test_pages import judge
from tests.browser.test_state import assert_same_after_reload
from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company


def titles(page: Page) -> list[str]:
    """What the rows are called."""
    return [
        text.strip()
        for text in page.locator("tr[data-row] .cell-title .truncate").all_inner_texts()
    ]


def heads(page: Page) -> list[str]:
    """The columns, in order."""
    return [
        str(head.get_attribute("data-spec")).split(":")[0]
        for head in page.locator("thead th[data-spec]").all()
    ]


def spec(page: Page, name: str) -> str:
    """A column as the address writes it."""
    return str(page.locator(f'th[data-spec^="{name}:"]').get_attribute("data-spec"))


def pick(page: Page, letters: str) -> None:
    """Type into the open list of fields and take the first that is left."""
    box = page.get_by_placeholder("Find a field").locator("visible=true")
    expect(box).to_be_focused()
    page.keyboard.type(letters)
    page.keyboard.press("Enter")


def test_filters_are_joined_with_or_by_keyboard(window: Window, companies: list[Company]) -> None:
    Company.objects.filter(pk=companies[1].pk).update(state="lost")
    page = window.page
    page.goto("/companies")
    page.keyboard.press("f")
    pick(page, "state")
    operator = page.get_by_label("State", exact=True).locator("visible=true")
    expect(operator).to_be_focused()
    page.keyboard.press("Tab")
    box = page.get_by_label("Lost", exact=True)
    for _try in range(8):
        if box.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"state\.in=lost"))
    assert titles(page) == [NAMES[1]]
    page.get_by_title("Or another condition").focus()
    page.keyboard.press("Enter")
    pick(page, "name")
    page.get_by_label("Value").locator("visible=true").fill("Cedar")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"any1\.state\.in=lost.*any1\.name\.contains=Cedar"))
    assert titles(page) == [NAMES[1], NAMES[2]]
    group = page.get_by_role("group", name="Any of these")
    expect(group).to_contain_text("or")
    assert_same_after_reload(page)
    page.locator(".filter-edit").first.focus()
    page.keyboard.press("Delete")
    expect(page).to_have_url(re.compile(r"\?name\.contains=Cedar$"))
    assert titles(page) == [NAMES[2]]


def test_columns_are_sorted_moved_drawn_and_pinned(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies?cols=name,state,city,owner")
    page.get_by_role("link", name="State", exact=True).click()
    expect(page).to_have_url(re.compile("sort=state"))
    page.get_by_role("link", name="Name", exact=True).click(modifiers=["Shift"])
    page.get_by_role("link", name=re.compile("^Name")).click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile(r"sort=state(,|%2C)-name"))
    assert titles(page) == list(reversed(NAMES))
    page.get_by_role("link", name="City", exact=True).focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page).to_have_url(re.compile("cols=name(,|%2C)city(,|%2C)state"))
    assert heads(page) == ["name", "city", "state", "owner"]
    before = page.locator('th[data-spec^="city:"]').bounding_box()
    page.get_by_role("link", name="City", exact=True).focus()
    page.keyboard.press("Alt+Shift+ArrowRight")
    expect(page).to_have_url(re.compile(r"city(:|%3A)\d+"))
    after = page.locator('th[data-spec^="city:"]').bounding_box()
    assert before and after and abs(after["width"] - before["width"] - 20) <= 2
    edge = page.locator('th[data-spec^="city:"] [data-resize]')
    place = edge.bounding_box()
    assert place
    page.mouse.move(place["x"] + 4, place["y"] + 5)
    page.mouse.down()
    page.mouse.move(place["x"] + 64, place["y"] + 5, steps=4)
    with page.expect_navigation():
        page.mouse.up()
    drawn = page.locator('th[data-spec^="city:"]').bounding_box()
    assert drawn and abs(drawn["width"] - after["width"] - 60) <= 3
    with page.expect_navigation():
        page.locator('th[data-spec^="city:"] [data-resize]').dblclick()
    assert spec(page, "city") == "city:"
    page.locator("summary", has_text="Columns").focus()
    page.keyboard.press("Enter")
    form = page.locator(".columns-form")
    expect(form).to_be_visible()
    form.get_by_label("Owner", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    form.get_by_label("Pin Owner").check(force=True)
    form.get_by_label("Rows").select_option("compact")
    form.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("density=compact"))
    assert heads(page) == ["name", "city", "owner", "state"]
    expect(page.locator('th[data-spec^="owner:"]')).to_have_class(re.compile("cell-stay pin-1"))
    assert (
        page.locator('th[data-spec^="owner:"]').evaluate("h => getComputedStyle(h).left") != "auto"
    )
    assert_same_after_reload(page)


def test_groups_fold_and_show_more(window: Window, people: People) -> None:
    for number in range(13):
        company = make_company(people.owner, f"Company {number:02}")
        Company.objects.filter(pk=company.pk).update(
            state="lost" if number == 12 else "lead", completeness=number * 5
        )
    page = window.page
    page.goto("/companies?group=state&cols=name,state,completeness")
    expect(page.locator(".group-row")).to_have_count(2)
    assert titles(page) == [*(f"Company {n:02}" for n in range(10)), "Company 12"]
    expect(page.locator("tfoot")).to_contain_text("Average")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("tr[data-row]")).to_have_count(13)
    page.locator(".group-toggle", has_text="Lead").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    toggle = page.locator(".group-toggle", has_text="Lead")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    assert_same_after_reload(page)
    page.go_back()
    expect(page.locator("tr[data-row]")).to_have_count(11)
    page.locator("tfoot summary").click()
    expect(page.locator(".foot-list")).to_contain_text("Largest")


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)])
def test_a_list_that_was_asked_is_accessible(
    open_window: object, people: People, companies: list[Company], phone: bool, dark: bool
) -> None:
    window: Window = open_window(people.owner, phone=phone, dark=dark)  # type: ignore[operator]
    page = window.page
    page.goto(
        "/companies?any1.name.contains=a&any1.city.filled=1&completeness.between=..100"
        "&group=state&cols=name:220,state,owner:p,completeness&sort=-state,name"
    )
    expect(page.locator(".group-row").first).to_be_visible()
    page.locator(".filter-edit").first.click()
    expect(page.locator("#filter-op").first).to_be_visible()
    assert judge(page, "en", set()) == []
