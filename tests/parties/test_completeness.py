"""Completeness: what counts, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.parties import completeness
from vinculo.parties.facts import ContactFacts, PartyFacts

PHONE = ContactFacts("phone", "955 47 29 12", "+34955472912")
EMAIL = ContactFacts("email", "ana@anejos.es", "ana@anejos.es")
PLACE = ContactFacts("address", "Sevilla", "sevilla", city="Sevilla")
FULL = PartyFacts(
    kind="company",
    name="Añejos",
    tax_id="B1",
    website="https://anejos.es",
    industry="food",
    size="1-9",
    source="web",
    language="es",
    has_people=True,
    contacts=(PHONE, EMAIL, PLACE),
)


@pytest.mark.parametrize(
    "weights", [completeness.COMPANY, completeness.CONTACT, completeness.PRIVATE]
)
def test_points_sum_to_a_hundred_and_every_field_has_a_name(weights: dict[str, int]) -> None:
    assert sum(weights.values()) == 100
    assert set(weights) <= set(completeness.LABELS)


def test_a_full_company_has_all_and_an_empty_one_nothing() -> None:
    assert completeness.score(FULL) == 100
    assert completeness.missing(FULL) == []
    bare = PartyFacts(kind="company", name="Añejos")
    assert completeness.score(bare) == 0
    assert {item.field for item in completeness.missing(bare)} == set(completeness.COMPANY)


def test_the_most_telling_gap_is_named_first() -> None:
    gaps = completeness.missing(replace(FULL, contacts=(), language=""))
    assert [gap.points for gap in gaps] == sorted((gap.points for gap in gaps), reverse=True)
    assert gaps[-1].field == "language"


def test_a_contact_and_a_private_person_are_asked_for_different_things() -> None:
    contact = PartyFacts(kind="person", name="Ana", company_name="Añejos")
    private = PartyFacts(kind="person", name="Ana", birthday=date(1990, 1, 1))
    assert "job_title" in {item.field for item in completeness.missing(contact)}
    assert "job_title" not in {item.field for item in completeness.missing(private)}
    assert completeness.score(private) == 15


@given(
    st.builds(
        PartyFacts,
        kind=st.sampled_from(["company", "person"]),
        name=st.just("A"),
        tax_id=st.sampled_from(["", "B1"]),
        industry=st.sampled_from(["", "food"]),
        company_name=st.sampled_from(["", "Northwind"]),
        job_title=st.sampled_from(["", "Buyer"]),
        contacts=st.lists(st.sampled_from([PHONE, EMAIL, PLACE]), max_size=4),
    )
)
def test_score_and_gaps_always_add_up(facts: PartyFacts) -> None:
    gaps = sum(item.points for item in completeness.missing(facts))
    assert completeness.score(facts) + gaps == 100
