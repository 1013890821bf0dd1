"""Formulas: what is refused where, what they give on every surface, and what they never tell."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People
from tests.records.api.calling import Caller, make_key
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, CustomField, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.computed.formulas.parsing import parse
from vinculo.records.computed.formulas.tree import FormulaError
from vinculo.records.computed.plans import plan_of
from vinculo.records.custom.actions import (
    change_custom_field,
    delete_custom_field,
    restore_custom_field,
)
from vinculo.records.custom.spelling import Wish
from vinculo.records.lists import page_of, parse_list
from vinculo.records.registry import entity
from vinculo.records.transfer.export import csv_lines

pytestmark = pytest.mark.django_db
COMPANIES = "parties.company"


def formula(people: People, source: str, label: str = "Figure", **more: Any) -> CustomField:
    """A formula field of companies."""
    return add(people.admin, "formula", label, formula=source, **more)


def values(user: User, name: str, **asked: str) -> dict[str, Any]:
    """What a list of companies has in the field, by company."""
    state = parse_list(entity(COMPANIES), user, {"cols": f"name,{name}", **asked})
    field = entity(COMPANIES).field_for(user, name)
    assert field is not None
    return {str(one): field.value(one) for one in page_of(state).records}


def hold(user: User, name: str, **kept: Any) -> Company:
    """A company with these values of custom fields."""
    company = make_company(user, name)
    Company.objects.filter(pk=company.pk).update(custom=kept)
    company.refresh_from_db()
    return company


def hide(user: User, key: str, *names: str) -> None:
    """Take fields of a record type from everybody with the user's role."""
    role = user.active_roles()[0]
    role.field_rules = {key: dict.fromkeys(names, "hidden")}
    role.save()
    user.forget_rights()


# --- what is refused, and where -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "wrong", "said"),
    [
        ("", "", "Write a formula"),
        ("1 +", "", "ends too early"),
        ("(1 + 2", "(", "never closed"),
        ("1)", ")", "never opened"),
        ("1 2", "2", "operator is missing"),
        ("1 < 2 < 3", "<", "Join comparisons"),
        ("size # 2", "#", "means nothing"),
        ("'abc", "'abc", "quote is missing"),
        ("custom_nothing + 1", "custom_nothing", "no field called"),
        ("1 + {Nothing here}", "{Nothing here}", "no field called"),
        ("iban", "iban", "no field called"),
        ("street", "street", "no field called"),
        ("sqrt(4)", "sqrt", "no function called"),
        ("1 + left('a')", "left('a')", "is given 1 values"),
        ("1 + 'a'", "'a'", "a number is wanted"),
        ("1 + name", "name", "a number is wanted"),
        ("if(1, 2, 3)", "1", "yes or no is wanted"),
        ("if(true, 2, 'b')", "'b'", "a number is wanted"),
        ("not 5", "5", "yes or no is wanted"),
        ("created_at + created_at", "created_at", "a number is wanted"),
        ("state = 'nonsense'", "'nonsense'", "none of the choices"),
        ("owner", "owner", "cannot give a record"),
        ("custom_eur + custom_usd", "custom_usd", "an amount (EUR) is wanted"),
        ("custom_eur * custom_usd", "custom_eur * custom_usd", "multiplied by an amount"),
        ("custom_eur + completeness", "completeness", "an amount (EUR) is wanted"),
        ("round(1, 11)", "11", "from 0 to 10"),
        ("1" * 19, "1" * 19, "too long"),
        ("(" * 60 + "1" + ")" * 60, "", "too deep"),
        ("+".join(["1"] * 100), "", "too long"),
    ],
)
def test_a_formula_is_refused_at_its_place(
    people: People, source: str, wrong: str, said: str
) -> None:
    add(people.admin, "money", "eur", currency="EUR")
    add(people.admin, "money", "usd", currency="USD")
    with pytest.raises(FormulaError) as caught:
        formula(people, source)
    assert said in str(caught.value) and caught.value.field == "formula"
    if wrong:
        assert source[caught.value.at : caught.value.end] == wrong
    assert CustomField.objects.count() == 2


