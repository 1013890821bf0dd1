"""The rows that records are made of, as programs read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.records.api.calling import caller_for
from tests.records.computed.test_formulas import hide
from tests.sales.makers import deal
from vinculo.platform.journal import change_set
from vinculo.products.models import Product
from vinculo.records.registry import entities
from vinculo.sales.deals.lines import add_line
from vinculo.sales.deals.models import Deal

pytestmark = pytest.mark.django_db


def with_lines(people: People) -> Deal:
    made = deal(people.owner)
    pump = Product.objects.create(
        owner=people.owner, name="Pump", price=Decimal("99.99"), currency="EUR"
    )
    add_line(actor=people.owner, deal=made, product=pump, name="Pump", price=Decimal("99.99"),
                  quantity=Decimal("2.5"))  # fmt: skip
    add_line(actor=people.owner, deal=made, name="安装", price=Decimal(120))
    return made


def test_lines_are_read_in_their_order(people: People) -> None:
    made = with_lines(people)
    answer = caller_for(people.owner).get(f"/api/v1/deals/{made.pk}/lines")
    assert answer.status_code == 200
    pump, work = answer.json()["data"]
    assert (pump["name"], pump["quantity"], pump["price"]) == ("Pump", "2.5000", "99.9900")
    assert pump["product"]["name"] == "Pump" and pump["product"]["url"].startswith("/api/v1/")
    assert work["name"] == "安装" and work["product"] is None and work["discount_percent"] is None


def test_how_many_lines_there_are_costs_no_more_questions(people: People) -> None:
    made, caller = with_lines(people), caller_for(people.owner)
    address = f"/api/v1/deals/{made.pk}/lines"
    caller.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        caller.get(address)
    for number in range(5):
        add_line(actor=people.owner, deal=made, name=f"Line {number}", price=Decimal(1))
    caller.get(address)
    with CaptureQueriesContext(connection) as many:
        assert len(caller.get(address).json()["data"]) == 7
    assert len(many) == len(few)


def test_who_may_not_see_the_record_or_its_worth_reads_no_lines(people: People) -> None:
    made = with_lines(people)
    address = f"/api/v1/deals/{made.pk}/lines"
    assert caller_for(people.stranger).get(address).status_code == 404
    assert caller_for(people.owner).get(f"{address}?limit=3").status_code == 422
    hide(people.owner, "sales.deal", "amount")
    assert caller_for(people.owner).get(address).json() == {"data": []}
    document = caller_for(people.owner).get("/api/v1/openapi.json").json()
    assert "/api/v1/deals/{id}/lines" not in document["paths"]
    assert "/api/v1/leads/{id}/contacts" in document["paths"]


def test_a_product_that_one_may_not_see_is_not_named(people: People) -> None:
    made = with_lines(people)
    with change_set(actor=people.admin, verb="records.edit"):
        Product.objects.update(owner=people.stranger, team=people.south)
    line = caller_for(people.owner).get(f"/api/v1/deals/{made.pk}/lines").json()["data"][0]
    assert not Product.objects.visible_to(people.owner).exists()
    assert line["product"] == {"id": None, "name": None, "url": None}


def test_every_kind_of_part_is_described_as_it_is_told(people: People) -> None:
    made, caller = with_lines(people), caller_for(people.admin)
    document = caller.get("/api/v1/openapi.json").json()
    kinds = {(one.path, parts.name) for one in entities() for parts in one.parts}
    assert kinds == {("deals", "lines"), ("quotes", "lines"), ("leads", "contacts")}
    for path, name in kinds:
        answers = document["paths"][f"/api/v1/{path}/{{id}}/{name}"]["get"]["responses"]
        schema = answers["200"]["content"]["application/json"]["schema"]
        described = schema["properties"]["data"]["items"]["properties"]
        assert "id" in described and len(described) > 4
    line = caller.get(f"/api/v1/deals/{made.pk}/lines").json()["data"][0]
    parts = document["paths"]["/api/v1/deals/{id}/lines"]["get"]["responses"]["200"]
    told = parts["content"]["application/json"]["schema"]["properties"]["data"]["items"]
    assert set(line) == set(told["properties"])
