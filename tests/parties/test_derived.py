"""Derived columns: one by one or by the thousand, they say the same."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parties.makers import make_company, make_person, point

from vinculo.parties.derived import CHUNK, derive, facts_of, refresh
from vinculo.parties.facts import ContactFacts, PartyFacts
from vinculo.parties.models import Company, Party

pytestmark = pytest.mark.django_db


def keys_in_database(party: Party) -> set[str]:
    """The lexemes of the stored tsvector."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(search) FROM parties_party WHERE id = %s", [party.pk]
        )
        return set(cursor.fetchone()[0])


def test_a_company_is_described_by_its_primary_contact_points() -> None:
    company = make_company("Añejos del Sur, S.L.", tax_id="B12345678", tags=["wine"])
    point(company, "phone", "600 000 001", "+34600000001")
    point(company, "phone", "955 47 29 12", "+34955472912", is_primary=True)
    point(company, "email", "ana@anejos.es", "ana@anejos.es")
    point(company, "address", "Calle Sierpes 1, Sevilla", city="Sevilla", country="ES")
    refresh([company.pk])
    company.refresh_from_db()
    assert (company.phone, company.email) == ("955 47 29 12", "ana@anejos.es")
    assert (company.city, company.country) == ("Sevilla", "ES")
    assert company.sort_name.startswith("anejos del sur")
    assert {"anejos", "2912", "wine", "sevilla", "b12345678", "600000001"} <= keys_in_database(
        company
    )


def test_a_person_is_found_by_the_company_also_after_it_is_renamed() -> None:
    company = make_company("Northwind")
    person = make_person("Maria Anders", company=company)
    refresh([company.pk, person.pk])
    assert "northwind" in keys_in_database(person)
    Company.objects.filter(pk=company.pk).update(name="Southgale")
    refresh([company.pk])
    assert {"southgale", "maria"} <= keys_in_database(person)
    assert "northwind" not in keys_in_database(person)


def test_a_refresh_of_many_takes_few_statements(
    django_assert_max_num_queries,
) -> None:
    made = Party.objects.bulk_create(
        [Party(kind="company", name=f"Company {number}") for number in range(CHUNK + 1)],
        batch_size=1_000,
    )
    with django_assert_max_num_queries(2 * 6):  # two rounds, however many each holds
        refresh([party.pk for party in made])
    assert not Party.objects.filter(sort_name="").exists()


texts = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)
names = texts.filter(lambda text: bool(text.strip()))
points = st.builds(
    ContactFacts,
    kind=st.sampled_from(["phone", "email", "address", "social"]),
    typed=texts,
    value=texts,
    city=texts,
    country=st.sampled_from(["", "ES", "CN"]),
)
facts = st.builds(
    PartyFacts,
    kind=st.sampled_from(["company", "person"]),
    name=names,
    native_name=texts,
    legal_name=texts,
    tax_id=texts,
    external_id=texts,
    tags=st.lists(texts, max_size=3),
    contacts=st.lists(points, max_size=4),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts, min_size=1, max_size=5))
def test_single_and_bulk_produce_the_same_columns(many: list[PartyFacts]) -> None:
    made = []
    for one in many:
        party = Party.objects.create(
            kind=one.kind,
            name=one.name,
            native_name=one.native_name,
            legal_name=one.legal_name,
            tax_id=one.tax_id,
            external_id=one.external_id,
            tags=list(one.tags),
        )
        for contact in one.contacts:
            point(
                party,
                contact.kind,
                contact.typed,
                contact.value,
                city=contact.city,
                country=contact.country,
            )
        made.append(party)
    refresh([party.pk for party in made])
    together = [keys_in_database(party) for party in made]
    for party, one, stored in zip(made, many, together, strict=True):
        assert facts_of([party.pk])[party.pk].contacts == list(one.contacts) or not one.contacts
        assert stored == set(derive(one).search)
        refresh([party.pk])
        assert keys_in_database(party) == stored
        party.refresh_from_db()
        assert party.sort_name == derive(one).sort_name
        assert party.completeness == derive(one).completeness