@given(st.text("0123456789.+-*/=<>&(),;'\"“”{}abif_ \n你，（", max_size=40))
def test_any_text_is_understood_or_refused_within_it(source: str) -> None:
    try:
        parse(source)
    except FormulaError as error:
        assert 0 <= error.at <= len(source)


def test_labels_become_names_and_full_width_signs_count(people: People) -> None:
    add(people.admin, "number", "合同 数")
    made = formula(people, "（{合同 数} ＋ 1）× 2")
    assert made.formula.startswith("（custom_") and "{" not in made.formula
    hold(people.owner, "Acme", **{entity(COMPANIES).all_fields["custom_he_tong_shu"].custom: 4})
    assert values(people.owner, made.name) == {"Acme": Decimal(10)}


def test_a_circle_is_refused_by_name(people: People) -> None:
    one = formula(people, "1", "One")
    two = formula(people, f"{one.name} + 1", "Two")
    three = formula(people, f"{two.name} + 1", "Three")
    for source in (one.name, two.name, f"1 + {three.name}"):
        with pytest.raises(FormulaError, match="round in a circle: One → ") as caught:
            change_custom_field(
                actor=people.admin, custom_field=one, wish=Wish({"": "One"}, formula=source)
            )
        one.refresh_from_db()
        assert one.formula == "1" and caught.value.at == source.index("custom")


def test_undo_can_make_a_circle_which_gives_nothing(people: People) -> None:
    one, two = formula(people, "5", "One"), formula(people, "1", "Two")
    change_custom_field(
        actor=people.admin, custom_field=one, wish=Wish({"": "One"}, formula=two.name)
    )
    change_custom_field(actor=people.admin, custom_field=one, wish=Wish({"": "One"}, formula="2"))
    back = ChangeSet.objects.latest("pk")
    change_custom_field(
        actor=people.admin, custom_field=two, wish=Wish({"": "Two"}, formula=one.name)
    )
    make_company(people.owner, "Acme")
    undo_change_set(actor=people.admin, change_set=back)
    assert values(people.owner, one.name) == {"Acme": None}
    page = signed_in(people.admin).get("/settings/fields").content.decode()
    assert "round in a circle" in page


def test_formulas_that_grow_in_each_other_are_refused(people: People) -> None:
    last = formula(people, "completeness", "F0").name
    with pytest.raises(FormulaError, match="together with those"):
        for number in range(1, 10):
            last = formula(people, "+".join([last] * 20), f"F{number}").name


def test_the_sort_of_value_stays_while_others_reckon_with_it(people: People) -> None:
    base = formula(people, "completeness", "Base")
    formula(people, f"{base.name} * 2", "Double")
    with pytest.raises(DomainError, match="“Double” uses this field"):
        change_custom_field(
            actor=people.admin, custom_field=base, wish=Wish({"": "Base"}, formula="name")
        )
    base.refresh_from_db()
    assert (base.formula, base.gives) == ("completeness", "number")


# --- fields that come and go ---------------------------------------------------------------------


def test_a_deleted_field_leaves_it_empty_and_says_so(people: People) -> None:
    floors = add(people.admin, "number", "Floors")
    made = formula(people, "custom_floors * 2", "Twice")
    again = formula(people, f"{made.name} + 1", "Again")
    company = hold(people.owner, "Acme", floors=4)
    assert values(people.owner, again.name) == {"Acme": Decimal(9)}
    client = signed_in(people.admin)
    answer = client.post(f"/settings/fields/{floors.pk}/delete", follow=True)
    assert "Now empty, because they use it: Twice, Again." in answer.content.decode()
    for name in (made.name, again.name):
        assert values(people.owner, name) == {"Acme": None}
        told = signed_in(people.owner).get(f"/companies/{company.pk}/how/{name}").content.decode()
        assert "can no longer be worked out" in told
    assert values(people.owner, made.name, **{f"{made.name}.min": "1"}) == {}
    floors.refresh_from_db()
    restore_custom_field(actor=people.admin, custom_field=floors)
    assert values(people.owner, again.name) == {"Acme": Decimal(9)}


