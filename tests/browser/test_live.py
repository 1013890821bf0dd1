"""Calm news: a row lights up where it stands, new ones wait behind a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NAMES, Window
from tests.browser.touching import middle
from tests.personas import People
from tests.samples import make_company, make_task
from vinculo.interactions.models import Task
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

SOON = "() => document.dispatchEvent(new Event('visibilitychange'))"


def test_a_list_tells_what_others_did(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    window: Window = open_window(people.admin)
    page = window.page
    with page.expect_response("**/live?**"):
        page.goto("/companies")
    company = entity("parties.company")
    edit_record(actor=people.owner, entity=company, record=companies[1], data={"name": "Birch AG"})
    with change_set(actor=people.owner, verb="records.create"):
        make_company(people.owner, "Aaron first")
    with page.expect_response("**/live?**"):
        page.evaluate(SOON)
    # Others may glow too: what was committed just before the page came is told once more.
    expect(page.locator("tr.is-fresh").filter(has_text="Birch AG")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(len(NAMES))
    note = page.get_by_role("button", name="1 new: show")
    expect(note).to_be_visible()
    note.click()
    expect(page.locator("tr[data-row]").first).to_contain_text("Aaron first")
    expect(note).to_be_hidden()


def test_a_record_shows_what_others_changed(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    page = open_window(people.admin).page
    with page.expect_response("**/live?**"):
        page.goto(f"/companies/{companies[0].pk}")
    page.wait_for_load_state("networkidle")
    company = entity("parties.company")
    edit_record(actor=people.owner, entity=company, record=companies[0], data={"city": "Kiel"})
    page.evaluate(SOON)
    expect(page.locator("#record-facts")).to_contain_text("Kiel")
    expect(page.locator("#record-facts .is-fresh").first).to_contain_text("Kiel")


def column(page: Page, value: str) -> Locator:
    return page.locator(f"[data-column={value}]")


def test_a_board_tells_what_others_did_and_moves_nothing_by_itself(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    Company.objects.update(state="lead")
    page = open_window(people.admin).page
    with page.expect_response("**/live?**"):
        page.goto("/companies?layout=board")
    company = entity("parties.company")
    edit_record(actor=people.owner, entity=company, record=companies[1], data={"name": "Birch AG"})
    edit_record(actor=people.owner, entity=company, record=companies[2], data={"state": "active"})
    with change_set(actor=people.owner, verb="records.create"):
        make_company(people.owner, "Aaron first")
    page.evaluate(SOON)
    expect(page.locator("[data-card].is-fresh", has_text="Birch AG")).to_be_visible()
    gone = column(page, "lead").locator("[data-card]", has_text=NAMES[2])
    expect(gone).to_have_class("board-card is-elsewhere")  # it stays until one asks
    expect(page.locator("[data-card]")).to_have_count(len(NAMES))
    page.get_by_role("button", name="2 changes: show").click()
    expect(column(page, "active").locator("[data-card]", has_text=NAMES[2])).to_be_visible()
    expect(column(page, "lead").locator("[data-card]").first).to_contain_text("Aaron first")
    expect(page.locator(".live-note")).to_have_count(0)


def test_nothing_changes_under_the_pointer_or_while_a_card_is_dragged(
    open_window: Callable[..., Any], people: People, companies: list[Company]
) -> None:
    Company.objects.update(state="lead")
    page = open_window(people.admin).page
    with page.expect_response("**/live?**"):
        page.goto("/companies?layout=board")
    company = entity("parties.company")
    card = page.locator(f'[data-card][data-id="{companies[0].pk}"]')
    card.hover()
    edit_record(actor=people.owner, entity=company, record=companies[0], data={"name": "Alder AG"})
    page.evaluate(SOON)
    expect(card).to_have_class("board-card is-late")
    expect(card).to_contain_text(NAMES[0])
    page.mouse.move(5, 5)
    expect(card).to_contain_text("Alder AG")
    page.mouse.move(*middle(card))
    page.mouse.down()
    page.mouse.move(*middle(column(page, "active").locator(".board-empty")), steps=5)
    expect(card).to_have_class("board-card is-dragged")
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/live?" in request.url else None
    )
    page.evaluate(SOON)
    page.mouse.up()
    expect(column(page, "active")).to_contain_text("Alder AG")
    assert not asked


def test_a_calendar_shows_what_others_changed_and_counts_what_is_new(
    open_window: Callable[..., Any], people: People
) -> None:
    day = timezone.localdate().replace(day=15)
    with change_set(actor=people.owner, verb="records.create"):
        task = make_task(people.owner, "Send the offer")
        Task.objects.filter(pk=task.pk).update(due_on=day)
    page = open_window(people.admin).page
    with page.expect_response("**/live?**"):
        page.goto("/tasks?layout=month")
    kind = entity("interactions.task")
    edit_record(actor=people.owner, entity=kind, record=task, data={"title": "Send the contract"})
    with change_set(actor=people.owner, verb="records.create"):
        other = make_task(people.owner, "Call back")
        Task.objects.filter(pk=other.pk).update(due_on=day)
    page.evaluate(SOON)
    there = page.locator(f'[data-day="{day.isoformat()}"]')
    expect(there.locator(".is-fresh")).to_contain_text("Send the contract")
    expect(page.locator("[data-card]")).to_have_count(1)
    page.get_by_role("button", name="1 new: show").click()
    expect(there.locator("[data-card]")).to_have_count(2)
