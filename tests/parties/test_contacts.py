"""How a party is reached: kept as typed and as understood, one primary of each kind."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from tests.parties.makers import make_company, make_person, point
from tests.personas import People, make_people

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties import actions, contacts
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, ContactPoint, Party
from vinculo.platform.models import ChangeSet, Event
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record

pytestmark = pytest.mark.django_db


def found_by(text: str) -> set[int]:
    """Parties whose search keys contain exactly this lexeme."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM parties_party WHERE search @@ %s::tsquery", [f"'{text}':*"])
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def company(people: People) -> Company:
    """A company of the owner's, in Spain."""
    made = make_company("Añejos del Sur", owner=people.owner, team=people.north)
    point(made, "address", "Sevilla", "sevilla", city="Sevilla", country="ES", is_primary=True)
    refresh([made.pk])
    return made


def test_a_phone_is_kept_as_typed_and_understood_by_the_country(
    people: People, company: Company
) -> None:
    added = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    assert (added.typed, added.value, added.is_valid) == ("955 47 29 12", "+34955472912", True)
    assert added.is_primary
    company.refresh_from_db()
    assert company.phone == "955 47 29 12"
    assert company.pk in found_by("2912")


def test_a_wrong_number_is_kept_and_marked(people: People, company: Company) -> None:
    added = actions.add_phone(actor=people.owner, party=company, typed="123 ask for Ana")
    assert added.is_valid is False
    assert added.typed == "123 ask for Ana"


def test_a_person_without_an_address_is_dialled_from_the_company(
    people: People, company: Company
) -> None:
    person = make_person("Ana", company=company, owner=people.owner)
    added = actions.add_phone(actor=people.owner, party=person, typed="600 11 22 33")
    assert added.value == "+34600112233"


def test_an_email_that_is_none_is_refused_on_its_field_and_writes_nothing(
    people: People, company: Company
) -> None:
    with pytest.raises(DomainError) as refused:
        actions.add_email(actor=people.owner, party=company, typed="ana at anejos")
    assert refused.value.field == "typed"
    with pytest.raises(DomainError) as refused:
        edit_record(
            actor=people.owner,
            entity=entity("parties.company"),
            record=company,
            data={"email": "nonsense"},
        )
    assert refused.value.field == "email"
    assert not ContactPoint.objects.filter(kind="email").exists()


def test_an_email_is_folded(people: People, company: Company) -> None:
    added = actions.add_email(actor=people.owner, party=company, typed=" Ana.Perez@Anejos.ES ")
    assert (added.typed, added.value) == ("Ana.Perez@anejos.es", "ana.perez@anejos.es")


def test_the_same_value_twice_is_refused(people: People, company: Company) -> None:
    actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    with pytest.raises(DomainError, match="already"):
        actions.add_phone(actor=people.owner, party=company, typed="+34 955472912")


def test_another_primary_takes_over_and_the_database_allows_only_one(
    people: People, company: Company
) -> None:
    first = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    second = actions.add_phone(
        actor=people.owner, party=company, typed="600 11 22 33", make_primary=True
    )
    first.refresh_from_db()
    assert (first.is_primary, second.is_primary) == (False, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.filter(pk=first.pk).update(is_primary=True)
    actions.make_primary(actor=people.owner, point=first)
    company.refresh_from_db()
    assert company.phone == "955 47 29 12"


def test_the_next_one_that_may_be_used_inherits(people: People, company: Company) -> None:
    first = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    unwanted = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 13")
    third = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 14")
    actions.mark_do_not_contact(actor=people.owner, point=unwanted)
    actions.remove_contact_point(actor=people.owner, point=first)
    third.refresh_from_db()
    assert third.is_primary
    assert Event.objects.filter(name="parties.contact_refused").exists()


def test_a_corrected_value_is_not_verified_any_more(people: People, company: Company) -> None:
    phone = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    actions.mark_verified(actor=people.owner, point=phone)
    actions.edit_contact_point(actor=people.owner, point=phone, typed="955472912", label="Work")
    phone.refresh_from_db()
    assert phone.verified_at is not None, "only written differently: still the same number"
    actions.edit_contact_point(actor=people.owner, point=phone, typed="955 47 29 99")
    phone.refresh_from_db()
    assert phone.verified_at is None


def test_a_new_country_reads_phones_without_prefix_anew(people: People) -> None:
    company = make_company("Northwind", owner=people.owner)
    actions.add_phone(actor=people.owner, party=company, typed="020 7946 0958")
    actions.add_address(actor=people.owner, party=company, city="London", country="GB")
    assert ContactPoint.objects.get(kind="phone").value == "+442079460958"


def test_editing_the_phone_corrects_the_primary_in_place_and_undo_restores_all(
    people: People, company: Company
) -> None:
    actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    company.refresh_from_db()
    before = {
        name: getattr(company, name) for name in ("phone", "completeness", "sort_name", "city")
    }
    edit_record(
        actor=people.owner,
        entity=entity("parties.company"),
        record=company,
        data={"phone": "600 11 22 33"},
    )
    company.refresh_from_db()
    assert company.phone == "600 11 22 33"
    assert company.pk in found_by("2233")
    assert company.pk not in found_by("2912")
    assert ContactPoint.objects.filter(party_id=company.pk, kind="phone").count() == 1

    last = ChangeSet.objects.order_by("-pk")[0]
    undo_change_set(actor=people.owner, change_set=last)
    company.refresh_from_db()
    assert {name: getattr(company, name) for name in before} == before
    assert company.pk in found_by("2912")
    assert company.pk not in found_by("2233")


def test_undoing_an_added_phone_takes_it_from_the_search_too(
    people: People, company: Company
) -> None:
    actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.order_by("-pk")[0])
    company.refresh_from_db()
    assert company.phone == ""
    assert company.pk not in found_by("2912")


