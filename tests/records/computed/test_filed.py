"""Formulas in the history, in the search, and with an index of their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People
from tests.records.api.calling import Caller, make_key
from tests.records.computed.test_formulas import formula, hide, hold
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company, make_person
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.models import CustomField, User
from vinculo.records.custom.actions import change_custom_field, delete_custom_field
from vinculo.records.custom.indexing import index_custom_field, indexes_of
from vinculo.records.custom.jobs import refresh_search
from vinculo.records.custom.spelling import Wish
from vinculo.records.history import history_of
from vinculo.records.lists import matching, ordering, parse_list
from vinculo.records.registry import entity
from vinculo.records.search import search
from vinculo.records.writing import edit_record

COMPANIES = "parties.company"
pytestmark = pytest.mark.django_db


def written(user: User, company: Company, **values: Any) -> None:
    edit_record(actor=user, entity=entity(COMPANIES), record=company, data=values)
    company.refresh_from_db()


def told(user: User, company: Company, label: str) -> list[tuple[Any, Any]]:
    """What the history says a field was and became, the newest first."""
    entries = history_of(entity(COMPANIES), company, user)
    return [(one.was, one.became) for entry in entries for one in entry.altered
            if str(one.label) == label]  # fmt: skip


# --- history ------------------------------------------------------------------------------------


def test_the_history_tells_what_followed_from_a_change(people: People) -> None:
    seats = add(people.admin, "number", "Seats")
    price = add(people.admin, "money", "Price", currency="EUR")
    made = formula(people, f"{seats.name} * {price.name}", "Worth")
    formula(people, f'if({made.name} > 1000, "large", "small")', "Size class")
    company = make_company(people.owner, "Acme")
    written(people.admin, company, **{seats.name: 10, price.name: Decimal("20.50")})
    written(people.admin, company, **{seats.name: 100})
    written(people.admin, company, name="Acme Ltd")
    assert told(people.owner, company, "Worth") == [
        (Decimal("205.00"), Decimal("2050.00")),
        (None, Decimal("205.00")),
    ]
    assert told(people.owner, company, "Size class") == [("small", "large")]
    page = signed_in(people.owner).get(f"/companies/{company.pk}/history").content.decode()
    assert "€2,050.00" in page
    caller = Caller(make_key(people.owner)[1])
    answer = caller.get(f"/api/v1/companies/{company.pk}/history").json()
    said = [one for entry in answer["data"] for one in entry["changes"] if one["label"] == "Worth"]
    assert [(one["old"], one["new"]) for one in said] == [("205.00", "2050.00"), (None, "205.00")]


def test_a_formula_of_today_is_told_as_it_was_on_the_day(people: People) -> None:
    due = add(people.admin, "date", "Due")
    formula(people, f"days_between(today(), {due.name})", "Left")
    company = make_company(people.owner, "Acme")
    written(people.admin, company, **{due.name: date(2030, 1, 1)})
    days = (date(2030, 1, 1) - timezone.localdate(now())).days
    assert told(people.owner, company, "Left") == [(None, Decimal(days))]


def test_the_history_hides_what_follows_from_what_is_hidden(people: People) -> None:
    seats = add(people.admin, "number", "Seats")
    formula(people, f"{seats.name} + 1", "More")
    company = make_company(people.owner, "Acme")
    written(people.admin, company, **{seats.name: 1})
    assert told(people.owner, company, "More") == [(None, Decimal(2))]
    hide(people.owner, COMPANIES, seats.name)
    assert told(people.owner, company, "More") == []


# --- index --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_list_in_the_order_of_a_formula_reads_its_index(people: People) -> None:
    seats = add(people.admin, "number", "Seats")
    made = formula(people, f'if({seats.name} > 5, {seats.name} * 12, 0) + length("a%b")', "Year",
                   indexed=True)  # fmt: skip
    Company.objects.bulk_create((
        Company(name=f"C{number}", kind="company", sort_name=f"c{number}", owner=people.owner,
                custom={seats.slug: number} if number % 2 else {})
        for number in range(3000)), batch_size=1000
    )  # fmt: skip
    index_custom_field(field=made.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_party")
    state = parse_list(entity(COMPANIES), people.admin, {"sort": made.name})
    plan = matching(state).order_by(*ordering(state)).values("pk")[:50].explain()
    (name,) = indexes_of(CustomField.objects.get(pk=made.pk))
    assert name in plan, plan
    # Another formula is another index; a field less, and there is none.
    change_custom_field(actor=people.admin, custom_field=made,
                        wish=Wish({"": "Year"}, formula=f"{seats.name} * 2", decimals=2, indexed=True))  # fmt: skip
    index_custom_field(field=made.pk)
    assert _indexes(made) == list(indexes_of(made)) != [name]
    delete_custom_field(actor=people.admin, custom_field=seats)
    index_custom_field(field=made.pk)
    assert _indexes(made) == []


def _indexes(made: CustomField) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE %s", [rf"custom\_{made.pk}\_%"]
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("days_between(today(), date(created_at))", "indexed"),
        ("created_at & name", "searched"),
        ("1 + 1", "searched"),
    ],
)
def test_what_cannot_be_filed_is_refused(source: str, named: str, people: People) -> None:
    with pytest.raises(DomainError) as refused:
        formula(people, source, **dict[str, Any]({named: True}))
    assert refused.value.field == named
    assert not CustomField.objects.exists()


def test_a_formula_that_others_file_by_stays_one_that_can_be_filed(people: People) -> None:
    first = formula(people, "name", "First")
    formula(people, f"upper({first.name})", "Second", searched=True)
    with pytest.raises(DomainError):
        change_custom_field(actor=people.admin, custom_field=first,
                            wish=Wish({"": "First"}, formula="name & created_at"))  # fmt: skip


def test_two_record_types_of_one_table_never_share_a_key(people: People) -> None:
    """An index of one type's numbers would stumble over the other's words."""
    first = add(people.admin, "number", "Floors")
    second = add(people.admin, "text", "Floors", key="parties.person")
    assert first.slug != second.slug


# --- search -------------------------------------------------------------------------------------


def found(user: User, text: str) -> list[str]:
    return [str(one) for group in search(user, text) for one in group.records]


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_the_words_of_a_formula(people: People) -> None:
    code = add(people.admin, "text", "Code")
    made = formula(people, f'"Größe-" & {code.name} & " 远景科技"', "Tag", searched=True)
    acme = hold(people.owner, "Acme", **{code.slug: "Vibranium"})
    make_company(people.owner, "Other")
    make_person(people.owner, "Vibran Other")
    assert found(people.owner, "vibranium") == []  # not yet: the index comes first
    refresh_search(field=made.pk)
    assert len(_indexes(made)) == 1
    people.owner.forget_rights()
    for text in ("vibran", "acme vibranium", "größe", "远景", "景科技"):
        assert "Acme" in found(people.owner, text), text
    assert "Acme" not in found(people.owner, "vibraniums")
    assert "Acme" not in found(people.owner, "other vibranium")
    client = signed_in(people.owner)
    rows = client.get("/companies?q=vibranium").context["rows"]
    assert [str(row.record) for row in rows] == ["Acme"]
    # It follows at once, by whatever way the fields change.
    Company.objects.filter(pk=acme.pk).update(custom={code.slug: "Adamantium"})
    assert found(people.owner, "vibranium") == [] and found(people.owner, "adamant") == ["Acme"]
    # Nobody is told of what follows from a field that they may not see.
    hide(people.owner, COMPANIES, code.name)
    assert found(people.owner, "adamantium") == []
    assert not signed_in(people.owner).get("/companies?q=adamantium").context["rows"]


@given(st.text(max_size=80))
def test_the_words_of_any_text_can_be_filed(text: str) -> None:
    said = text.replace("\x00", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT vinculo_words_in(%s)", [said.encode("utf-8", "ignore").decode()])
        assert cursor.fetchone() is not None
