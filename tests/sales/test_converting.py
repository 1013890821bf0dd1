"""A lead becomes a customer and a deal: at once, with what it knows, by the rights of who does it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.sales.test_leads import lead
from tests.samples import make_company, make_person
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties.models import Company, Person
from vinculo.platform.models import ChangeSet, Event, Role
from vinculo.platform.undo import undo_change_set
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.converting import convert_lead
from vinculo.sales.leads.converting_form import ConvertForm
from vinculo.sales.leads.models import Lead

pytestmark = pytest.mark.django_db

ADA: dict[str, Any] = {
    "given_name": "Ada", "family_name": "Byron", "company_name": "Analytical Engines",
    "email": "ada@engines.example", "phone": "912 345 678", "city": "Madrid", "country": "ES",
    "website": "engines.example", "source": "event", "campaign": "Fair 2026",
    "interest": "Ten pumps", "notes": "Wants them blue.",
}  # fmt: skip


def counts() -> tuple[int, int, int]:
    return (Company.objects.count(), Person.objects.count(), Deal.objects.count())


def test_a_lead_becomes_company_person_and_deal_and_undo_brings_it_back(people: People) -> None:
    made = lead(people.owner, **ADA)
    deal = convert_lead(actor=people.owner, lead=made, amount=Decimal(900))
    company, person = Company.objects.get(), Person.objects.get()
    assert (company.name, company.city, company.website) == (
        "Analytical Engines", "Madrid", "https://engines.example",
    )  # fmt: skip
    assert (company.email, company.owner) == ("", people.owner)
    assert (person.name, person.email, person.phone, person.company_id) == (
        "Ada Byron", "ada@engines.example", "+34912345678", company.pk,
    )  # fmt: skip
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.name, deal.amount, deal.source, deal.campaign) == (
        "Ten pumps", 900, "event", "Fair 2026",
    )  # fmt: skip
    assert (deal.company, deal.person, deal.owner) == (company, person, people.owner)
    assert "blue" in deal.description
    made.refresh_from_db()
    assert (made.status, made.converted_company, made.converted_deal) == (
        "converted",
        company,
        deal,
    )
    assert Event.objects.get(name="sales.lead_converted").payload["deal"] == deal.pk
    with pytest.raises(DomainError, match="changed no more"):
        convert_lead(actor=people.owner, lead=made)
    sets = ChangeSet.objects.filter(verb="sales.convert_lead")
    undo_change_set(actor=people.owner, change_set=sets.get())
    assert counts() == (0, 0, 0)
    made = Lead.objects.get(pk=made.pk)
    assert (made.status, made.converted_at, made.converted_person_id) == ("new", None, None)


def test_who_is_a_customer_already_is_used_and_told_only_what_is_missing(people: People) -> None:
    company = make_company(people.owner, "Analytical Engines")
    person = make_person(people.owner, "Ada Byron")
    made = lead(people.owner, **ADA)
    form = ConvertForm(user=people.owner, record=made)
    assert form.initial["company"] == str(company.pk)
    assert "new" in dict(form.fields["company"].choices)  # type: ignore[attr-defined]
    deal = convert_lead(
        actor=people.owner, lead=made, company=str(company.pk), person="", known_person=person
    )
    assert (deal.company_id, deal.person_id) == (company.pk, person.pk)
    assert counts() == (1, 1, 1)
    person.refresh_from_db()
    company.refresh_from_db()
    assert (person.email, person.company_id) == ("ada@engines.example", company.pk)
    assert company.name == "Analytical Engines"


def test_a_colleagues_customer_is_neither_named_nor_used(people: People) -> None:
    theirs = make_company(people.stranger, "Analytical Engines")
    made = lead(people.owner, **ADA)
    form = ConvertForm(user=people.owner, record=made)
    assert str(theirs.pk) not in dict(form.fields["company"].choices)  # type: ignore[attr-defined]
    assert "colleague" in str(form.fields["company"].help_text)
    for wanted in ({"company": str(theirs.pk)}, {"known_company": theirs}):
        with pytest.raises(NotFound):
            convert_lead(actor=people.owner, lead=made, **wanted)
    assert counts() == (1, 0, 0)
    made.refresh_from_db()
    assert made.status == "new"


def test_what_is_hidden_from_me_travels_nowhere(people: People) -> None:
    made = lead(people.owner, **ADA)
    role = Role.objects.get(name="Own rows")
    role.field_rules = {"sales.lead": {"phone": "hidden", "campaign": "hidden"}}
    role.save()
    people.owner.forget_rights()
    deal = convert_lead(actor=people.owner, lead=made)
    assert (Person.objects.get().phone, deal.campaign) == ("", "")
    assert Person.objects.get().email == "ada@engines.example"


@pytest.mark.parametrize("key", ["parties.company", "parties.person", "sales.deal"])
def test_who_may_not_make_them_converts_nothing(people: People, key: str) -> None:
    made = lead(people.owner, **ADA)
    role = Role.objects.get(name="Own rows")
    role.grants[key]["add"] = "none"
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed):
        convert_lead(actor=people.owner, lead=made)
    assert counts() == (0, 0, 0)
    made.refresh_from_db()
    assert made.status == "new"


def test_a_manager_converts_for_the_owner_of_the_lead(people: People) -> None:
    made = lead(people.owner, **ADA)
    deal = convert_lead(actor=people.manager, lead=made)
    assert deal.owner == people.owner


def test_nobody_and_nothing_is_no_customer(people: People) -> None:
    made = lead(people.owner, email="who@knows.example")
    with pytest.raises(DomainError, match="Say who the customer is"):
        convert_lead(actor=people.owner, lead=made)
    made.refresh_from_db()
    assert (made.status, counts()) == ("new", (0, 0, 0))


def test_the_dialog_and_the_board_lead_there(people: People) -> None:
    made = lead(people.owner, **ADA)
    client = Client()
    client.force_login(people.owner)
    page = client.get(f"/leads/{made.pk}/do/sales.convert_lead").content.decode()
    assert "Ten pumps" in page
    assert "New: Analytical Engines" in page
    assert "sales.convert_lead" in client.get("/leads?layout=board").content.decode()
    sent = {
        "company": "new",
        "person": "new",
        "name": "Pumps",
        "currency": "EUR",
        "amount": "12.50",
    }
    answer = client.post(f"/leads/{made.pk}/do/sales.convert_lead", sent)
    assert answer.status_code == 302
    assert Deal.objects.get().amount == Decimal("12.50")
    assert "Analytical Engines" in client.get(f"/leads/{made.pk}").content.decode()