def test_emptying_the_phone_takes_the_primary_away(people: People, company: Company) -> None:
    actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    actions.add_phone(actor=people.owner, party=company, typed="600 11 22 33")
    contacts.set_primary(company, "phone", "")
    refresh([company.pk])
    company.refresh_from_db()
    assert company.phone == "600 11 22 33"


def test_an_address_is_written_part_by_part(people: People) -> None:
    made = create_record(
        actor=people.owner,
        entity=entity("parties.company"),
        data={
            "name": "Aurora",
            "phone": "955 47 29 12",
            "street": "Calle Sierpes 1",
            "city": "Sevilla",
            "country": "ES",
        },
    )
    made.refresh_from_db()
    assert (made.city, made.country) == ("Sevilla", "ES")
    address = ContactPoint.objects.get(party_id=made.pk, kind="address")
    assert (address.street, address.typed) == ("Calle Sierpes 1", "Calle Sierpes 1, Sevilla, Spain")
    assert ContactPoint.objects.get(party_id=made.pk, kind="phone").value == "+34955472912"
    for part in ("street", "city", "country"):
        contacts.write_contacts(made, {part: ""})
    assert not ContactPoint.objects.filter(party_id=made.pk, kind="address").exists()


def test_only_who_may_edit_the_party_may_change_how_it_is_reached(
    people: People, company: Company
) -> None:
    phone = actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    written = ContactPoint.objects.count()
    with pytest.raises(NotFound):
        actions.add_phone(actor=people.stranger, party=company, typed="600 11 22 33")
    with pytest.raises((NotFound, NotAllowed)):
        actions.remove_contact_point(actor=people.stranger, point=phone)
    assert ContactPoint.objects.count() == written
    actions.add_phone(actor=people.manager, party=company, typed="600 11 22 33")
    actions.add_phone(actor=people.admin, party=company, typed="600 11 22 34")


def test_updated_at_moves_with_a_contact_point(people: People, company: Company) -> None:
    before = Party.objects.get(pk=company.pk).updated_at
    actions.add_phone(actor=people.owner, party=company, typed="955 47 29 12")
    assert Party.objects.get(pk=company.pk).updated_at > before


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_primary_and_all_search_keys() -> None:
    people = make_people()
    company = make_company("Parallel", owner=people.owner, team=people.north)
    refresh([company.pk])
    for round_number in range(4):
        numbers = [f"+34 955 47 {round_number}{side} 12" for side in (1, 2)]
        start = threading.Barrier(2)
        failures: list[BaseException] = []

        def add(number: str, start=start, failures=failures) -> None:
            try:
                start.wait()
                actions.add_phone(
                    actor=people.owner, party=company, typed=number, make_primary=True
                )
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=add, args=(number,)) for number in numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert failures == []
        primary = ContactPoint.objects.get(party_id=company.pk, is_primary=True)
        company.refresh_from_db()
        assert company.phone == primary.typed
        for side in (1, 2):
            assert company.pk in found_by(f"{round_number}{side}12")
