"""Orders of several columns, with empties and ties: pages by keyset are slices of the sorted rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from tests.personas import People
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.records.lists import page_of, parse_list
from vinculo.records.registry import entity

COMPANY = entity("parties.company")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORDERS = (
    "-state,name", "city,-last_contact_at", "-last_contact_at,city,-name", "owner,-completeness",
    "-owner,state", "completeness,owner,city", "-completeness", "state,value_class,-created_at",
    "-created_at,name", "last_contact_at,-owner", "owner", "-value_class,-city",
)  # fmt: skip
#: Columns that many rows share: what they leave equal is settled by name.
SHARED = {"state", "city", "owner", "value_class"}


def many_alike(people: People, seed: int) -> list[Company]:
    """Companies that share most of their values, some of them empty."""
    dice = random.Random(seed)
    made = Company.objects.bulk_create(
        Company(
            kind="company",
            name=f"N{number}",
            sort_name=f"n{dice.randrange(8)}",
            state=dice.choice(["lead", "active", "lost"]),
            value_class=dice.choice(["", "A", "B"]),
            city=dice.choice(["", "Bonn", "Ávila", "北京"]),
            completeness=dice.randrange(3) * 10,
            owner=dice.choice([people.owner, people.teammate, people.stranger, None]),
            last_contact_at=dice.choice([None, NOON, NOON - timedelta(days=1, microseconds=7)]),
        )
        for number in range(41)
    )
    return list(Company.objects.filter(pk__in=[one.pk for one in made]).select_related("owner"))


def value(company: Company, name: str) -> Any:
    if name == "owner":
        return company.owner.name if company.owner else None
    return company.sort_name if name == "name" else getattr(company, name)


def sorted_rows(rows: list[Company], order: str) -> list[int]:
    """The ids in the order, by Python's stable sort, the last key first; empties last."""
    keys = order.split(",")
    last, sign = keys[-1].lstrip("-"), "-" if keys[-1].startswith("-") else ""
    names = {key.lstrip("-") for key in keys}
    if last in SHARED and "name" not in names:
        keys.append(f"{sign}name")
    found = sorted(rows, key=lambda one: one.pk, reverse=keys[-1].startswith("-"))
    for key in reversed(keys):
        name = key.lstrip("-")
        filled = [one for one in found if value(one, name) is not None]
        empty = [one for one in found if value(one, name) is None]
        # Python's sort keeps ties in their order, also when it is told to sort downwards.
        filled.sort(key=lambda one: value(one, name), reverse=key.startswith("-"))
        found = filled + empty
    return [one.pk for one in found]


def test_pages_are_slices_of_the_sorted_rows_there_and_back(people: People) -> None:
    for seed, order in enumerate(ORDERS):
        Company.objects.all().delete()
        expected = sorted_rows(many_alike(people, seed), order)
        size = 5 + seed % 4
        listed, after, place = [], "", 0
        while True:
            query = QueryDict(f"sort={order}&limit={size}&after={after}")
            page = page_of(parse_list(COMPANY, people.admin, query))
            listed += [one.pk for one in page.records]
            if page.previous:
                query = QueryDict(f"sort={order}&limit={size}&before={page.previous}")
                back = page_of(parse_list(COMPANY, people.admin, query))
                begin = max(place - size, 0)
                assert [one.pk for one in back.records] == expected[begin:place], (order, place)
            place = len(listed)
            after = page.next
            if not after:
                break
        assert listed == expected, order


def test_an_order_is_bounded_and_names_what_there_is(people: People) -> None:
    for wrong in ("name,nothing", "name,,state", "name,tags", "a,b,c,d,e,f"):
        with pytest.raises(DomainError):
            parse_list(COMPANY, people.admin, QueryDict(f"sort={wrong}"))
    state = parse_list(COMPANY, people.admin, QueryDict("sort=-state,name,-state"))
    assert state.sort_parameter == "-state,name"
    many = "name,state,city,owner,created_at,completeness"
    with pytest.raises(DomainError, match="at most"):
        parse_list(COMPANY, people.admin, QueryDict(f"sort={many}"))
