"""Roll-ups in the search, and with an index over the related records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from tests.personas import People
from tests.records.computed.test_filed import _indexes, found
from tests.records.computed.test_formulas import formula, hide, values
from tests.records.computed.test_rollups import call, task
from tests.records.custom.kinds import add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.interactions.models import Interaction, Task
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.custom import known
from vinculo.platform.models import CustomField
from vinculo.records.custom.actions import (
    change_custom_field,
    delete_custom_field,
    restore_custom_field,
)
from vinculo.records.custom.indexing import index_custom_field, indexes_of
from vinculo.records.custom.jobs import refresh_search
from vinculo.records.custom.spelling import Wish
from vinculo.records.lists import matching, ordering, parse_list, searched
from vinculo.records.registry import entity

COMPANIES, TASKS, CALLS = "parties.company", "interactions.task", "interactions.interaction"
pytestmark = pytest.mark.django_db
indexed = pytest.mark.django_db(transaction=True)


def last_subject(people: People, **more: Any) -> CustomField:
    """The last call of a company, by its subject."""
    told = {"of": CALLS, "by": "company", "how": "last", "field": "subject", "latest": "at"}
    return add(people.admin, "rollup", "Last call", rollup=told, **more)


# --- the search -----------------------------------------------------------------------------------


@indexed
def test_the_search_finds_the_last_text_of_related_records(people: People) -> None:
    made = last_subject(people, searched=True)
    acme = make_company(people.owner, "Acme")
    make_company(people.owner, "Other")
    call(people.owner, acme, 1, 5, "Vibranium ordered")
    assert found_companies(people, "vibranium") == []  # not yet: the index comes first
    refresh_search(field=made.pk)
    assert len(_indexes(made)) == 1
    for text in ("vibran", "acme vibranium", "VIBRANIUM ord"):
        assert found_companies(people, text) == ["Acme"], text
    assert found_companies(people, "other vibranium") == []
    rows = signed_in(people.owner).get("/companies?q=vibranium").context["rows"]
    assert [str(row.record) for row in rows] == ["Acme"]
    # It follows at once: a later call says something else.
    call(people.owner, acme, 9, 5, "远景科技 Größe")
    assert found_companies(people, "vibranium") == []
    for text in ("景科技", "grösse", "größe"):
        assert found_companies(people, text) == ["Acme"], text


def found_companies(people: People, text: str) -> list[str]:
    """The companies that the owner finds."""
    people.owner.forget_rights()
    companies = set(Company.objects.values_list("name", flat=True))
    return [name for name in found(people.owner, text) if name in companies]


@indexed
def test_nobody_finds_by_what_they_may_not_see(people: People) -> None:
    made = last_subject(people, searched=True)
    refresh_search(field=made.pk)
    acme = make_company(people.owner, "Acme")
    call(people.owner, acme, 1, 5, "Adamantium")
    call(people.stranger, acme, 9, 5, "Vibranium")
    for user in (people.owner, people.admin):
        user.forget_rights()
    # The owner's last call is their own; who sees both finds by the newer one, not by the older.
    assert "Acme" in found(people.owner, "adamantium")
    assert "Acme" not in found(people.owner, "vibranium")
    assert "Acme" in found(people.admin, "vibranium")
    assert "Acme" not in found(people.admin, "adamantium")
    for word, rows in (("adamantium", ["Acme"]), ("vibranium", [])):
        page = signed_in(people.owner).get(f"/companies?q={word}")
        assert [str(row.record) for row in page.context["rows"]] == rows
    hide(people.owner, CALLS, "subject")
    assert "Acme" not in found(people.owner, "adamantium")
    assert not signed_in(people.owner).get("/companies?q=adamantium").context["rows"]


@indexed
def test_the_search_asks_the_index_of_the_related_records(people: People) -> None:
    made = last_subject(people, searched=True)
    acme = make_company(people.owner, "Acme")
    _many_calls(people, acme, 3000)
    refresh_search(field=made.pk)
    people.admin.forget_rights()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE interactions_interaction")
    asked = searched(entity(COMPANIES), people.admin, "zanzibar")
    plan = entity(COMPANIES).visible(people.admin).filter(asked).order_by().values("pk").explain()
    assert _indexes(made)[0] in plan, plan


def _many_calls(people: People, company: Company, many: int) -> None:
    Interaction.objects.bulk_create(
        (
            Interaction(kind="call", party_id=company.pk, company_id=company.pk, minutes=n,
                        subject=f"Word{n}", at=datetime(2026, 3, 1, tzinfo=UTC), owner=people.owner)
            for n in range(many)
        ),
        batch_size=1000,
    )  # fmt: skip


def test_a_filter_asks_what_the_search_finds(people: People) -> None:
    made = last_subject(people, searched=True)
    text = formula(people, 'name & " vibranium"', "Tag", searched=True)
    CustomField.objects.update(search_ready=True)
    acme = make_company(people.owner, "Acme")
    call(people.owner, acme, 1, 5, "Crème")
    known.forget()
    people.owner.forget_rights()
    assert entity(COMPANIES).all_fields[text.name].searched
    assert values(people.owner, made.name, **{f"{made.name}.contains": "creme"}) == {
        "Acme": "Crème"
    }
    assert list(values(people.owner, text.name, **{f"{text.name}.contains": "vibran"})) == ["Acme"]


# --- indexes --------------------------------------------------------------------------------------


@indexed
@pytest.mark.parametrize(
    ("how", "more"),
    [
        ("last", {"field": "subject", "latest": "at"}),
        ("max", {"field": "minutes"}),
        ("count", {"where": "status.is=done&minutes.above=5"}),
    ],
)
def test_a_list_in_the_order_of_a_roll_up_reads_its_index(
    people: People, how: str, more: dict[str, str]
) -> None:
    told = {"of": CALLS, "by": "company", "how": how, **more}
    made = add(people.admin, "rollup", "Roll", rollup=told, indexed=True)
    for number in range(30):
        _many_calls(people, make_company(people.owner, f"C{number}"), 100)
    assert _indexes(made) == []
    index_custom_field(field=made.pk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE interactions_interaction")
    (name,) = indexes_of(CustomField.objects.get(pk=made.pk))
    state = parse_list(entity(COMPANIES), people.admin, {"sort": made.name})
    plan = matching(state).order_by(*ordering(state)).values("pk")[:50].explain()
    assert name in plan, plan


@indexed
def test_an_index_goes_when_the_roll_up_changes_or_is_gone(people: People) -> None:
    supplier = add(people.admin, "relation", "Supplier", target=COMPANIES, key=TASKS)
    worth = add(people.admin, "money", "Worth", key=TASKS, currency="EUR")
    told = {"of": TASKS, "by": supplier.name, "how": "sum", "field": worth.name}
    made = add(people.admin, "rollup", "Spent", rollup=told, indexed=True)
    index_custom_field(field=made.pk)
    (first,) = _indexes(made)
    labels = {"": "Spent"}
    change_custom_field(actor=people.admin, custom_field=made,
                        wish=Wish(labels, rollup={**told, "how": "count"}, indexed=True))  # fmt: skip
    index_custom_field(field=made.pk)
    (second,) = _indexes(made)
    assert second != first
    delete_custom_field(actor=people.admin, custom_field=supplier)
    index_custom_field(field=made.pk)
    assert _indexes(made) == []
    supplier.refresh_from_db()
    restore_custom_field(actor=people.admin, custom_field=supplier)
    index_custom_field(field=made.pk)
    assert _indexes(made) == [second]
    made.refresh_from_db()
    change_custom_field(actor=people.admin, custom_field=made, wish=Wish(labels, rollup=told))
    index_custom_field(field=made.pk)
    assert _indexes(made) == []


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"how": "count"}, "searched"),
        ({"how": "max", "field": "due_on"}, "searched"),
        ({"how": "last", "field": "priority", "latest": "created_at"}, "searched"),
    ],
)
def test_what_has_no_words_is_not_searched(
    people: People, told: dict[str, str], named: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add(people.admin, "rollup", "Roll", rollup={"of": TASKS, "by": "company", **told},
            **{named: True})  # fmt: skip
    assert refused.value.field == named
    assert not CustomField.objects.exists()


def test_what_is_another_value_tomorrow_has_no_index(people: People) -> None:
    left = add(people.admin, "formula", "Left", key=TASKS, formula="days_between(today(), due_on)")
    told = {"of": TASKS, "by": "company", "how": "min", "field": left.name}
    with pytest.raises(DomainError) as refused:
        add(people.admin, "rollup", "Roll", rollup=told, indexed=True)
    assert refused.value.field == "indexed"
    acme = make_company(people.owner, "Acme")
    task(people.owner, acme, "T", due_on=date(2030, 1, 1))
    made = add(people.admin, "rollup", "Roll", rollup=told)
    assert values(people.owner, made.name)["Acme"] > 0 and Task.objects.count() == 1


def test_the_form_asks_whether_it_is_found_and_fast(people: People) -> None:
    client = signed_in(people.admin)
    url = "/settings/fields/companies/new?kind=rollup&of=interactions.task&by=company"
    page = client.get(url).content.decode()
    assert 'name="searched"' in page and 'name="indexed"' in page
    assert "who looks for its words finds this record" in page
    sent = {"label": "Newest", "how": "last", "of_field": "title", "latest": "created_at",
            "searched": "on", "indexed": "on"}  # fmt: skip
    refused = client.post(url, {**sent, "how": "count"})
    assert refused.status_code == 422 and "searched" in refused.context["form"].errors
    assert client.post(url, sent).status_code == 302
    made = CustomField.objects.get()
    assert (made.searched, made.indexed, len(indexes_of(made))) == (True, True, 2)
