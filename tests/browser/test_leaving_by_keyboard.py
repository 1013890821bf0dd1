"""A colleague leaves: handed over, shut out, and what they took along is read, without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.walking import choose, press, reach, skip_to_content
from tests.personas import People
from tests.samples import make_company, make_person
from vinculo.kernel.clock import now
from vinculo.parties.models import Company, Person
from vinculo.platform.key_actions import create_api_key, user_of_key
from vinculo.platform.models import AccessEvent


def test_hand_over_shut_out_and_read_the_report(
    open_window: Callable[..., Window], people: People
) -> None:
    owner = people.owner
    company, person = make_company(owner, "Aurora"), make_person(owner, "Ana Rossi")
    role = owner.role_assignments.get().role
    _key, secret = create_api_key(actor=owner, name="k", role=role, days=30)
    AccessEvent.objects.create(
        at=now(), user=owner, how="export", entity="parties.company", rows=120, query="city=Ulm"
    )
    theirs = open_window(owner).page
    theirs.goto("/companies")
    expect(theirs.locator("tr[data-row]")).to_have_count(1)

    page = open_window(people.admin).page
    page.goto(f"/settings/users/{owner.pk}")
    skip_to_content(page)
    press(page, page.get_by_role("link", name="They leave"))
    expect(page.get_by_role("heading", level=1, name="Owner leaves")).to_be_visible()
    report = page.get_by_role("row").filter(has_text="List exported")
    expect(report).to_contain_text("120")
    skip_to_content(page)
    choose(page, page.get_by_role("combobox", name="Hand everything over to"), "Strang")
    choose(page, page.get_by_role("combobox", name="People (1)"), "Teamm")
    press(page, page.get_by_role("button", name="Close the account and hand over"))
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("Close the account of Owner")
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")  # thought better of it
    expect(asked).to_have_count(0)
    expect(page.get_by_role("button", name="Close the account and hand over")).to_be_focused()
    owner.refresh_from_db()
    assert owner.is_active

    page.keyboard.press("Enter")
    press(page, asked.get_by_role("button", name="Close the account"))
    expect(page.locator(".toast")).to_contain_text("The account is closed")
    assert Company.objects.get(pk=company.pk).owner == people.stranger
    assert Person.objects.get(pk=person.pk).owner == people.teammate
    assert user_of_key(secret) is None
    theirs.keyboard.press("j")
    theirs.goto("/companies")
    expect(theirs.get_by_role("button", name="Sign in").first).to_be_visible()

    with page.expect_download() as taken:
        press(page, page.get_by_role("button", name="CSV"))
    assert "city=Ulm" in Path(taken.value.path()).read_text("utf-8")
    back = page.get_by_role("link", name="Look and undo").first
    press(page, back, back=True)
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(back).to_be_focused()
    press(page, page.get_by_role("link", name="Show", exact=True))
    expect(page.get_by_role("heading", level=1, name="Accesses")).to_be_visible()
    skip_to_content(page)
    reach(page, page.get_by_role("combobox", name="Person", exact=True))
    expect(page.get_by_role("row").filter(has_text="city=Ulm")).to_be_visible()
