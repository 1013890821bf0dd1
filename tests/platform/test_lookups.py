"""Ids as one array: as many as there are, in one question, and none at all costs nothing."""

from __future__ import annotations

import pytest

from tests.personas import People
from tests.samples import make_company
from vinculo.parties.models import Company

pytestmark = pytest.mark.django_db


def test_more_ids_than_postgresql_takes_values(people: People, django_assert_num_queries) -> None:
    company = make_company(people.owner, "Aurora")
    with django_assert_num_queries(1):
        found = Company.objects.filter(pk__among=range(company.pk - 70_000, company.pk + 1))
        assert company in set(found)


def test_all_but_these(people: People) -> None:
    kept, left_out = make_company(people.owner, "Aurora"), make_company(people.owner, "Boreal")
    found = Company.objects.exclude(pk__among={left_out.pk})
    assert kept in found
    assert left_out not in found


def test_none_asks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert not Company.objects.filter(pk__among=[])
        assert Company.objects.filter(pk__among=set()).count() == 0
