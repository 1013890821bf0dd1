"""My day by keyboard: what is folded is one key away, and ticking off goes on."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.interactions.test_pages import overdue_tasks
from tests.personas import People
from vinculo.interactions.models import Task


def test_what_is_folded_opens_by_a_key_and_stays_open(window: Window, people: People) -> None:
    overdue_tasks(people.owner, 13)
    page = window.page
    page.goto("/my-day")
    tasks = page.locator("[data-task]")
    expect(tasks).to_have_count(10)
    page.keyboard.press("a")
    expect(tasks).to_have_count(13)
    expect(page.get_by_role("link", name="Late 10")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/my-day\?all=overdue$"))
    page.keyboard.press("d")
    expect(tasks).to_have_count(12)
    expect(page.locator(".day-jumps")).to_contain_text("12")
    assert Task.objects.get(title="Late 10").done_at is not None
    page.keyboard.press("a")
    expect(tasks).to_have_count(10)
    expect(page.get_by_role("link", name="Show all 12")).to_be_visible()
    page.go_back()
    expect(tasks).to_have_count(12)
