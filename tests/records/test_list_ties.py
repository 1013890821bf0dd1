"""Lists whose sort value many rows share: paged whole, by name within a value."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.records.lists import page_of, parse_list
from vinculo.records.lists.paging import encode
from vinculo.records.registry import entity

STATES = ("active", "lost", "active", "lead", "active")


@pytest.mark.parametrize("sort", ["state", "-state", "value_class", "-value_class"])
def test_every_row_comes_once_and_by_name_within_a_state(people: People, sort: str) -> None:
    for number in range(23):
        company = make_company(people.owner, f"Company {22 - number:02d}")
        Company.objects.filter(pk=company.pk).update(state=STATES[number % 5])
    listed, after, back = [], "", ""
    while True:
        query = QueryDict(f"sort={sort}&limit=4&after={after}")
        page = page_of(parse_list(entity("parties.company"), people.owner, query))
        listed += page.records
        back, after = page.previous, page.next
        if not after:
            break
    assert len({one.pk for one in listed}) == len(listed) == 23
    name = sort.lstrip("-")
    keys = [(getattr(one, name), one.sort_name) for one in listed]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    query = QueryDict(f"sort={sort}&limit=4&before={back}")
    before = page_of(parse_list(entity("parties.company"), people.owner, query)).records
    assert [one.pk for one in before] == [one.pk for one in listed[-7:-3]]


def test_a_cursor_is_a_place_and_no_record(people: People) -> None:
    """Whoever writes one by hand learns nothing of a record: it is read, never looked up."""
    for name in ("Alpha", "Omega"):
        make_company(people.owner, name)
    hidden = make_company(people.stranger, "Middle")
    cursor = encode(["lead", "beta", hidden.pk])
    query = QueryDict(f"sort=state&after={cursor}")
    shown = page_of(parse_list(entity("parties.company"), people.owner, query)).records
    assert [one.name for one in shown] == ["Omega"]
    for wrong in (["lead", hidden.pk], ["lead", {}, 1], [1.5, "a", 1], ["lead", "a", None]):
        with pytest.raises(DomainError):
            query = QueryDict(f"sort=state&after={encode(wrong)}")
            page_of(parse_list(entity("parties.company"), people.owner, query))
