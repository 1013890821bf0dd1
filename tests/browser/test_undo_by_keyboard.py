"""Activity, Undo: looked for, looked at and undone without a mouse; the undo is taken back, too."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.walking import press, reach, skip_to_content
from tests.personas import People
from vinculo.parties.models import Company
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


def test_find_it_look_at_it_and_undo_it(
    window: Window, people: People, companies: list[Company]
) -> None:
    alder, birch = companies[:2]
    for company, words in ((alder, "Wood"), (birch, "Bark")):
        data = {"description": words}
        edit_record(actor=people.owner, entity=entity("parties.company"), record=company, data=data)
    page = window.page
    page.goto("/my-day")
    page.keyboard.press("Control+k")
    page.keyboard.type("undo")
    palette = page.get_by_role("dialog", name="Search and commands")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Undo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Undo")).to_be_visible()

    skip_to_content(page)
    what = page.get_by_role("combobox", name="What", exact=True)
    reach(page, what)
    page.keyboard.type("Changed")
    expect(page).to_have_url(re.compile("verb=records.edit"))
    expect(what).to_be_focused()
    lines = page.locator("#undo-list li")
    expect(lines).to_have_count(3)
    look = lines.filter(has_text="Alder").first.get_by_role("link")
    press(page, look)
    dialog = page.locator("#dialog")
    expect(dialog.locator("del")).to_have_text("Wood")
    expect(dialog.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(look).to_be_focused()

    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(".toast")).to_contain_text("Undone")
    expect(lines.filter(has_text="Undone by Owner")).to_have_count(1)
    expect(page.locator(".chip:focus")).to_have_text("Undone by Owner")
    assert Company.objects.get(pk=alder.pk).description == ""
    assert Company.objects.get(pk=birch.pk).description == "Bark"
    page.keyboard.press("Control+Shift+z")
    expect(lines.filter(has_text="Undone by Owner")).to_have_count(0)
    assert Company.objects.get(pk=alder.pk).description == "Wood"
