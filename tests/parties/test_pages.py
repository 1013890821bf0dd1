"""The pages of a customer, and the gestures on them, as browser and persona see them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.parties.makers import make_company, make_person, point
from tests.personas import People

from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, ContactPoint, Relation
from vinculo.platform.models import ChangeSet

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def northwind(people: People) -> Company:
    """The owner's customer with a phone, two people and a subsidiary."""
    made = make_company("Northwind Traders", owner=people.owner, team=people.north)
    point(made, "phone", "955 47 29 12", "+34955472912", is_primary=True, is_valid=True)
    point(made, "email", "info@northwind.es", "info@northwind.es", is_primary=True)
    for name in ("Maria Anders", "李安"):
        person = make_person(name, owner=people.owner, team=people.north, company=made)
        Relation.objects.create(person=person, company=made, title="Sales")
        refresh([person.pk])
    make_company("Northwind Chile", owner=people.owner, team=people.north, parent=made)
    refresh([made.pk])
    made.refresh_from_db()
    return made


def signed_in(user: Any) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_shows_how_it_is_reached_who_works_there_and_what_is_missing(
    people: People, northwind: Company
) -> None:
    page = signed_in(people.owner).get(f"/companies/{northwind.pk}").content.decode()
    for expected in (
        'href="tel:+34955472912"',
        'href="mailto:info@northwind.es"',
        "Maria Anders",
        "李安",
        "Northwind Chile",
        f"{northwind.completeness} %",
        "Missing: ",
        f"/companies/{northwind.pk}/who",
    ):
        assert expected in page, expected


def test_a_person_shows_where_they_work(people: People, northwind: Company) -> None:
    person = northwind.people.get(name="Maria Anders")
    page = signed_in(people.owner).get(f"/people/{person.pk}").content.decode()
    assert "Northwind Traders" in page
    assert "Sales" in page


