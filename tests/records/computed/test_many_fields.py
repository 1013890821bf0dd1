"""Two hundred fields of one's own, and roll-ups over many records: how often the database is asked,
and that it finds by an index what points at a record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.records.custom.kinds import CHOICES, add
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.platform.custom import known
from vinculo.platform.models import CustomField
from vinculo.records.computed.plans import ways_to
from vinculo.records.registry import entities, entity

pytestmark = pytest.mark.django_db
KINDS = ("text", "number", "money", "date", "boolean", "choice", "email", "formula", "rollup",
         "long_text")  # fmt: skip


def two_hundred(people: People) -> None:
    """Twenty companies' fields of each of ten kinds; the first of each kind by the verb."""
    more = {
        "choice": {"choices": CHOICES}, "money": {"currency": "EUR"},
        "formula": {"formula": "length(name) + completeness"},
        "rollup": {"rollup": {"of": "interactions.task", "by": "company", "how": "count"}},
    }  # fmt: skip
    for kind in KINDS:
        first = add(people.admin, kind, f"First {kind}", **more.get(kind, {}))
        for number in range(19):
            first.pk, first._state.adding = None, True
            first.slug, first.labels = f"{kind}_{number}", {"": f"{kind} {number}"}
            first.save()
    known.forget()


def asked(people: People, url: str) -> list[str]:
    """The questions a page asks, by their beginnings."""
    client = signed_in(people.admin)
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return [question["sql"][:200] for question in found.captured_queries]


def test_two_hundred_fields_ask_nothing_more(people: People) -> None:
    company = make_company(people.owner, "Acme")
    make_company(people.owner, "Other")
    one = f"/companies/{company.pk}"
    urls = ("/companies", "/companies/new", "/companies/columns", "/settings/fields",
            "/api/v1/companies?limit=50", one, f"{one}/peek", f"{one}/edit")  # fmt: skip
    before = {url: asked(people, url) for url in urls}
    two_hundred(people)
    assert CustomField.objects.count() == 200
    for url in urls:
        after = asked(people, url)
        # what is computed is worked out in one question for all of a record's page
        more = url in (one, f"{one}/peek")
        assert len(after) == len(before[url]) + more, (url, before[url], after)
    shown = ",".join(list(entity("parties.company").custom_fields)[:30])
    assert len(asked(people, f"/companies?cols=name,{shown}")) == len(before["/companies"])


def test_what_points_at_a_record_is_found_by_an_index() -> None:
    """Or a roll-up would read a whole table for each row of a list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
        )
        led = set(cursor.fetchall())
    for target in entities():
        for of, by in ways_to(target.key):
            column = of.model._meta.get_field(by.column or "").column
            assert (of.model._meta.db_table, column) in led, (of.key, by.name)
