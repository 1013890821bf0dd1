"""Pools of leads: the same as of customers, without grabbing what assignment would give away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.personas import People, make_people
from tests.records.api.test_once import at_once
from tests.sales.test_assigning import leads
from tests.sales.test_assigning import rule as assign_rule
from tests.sales.test_leads import edit, lead
from tests.sales.test_pools import signed_in
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform import versions
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Notification, User
from vinculo.platform.models.journal import Change
from vinculo.platform.modules.switching import switch_module
from vinculo.platform.undo import undo_change_set
from vinculo.sales.assigning.dealing import assign
from vinculo.sales.assigning.report import preview
from vinculo.sales.leads.actions import disqualify_lead
from vinculo.sales.leads.models import Lead
from vinculo.sales.pools.actions import change_pool, create_pool, save_recycle_rule
from vinculo.sales.pools.claiming import claim, look_into_pool
from vinculo.sales.pools.membership import lying_in, outside_pools
from vinculo.sales.pools.models import Pool, PoolUse, RecycleRule
from vinculo.sales.pools.quotas import held
from vinculo.sales.pools.recycling import recycle
from vinculo.sales.pools.releasing import release_lead

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "ada@byron.example", "+34 600 123 987"


def pool(people: People, **data: Any) -> Pool:
    """An open pool of leads for the north."""
    made = create_pool(
        actor=people.admin, name="Unread", entity_key="sales.lead", teams=[people.north]
    )
    usual = {"query": "", "shown": made.shown, "is_active": True, "cooldown": 30}
    return change_pool(
        actor=people.admin, pool=made, name=made.name, teams=[people.north], **{**usual, **data}
    )


def nobodys(people: People, **columns: Any) -> Lead:
    """A lead that belongs to nobody."""
    made = lead(people.admin, **{"name": "Asks for pumps", **columns})
    with change_set(actor=people.admin, verb="records.edit"):
        Lead.objects.filter(pk=made.pk).update(owner=None, team=None)
    return made


def old(owner: User, days: int = 200, **columns: Any) -> Lead:
    """A lead that `owner` has had for so many days without touching it."""
    made, then = lead(owner, **{"name": "Old", **columns}), now() - timedelta(days=days)
    Lead.objects.filter(pk=made.pk).update(created_at=then, updated_at=then)
    Change.objects.filter(row_id=made.pk, table="sales_lead").delete()
    return made


# --- claiming and releasing ----------------------------------------------------------------------


def test_a_claim_makes_a_lead_the_members_own_and_undo_gives_it_back(people: People) -> None:
    one, made = pool(people, most_claims=1), nobodys(people)
    assert not Lead.objects.visible_to(people.owner).exists()
    claim(actor=people.owner, pool=one, row_id=made.pk)
    made.refresh_from_db()
    assert (made.owner, made.team, made.status) == (people.owner, people.north, "new")
    told = ChangeSet.objects.get(verb="sales.claim")
    assert told.said == "Asks for pumps"
    with pytest.raises(DomainError, match="claimed 1 from this pool"):
        claim(actor=people.owner, pool=one, row_id=nobodys(people).pk)
    undo_change_set(actor=people.admin, change_set=told)
    made.refresh_from_db()
    assert (made.owner, made.team) == (None, None)
    with pytest.raises(DomainError, match="yours not long ago"):
        claim(actor=people.owner, pool=one, row_id=made.pk)
    claim(actor=people.teammate, pool=one, row_id=made.pk)


def test_what_is_over_lies_in_no_pool_and_fills_no_quota(people: People) -> None:
    one = pool(people, most_held=1, query="status.in=new,disqualified")
    over, working = nobodys(people), nobodys(people)
    Lead.objects.filter(pk=over.pk).update(status="disqualified", why="spam")
    Lead.objects.filter(pk=working.pk).update(status="working")
    assert not lying_in(one).exists()
    for row_id in (over.pk, working.pk):
        with pytest.raises(NotFound):
            claim(actor=people.owner, pool=one, row_id=row_id)
    first, second = nobodys(people), nobodys(people)
    claim(actor=people.owner, pool=one, row_id=first.pk)
    with pytest.raises(DomainError, match="Release one first"):
        claim(actor=people.owner, pool=one, row_id=second.pk)
    disqualify_lead(actor=people.owner, lead=Lead.objects.get(pk=first.pk), why="spam")
    assert held(people.owner, one) == 0
    claim(actor=people.owner, pool=one, row_id=second.pk)


def test_a_lead_is_released_only_to_where_somebody_sees_it(people: People) -> None:
    one, made = pool(people, query="country.is=ES"), lead(people.owner)
    with pytest.raises(DomainError, match="No pool takes this lead"):
        release_lead(actor=people.owner, lead=made)
    with pytest.raises(NotFound):
        release_lead(actor=people.stranger, lead=made)
    made.refresh_from_db()
    assert made.owner == people.owner
    edit(people.owner, made, country="ES")
    url = f"/leads/{made.pk}"
    assert "Release to the pool" in signed_in(people.owner).get(url).content.decode()
    release_lead(actor=people.owner, lead=made, note="not for us")
    assert ChangeSet.objects.get(verb="sales.release_lead").said == "Asks for pumps: not for us"
    assert [row.pk for row in lying_in(one)] == [made.pk]
    with pytest.raises(DomainError, match="yours not long ago"):
        claim(actor=people.owner, pool=one, row_id=made.pk)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_claim_a_lead_while_it_is_assigned_one_gets_it() -> None:
    people = make_people()
    one, made = pool(people), nobodys(people)
    assign_rule(people, team=None, person=people.stranger)

    def attempt(pk: int) -> Any:
        def call() -> bool:
            try:
                claim(actor=User.objects.get(pk=pk), pool=one, row_id=made.pk)
            except DomainError:
                return False
            return True

        return call

    def give_out() -> bool:
        return bool(assign())

    claims = [attempt(pk) for pk in [people.owner.pk, people.teammate.pk] * 3]
    answers = at_once([*claims, give_out, give_out])
    assert answers.count(True) == 1
    made.refresh_from_db()
    assert made.owner_id == PoolUse.objects.get(what="claim").user_id


# --- masking ---------------------------------------------------------------------------------------


def test_how_to_reach_a_lead_never_leaves_the_server_before_the_claim(people: People) -> None:
    one = pool(people)
    unnamed = nobodys(people, name="", email=EMAIL)  # goes by its address
    talks = nobodys(people, name="Pumps", phone=PHONE, interest=f"Call me: {PHONE}, {EMAIL}")
    assert Lead.objects.get(pk=unnamed.pk).name == EMAIL
    client = signed_in(people.owner)
    looks = [client.post(f"/pools/{one.pk}/{row.pk}/look") for row in (unnamed, talks)]
    pages = [*looks, *(client.get(url) for url in (
        "/pools", f"/pools/{one.pk}", f"/leads/{talks.pk}", "/leads", "/search?q=byron",
        f"/leads/{unnamed.pk}/history", "/api/v1/leads",
    ))]  # fmt: skip
    for page in pages:
        text = page.content.decode()
        assert EMAIL not in text
        assert PHONE not in text
        assert PHONE.replace(" ", "") not in text
    assert [look.status_code for look in looks] == [200, 200]
    page = client.get(f"/pools/{one.pk}").content.decode()
    assert f"Lead {unnamed.pk}" in page
    assert "Pumps" in page
    # Where the address is shown, it may stand in the name, too.
    Pool.objects.update(shown=["name", "email"])
    assert EMAIL in client.get(f"/pools/{one.pk}").content.decode()
    assert PHONE not in client.get(f"/pools/{one.pk}").content.decode()


def test_only_so_many_leads_are_looked_at_and_by_members_only(people: People) -> None:
    one = pool(people, most_views=1)
    first, second = nobodys(people), nobodys(people)
    look_into_pool(actor=people.owner, pool=one, row_id=first.pk)
    with pytest.raises(DomainError, match="all for one day"):
        look_into_pool(actor=people.owner, pool=one, row_id=second.pk)
    with pytest.raises(NotFound, match="not a member"):
        look_into_pool(actor=people.stranger, pool=one, row_id=second.pk)


def test_members_claim_a_lead_on_its_page(people: People) -> None:
    one, made = pool(people), nobodys(people, name="Pumps", email=EMAIL)
    client: Client = signed_in(people.owner)
    answer = client.post(f"/pools/{one.pk}/{made.pk}/claim", follow=True)
    assert answer.redirect_chain[-1][0] == f"/leads/{made.pk}"
    assert EMAIL in answer.content.decode()


# --- recycling --------------------------------------------------------------------------------------


def test_an_untouched_lead_goes_back_after_a_warning(people: People) -> None:
    one = pool(people)
    made, touched, over = old(people.owner), old(people.owner), old(people.owner)
    Lead.objects.filter(pk=over.pk).update(status="disqualified", why="spam")
    save_recycle_rule(actor=people.admin, pool=one, no_contact=30, warn=7, is_active=True)
    at = now()
    assert recycle(at) == {}
    warned = Notification.objects.get(user=people.owner)
    assert (warned.params["n"], warned.params["why"]) == (2, "untouched for 30 days")
    edit(people.owner, touched, city="Cadiz")
    assert sum(recycle(at + timedelta(days=7)).values()) == 1
    assert list(Lead.objects.filter(owner=None)) == [made]
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.get(verb="sales.recycle"))
    made.refresh_from_db()
    assert made.owner == people.owner


def test_a_rule_for_leads_asks_for_no_deals(people: People) -> None:
    one = pool(people)
    for wish in ({"no_deal": 30}, {"no_contact": 30, "classes": ["C"]}):
        with pytest.raises(DomainError, match="only customers"):
            save_recycle_rule(actor=people.admin, pool=one, **wish)
    client = signed_in(people.admin)
    url = f"/settings/pools/{one.pk}/rules/new"
    page = client.get(url).content.decode()
    assert 'name="no_deal"' not in page
    assert 'name="classes"' not in page
    filled = {"no_contact": "30", "warn": "7", "view": "keep", "is_active": "on"}
    assert client.post(url, filled).status_code == 302
    assert RecycleRule.objects.get().no_contact == 30
    assert "untouched for 30 days" in client.get("/settings/pools").content.decode()


# --- with assignment --------------------------------------------------------------------------------


def test_what_lies_in_a_pool_is_not_given_out(people: People) -> None:
    one = pool(people, query="country.is=ES")
    assign_rule(people)
    leads(2, country="ES")
    leads(3, country="DE")
    page = signed_in(people.admin).get("/settings/assignment").content.decode()
    assert "2 new leads lie in a pool" in page
    assert preview([assign_rule(people, name="Again")]).leads == 3
    assert sum(assign().values()) == 3
    assert lying_in(one).count() == 2
    # A closed pool holds nothing back, nor does one whose module is off.
    Pool.objects.update(is_active=False)
    assert sum(assign().values()) == 2


def test_a_released_lead_waits_for_a_claim_until_pools_are_off(people: People) -> None:
    pool(people)
    assign_rule(people)
    made = lead(people.owner)
    release_lead(actor=people.owner, lead=made)
    assert not assign()
    made.refresh_from_db()
    assert made.owner is None
    switch_module(actor=people.admin, name="pools", on=False)
    versions.ask()
    assert outside_pools("sales.lead", Lead.objects.all()).count() == 1
    assert sum(assign().values()) == 1
