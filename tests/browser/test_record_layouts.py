"""A layout is arranged by keyboard, mouse and finger, and its conditions mean the same in the
browser as on the server."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import QueryDict
from playwright.sync_api import Page, expect

from tests.browser.test_phone import SMALL
from tests.browser.touching import Finger
from tests.browser.walking import assert_focus_is_kept, choose, press, reach
from tests.personas import People
from tests.records.custom.kinds import add
from tests.records.shaping.arranging_help import COMPANY, arrange, company_part, when
from tests.samples import make_company
from vinculo.parties.models import Company
from vinculo.platform.models import RecordLayout
from vinculo.records.registry import entity
from vinculo.records.shaping.conditions import Condition, operators_for, values_named
from vinculo.records.shaping.form import ShapedForm
from vinculo.records.shaping.shape import Part, Placed, Shape, declared_shape, shape_from

EDITOR = "/settings/layouts/companies"


def row(page: Page, name: str) -> Any:
    """The row of a field."""
    return page.locator(f'[data-layout-row="{name}"]')


def names_in(page: Page, section: int) -> list[str]:
    """The fields of a section, in the order in which they stand."""
    rows = page.locator("[data-layout-section]").nth(section).locator("[data-layout-row]")
    return [str(one.get_attribute("data-layout-row")) for one in rows.all()]


def test_a_layout_is_arranged_by_keyboard(open_window: Callable[..., Any], people: People) -> None:
    company = make_company(people.admin)
    window = open_window(people.admin)
    page = window.page
    page.goto("/settings/layouts")
    press(page, page.get_by_role("link", name="Everybody").first)
    expect(page.get_by_role("heading", name="Layout: Companies")).to_be_visible()
    reach(page, row(page, "owner").get_by_role("button", name="Move Owner", exact=True))
    page.keyboard.press("Alt+ArrowUp")
    assert names_in(page, 0)[:2] == ["owner", "name"]
    expect(page.locator("[data-layout-said]")).to_have_text("Owner: place 1 of 9 in “Facts”")
    assert_focus_is_kept(page)
    press(page, row(page, "website").get_by_label("Settings of Website"))
    press(page, row(page, "website").get_by_label("Must be filled by people"), "Space")
    press(page, row(page, "website").get_by_role("button", name="Add a condition"))
    choose(page, row(page, "website").get_by_label("Field"), "Industry")
    choose(page, row(page, "website").get_by_label("Value"), "Food")
    page.keyboard.press("Escape")
    expect(row(page, "website")).to_contain_text("if Industry is Food and drink")
    press(page, row(page, "phone").get_by_role("button", name="Leave Phone out"), back=True)
    page.get_by_role("button", name="Add a section").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ours")
    press(page, row(page, "completeness").get_by_role("button", name="Put in"))
    assert names_in(page, 4) == ["completeness"]
    preview = page.locator("#layout-preview")
    expect(preview.get_by_text("Ours").first).to_be_visible()
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("a layout of its own")).to_be_visible()

    page.goto("/companies/new")
    website = page.get_by_label("Website")
    expect(website).to_be_hidden()
    page.get_by_label("Industry").select_option("food")
    expect(website).to_be_visible()
    page.get_by_label("Name").fill("Acme")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".field", has=website)).to_contain_text("required")
    assert not Company.objects.filter(name="Acme").exists()
    page.get_by_label("Industry").select_option("energy")
    expect(website).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Acme")).to_be_visible()
    window.watch.problems.clear()  # the refused form
    page.goto(f"/companies/{company.pk}")
    expect(page.locator("#record-facts")).to_contain_text("Ours")


def test_by_mouse_and_two_at_once(open_window: Callable[..., Any], people: People) -> None:
    window = open_window(people.admin)
    page = window.page
    page.goto(EDITOR)
    grip = row(page, "state").locator("[data-layout-grip]")
    grip.hover()
    page.mouse.down()
    target = row(page, "city").bounding_box()
    page.mouse.move(target["x"] + 60, target["y"] + 4, steps=4)
    expect(page.locator(".layout-before, .layout-after")).to_have_count(1)
    page.mouse.up()
    assert names_in(page, 1)[2:4] == ["state", "city"]
    # what must be filled cannot be left out, by dragging either
    row(page, "name").locator("[data-layout-grip]").hover()
    page.mouse.down()
    box = row(page, "created_at").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 4, steps=4)
    page.mouse.up()
    assert "name" in names_in(page, 0)
    arrange(people.manager_as_admin(), company_part("phone"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Manager changed this layout meanwhile")
    window.watch.problems.clear()  # the refusal is no page that loads well
    assert names_in(page, 1)[2:4] == ["state", "city"]  # what was arranged is still there
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("a layout of its own")).to_be_visible()
    kept = shape_from(RecordLayout.objects.get().shape)
    assert [one.name for one in kept.parts[1].fields][2:4] == ["state", "city"]
    page.goto(EDITOR)
    page.get_by_role("button", name="Reset").click()
    page.locator("dialog").get_by_role("button", name="Reset").click()
    expect(page.locator(".toast", has_text="The layout was reset.")).to_be_visible()
    assert not RecordLayout.objects.exists()


@pytest.mark.parametrize("dark", [False, True])
def test_the_editor_on_a_phone(open_window: Callable[..., Any], people: People, dark: bool) -> None:
    arrange(people.admin, *declared_shape(entity(COMPANY)).parts)
    page = open_window(people.admin, phone=True, dark=dark).page
    for url in ("/settings/layouts", EDITOR):
        page.goto(url)
        if url == EDITOR:
            expect(page.locator("#layout-preview .card").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, url
        assert page.evaluate(SMALL) == [], url
        violations = Axe().run(page).response["violations"]
        assert not violations, [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    if dark:
        return
    row(page, "owner").get_by_role("button", name="Move Owner up").tap()
    assert names_in(page, 0)[:3] == ["owner", "name", "team"]
    finger = Finger(page, row(page, "team").locator("[data-layout-grip]"))
    box = row(page, "owner").bounding_box()
    finger.draw_to(box["x"] + 60, box["y"] + 6)
    expect(row(page, "owner")).to_have_class("layout-row layout-before")
    finger.lift()
    assert names_in(page, 0)[:3] == ["team", "owner", "name"]


# --- one meaning ----------------------------------------------------------------------------------

TEXTS = ["", " ", "\t", "\u200b", "\u00a0", "\u001c", "\u0085", "\ufeff", "\u3000", "\u00ad", "0",
         "false", "a", "a, b", ",", "，", " ，\u200d, ", "\u3164", "\ufffd", "é", "\U000e0041"]  # fmt: skip
TARGET = "website"
FILL = """
(cases) => cases.map(({ typed, when }) => {
  const form = document.querySelector("form[data-draft]");
  for (const [name, values] of Object.entries(typed)) {
    for (const input of form.querySelectorAll(`[name="${name}"]`)) {
      if (input.type === "checkbox") input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
  }
  const field = form.querySelector('[data-field="website"]');
  field.dataset.when = when;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return field.hidden;
})
"""


def test_conditions_mean_the_same_in_the_browser(
    open_window: Callable[..., Any], people: People
) -> None:
    box = add(people.admin, "boolean", label="Box").name
    several = add(people.admin, "choices", label="Several").name
    others = ("industry", "native_name", "tags", "description", box, several)
    arrange(people.admin, company_part(*others, when(TARGET, ("industry", "set"))))
    page = open_window(people.admin).page
    page.goto("/companies/new")
    cases = generated_cases(people, others)
    told = [{"typed": typed, "when": when_told} for typed, when_told, _hidden in cases]
    found = page.evaluate(FILL, told)
    differing = [
        (case, hidden) for case, hidden in zip(cases, found, strict=True) if case[2] is not hidden
    ]
    assert not differing, differing[:3]
    assert 50 < sum(found) < len(found) - 50  # both happen


def generated_cases(people: People, others: tuple[str, ...]) -> list[tuple[Any, str, bool]]:
    """What is typed, the conditions as the browser reads them, whether the server hides the field."""
    draw = random.Random(20261128)
    kind, found = entity(COMPANY), []
    for _number in range(300):
        typed: dict[str, list[str]] = {"name": ["Acme"]}
        conditions = []
        for name in others:
            field = kind.all_fields[name]
            values = [value for value, _label in values_named(field)]
            if field.kind == "boolean":
                typed[name] = draw.choice([[], ["on"]])
            elif values and field.kind == "tags":
                typed[name] = draw.sample(values, draw.randint(0, len(values)))
            else:
                typed[name] = [draw.choice(["", *values[:3]] if values else TEXTS)]
            asks = draw.choice(operators_for(field))
            named = () if asks in ("empty", "set") else tuple(draw.sample(values, 1))
            conditions.append(Condition(name, asks, named))
        chosen = tuple(draw.sample(conditions, draw.randint(1, 2)))
        parts = (Part("", (*(Placed(one, new=True) for one in ("name", *others)),
                           Placed(TARGET, new=True, when=chosen))),)  # fmt: skip
        data = QueryDict(mutable=True)
        for name, said in typed.items():
            data.setlist(name, said)
        form = ShapedForm(kind, people.admin, data=data, shape=Shape(parts))
        when_told = form.fields[TARGET].when  # type: ignore[attr-defined]
        assert json.loads(when_told)
        found.append((typed, when_told, TARGET in form.concealed))
    return found
