"""Cards of a board and entries of a calendar moved by a finger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.touching import Finger, middle
from tests.personas import People
from tests.samples import make_company, make_task
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set


@pytest.fixture
def phone(open_window: Callable[..., Window], people: People) -> Page:
    """A page of the owner on a phone."""
    return open_window(people.owner, phone=True).page


@pytest.fixture
def tablet(open_window: Callable[..., Window], people: People) -> Page:
    """A page of the owner on a wide screen that is touched."""
    page = open_window(people.owner, phone=True).page
    page.set_viewport_size({"width": 1180, "height": 820})
    return page


def task_due(people: People, day: date) -> Task:
    with change_set(actor=people.owner, verb="records.create"):
        task = make_task(people.owner, "Bring the samples")
    Task.objects.filter(pk=task.pk).update(due_on=day)
    return task


def a_day() -> date:
    """In the middle of this month: the days around it are on the same page."""
    return now().date().replace(day=15)


def test_an_entry_is_moved_by_a_sheet_that_asks_for_the_day(phone: Page, people: People) -> None:
    day = a_day()
    task = task_due(people, day)
    phone.goto("/tasks?layout=month")
    button = phone.get_by_role("link", name="Move Bring the samples")
    box = button.bounding_box()
    assert box is not None and box["width"] >= 44 and box["height"] >= 44
    button.tap()
    dialog = phone.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Move “Bring the samples”")).to_be_visible()
    later = day + timedelta(days=2)
    dialog.get_by_label("Due").fill(later.isoformat())
    dialog.get_by_role("button", name="Move", exact=True).tap()
    place = phone.locator(f"[data-day='{later.isoformat()}']")
    expect(place).to_contain_text("Bring the samples")
    task.refresh_from_db()
    assert task.due_on == later
    phone.locator(".toast").get_by_role("button", name="Undo").tap()
    expect(phone.locator(f"[data-day='{day.isoformat()}']")).to_contain_text("Bring the samples")
    task.refresh_from_db()
    assert task.due_on == day


def test_a_held_entry_asks_for_the_day_and_a_tap_opens_it(phone: Page, people: People) -> None:
    task = task_due(people, a_day())
    phone.goto("/tasks?layout=month")
    entry = phone.locator("[data-card]")
    finger = Finger(phone, entry)
    expect(entry).to_have_class("calendar-entry is-dragged")
    finger.lift()
    expect(phone.get_by_role("heading", name="Move “Bring the samples”")).to_be_visible()
    expect(phone.locator(".drag-ghost")).to_have_count(0)
    phone.get_by_role("button", name="Cancel").tap()
    entry.tap()
    phone.wait_for_url(f"**/tasks/{task.pk}")


def test_a_held_entry_is_drawn_to_another_day_of_the_grid(tablet: Page, people: People) -> None:
    day = a_day()
    task = task_due(people, day)
    tablet.goto("/tasks?layout=month")
    later = day + timedelta(days=7)
    place = tablet.locator(f"[data-day='{later.isoformat()}']")
    entry = tablet.locator("[data-card]")
    finger = Finger(tablet, entry)
    expect(entry).to_have_class("calendar-entry is-dragged")
    x, y = middle(place)
    finger.draw_to(x, y)
    expect(place).to_have_class("calendar-day is-empty is-over")
    finger.lift()
    expect(tablet.locator(".toast")).to_contain_text("moved to")
    expect(place).to_contain_text("Bring the samples")
    task.refresh_from_db()
    assert task.due_on == later
    tablet.locator(".toast").get_by_role("button", name="Undo").tap()
    expect(tablet.locator(f"[data-day='{day.isoformat()}']")).to_contain_text("Bring the samples")


def test_a_held_card_is_drawn_to_another_column(tablet: Page, people: People) -> None:
    with change_set(actor=people.owner, verb="records.create"):
        company = make_company(people.owner, "Alder & Sons")
    Company.objects.filter(pk=company.pk).update(state="lead")
    tablet.goto("/companies?layout=board")
    card = tablet.locator("[data-card]")
    finger = Finger(tablet, card)
    expect(tablet.locator(".drag-ghost")).to_be_visible()
    x, y = middle(tablet.locator("[data-column=active]"))
    finger.draw_to(x, y)
    expect(tablet.locator("[data-column=active].is-over")).to_be_visible()
    finger.lift()
    expect(tablet.locator("[data-column=active]")).to_contain_text("Alder & Sons")
    expect(tablet.locator(".toast")).to_contain_text("moved to Active")
    company.refresh_from_db()
    assert company.state == "active"


def test_a_finger_that_goes_on_at_once_moves_nothing(phone: Page, people: People) -> None:
    with change_set(actor=people.owner, verb="records.create"):
        company = make_company(people.owner, "Alder & Sons")
    Company.objects.filter(pk=company.pk).update(state="lead")
    phone.goto("/companies?layout=board")
    finger = Finger(phone, phone.locator("[data-card]"))
    finger.draw_to(20, finger.y)
    finger.lift()
    expect(phone.locator(".drag-ghost")).to_have_count(0)
    expect(phone.locator("[data-column=lead]")).to_contain_text("Alder & Sons")
    expect(phone.locator("#dialog")).to_be_hidden()
    company.refresh_from_db()
    assert company.state == "lead"
