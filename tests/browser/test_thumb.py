"""What stays at the thumb on a customer's page: reach them, and write down what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.personas import People
from vinculo.interactions.models import Interaction
from vinculo.parties.models import Company
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


def edges(of: Locator) -> tuple[float, float]:
    """Where an element begins and ends, from the top of the window."""
    box = of.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def scroll(page: Page, to: str) -> None:
    page.evaluate(f"() => scrollTo({{ top: {to}, behavior: 'instant' }})")


def test_the_composer_is_one_tap_away_wherever_one_reads(
    open_window: Callable[..., Window], people: People, companies: list[Company]
) -> None:
    page = open_window(people.owner, phone=True).page
    page.goto(f"/companies/{companies[0].pk}")
    foot = page.locator("#record-foot")
    below = page.locator(".bottom-bar")
    for place in ("0", "300", "document.body.scrollHeight"):
        scroll(page, place)
        assert abs(edges(foot)[1] - edges(below)[0]) < 2
    last = page.locator("#record-facts .card").last
    assert edges(last)[1] <= edges(foot)[0]  # at the end of the page nothing is under the bar
    for link in foot.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None and box["width"] >= 44 and box["height"] >= 44
    foot.get_by_role("link", name="Log call").tap()
    expect(page.get_by_role("tab", name="Call")).to_have_attribute("aria-selected", "true")
    said = page.get_by_role("textbox", name="What was said")
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(foot).to_be_hidden()  # the keyboard has its place
    page.keyboard.type("They want forty crates.")
    page.locator("#composer-body").get_by_role("button", name="Save").tap()
    toast = page.locator(".toast", has_text="Call logged.")
    expect(toast).to_be_visible()
    expect(foot).to_be_visible()
    assert edges(toast)[1] <= edges(foot)[0]
    assert Interaction.objects.get(party_id=companies[0].pk).body == "They want forty crates."


def test_an_open_dialog_has_the_foot_of_the_screen(
    open_window: Callable[..., Window], people: People, companies: list[Company]
) -> None:
    page = open_window(people.owner, phone=True).page
    page.goto(f"/companies/{companies[0].pk}")
    page.get_by_role("link", name="Add task").first.tap()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    assert edges(dialog)[1] >= edges(page.locator(".bottom-bar"))[1] - 1
    on_top = page.evaluate(
        """() => { const { x, y, width } = document.getElementById("record-foot").getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + 10).closest("dialog") !== null; }"""
    )
    assert on_top


def test_what_is_said_stands_over_an_open_dialog_on_a_phone(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    page = open_window(people.owner, phone=True).page
    page.goto("/companies")
    company = entity("parties.company")  # a colleague changes one of them meanwhile: it stays
    edit_record(
        actor=people.admin, entity=company, record=companies[0], data={"industry": "retail"}
    )
    page.get_by_role("button", name="Select", exact=True).tap()
    page.get_by_text("Select all rows of this page").tap()
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="Change").tap()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Field").select_option(label="Industry")
    dialog.get_by_label("Industry").select_option(label="Energy")
    dialog.get_by_role("button", name="Change 4").tap()
    expect(dialog.get_by_role("heading", name="3 changed, 1 not.")).to_be_visible()
    toast = page.locator(".toast", has_text="3 changed, 1 not.")
    expect(toast).to_be_visible()
    assert edges(toast)[1] <= edges(dialog)[0]
    toast.get_by_role("button", name="Undo").tap()
    expect(page.locator(".toast", has_text="Undone")).to_be_visible()
    assert not Company.objects.filter(industry="energy").exists()
