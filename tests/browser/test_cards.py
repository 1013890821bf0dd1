"""A person's vCard: scanned, copied, taken away; a picture beside the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.parties.makers import point
from tests.parties.test_portraits import image
from tests.personas import People
from tests.samples import make_person
from vinculo.parties.models import Person

AXE = Axe()
#: Once the picture is there.
WIDTH = "one => one.decode().then(() => one.naturalWidth)"


@pytest.fixture
def ana(people: People) -> Person:
    """Somebody to call."""
    person = make_person(people.owner, "Ana Ruiz")
    point(person, "phone", "600 123 123", "+34600123123", is_primary=True)
    return person


def test_a_card_is_shown_copied_and_taken_away(window: Window, ana: Person) -> None:
    page = window.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/people/{ana.pk}")
    page.keyboard.press("Control+k")
    page.keyboard.type("> vCard")
    expect(page.locator(".palette-label", has_text="vCard and QR code")).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.locator("#dialog")
    code = dialog.get_by_role("img", name="QR code with the contact details of Ana Ruiz")
    expect(code).to_be_visible()
    assert code.evaluate(WIDTH) > 0
    assert AXE.run(page).response["violations"] == []
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-copied]")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "FN:Ana Ruiz" in copied
    assert "TEL;TYPE=voice;PREF=1:+34600123123" in copied
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="vCard 3.0").click()
    assert Path(taken.value.path()).read_text().startswith("BEGIN:VCARD\nVERSION:3.0")
    assert taken.value.suggested_filename.endswith(".vcf")


def test_selected_people_become_one_file(window: Window, ana: Person) -> None:
    page = window.page
    page.goto("/people")
    for key in ("j", "x"):
        page.keyboard.press(key)
    page.get_by_role("toolbar", name="Selected rows").get_by_role("button", name="vCards").click()
    expect(page.get_by_role("heading", level=1, name="1 vCard")).to_be_visible()
    assert AXE.run(page).response["violations"] == []
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    assert Path(taken.value.path()).read_text().count("BEGIN:VCARD") == 1


def test_a_picture_stands_beside_the_name(window: Window, ana: Person, tmp_path: Path) -> None:
    (tmp_path / "ana.png").write_bytes(image())
    page = window.page
    page.goto(f"/people/{ana.pk}/do/parties.set_picture")
    page.locator("input[type=file]").set_input_files(tmp_path / "ana.png")
    page.locator("form button[type=submit]", has_text="Picture").click()
    shown = page.locator("#record-head img.avatar")
    expect(shown).to_be_visible()
    assert shown.evaluate(WIDTH) == 256
    page.goto("/people")
    expect(page.locator("[data-list] img.avatar")).to_be_visible()
