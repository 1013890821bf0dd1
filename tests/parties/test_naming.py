"""Names of people follow their parts, and names of companies tell them apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.personas import People

from vinculo.kernel.errors import DomainError
from vinculo.parties.naming import telling_name
from vinculo.platform.models import Event
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("Añejos del Sur, S.L.", "anejos del sur"),
        ("ACME GmbH & Co. KG", "acme"),
        ("The Walt Company Inc.", "walt"),
        ("远景科技股份有限公司", "远景科技"),
        ("S.A.", "sa"),
        ("Grupo Norte", "norte"),
    ],
)
def test_the_legal_form_tells_nobody_apart(name: str, telling: str) -> None:
    assert telling_name(name) == telling


@given(st.text(max_size=80))
def test_any_name_has_a_telling_part_unless_it_is_empty(name: str) -> None:
    assert isinstance(telling_name(name), str)
    assert telling_name(telling_name(name)) is not None


def person(people: People, **data: Any) -> Any:
    """A new person of the owner's."""
    return create_record(actor=people.owner, entity=entity("parties.person"), data=data)


@pytest.mark.django_db
def test_the_name_is_put_together_as_its_script_does(people: People) -> None:
    assert person(people, given_name="Ana", family_name="Pérez").name == "Ana Pérez"
    assert person(people, given_name="娜娜", family_name="欧阳").name == "欧阳娜娜"
    assert person(people, given_name="Cher", family_name="").name == "Cher"
    assert Event.objects.filter(name="parties.person_created").count() == 3


@pytest.mark.django_db
def test_a_name_edited_as_a_whole_is_split(people: People) -> None:
    made = person(people, given_name="Ana", family_name="Pérez", country="ES")
    edited = edit_record(
        actor=people.owner,
        entity=entity("parties.person"),
        record=made,
        data={"name": "Dra. María José García Pérez"},
    )
    assert (edited.given_name, edited.family_name) == ("María José", "García Pérez")
    assert edited.salutation == "Dra."


@pytest.mark.django_db
def test_somebody_without_any_name_is_refused(people: People) -> None:
    with pytest.raises(DomainError) as refused:
        person(people, given_name="", family_name="")
    assert refused.value.field == "given_name"


@pytest.mark.django_db
def test_a_website_is_kept_safe_and_whole(people: People) -> None:
    made = create_record(
        actor=people.owner,
        entity=entity("parties.company"),
        data={"name": "Acme", "website": "WWW.Acme.es/Tienda"},
    )
    assert made.website == "https://www.acme.es/Tienda"
    with pytest.raises(DomainError) as refused:
        create_record(
            actor=people.owner,
            entity=entity("parties.company"),
            data={"name": "Acme", "website": "javascript:alert(1)"},
        )
    assert refused.value.field == "website"
