"""What was done can be taken back: by the toast's button, by Ctrl+Z, and again by Ctrl+Shift+Z."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Window
from vinculo.parties.models import Company


def test_a_record_just_made_is_unmade_by_its_toast(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/companies")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Elder Works")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Elder Works")
    made = Company.objects.get(name="Elder Works")
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(r"/companies$"))
    expect(page.get_by_text("Undone: Elder Works")).to_be_visible()
    assert not Company.objects.filter(pk=made.pk).exists()


def test_control_z_takes_back_the_last_change_and_shift_brings_it_again(
    window: Window, companies: list[Company]
) -> None:
    page, company = window.page, companies[0]
    page.goto(f"/companies/{company.pk}")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Name", exact=True)
    name.fill("Alder Renamed")
    page.keyboard.press("Control+z")  # in a text it is the text's own
    name.fill("Alder Renamed")
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Alder Renamed")
    page.keyboard.press("Control+z")
    expect(heading).to_have_text("Alder & Sons")
    page.keyboard.press("Control+Shift+Z")
    expect(heading).to_have_text("Alder Renamed")


def test_an_older_change_is_asked_for_first(window: Window, companies: list[Company]) -> None:
    page, company = window.page, companies[0]
    page.clock.install()
    page.goto(f"/companies/{company.pk}")
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Alder Renamed")
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Alder Renamed")
    page.clock.fast_forward("05:00")
    page.keyboard.press("Control+z")
    question = page.get_by_role("alertdialog")
    expect(question).to_be_visible()
    expect(heading).to_have_text("Alder Renamed")
    question.get_by_role("button", name="Undo").click()
    expect(heading).to_have_text("Alder & Sons")


def test_a_toast_in_hand_stays(window: Window, companies: list[Company]) -> None:
    page, company = window.page, companies[0]
    page.clock.install()
    page.goto(f"/companies/{company.pk}")
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Alder Renamed")
    page.keyboard.press("Control+Enter")
    button = page.get_by_role("button", name="Undo")
    button.focus()
    page.clock.fast_forward("01:00")
    expect(button).to_be_visible()
    button.evaluate("element => element.blur()")
    page.clock.run_for(11_000)
    expect(button).to_be_hidden()
