"""Saved views, boards and calendars with a mouse and without one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NAMES, Window
from tests.personas import People
from tests.samples import make_interaction, make_task
from vinculo.interactions.models import Interaction, Task
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set


def column(page: Page, value: str) -> Locator:
    """One column of the board."""
    return page.locator(f'[data-column="{value}"]')


def card(place: Page | Locator, name: str) -> Locator:
    """The title of a card, which is what has the focus."""
    return place.get_by_role("link", name=name, exact=True)


def test_a_view_is_saved_changed_reset_and_deleted(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies?name.contains=birch")
    page.keyboard.press("Shift+V")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Birches")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/companies/views/\d+$"))
    tab = page.get_by_role("navigation", name="Views").get_by_role("link", name="Birches")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.locator("th").get_by_role("link", name="State").click()
    expect(tab).to_contain_text("(changed)")
    page.get_by_role("link", name="Reset").click()
    expect(tab).not_to_contain_text("(changed)")
    page.keyboard.press("Shift+F")
    nav = page.get_by_role("navigation", name="Main")
    expect(nav.get_by_role("link", name="Birches")).to_be_visible()
    page.goto("/my-day")
    page.keyboard.press("g")
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile(r"/companies/views/\d+$"))
    page.get_by_label("More about the view Birches").click()
    page.get_by_role("link", name="Delete the view").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile(r"/companies$"))
    expect(nav.get_by_role("link", name="Birches")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(tab).to_be_visible()


def test_a_card_is_moved_by_the_keyboard_and_taken_back(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    Company.objects.update(state="lead")
    page.goto("/companies?layout=board")
    lead, prospect = column(page, "lead"), column(page, "prospect")
    expect(lead.locator("[data-card]")).to_have_count(4)
    card(lead, NAMES[0]).focus()
    page.keyboard.press("ArrowDown")
    expect(card(lead, NAMES[1])).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(card(prospect, NAMES[1])).to_be_focused()
    expect(lead.locator("[data-count]")).to_have_text("3")
    expect(prospect.locator("[data-count]")).to_have_text("1")
    assert Company.objects.get(pk=companies[1].pk).state == "prospect"
    page.get_by_role("button", name="Undo").click()
    expect(lead.locator("[data-card]")).to_have_count(4)
    assert Company.objects.get(pk=companies[1].pk).state == "lead"


def test_a_card_is_dragged_and_a_refused_one_goes_back(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    Company.objects.update(state="lead")
    page.goto("/companies?layout=board")
    lead, active = column(page, "lead"), column(page, "active")
    lead.locator(f'[data-id="{companies[2].pk}"]').drag_to(active)
    expect(card(active, NAMES[2])).to_be_visible()
    expect(active.locator("[data-count]")).to_have_text("1")
    # somebody else moved the first one in the meantime
    Company.objects.filter(pk=companies[0].pk).update(state="dormant")
    with window.watch.refusals(409):
        lead.locator(f'[data-id="{companies[0].pk}"]').drag_to(active)
        expect(page.get_by_text("Somebody else moved")).to_be_visible()
    expect(card(lead, NAMES[0])).to_be_visible()
    assert Company.objects.get(pk=companies[0].pk).state == "dormant"


def test_a_stage_with_its_own_verb_asks_for_what_it_needs(window: Window, people: People) -> None:
    planned = make_interaction(people.owner, "Visit them")
    Interaction.objects.filter(pk=planned.pk).update(status="planned")
    page = window.page
    page.goto("/activities?layout=board")
    card(column(page, "planned"), "Visit them").focus()
    page.keyboard.press("Shift+ArrowRight")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Mark as done")).to_be_visible()
    dialog.get_by_role("button", name="Mark as done").click()
    expect(card(column(page, "done"), "Visit them")).to_be_visible()
    assert Interaction.objects.get(pk=planned.pk).status == "done"


def test_an_entry_of_the_calendar_is_moved_a_week_on(window: Window, people: People) -> None:
    with change_set(actor=people.owner, verb="records.create"):
        task = make_task(people.owner, "Send the offer")
    day = timezone.localdate().replace(day=10)
    Task.objects.filter(pk=task.pk).update(due_on=day)
    page = window.page
    page.goto("/tasks?layout=month")
    entry = card(page, "Send the offer")
    entry.focus()
    with page.expect_response(lambda answer: "layout=month" in answer.url):  # drawn anew
        page.keyboard.press("Shift+ArrowDown")
    moved = day.replace(day=17)
    there = page.locator(f'[data-day="{moved.isoformat()}"]')
    expect(page.get_by_text("moved to")).to_be_visible()
    expect(card(there, "Send the offer")).to_be_focused()
    assert Task.objects.get(pk=task.pk).due_on == moved
    back = page.locator(f'[data-day="{day.isoformat()}"]')
    with page.expect_response(lambda answer: "/move" in answer.url):
        page.locator(f'[data-id="{task.pk}"]').drag_to(back)
    assert Task.objects.get(pk=task.pk).due_on == day
    expect(card(back, "Send the offer")).to_be_visible()
    page.keyboard.press("]")
    expect(card(page, "Send the offer")).to_have_count(0)
    page.keyboard.press("t")
    expect(card(back, "Send the offer")).to_be_visible()


def test_on_a_phone_cards_are_moved_by_a_dialog(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    Company.objects.update(state="lead")
    page = open_window(people.owner, phone=True).page
    page.goto("/companies?layout=board")
    page.get_by_role("link", name=f"Move {NAMES[0]}").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("State").select_option("active")
    dialog.get_by_role("button", name="Move").click()
    expect(card(column(page, "active"), NAMES[0])).to_be_attached()
    assert Company.objects.get(pk=companies[0].pk).state == "active"
