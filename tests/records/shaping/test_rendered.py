"""The form and the page as layouts arrange them; rights decide what is in them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.records.custom.kinds import add
from tests.records.shaping.arranging_help import COMPANY, arrange, company_part, part, when
from tests.records.test_surfaces import signed_in
from tests.samples import make_company, make_task
from vinculo.parties.models import Company
from vinculo.platform.custom import known
from vinculo.platform.models import Role, RoleAssignment, User
from vinculo.records.registry import entities, entity
from vinculo.records.shaping.arranging import form_parts, page_parts, shape_of
from vinculo.records.shaping.conditions import Condition, operators_for, values_named
from vinculo.records.shaping.form import ShapedForm, one_field_form
from vinculo.records.shaping.shape import Part, Placed, Shape, declared_shape, shape_from
from vinculo.records.views.facts import sections_of

pytestmark = pytest.mark.django_db


def facts_of(user: User, record: object, key: str = COMPANY) -> list[tuple[str, list[str]]]:
    """The sections of the record page: (title, names of the facts)."""
    found = sections_of(user, entity(key), record, True)
    by_label = {str(one.label): one.name for one in entity(key).all_fields.values()}
    return [
        (
            str(section.label),
            [by_label[str(html).split("<dt>")[1].split("</dt>")[0]]
             for html in (*facts.known, *facts.empty)],
        )
        for section, facts in found
    ]  # fmt: skip


def test_sections_stand_as_they_were_put(people: People) -> None:
    company = make_company(people.owner)
    arrange(people.admin, part("One", "phone", "name", "owner"), part("Two", "city"),
            left_out=frozenset(declared_shape(entity(COMPANY)).placed) - {"name"})  # fmt: skip
    # what is in the head of the page is not among the facts
    assert facts_of(people.owner, company) == [("One", ["phone", "owner"]), ("Two", ["city"])]
    form = ShapedForm(entity(COMPANY), people.owner)
    groups = [(str(one.label), [field.name for field in one.inputs]) for one in form.groups]
    assert groups == [("One", ["phone", "name", "owner"]), ("Two", ["city"])]


def test_what_is_left_out_only_administrators_see_and_what_is_new_comes_last(
    people: People,
) -> None:
    company = make_company(people.owner)
    usual = frozenset(declared_shape(entity(COMPANY)).placed)
    arrange(people.admin, company_part("phone"), left_out=usual - {"name", "phone"})
    made = add(people.admin, label="Level")
    assert facts_of(people.owner, company)[1:] == [("Other fields", [made.name])]
    sections = facts_of(people.admin, company)
    assert sections[1] == ("Other fields", [made.name])
    assert "industry" in sections[2][1]
    assert list(ShapedForm(entity(COMPANY), people.owner).fields) == ["name", "phone", made.name]


def test_the_first_of_several_roles_decides_else_everybodys(people: People) -> None:
    own = Role.objects.get(name="Own rows")
    team = Role.objects.get(name="Team rows")
    RoleAssignment.objects.create(user=people.owner, role=team)
    company = make_company(people.owner)
    arrange(people.admin, company_part("city"))
    arrange(people.admin, company_part("phone"), role=team)
    arrange(people.admin, company_part("email"), role=own)

    def first(user: User) -> str:
        user.forget_rights()
        return facts_of(user, company)[0][1][0]

    assert first(people.owner) == first(people.manager) == "phone"
    assert first(people.stranger) == "email"
    assert first(people.admin) == "city"
    url = f"/settings/layouts/companies/move/up?role={own.pk}"
    assert signed_in(people.admin).post(url).status_code == 302
    assert first(people.owner) == "email"


def test_a_layout_opens_no_field(people: People) -> None:
    role = Role.objects.get(name="Own rows")
    role.field_rules = {COMPANY: {"phone": "hidden", "city": "readonly"}}
    role.save()
    company = make_company(people.owner)
    arrange(people.admin, company_part(Placed("phone", True, True), Placed("city", True, True)))
    assert facts_of(people.owner, company)[0] == ("Mine", ["city"])
    form = ShapedForm(entity(COMPANY), people.owner)
    assert "phone" not in form.fields and "city" not in form.fields
    client = signed_in(people.owner)
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert f"/companies/{company.pk}/field/phone" not in page
    client.post("/companies/new", {"name": "Acme", "phone": "+34 600 000 000"})
    assert Company.objects.get(name="Acme").phone == ""


def test_required_in_the_form_and_in_place_and_not_in_the_api(people: People) -> None:
    waits = when("website", ("industry", "is", "food"), required=True)
    arrange(people.admin, company_part("industry", waits, Placed("city", required=True)))
    client = signed_in(people.owner)
    answer = client.post("/companies/new", {"name": "Acme", "industry": "food"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"website", "city"}
    assert not Company.objects.exists()
    company = make_company(people.owner)
    for name, held in (("city", True), ("website", False)):
        url = f"/companies/{company.pk}/field/{name}"
        assert client.post(url, {name: "", "_was": "{}"}).status_code == (422 if held else 200)
    with_industry = {"industry": "food", "_was": "{}"}
    client.post(f"/companies/{company.pk}/field/industry", with_industry)
    company.refresh_from_db()
    assert (
        one_field_form(entity(COMPANY), people.owner, "website", company).fields["website"].required
    )
    # a program is held to what the record type asks for, not to how people's forms look
    assert not entity(COMPANY).all_fields["city"].required


def test_in_place_the_page_shows_what_the_new_value_calls_for(people: People) -> None:
    company = make_company(people.owner)
    arrange(people.admin, company_part("industry", when("website", ("industry", "is", "food"))))
    client = signed_in(people.owner)
    edit = f"/companies/{company.pk}/field/website"
    assert edit not in client.get(f"/companies/{company.pk}").content.decode()
    client.post(f"/companies/{company.pk}/field/industry", {"industry": "food", "_was": "{}"})
    assert edit in client.get(f"/companies/{company.pk}").content.decode()
    assert edit in client.get(f"/companies/{company.pk}/peek").content.decode()


def test_a_field_can_wait_for_a_formula(people: People) -> None:
    made = add(people.admin, "formula", "Figure", formula="concat(industry, city)").name
    company = make_company(people.owner)
    arrange(people.admin, company_part("industry", made, when("website", (made, "set"))))
    assert facts_of(people.owner, company)[0][1] == ["industry", made]
    assert "website" not in ShapedForm(entity(COMPANY), people.owner).fields
    Company.objects.filter(pk=company.pk).update(industry="food")
    again = Company.objects.get(pk=company.pk)
    assert facts_of(people.owner, again)[0][1] == ["industry", made, "website"]
    assert "website" in ShapedForm(entity(COMPANY), people.owner, record=again).fields


def test_parts_of_the_page_in_order_and_hidden(people: People) -> None:
    company = make_company(people.owner)
    arrange(people.admin, company_part(), panels=("group", "contacts"),
            panels_left_out=frozenset({"timeline"}))  # fmt: skip
    page = signed_in(people.owner).get(f"/companies/{company.pk}")
    assert page.context["main_panels"] == []
    names = [one["panel"].name for one in page.context["side_panels"]]
    assert names[:2] == ["group", "contacts"] or names[0] == "contacts"
    assert "timeline" not in names and len(names) > 1


def test_a_task_keeps_its_text_in_its_panel(people: People) -> None:
    task = make_task(people.owner)
    key = "interactions.task"
    arrange(people.admin, *declared_shape(entity(key)).parts, key=key)
    before = [name for section in entity(key).sections for name in section.fields]
    shown = [name for _title, names in facts_of(people.owner, task, key) for name in names]
    assert shown == before
    assert {"title", "notes"} <= set(ShapedForm(entity(key), people.owner, record=task).fields)


@pytest.mark.parametrize("key", [one.key for one in entities()])
def test_what_it_is_declared_as_is_a_layout_that_changes_nothing(key: str, people: People) -> None:
    kind = entity(key)
    shape = shape_from(declared_shape(kind).as_json())
    for user in (people.owner, people.admin):
        plain, shaped = page_parts(user, kind, None), page_parts(user, kind, shape)
        assert [[f.name for f in one.fields] for one in plain] == [
            [f.name for f in one.fields] for one in shaped
        ]
    for new in (True, False):
        asked = {f.name for one in form_parts(kind, None, new=new) for f in one.fields}
        assert asked == {f.name for one in form_parts(kind, shape, new=new) for f in one.fields}


def test_another_process_learns_of_a_layout(people: People) -> None:
    layout = arrange(people.admin, company_part("phone"))
    known._known = known.Known("1", {})  # what another process knew before
    people.owner.forget_rights()
    shape = shape_of(people.owner, entity(COMPANY))
    assert shape is not None and shape.as_json() == layout.shape


# --- any layout, any reader --------------------------------------------------------------------------


@dataclass
class Drawn:
    """A layout that hypothesis made of the fields there are."""

    parts: tuple[Part, ...]


@st.composite
def layouts(draw: st.DrawFn) -> Drawn:
    """Sections of any fields, some of which wait for others of a later place."""
    fields = entity(COMPANY).declared_fields
    names = draw(st.permutations(sorted(fields)))[: draw(st.integers(4, len(fields)))]
    names = ["name", *(name for name in names if name != "name")]
    placed = []
    for at, name in enumerate(names):
        conditions = []
        later = [fields[one] for one in names[at + 1 :] if operators_for(fields[one])]
        if name != "name" and later and draw(st.booleans()):
            other = draw(st.sampled_from(later))
            asks = draw(st.sampled_from(operators_for(other)))
            values = [value for value, _label in values_named(other)]
            naming = asks not in ("empty", "set")
            chosen = (draw(st.sampled_from(values)),) if naming else ()
            conditions.append(Condition(other.name, asks, chosen))
        placed.append(Placed(name, False, draw(st.booleans()), tuple(conditions)))
    cut = draw(st.integers(1, len(placed)))
    return Drawn(tuple(Part(str(at), some, labels={"": str(at)})
                       for at, some in enumerate((tuple(placed[:cut]), tuple(placed[cut:])))))  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(drawn=layouts(), hidden=st.sets(st.sampled_from(
    ["phone", "city", "state", "industry", "size", "iban", "tags"]), max_size=4),
    industry=st.sampled_from(["", "food"]))  # fmt: skip
def test_exactly_what_is_permitted_and_what_conditions_allow(
    drawn: Drawn, hidden: set[str], industry: str, people: People
) -> None:
    kind = entity(COMPANY)
    role = Role.objects.get(name="Own rows")
    role.field_rules = {COMPANY: dict.fromkeys(hidden, "hidden")}
    role.save()
    people.owner.forget_rights()
    record = Company(kind="company", name="Acme", industry=industry, owner=people.owner, pk=1)
    shape = Shape(drawn.parts, left_out=frozenset(kind.all_fields))
    permitted = {field.name for field in kind.fields_for(people.owner)}

    def meets(placed: Placed) -> bool:
        def words(name: str) -> list[str]:
            value = getattr(record, kind.all_fields[name].column or "", None)
            value = getattr(value, "pk", value)
            several = value if isinstance(value, list) else [value]
            return [str(one) for one in several if one not in (None, "")]

        return all(one.holds(words(one.field)) for one in placed.when if one.field in permitted)

    expected = [name for name, one in shape.placed.items() if name in permitted and meets(one)]
    found = sections_of(people.owner, kind, record, False, shape)
    labels = {str(one.label): one.name for one in kind.all_fields.values()}
    shown = [
        labels[str(html).split("<dt>")[1].split("</dt>")[0]]
        for _part, facts in found
        for html in (*facts.known, *facts.empty)
    ]
    assert sorted(shown) == sorted(name for name in expected if name != "name")
    form = ShapedForm(kind, people.owner, record=record, shape=shape)
    inputs = {name for name in form.fields if name not in form.concealed}
    assert inputs == {name for name in expected if kind.all_fields[name].editable}