def test_the_number_of_queries_does_not_grow_with_the_people(
    people: People, northwind: Company, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(people.owner)
    client.get(f"/companies/{northwind.pk}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/companies/{northwind.pk}")
    for number in range(15):
        person = make_person(f"Person {number}", owner=people.owner, team=people.north)
        Relation.objects.create(person=person, company=northwind)
        point(northwind, "phone", f"955 47 30 {number:02}", f"+349554730{number:02}")
        make_company(f"Branch {number}", owner=people.owner, team=people.north, parent=northwind)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/companies/{northwind.pk}")


def test_marks_and_removal_answer_with_a_toast_that_undoes(
    people: People, northwind: Company
) -> None:
    client = signed_in(people.owner)
    phone = ContactPoint.objects.get(kind="phone")
    for gesture, value in (("verified", "1"), ("do-not-contact", "1"), ("do-not-contact", "0")):
        answer = client.post(f"/contacts/{phone.pk}/{gesture}", {"value": value}, headers=HTMX)
        assert answer.status_code == 204
        told = json.loads(answer["HX-Trigger"])
        assert told["toast"]["undo_url"].startswith("/changes/")
    phone.refresh_from_db()
    assert phone.verified_at
    assert not phone.do_not_contact
    assert client.post(f"/contacts/{phone.pk}/remove", headers=HTMX).status_code == 204
    northwind.refresh_from_db()
    assert northwind.phone == ""


def test_a_correction_in_the_dialog_and_its_refusal(people: People, northwind: Company) -> None:
    client = signed_in(people.owner)
    email = ContactPoint.objects.get(kind="email")
    form = client.get(f"/contacts/{email.pk}/edit", headers=HTMX)
    assert "info@northwind.es" in form.content.decode()
    refused = client.post(
        f"/contacts/{email.pk}/edit", {"typed": "not one", "label": ""}, headers=HTMX
    )
    assert refused.status_code == 422
    assert "not one" in refused.content.decode()
    email.refresh_from_db()
    assert email.value == "info@northwind.es"
    saved = client.post(
        f"/contacts/{email.pk}/edit", {"typed": "Sales@Northwind.es", "label": "Work"}, headers=HTMX
    )
    assert saved.status_code == 204
    northwind.refresh_from_db()
    assert northwind.email == "sales@northwind.es"


@pytest.mark.parametrize("kind", ["phone", "email", "address", "social"])
def test_each_kind_is_added_in_a_dialog(people: People, northwind: Company, kind: str) -> None:
    client = signed_in(people.owner)
    url = f"/companies/{northwind.pk}/do/parties.add_{kind}"
    assert client.get(url, headers=HTMX).status_code == 200
    values = {
        "phone": {"typed": "+34 600 11 22 33"},
        "email": {"typed": "new@northwind.es"},
        "address": {"street": "Calle Sol 3", "city": "Madrid", "country": "ES"},
        "social": {"typed": "https://linkedin.com/company/northwind"},
    }[kind]
    before = ContactPoint.objects.filter(kind=kind).count()
    answer = client.post(url, {"label": "Work", **values}, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    assert ContactPoint.objects.filter(kind=kind).count() == before + 1


def test_a_person_joins_and_leaves_in_dialogs(people: People, northwind: Company) -> None:
    client = signed_in(people.owner)
    person = make_person("Ana Pérez", owner=people.owner, team=people.north)
    url = f"/companies/{northwind.pk}/do/parties.add_person"
    assert client.get(url, headers=HTMX).status_code == 200
    answer = client.post(url, {"person": person.pk, "role": "buyer", "title": ""}, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    relation = Relation.objects.get(person=person)
    changed = client.post(
        f"/relations/{relation.pk}/edit", {"role": "finance", "title": "CFO"}, headers=HTMX
    )
    assert changed.status_code == 204
    ended = client.post(f"/relations/{relation.pk}/end", {"ended_on": "2026-01-31"}, headers=HTMX)
    assert ended.status_code == 204, ended.content.decode()
    person.refresh_from_db()
    assert person.company_id is None


def test_who_can_see_this(people: People, northwind: Company) -> None:
    page = signed_in(people.owner).get(f"/companies/{northwind.pk}/who", headers=HTMX)
    text = page.content.decode()
    assert "Owner" in text
    assert "Manager" in text
    assert "Admin" in text
    assert "Stranger" not in text
    assert "Teammate" not in text
    whole = signed_in(people.owner).get(f"/companies/{northwind.pk}/who")
    assert "<html" in whole.content.decode()


def test_hints_while_typing(people: People, northwind: Company) -> None:
    mine = signed_in(people.owner).get("/companies/hints", {"name": "northwind traders"})
    assert f"/companies/{northwind.pk}" in mine.content.decode()
    masked = signed_in(people.stranger).get("/companies/hints", {"name": "northwind traders"})
    text = masked.content.decode()
    assert "colleague" in text
    assert "Northwind" not in text
    assert f"/companies/{northwind.pk}" not in text
    assert signed_in(people.owner).get("/people/hints", {"name": "x"}).content.strip() == b""


def test_strangers_find_nothing_here_and_write_nothing(people: People, northwind: Company) -> None:
    client = signed_in(people.stranger)
    phone = ContactPoint.objects.get(kind="phone")
    relation = Relation.objects.all()[0]
    sets = ChangeSet.objects.count()
    for url in (f"/contacts/{phone.pk}/edit", f"/relations/{relation.pk}/end",
                f"/companies/{northwind.pk}/who"):  # fmt: skip
        assert client.get(url, headers=HTMX).status_code == 404
    for gesture in ("edit", "remove", "primary", "verified", "do-not-contact"):
        assert client.post(f"/contacts/{phone.pk}/{gesture}", headers=HTMX).status_code == 404
    for gesture in ("edit", "end"):
        assert client.post(f"/relations/{relation.pk}/{gesture}", headers=HTMX).status_code == 404
    assert ContactPoint.objects.filter(pk=phone.pk).exists()
    assert ChangeSet.objects.count() == sets


def test_a_hidden_phone_is_in_no_panel_and_cannot_be_touched(
    people: People, northwind: Company
) -> None:
    role = people.owner.role_assignments.get().role
    role.field_rules = {"parties.company": {"phone": "hidden", "email": "readonly"}}
    role.save()
    client = signed_in(people.owner)
    page = client.get(f"/companies/{northwind.pk}").content.decode()
    assert "955 47 29 12" not in page
    assert "+34955472912" not in page
    assert "info@northwind.es" in page
    phone, email = (ContactPoint.objects.get(kind=kind) for kind in ("phone", "email"))
    assert client.post(f"/contacts/{phone.pk}/remove", headers=HTMX).status_code == 404
    assert client.post(f"/contacts/{email.pk}/remove", headers=HTMX).status_code == 403
    added = client.post(
        f"/companies/{northwind.pk}/do/parties.add_email", {"typed": "x@y.es"}, headers=HTMX
    )
    assert added.status_code == 403
    assert ContactPoint.objects.filter(kind="email").count() == 1