def test_a_new_label_changes_nothing(people: People) -> None:
    floors = add(people.admin, "number", "Floors")
    made = formula(people, "{Floors} * 2")
    change_custom_field(actor=people.admin, custom_field=floors, wish=Wish({"": "Storeys"}))
    hold(people.owner, "Acme", floors=4)
    assert values(people.owner, made.name) == {"Acme": Decimal(8)}


# --- on every surface ----------------------------------------------------------------------------


def test_listed_filtered_sorted_paged_grouped_and_added_up(people: People) -> None:
    add(people.admin, "money", "Worth", currency="EUR")
    tax = formula(people, "custom_worth * 0.21", "Tax")
    size = formula(people, "if(custom_worth >= 1000, 'Large', 'Small')", "Class")
    assert (tax.currency, tax.decimals, tax.gives) == ("EUR", 2, "money")
    for name, worth in (("A", "100.50"), ("B", "2000"), ("C", None)):
        hold(people.owner, name, **({"worth": worth} if worth else {}))
    client = signed_in(people.owner)
    page = client.get(f"/companies?cols=name,{tax.name}&sort=-{tax.name}").content.decode()
    assert "€420.00" in page and "€21.11" in page
    assert list(values(people.owner, tax.name, sort=f"-{tax.name}")) == ["B", "A", "C"]
    assert values(people.owner, tax.name, **{f"{tax.name}.between": "20..22"}) == {
        "A": Decimal("21.11")
    }
    assert list(values(people.owner, tax.name, **{f"{tax.name}.empty": "1"})) == ["C"]
    assert list(values(people.owner, tax.name, **{f"{tax.name}.not": "420"})) == ["A", "C"]
    state = parse_list(entity(COMPANIES), people.owner, {"sort": tax.name, "limit": "1"})
    first = page_of(state)
    after = {"sort": tax.name, "limit": "1", "after": first.next}
    second = page_of(parse_list(entity(COMPANIES), people.owner, after))
    assert [str(one) for one in (*first.records, *second.records)] == ["A", "B"]
    grouped = client.get(f"/companies?group={size.name}&cols=name,{tax.name}").content.decode()
    assert "Large" in grouped and "Small" in grouped
    figures = client.get(f"/companies/figures?cols=name,{tax.name}").content.decode()
    assert "441.11" in figures


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0", None),
        ("*".join(["999999999999999999"] * 40), None),
        ("add_days(today(), 999999999999)", None),
        ("'%s {key} %(x)s' & left(name, 0 - 5)", "%s {key} %(x)s"),
        ("1 / 3", "0.333333"),
    ],
)
def test_what_would_break_a_page_is_empty(people: People, source: str, told: str | None) -> None:
    name = formula(people, source, decimals=6).name
    make_company(people.owner, "Acme")
    assert [one and str(one) for one in values(people.owner, name).values()] == [told]
    page = signed_in(people.owner).get(f"/companies?cols=name,{name}").content.decode()
    assert told is None or told in page


def test_exported_told_by_the_api_and_written_by_nobody(people: People) -> None:
    made = formula(people, "completeness + 0.5", "Figure", decimals=1)
    company = make_company(people.owner, "Acme")
    Company.objects.filter(pk=company.pk).update(completeness=40)
    for columns in (f"name,{made.name}", f"name,street,{made.name}"):
        state = parse_list(entity(COMPANIES), people.owner, {"cols": columns})
        assert "40.5" in "".join(csv_lines(state))
    api = Caller(make_key(people.owner)[1])
    assert api.get(f"/companies/{company.pk}").json()["data"][made.name] == "40.5"
    asked = f"/companies?fields={made.name}&{made.name}.min=40&sort={made.name}"
    assert api.get(asked).json()["data"][0][made.name] == "40.5"
    schema = api.get("/openapi.json").json()["components"]["schemas"]
    assert schema["Company"]["properties"][made.name]
    assert made.name not in json.dumps(schema["CompanyNew"])
    assert api.patch(f"/companies/{company.pk}", {made.name: "1"}).status_code == 422
    client = signed_in(people.owner)
    assert f'name="{made.name}"' not in client.get("/companies/new").content.decode()
    assert f'name="{made.name}"' not in client.get(f"/companies/{company.pk}/edit").content.decode()
    assert client.post(f"/companies/{company.pk}/field/{made.name}", {made.name: "1"}).status_code in (403, 404)  # fmt: skip
    page = client.get(f"/companies/{company.pk}").content.decode()
    assert "40.5" in page and f"/companies/{company.pk}/how/{made.name}" in page
    told = client.get(f"/companies/{company.pk}/how/{made.name}").content.decode()
    assert "completeness + 0.5" in told and "40 %" in told and "40.5" in told


