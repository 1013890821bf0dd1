"""31: what is found, by the name of something that the reader may not see."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.samples import make_company, make_person
from vinculo.parties.derived import refresh
from vinculo.parties.models import Person
from vinculo.platform.models import User

pytestmark = pytest.mark.django_db
ADDRESSES = ("/people?q={}", "/search?q={}", "/palette?q={}", "/search/more?q={}", "/palette/more?q={}", "/people/choices?q={}",
             "/api/v1/people?q={}", "/api/v1/search?q={}", "/people/count?q={}")  # fmt: skip


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def employed(person_of: User, company_of: User) -> Person:
    """Ana Rossi, who works for Zanzibarquill Rossi."""
    company = make_company(company_of, "Zanzibarquill Rossi")
    person = make_person(person_of, "Ana Rossi")
    Person.objects.filter(pk=person.pk).update(company_id=company.pk)
    refresh([person.pk])
    return person


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_person_is_not_found_by_a_company_the_reader_may_not_see(
    address: str, people: People
) -> None:
    employed(people.owner, people.stranger)
    client = client_of(people.owner)
    for guess in ("Zanzibarquill", "zanz", "Ana zanz"):
        answer = client.get(address.format(guess))
        page = answer.content.decode()
        assert "Rossi" not in page.replace(guess, "")
        if address.startswith("/people/count"):
            assert not any(letter in page for letter in "123456789")


def test_but_by_their_own_name_even_where_the_company_shares_it(people: People) -> None:
    employed(people.owner, people.stranger)
    client = client_of(people.owner)
    for words in ("Ana", "rossi", "ana rossi"):
        assert "Ana Rossi" in client.get(f"/people?q={words}").content.decode(), words


def test_and_by_a_company_that_the_reader_sees(people: People) -> None:
    employed(people.owner, people.owner)
    for user in (people.owner, people.manager, people.admin):
        assert "Ana Rossi" in client_of(user).get("/people?q=zanz ana").content.decode()


def test_nor_by_the_company_where_that_field_is_hidden(people: People) -> None:
    role = make_role("Sees no companies of people", "all")
    role.field_rules = {"parties.person": {"company": "hidden"}}
    role.save()
    reader = make_user("reader", role)
    employed(people.owner, people.owner)
    client = client_of(reader)
    assert "Ana Rossi" not in client.get("/people?q=zanz").content.decode()
    assert "Ana Rossi" in client.get("/people?q=rossi").content.decode()
