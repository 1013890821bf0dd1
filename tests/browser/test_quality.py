"""How good the records are: from a figure to its list, and to an alert."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window, work_off_jobs
from tests.personas import People
from vinculo.parties.models import Company, ContactPoint
from vinculo.records.quality.models import QualityAlert, QualityFigures


def test_from_a_figure_to_its_list_and_to_an_alert(
    open_window: Callable[..., Window], people: People, companies: list[Company]
) -> None:
    ContactPoint.objects.filter(party=companies[0], kind="email").update(do_not_contact=True)
    page = open_window(people.admin).page
    page.goto("/companies")
    page.get_by_role("link", name="Data quality").click()
    page.get_by_role("button", name="Measure now").click()
    expect(page.get_by_text("The counting is under way")).to_be_visible()
    work_off_jobs()
    assert QualityFigures.objects.filter(entity="parties.company", by="").count() == 1
    page.goto("/quality")
    page.get_by_role("link", name="E-mail refused", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="E-mail refused")).to_be_visible()
    expect(page.get_by_text("There is one day so far")).to_be_visible()
    page.get_by_role("link", name="Alert me").click()
    expect(page.get_by_label("Figure")).to_have_value("parties.company:doubt.email_refused")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("in order below 90 %")).to_be_visible()
    assert QualityAlert.objects.get().tells == [people.admin.pk]
    page.goto("/quality")
    page.get_by_role("link", name="E-mail refused: 1").click()
    expect(page.get_by_role("link", name=companies[0].name).first).to_be_visible()
    expect(page.get_by_role("link", name=companies[1].name)).to_have_count(0)