# --- what a reader may see -----------------------------------------------------------------------


def test_a_formula_is_as_hidden_as_what_it_reads(people: People) -> None:
    add(people.admin, "text", "Secret")
    made = formula(people, "'It is ' & custom_secret", "Told")
    again = formula(people, f"upper({made.name})", "Aloud")
    company = hold(people.owner, "Acme", secret="Qzcanary")
    client = signed_in(people.owner)
    pages = [f"/companies/{company.pk}", f"/companies/{company.pk}/peek",
             f"/companies?cols=name,{made.name},{again.name}"]  # fmt: skip
    for url in pages:
        assert "QZCANARY" in client.get(url).content.decode(), url
    hide(people.owner, COMPANIES, "custom_secret")
    api = Caller(make_key(people.owner)[1])
    for url in (*pages, f"/companies/{company.pk}/history", "/companies/export.csv"):
        assert "qzcanary" not in client.get(url).content.decode().lower(), url
    assert "qzcanary" not in json.dumps(api.get(f"/companies/{company.pk}").json()).lower()
    for name in (made.name, again.name):
        assert entity(COMPANIES).field_for(people.owner, name) is None
        assert client.get(f"/companies/{company.pk}/how/{name}").status_code == 404
        for asked in ({f"{name}.contains": "x"}, {"sort": name}, {"group": name}):
            assert client.get("/companies", asked).status_code == 422
            assert api.get(f"/companies?{next(iter(asked))}=x").status_code == 422
    # a role that merely reads more sees it again; nobody's rights were kept for another
    assert entity(COMPANIES).field_for(people.admin, made.name) is not None


def test_one_readers_path_is_no_use_to_another(people: People) -> None:
    made = formula(people, "completeness")
    mine = entity(COMPANIES).field_for(people.owner, made.name)
    others = entity(COMPANIES).field_for(people.stranger, made.name)
    assert mine is not None and others is not None and mine.column != others.column
    nobody = entity(COMPANIES).all_fields[made.name].column
    with pytest.raises(LookupError):
        Company.objects.values_list(nobody).first()
    assert not Company.objects.filter(pk=0).exists()


def test_only_administrators_look_at_a_formula(people: People) -> None:
    url = "/settings/fields/companies/formula"
    assert signed_in(people.owner).post(url, {"formula": "1"}).status_code == 403
    client = signed_in(people.admin)
    make_company(people.owner, "Acme")
    good = client.post(url, {"formula": "length(name) / 2", "decimals": "1"}).content.decode()
    assert "This gives a number." in good and "Acme" in good and ">2" in good
    bad = client.post(url, {"formula": "length(name) +\n 'a'"}).content.decode()
    assert "Letter 17:" in bad and "<mark>&#x27;a&#x27;</mark>" in bad
    assert client.post("/settings/fields/nothing/formula", {"formula": "1"}).status_code == 404
    saved = client.post(
        "/settings/fields/companies/new?kind=formula", {"label": "X", "formula": "1 +"}
    )
    assert saved.status_code == 422 and "The error is at letter 4" in saved.content.decode()
    assert not CustomField.objects.exists()


def test_a_broken_plan_says_why(people: People) -> None:
    floors = add(people.admin, "number", "Floors")
    made = formula(people, "custom_floors")
    delete_custom_field(actor=people.admin, custom_field=floors)
    trouble = plan_of(CustomField.objects.get(pk=made.pk)).trouble
    assert trouble is not None and "custom_floors" in str(trouble)
