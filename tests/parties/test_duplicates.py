"""Possible duplicates: found across everybody's customers, without saying whose."""

from __future__ import annotations

from typing import Any

import pytest
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.parties.derived import refresh
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.models import Company
from vinculo.parties.rules import company_warnings

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(people: People) -> Company:
    """The owner's customer, with everything by which it may be recognised."""
    made = make_company(
        "Northwind Traders, S.L.", owner=people.owner, team=people.north, tax_id="B58378431"
    )
    point(made, "phone", "955 47 29 12", "+34955472912", is_primary=True)
    point(made, "email", "info@northwind.es", "info@northwind.es", is_primary=True)
    point(made, "address", "Sevilla", "sevilla", city="Sevilla", country="ES", is_primary=True)
    refresh([made.pk])
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"email": " INFO@northwind.es "}, "email"),
        ({"phone": "+34 955472912"}, "phone"),
        ({"phone": "955.47.29.12", "country": "ES"}, "phone"),
        ({"tax_id": "B58378431"}, "tax_id"),
        ({"name": "NORTHWIND TRADERS SL"}, "name"),
        ({"name": "Northwind Tradesr", "city": "Sevilla"}, "similar"),
    ],
)
def test_a_match_says_why(
    people: People, northwind: Company, said: dict[str, Any], reason: str
) -> None:
    (match,) = possible_matches(people.owner, "company", said)
    assert match.party == northwind
    assert reason in match.reasons
    assert possible_matches(people.owner, "company", said, besides=northwind.pk) == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": "N"},
        {"name": "Southgale"},
        {"name": "Northwind Tradesr", "city": "Madrid"},
        {"email": "info@"},
        {"phone": "12"},
        {"name": "'; DROP TABLE parties_party; --\\ %s"},
    ],
)
def test_no_match_without_reason(people: People, northwind: Company, said: dict[str, Any]) -> None:
    assert possible_matches(people.owner, "company", said) == []


def test_a_chinese_company_is_recognised_without_its_legal_form(people: People) -> None:
    made = make_company("远景科技有限公司", owner=people.owner)
    refresh([made.pk])
    (match,) = possible_matches(people.owner, "company", {"name": "远景科技股份有限公司"})
    assert match.party == made


def test_a_person_is_recognised_by_the_parts_of_the_name(people: People) -> None:
    made = make_person("Ana Pérez", owner=people.owner)
    refresh([made.pk])
    (match,) = possible_matches(
        people.owner, "person", {"given_name": "ana", "family_name": "Perez"}
    )
    assert match.party == made
    assert possible_matches(people.owner, "company", {"name": "Ana Pérez"}) == []


def test_a_colleagues_customer_is_not_named(people: People, northwind: Company) -> None:
    (match,) = possible_matches(people.stranger, "company", {"email": "info@northwind.es"})
    assert match.party is None
    (sentence,) = company_warnings(people.stranger, None, {"email": "info@northwind.es"})
    assert "colleague" in sentence
    for secret in ("Northwind", "Sevilla", "B58378431", "Owner"):
        assert secret not in sentence


def test_a_hidden_field_says_nothing(people: People, northwind: Company) -> None:
    role = people.stranger.role_assignments.get().role
    role.field_rules = {"parties.company": {"email": "hidden"}}
    role.save()
    people.stranger.forget_rights()
    assert possible_matches(people.stranger, "company", {"email": "info@northwind.es"}) == []


def test_three_queries_whatever_is_said(
    people: People, northwind: Company, django_assert_max_num_queries: Any
) -> None:
    said = {
        "name": "Northwind Traders",
        "email": "info@northwind.es",
        "phone": "+34955472912",
        "tax_id": "B58378431",
        "city": "Sevilla",
    }
    possible_matches(people.owner, "company", {})  # the rights are read once per request
    with django_assert_max_num_queries(3):
        (match,) = possible_matches(people.owner, "company", said)
    assert match.score == 100
    assert len(match.why) == 4


def test_a_tax_id_that_looks_wrong_is_warned_about_and_kept(people: People) -> None:
    said = {"tax_id": "B58378432", "country": "ES"}
    (sentence,) = company_warnings(people.owner, None, said)
    assert "Spain" in sentence
    assert company_warnings(people.owner, None, {"tax_id": "123", "country": ""}) == []
    assert company_warnings(people.owner, None, {"tax_id": "B58378431", "country": "ES"}) == []


def test_a_phone_that_looks_wrong_is_warned_about(people: People) -> None:
    (sentence,) = company_warnings(people.owner, None, {"phone": "12345", "country": "ES"})
    assert "12345" in sentence
    assert company_warnings(people.owner, None, {"phone": "955 47 29 12", "country": "ES"}) == []
