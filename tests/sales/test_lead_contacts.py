"""What was done with a lead: logged, counted as touching it, told to its customer, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.test_assigning import leads
from tests.sales.test_assigning import rule as assign_rule
from tests.sales.test_lead_pools import old, pool
from tests.sales.test_leads import lead
from tests.sales.test_pools import signed_in
from vinculo.interactions.models import Interaction
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.platform.models import ChangeSet, Event
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import delete_record
from vinculo.sales.assigning.dealing import assign, assign_again
from vinculo.sales.assigning.report import fairness
from vinculo.sales.leads.contacts.actions import (
    add_lead_note,
    log_lead_call,
    log_lead_email,
    log_lead_meeting,
    remove_lead_contact,
)
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.converting import convert_lead
from vinculo.sales.leads.models import Lead
from vinculo.sales.pools.actions import save_recycle_rule
from vinculo.sales.pools.recycling import recycle

pytestmark = pytest.mark.django_db
WHO = {"given_name": "Ada", "family_name": "Byron", "company_name": "Analytical Ltd"}


def again(made: Lead) -> Lead:
    return Lead.objects.get(pk=made.pk)


def test_a_call_is_logged_and_is_the_last_contact(people: People) -> None:
    made, at = lead(people.owner), now() - timedelta(hours=3)
    call = log_lead_call(
        actor=people.owner, lead=made, at=at, outcome="reached", body="Wants an offer"
    )
    assert (call.kind, call.direction, call.by) == ("call", "out", people.owner)
    assert again(made).last_contact_at == at
    told = ChangeSet.objects.get(verb="sales.log_lead_call")
    assert told.said == "Asks for pumps"
    assert Event.objects.get(name="sales.lead_contacted").payload["kind"] == "call"
    page = signed_in(people.owner).get(f"/leads/{made.pk}").content.decode()
    assert "Wants an offer" in page
    assert 'data-key="l"' in page
    undo_change_set(actor=people.owner, change_set=told)
    assert not LeadContact.objects.exists()
    assert again(made).last_contact_at is None


def test_a_note_is_no_contact_but_touches_the_lead(people: People) -> None:
    made = lead(people.owner)
    Lead.objects.update(updated_at=now() - timedelta(days=9))
    add_lead_note(actor=people.owner, lead=made, body="Budget in spring")
    assert again(made).last_contact_at is None
    assert again(made).updated_at > now() - timedelta(minutes=5)
    with pytest.raises(DomainError, match="Write something"):
        add_lead_note(actor=people.owner, lead=made, body=" \n ")


@pytest.mark.parametrize(
    "wish",
    [{"at": timedelta(hours=1)}, {"outcome": "king"}, {"direction": "up"}, {"body": "x" * 20_001}],
)
def test_what_cannot_be_is_refused_and_writes_nothing(people: People, wish: dict[str, Any]) -> None:
    made = lead(people.owner)
    data = {**wish, "at": now() + wish.get("at", timedelta())}
    with pytest.raises(DomainError):
        log_lead_call(actor=people.owner, lead=made, **data)
    assert not LeadContact.objects.exists()
    assert again(made).last_contact_at is None


def test_only_whoever_may_change_a_lead_writes_about_it(people: People) -> None:
    made = lead(people.owner)
    with pytest.raises(NotFound):
        log_lead_email(actor=people.stranger, lead=made, at=now())
    role = people.manager.role_assignments.get().role
    role.grants = {**role.grants, "sales.lead": {**role.grants["sales.lead"], "edit": "own"}}
    role.save()
    with pytest.raises(NotAllowed):
        log_lead_meeting(actor=people.manager, lead=made, at=now())
    mine = add_lead_note(actor=people.owner, lead=made, body="Mine")
    assert not LeadContact.objects.visible_to(people.stranger).exists()
    url = f"/leads/{made.pk}/contacts/{mine.pk}/remove"
    assert signed_in(people.stranger).post(url).status_code == 404
    assert signed_in(people.owner).get(url).status_code == 405
    assert signed_in(people.owner).post(url).status_code == 302
    assert not LeadContact.objects.exists()


KINDS = st.sampled_from(["call", "email", "note", "gone"])


@given(steps=st.lists(st.tuples(KINDS, st.integers(0, 50)), max_size=6))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_contact_is_the_latest_that_is_still_there(
    people: People, steps: list[tuple[str, int]]
) -> None:
    made, start = lead(people.owner), now() - timedelta(days=100)
    there: list[tuple[LeadContact, Any]] = []
    for kind, day in steps:
        at = start + timedelta(days=day)
        if kind == "call":
            there.append((log_lead_call(actor=people.owner, lead=made, at=at), at))
        elif kind == "email":
            there.append((log_lead_email(actor=people.owner, lead=made, at=at), at))
        elif kind == "note":
            add_lead_note(actor=people.owner, lead=made, body="x")
        elif there:
            remove_lead_contact(actor=people.owner, contact=there.pop()[0])
        expected = max((when for _one, when in there), default=None)
        assert again(made).last_contact_at == expected


def test_undo_of_a_deletion_and_of_a_deleted_lead_brings_the_last_contact_back(
    people: People,
) -> None:
    made, at = lead(people.owner), now() - timedelta(days=2)
    call = log_lead_call(actor=people.owner, lead=made, at=at)
    remove_lead_contact(actor=people.owner, contact=call)
    assert again(made).last_contact_at is None
    gone = ChangeSet.objects.get(verb="sales.remove_lead_contact")
    undo_change_set(actor=people.owner, change_set=gone)
    assert again(made).last_contact_at == at
    delete_record(actor=people.admin, entity=entity("sales.lead"), record=again(made))
    assert not LeadContact.objects.exists()
    undo_change_set(
        actor=people.admin, change_set=ChangeSet.objects.filter(verb="records.delete").latest("pk")
    )
    assert again(made).last_contact_at == at


# --- converting -------------------------------------------------------------------------------------


def test_a_conversion_tells_the_customer_what_was_done_and_undo_takes_it_back(
    people: People,
) -> None:
    made, at = lead(people.owner, **WHO), now() - timedelta(days=3)
    log_lead_call(actor=people.owner, lead=made, at=at, outcome="interested", body="Call me")
    log_lead_email(actor=people.manager, lead=made, at=at, direction="in")
    add_lead_note(actor=people.owner, lead=made, body="Likes tea")
    deal = convert_lead(actor=people.owner, lead=again(made))
    rows = Interaction.objects.order_by("at", "pk")
    assert [(one.kind, one.direction, one.outcome, one.body) for one in rows] == [
        ("call", "out", "interested", "Call me"), ("email", "in", "", ""), ("note", "", "", "Likes tea"),
    ]  # fmt: skip
    assert {(one.party_id, one.company_id, one.status) for one in rows} == {
        (deal.person_id, deal.company_id, "done")
    }
    assert [one.at for one in rows][:2] == [at, at]
    deal.company.refresh_from_db()
    deal.person.refresh_from_db()
    assert (deal.company.last_contact_at, deal.person.last_contact_at) == (at, at)
    page = signed_in(people.owner).get(f"/leads/{made.pk}").content.decode()
    assert "Likes tea" in page
    assert "sales.add_lead_note" not in page
    with pytest.raises(DomainError, match="was converted"):
        add_lead_note(actor=people.owner, lead=again(made), body="Late")
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(verb="sales.convert_lead"))
    assert not Interaction.objects.exists()
    assert LeadContact.objects.filter(lead=made).count() == 3
    assert again(made).last_contact_at == at


def test_entries_are_theirs_who_made_them_where_the_actor_may_give_them(people: People) -> None:
    made, at = lead(people.owner, **WHO), now() - timedelta(hours=2)
    log_lead_call(actor=people.owner, lead=made, at=at)
    log_lead_call(actor=people.admin, lead=made, at=at)
    log_lead_call(actor=people.manager, lead=made, at=at)
    convert_lead(actor=people.manager, lead=again(made))
    rows = Interaction.objects.order_by("pk").values_list("owner_id", "team_id")
    # A manager gives to their own people; what somebody else did is theirs who converts.
    mine = (people.manager.pk, people.manager.main_team_id())
    assert list(rows) == [(people.owner.pk, people.north.pk), mine, mine]


# --- untouched --------------------------------------------------------------------------------------


def test_a_logged_call_keeps_a_lead_from_being_passed_on(people: People) -> None:
    assign_rule(people, untouched_hours=4)
    leads(2)
    assign()
    first, second = Lead.objects.order_by("pk")
    assert first.owner
    log_lead_call(actor=first.owner, lead=first, at=now())
    (line,) = [one for one in fairness() if one.user == first.owner]
    assert line.touched == 1
    assert assign_again(now() + timedelta(hours=5)) == 1
    assert again(first).owner == first.owner
    assert again(second).owner != second.owner


def test_a_contact_in_time_keeps_a_lead_out_of_the_pool(people: People) -> None:
    save_recycle_rule(actor=people.admin, pool=pool(people), no_contact=30, warn=0, is_active=True)
    kept, due = old(people.owner), old(people.owner)
    log_lead_call(actor=people.owner, lead=kept, at=now() - timedelta(days=1))
    assert sum(recycle().values()) == 1
    assert (again(kept).owner, again(due).owner) == (people.owner, None)


def test_the_list_is_asked_for_the_last_contact(people: People) -> None:
    never, late, early = (lead(people.owner, name=name) for name in ("Never", "Late", "Early"))
    log_lead_call(actor=people.owner, lead=late, at=now() - timedelta(days=2))
    log_lead_call(actor=people.owner, lead=early, at=now() - timedelta(days=60))
    client = signed_in(people.owner)

    def names(query: str) -> list[str]:
        rows = client.get(f"/api/v1/leads?{query}").json()["data"]
        return [row["name"] for row in rows]

    assert names("last_contact_at.within=last_30_days") == ["Late"]
    assert names("last_contact_at.empty=1") == [never.name]
    assert names("sort=-last_contact_at") == ["Late", "Early", "Never"]
