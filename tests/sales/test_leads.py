"""Leads: captured once, worked on, found to be none, qualified by the company's own checklist."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.samples import make_company
from vinculo.kernel.errors import DomainError, MoreNeeded, NotFound
from vinculo.platform.models import ChangeSet, Event, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record
from vinculo.sales.leads.actions import disqualify_lead, reopen_lead, tick_criterion, work_lead
from vinculo.sales.leads.models import Lead
from vinculo.sales.pipelines.known import known

pytestmark = pytest.mark.django_db


def lead(owner: User, **data: Any) -> Lead:
    """A lead of `owner`, made as a form makes one."""
    made: Lead = create_record(
        actor=owner, entity=entity("sales.lead"), data=data or {"name": "Asks for pumps"}
    )
    return Lead.objects.get(pk=made.pk)


def edit(actor: User, record: Lead, **data: Any) -> Lead:
    made: Lead = edit_record(actor=actor, entity=entity("sales.lead"), record=record, data=data)
    return made


def test_a_lead_that_nobody_named_is_called_by_who_it_is(people: People) -> None:
    made = lead(people.owner, given_name="Ada", family_name="Byron", company_name="Analytical Ltd")
    assert (made.name, made.status, made.owner) == (
        "Ada Byron, Analytical Ltd",
        "new",
        people.owner,
    )
    assert lead(people.owner, email="ada@byron.example").name == "ada@byron.example"
    with pytest.raises(DomainError) as refused:
        lead(people.owner, city="London")
    assert refused.value.field == "name"
    assert Event.objects.filter(name="sales.lead_created").count() == 2


def test_phones_and_mails_are_kept_as_those_of_customers_are(people: People) -> None:
    made = lead(people.owner, email="Ada@Byron.Example", phone="912 345 678", country="ES")
    assert (made.email, made.phone) == ("Ada@byron.example", "+34912345678")
    assert lead(people.owner, phone="ask at the door").phone == "ask at the door"
    with pytest.raises(DomainError) as refused:
        lead(people.owner, email="no mail")
    assert refused.value.field == "email"


def test_who_is_none_has_a_reason_and_may_be_taken_up_again(people: People) -> None:
    made = lead(people.owner)
    work_lead(actor=people.owner, lead=made)
    with pytest.raises(MoreNeeded) as refused:
        edit(people.owner, made, status="disqualified")
    assert refused.value.fields == ("why",)
    disqualify_lead(actor=people.owner, lead=made, why="no_budget", note="Next year")
    made.refresh_from_db()
    assert (made.status, made.why, made.why_note) == ("disqualified", "no_budget", "Next year")
    reopen_lead(actor=people.owner, lead=made)
    made.refresh_from_db()
    assert (made.status, made.why, made.why_note) == ("working", "", "")
    with pytest.raises(DomainError, match="not disqualified"):
        reopen_lead(actor=people.owner, lead=made)


def test_nobody_converts_a_lead_by_its_status(people: People) -> None:
    made = lead(people.owner)
    with pytest.raises(DomainError, match="Use “Convert”"):
        edit(people.owner, made, status="converted")
    Lead.objects.filter(pk=made.pk).update(status="converted")
    made.refresh_from_db()
    with pytest.raises(DomainError, match="changed no more"):
        edit(people.owner, made, name="Something else")


def test_others_do_not_work_on_my_leads(people: People) -> None:
    made = lead(people.owner)
    for persona in (people.teammate, people.stranger):
        with pytest.raises(NotFound):
            work_lead(actor=persona, lead=made)
        with pytest.raises(NotFound):
            tick_criterion(actor=persona, lead=made, criterion=known().criteria[0].pk)
    made.refresh_from_db()
    assert (made.status, made.met) == ("new", [])


def test_the_checklist_rates_a_lead_and_undo_takes_a_tick_back(people: People) -> None:
    made = lead(people.owner)
    first, second, *_rest = known().criteria
    assert tick_criterion(actor=people.owner, lead=made, criterion=first.pk)
    assert tick_criterion(actor=people.owner, lead=made, criterion=second.pk)
    made.refresh_from_db()
    assert (made.met, made.rating) == ([first.pk, second.pk], 50)
    assert not tick_criterion(actor=people.owner, lead=made, criterion=first.pk)
    with pytest.raises(NotFound):
        tick_criterion(actor=people.owner, lead=made, criterion=0)
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.latest("pk"))
    made.refresh_from_db()
    assert (made.met, made.rating) == ([first.pk, second.pk], 50)
    client = Client()
    client.force_login(people.owner)
    answer = client.post(f"/leads/{made.pk}/criterion", {"criterion": second.pk})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.rating == 25
    assert 'aria-pressed="true"' in client.get(f"/leads/{made.pk}").content.decode()


def test_a_new_lead_says_that_a_colleague_has_the_customer(people: People) -> None:
    make_company(people.owner, "Borealis Instruments")
    warnings = entity("sales.lead").warnings
    assert warnings is not None
    (said,) = warnings(people.owner, None, {"company_name": "Borealis Instruments"})
    assert "Borealis" in said
    (hidden,) = warnings(people.stranger, None, {"company_name": "Borealis Instruments"})
    assert "Borealis" not in hidden


def test_leads_are_found_by_who_they_are(people: People) -> None:
    lead(people.owner, family_name="Byron", phone="912 345 678", country="ES", interest="Pumps")
    client = Client()
    client.force_login(people.owner)
    for text in ("byro", "912345678", "pumps"):
        assert "Byron" in client.get("/leads", {"q": text}).content.decode(), text


def test_administrators_keep_the_checklist_and_ticks_stay_with_their_entries(
    people: People,
) -> None:
    client = Client()
    client.force_login(people.owner)
    assert client.post("/settings/leads", {"names": "Pays"}).status_code == 403
    first, second, *_rest = known().criteria
    client.force_login(people.admin)
    assert first.name in client.get("/settings/leads").content.decode()
    answer = client.post("/settings/leads", {"names": f"{second.name}\nPays\n\n{second.name}"})
    assert answer.status_code == 302
    assert known().criteria[0].pk == second.pk
    assert [one.name for one in known().criteria] == [second.name, "Pays"]
    answer = client.post("/settings/leads", {"names": "\n".join(map(str, range(21)))})
    assert answer.status_code == 422
    client.post("/settings/leads", {"names": "Needs pumps\nPays"})
    assert known().criteria[0].pk == second.pk, "an entry that is called otherwise keeps its ticks"
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    assert known().criteria[0].name == second.name
