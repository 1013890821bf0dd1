"""Who opened and exported what: narrowed with the arrow keys, and a record opened from there."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.walking import press, reach, skip_to_content
from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.platform.models import AccessEvent


def test_the_page_of_accesses(open_window: Callable[..., Window], people: People) -> None:
    company = make_company(people.owner, "Aurora")
    for user, how, more in (
        (people.owner, "page", {"row_id": company.pk}),
        (people.owner, "export", {"rows": 120}),
        (people.stranger, "export", {"rows": 7}),
    ):
        AccessEvent.objects.create(at=now(), user=user, how=how, entity="parties.company", **more)
    page = open_window(people.admin).page
    page.goto("/settings/accesses")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    skip_to_content(page)
    person = page.get_by_role("combobox", name="Person", exact=True)
    reach(page, person)
    page.keyboard.type("Owner")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile(rf"person={people.owner.pk}$"))
    expect(person).to_be_focused()  # one goes on from where one is
    what = page.get_by_role("combobox", name="What", exact=True)
    reach(page, what)
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")  # each step asks anew, and none takes the focus away
    expect(what).to_have_value("export")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("120")
    expect(what).to_be_focused()
    press(page, page.get_by_role("link", name="Show all"))
    expect(rows).to_have_count(3)
    expect(person).to_have_value("")
    press(page, page.get_by_role("link", name="Aurora"))
    expect(page.get_by_role("heading", level=1, name="Aurora")).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(3)
