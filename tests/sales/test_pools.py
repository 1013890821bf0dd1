"""Pools: what belongs to nobody is claimed once, within quotas, and tells nothing before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People, make_people
from tests.records.api.test_once import at_once
from tests.sales.makers import deal
from tests.samples import make_company
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, ContactPoint, Party
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Notification, User
from vinculo.platform.models.journal import Change
from vinculo.platform.undo import undo_change_set
from vinculo.records.custom.actions import add_custom_field
from vinculo.records.custom.spelling import Wish
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record
from vinculo.sales.deals.actions import win_deal
from vinculo.sales.pools.actions import change_pool, create_pool, save_recycle_rule
from vinculo.sales.pools.claiming import claim, look_into_pool
from vinculo.sales.pools.membership import lying_in, pools_for
from vinculo.sales.pools.models import Pool, PoolUse, RecycleRule, RecycleWarning
from vinculo.sales.pools.quotas import check_claim
from vinculo.sales.pools.recycling import fitting, last_day, recycle
from vinculo.sales.pools.releasing import release

pytestmark = pytest.mark.django_db

PHONE = "+34 600 123 987"


def pool(people: People, **data: Any) -> Pool:
    """An open pool of companies for the north."""
    made = create_pool(
        actor=people.admin, name="Nobody's", entity_key="parties.company", teams=[people.north]
    )
    usual = {"query": "", "shown": ["name", "city"], "is_active": True, "cooldown": 30}
    return change_pool(
        actor=people.admin, pool=made, name=made.name, teams=[people.north], **{**usual, **data}
    )


def nobodys(people: People, name: str = "Aurora", **columns: Any) -> Company:
    """A company that belongs to nobody, with a phone."""
    made = make_company(people.admin, name)
    with change_set(actor=people.admin, verb="records.edit"):
        ContactPoint.objects.create(
            party=made, kind="phone", typed=PHONE, value=PHONE.replace(" ", ""), is_primary=True
        )
        Company.objects.filter(pk=made.pk).update(owner=None, team=None, **columns)
        refresh([made.pk])
    return made


def fresh(user: User) -> User:
    """The same person in another request."""
    return User.objects.get(pk=user.pk)


# --- claiming ----------------------------------------------------------------------------------


def test_a_claim_makes_it_the_members_own(people: People) -> None:
    one, made = pool(people), nobodys(people)
    assert not Party.objects.filter(pk=made.pk).visible_to(people.owner).exists()
    claim(actor=people.owner, pool=one, row_id=made.pk)
    made.refresh_from_db()
    assert (made.owner_id, made.team_id) == (people.owner.pk, people.north.pk)
    assert Party.objects.filter(pk=made.pk).visible_to(people.owner).exists()
    told = ChangeSet.objects.get(verb="sales.claim")
    assert (told.actor_id, told.said) == (people.owner.pk, "Aurora")


def test_who_comes_second_learns_that_it_is_gone_and_others_learn_no_more(people: People) -> None:
    one, made = pool(people), nobodys(people)
    claim(actor=people.owner, pool=one, row_id=made.pk)
    for row_id in (made.pk, make_company(people.stranger, "Hidden").pk, 99_999_999):
        with pytest.raises(NotFound, match="somebody else was faster"):
            claim(actor=people.teammate, pool=one, row_id=row_id)
    assert PoolUse.objects.count() == 1


def test_only_members_take_from_a_pool(people: People) -> None:
    one, made = pool(people), nobodys(people)
    assert pools_for(people.owner) == [one]
    assert pools_for(people.stranger) == []
    for act in (claim, look_into_pool):
        with pytest.raises(NotFound, match="not a member"):
            act(actor=people.stranger, pool=one, row_id=made.pk)
    assert lying_in(one).count() == 1


def test_a_pool_holds_what_meets_its_condition_and_has_no_team(people: People) -> None:
    one = pool(people, query="state.is=lead&sort=-name")
    lead, customer = nobodys(people, "Lead"), nobodys(people, "Customer", state="active")
    with_team = nobodys(people, "With team")
    Company.objects.filter(pk=with_team.pk).update(team=people.north)
    assert [row.pk for row in lying_in(one)] == [lead.pk]
    for wrong in (customer, with_team):
        with pytest.raises(NotFound):
            claim(actor=people.owner, pool=one, row_id=wrong.pk)
    with pytest.raises(DomainError, match="no reader"):
        pool(people, query="owner.is=me")


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"most_claims": 1}, "claimed 1 from this pool"),
        ({"most_claims": 1, "period": "week"}, "claimed 1 from this pool"),
        ({"most_held": 1}, "Release one first"),
    ],
)
def test_a_quota_refuses_and_writes_nothing(
    people: People, limits: dict[str, Any], says: str
) -> None:
    one = pool(people, **limits)
    first, second = nobodys(people, "First"), nobodys(people, "Second")
    claim(actor=people.owner, pool=one, row_id=first.pk)
    with pytest.raises(DomainError, match=says):
        claim(actor=people.owner, pool=one, row_id=second.pk)
    second.refresh_from_db()
    assert second.owner_id is None
    claim(actor=people.teammate, pool=one, row_id=second.pk)  # a quota is one person's


def test_undoing_a_claim_gives_no_quota_back(people: People) -> None:
    one, first = pool(people, most_claims=1), nobodys(people)
    claim(actor=people.owner, pool=one, row_id=first.pk)
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.get(verb="sales.claim"))
    first.refresh_from_db()
    assert first.owner_id is None
    with pytest.raises(DomainError, match="claimed 1 from this pool"):
        claim(actor=people.owner, pool=one, row_id=nobodys(people, "Second").pk)


def test_a_quota_frees_with_the_next_day_and_week(people: People) -> None:
    for period, ago in (("day", 1), ("week", 7)):
        one = pool(people, most_claims=1, period=period)
        claim(actor=people.owner, pool=one, row_id=nobodys(people).pk)
        later = nobodys(people, "Later")
        with pytest.raises(DomainError, match="You may claim again"):
            claim(actor=people.owner, pool=one, row_id=later.pk)
        PoolUse.objects.update(at=timezone.now() - timedelta(days=ago))
        claim(actor=people.owner, pool=one, row_id=later.pk)


def test_the_former_owner_waits_through_whatever_door_it_went(people: People) -> None:
    one, made = pool(people), make_company(people.owner, "Aurora")
    release(actor=people.owner, party=made, note="moved away")
    assert ChangeSet.objects.get(verb="sales.release").said == "Aurora: moved away"
    with pytest.raises(DomainError, match="yours not long ago"):
        claim(actor=people.owner, pool=one, row_id=made.pk)
    claim(actor=people.teammate, pool=one, row_id=made.pk)
    by_form = make_company(people.owner, "By form")
    with change_set(actor=people.admin, verb="records.edit"):
        Company.objects.filter(pk=by_form.pk).update(owner=None, team=None)
    with pytest.raises(DomainError, match="yours not long ago"):
        claim(actor=people.owner, pool=one, row_id=by_form.pk)
    Pool.objects.update(cooldown=0)
    claim(actor=fresh(people.owner), pool=one, row_id=by_form.pk)


def test_nothing_is_released_into_nowhere(people: People) -> None:
    one = pool(people, query="state.is=lead")
    elsewhere = make_company(people.owner, "Customer")
    Company.objects.filter(pk=elsewhere.pk).update(state="active")
    with pytest.raises(DomainError, match="No pool takes"):
        release(actor=people.owner, party=elsewhere)
    customer = make_company(people.owner, "Sold to")
    sold = deal(people.owner, company=customer)
    with pytest.raises(DomainError, match="open deals"):
        release(actor=people.owner, party=customer)
    with pytest.raises(NotFound):
        release(actor=people.stranger, party=customer)
    assert not lying_in(one).exists()
    win_deal(actor=people.owner, deal=sold)
    release(actor=people.owner, party=customer)
    assert lying_in(one).get().pk == sold.company_id


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_claim_at_once_one_gets_it() -> None:
    people = make_people()
    one, made = pool(people), nobodys(people)
    two = nobodys(people, "Second")
    actors = [people.owner.pk, people.teammate.pk] * 4

    def attempt(pk: int) -> Any:
        def call() -> str:
            try:
                claim(actor=User.objects.get(pk=pk), pool=one, row_id=made.pk)
            except DomainError as refusal:
                return str(refusal)
            return ""

        return call

    answers = at_once([attempt(pk) for pk in actors])
    assert answers.count("") == 1
    assert all("somebody else was faster" in said for said in answers if said)
    assert PoolUse.objects.filter(what="claim").count() == 1
    made.refresh_from_db()
    assert made.owner_id == PoolUse.objects.get(what="claim").user_id
    # And one person at once, with a quota of one, gets one of two.
    Pool.objects.update(most_claims=2)
    fourth = [nobodys(people, f"No. {n}").pk for n in range(3)] + [two.pk]

    def both(pk: int) -> Any:
        def call() -> bool:
            try:
                claim(actor=User.objects.get(pk=people.teammate.pk), pool=one, row_id=pk)
            except DomainError:
                return False
            return True

        return call

    before = PoolUse.objects.filter(user=people.teammate, what="claim").count()
    assert sum(at_once([both(pk) for pk in fourth])) == 2 - before


# --- masking -----------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_masked_never_leaves_the_server(people: People) -> None:
    one = pool(people)
    made = nobodys(people, "Zanzibarquill", tax_id="ES-SECRET-1", description="Secretive words")
    client = signed_in(people.owner)
    look = client.post(f"/pools/{one.pk}/{made.pk}/look")
    pages = [
        look,
        *(client.get(url) for url in (
            "/pools", f"/pools/{one.pk}", f"/companies/{made.pk}", f"/companies/{made.pk}/peek",
            f"/companies/{made.pk}/history", "/companies?q=Zanzibarquill", "/search?q=Zanzibarquill",
            f"/companies?phone.contains={PHONE[-6:]}", "/companies/hints?name=Zanzibarquill",
        )),
    ]  # fmt: skip
    assert look.status_code == 200
    assert "Zanzibarquill" in look.content.decode()
    for page in pages:
        text = page.content.decode()
        assert PHONE not in text
        assert PHONE.replace(" ", "") not in text
        assert "ES-SECRET-1" not in text
        assert "Secretive" not in text
    # What nobody was shown by name is known by its number alone.
    Pool.objects.update(shown=["city", "description"])
    text = client.get(f"/pools/{one.pk}").content.decode()
    assert f"Company {made.pk}" in text
    assert "Zanzibarquill" not in text
    assert "Secretive" not in text


def test_a_field_hidden_by_a_role_is_hidden_in_a_pool(people: People) -> None:
    one, made = pool(people), nobodys(people, city="Cadiz")
    with change_set(actor=people.admin, verb="records.edit"):
        Company.objects.filter(pk=made.pk).update(city="Cadiz")
    url = f"/pools/{one.pk}"
    assert "Cadiz" in signed_in(people.owner).get(url).content.decode()
    role = people.owner.role_assignments.get().role
    role.field_rules = {"parties.company": {"city": "hidden"}}
    role.save()
    assert "Cadiz" not in signed_in(people.owner).get(url).content.decode()


def test_who_looks_at_too_many_in_a_day_is_refused(people: People) -> None:
    one = pool(people, most_views=1)
    first, second = nobodys(people, "First"), nobodys(people, "Second")
    client = signed_in(people.owner)
    for _time in range(2):  # again is free
        assert client.post(f"/pools/{one.pk}/{first.pk}/look").status_code == 200
    refused = client.post(f"/pools/{one.pk}/{second.pk}/look", follow=True)
    assert "which is all for one day" in refused.content.decode()
    assert signed_in(people.teammate).post(f"/pools/{one.pk}/{second.pk}/look").status_code == 200
    assert client.get(f"/pools/{one.pk}/{second.pk}/look").status_code == 405


def test_members_find_claim_and_open_it(people: People) -> None:
    one, made = pool(people), nobodys(people)
    client = signed_in(people.owner)
    assert 'href="/pools"' in client.get("/companies").content.decode()
    page = client.get(f"/pools/{one.pk}").content.decode()
    assert f"/pools/{one.pk}/{made.pk}/claim" in page
    answer = client.post(f"/pools/{one.pk}/{made.pk}/claim", follow=True)
    assert answer.redirect_chain[-1][0] == f"/companies/{made.pk}"
    assert PHONE in answer.content.decode()
    assert "Release to the pool" in answer.content.decode()
    assert signed_in(people.stranger).get(f"/pools/{one.pk}").status_code == 404
    Pool.objects.update(is_active=False)
    assert client.get(f"/pools/{one.pk}").status_code == 404


# --- recycling ---------------------------------------------------------------------------------


def old(owner: User, name: str = "Old", days: int = 200) -> Company:
    """A company that `owner` has had for so many days without doing anything."""
    made = make_company(owner, name)
    Company.objects.filter(pk=made.pk).update(
        created_at=timezone.now() - timedelta(days=days), value_class="C"
    )
    Change.objects.filter(row_id=made.pk, table="parties_party").delete()
    return made


def rule(people: People, one: Pool, **data: Any) -> RecycleRule:
    return save_recycle_rule(
        actor=people.admin, pool=one, **{"no_contact": 90, "is_active": True, **data}
    )


def test_the_owner_is_warned_first_and_then_it_goes(people: People) -> None:
    one = pool(people)
    made, kept = old(people.owner), make_company(people.owner, "Young")
    rule(people, one)
    at = timezone.now()
    assert recycle(at) == {}  # nobody was warned yet
    warned = Notification.objects.get(user=people.owner)
    assert warned.params["n"] == 1
    assert "no contact for 90 days" in warned.params["why"]
    assert made.name in signed_in(people.owner).get("/pools").content.decode()
    assert recycle(at + timedelta(days=6)) == {}
    assert Notification.objects.count() == 1  # once
    assert sum(recycle(at + timedelta(days=7)).values()) == 1
    made.refresh_from_db()
    kept.refresh_from_db()
    assert (made.owner_id, made.team_id) == (None, None)
    assert kept.owner_id == people.owner.pk
    told = ChangeSet.objects.get(verb="sales.recycle")
    assert "no contact for 90 days" in told.said
    with pytest.raises(DomainError, match="yours not long ago"):
        check_claim(people.owner, one, made.pk)
    undo_change_set(actor=people.admin, change_set=told)
    made.refresh_from_db()
    assert made.owner_id == people.owner.pk
    assert recycle(at + timedelta(days=8)) == {}  # it changed hands just now


def test_what_happens_in_time_keeps_it(people: People) -> None:
    one, made = pool(people), old(people.owner)
    rule(people, one)
    at = timezone.now()
    recycle(at)
    assert RecycleWarning.objects.count() == 1
    Company.objects.filter(pk=made.pk).update(last_contact_at=at)
    assert recycle(at + timedelta(days=7)) == {}
    assert RecycleWarning.objects.count() == 0


def test_a_rule_asks_for_deals_classes_and_members(people: People) -> None:
    one = pool(people)
    rule(people, one, no_contact=None, no_deal=30, classes=["C"], warn=0)
    of_class = old(people.owner, "Of class A")
    Company.objects.filter(pk=of_class.pk).update(value_class="A")
    theirs, due = old(people.stranger, "South"), old(people.owner, "Due")
    open_deal = deal(people.owner, company=old(people.owner, "Selling"))
    lost = deal(people.owner, company=old(people.owner, "Lately"))
    win_deal(actor=people.owner, deal=lost)
    assert sum(recycle().values()) == 1
    unowned = set(Company.objects.filter(owner=None).values_list("pk", flat=True))
    assert unowned == {due.pk}
    assert theirs.owner_id == people.stranger.pk
    assert open_deal.company_id not in unowned


def test_a_closed_pool_and_a_rule_that_is_off_take_nothing(people: People) -> None:
    one = pool(people)
    old(people.owner)
    rule(people, one, is_active=False, warn=0)
    assert recycle() == {}
    RecycleRule.objects.update(is_active=True)
    Pool.objects.update(is_active=False)
    assert recycle() == {}


# --- recycling by a date and by a condition ------------------------------------------------------


def contract_end(people: People, kind: str = "date") -> str:
    """A field of companies' own: the day on which a contract ends."""
    wish = Wish({"": "Contract end"}, kind)
    return add_custom_field(actor=people.admin, entity=entity("parties.company"), wish=wish).name


def ending(people: People, field: str, ends: dict[int, date]) -> None:
    """Companies that somebody has had for long, and the days on which their contracts end."""
    for pk, day in ends.items():
        company = Company.objects.get(pk=pk)
        edit_record(
            actor=people.admin, entity=entity("parties.company"), record=company, data={field: day}
        )
    Change.objects.filter(table="parties_party").delete()


DAY = st.dates(date(2020, 1, 1), date(2035, 12, 31))
DAYS = st.integers(1, 400)


@given(today=DAY, ends=DAY, days=DAYS, early=st.integers(0, 400))
def test_what_is_warned_of_goes_on_the_day_that_was_said(
    today: date, ends: date, days: int, early: int
) -> None:
    warned = ends <= last_day(today, days, early)
    assert warned == (ends <= last_day(today + timedelta(days=early), days))
    assert (ends <= last_day(today, days)) == ((today - ends).days >= days)


@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_each_goes_so_many_days_after_its_contract_and_after_a_warning(
    people: People, kind: str
) -> None:
    one, field = pool(people), contract_end(people, kind)
    first = now().replace(hour=2, minute=17)
    today, days, warn = timezone.localdate(first), 3, 2
    had = {old(people.owner, f"No. {n}").pk: n for n in range(-4, 6)}
    ends: dict[int, Any] = {pk: today + timedelta(days=n) for pk, n in had.items()}
    never = old(people.owner, "Without a contract")
    if kind == "datetime":
        noon = datetime.min.time().replace(hour=12)
        ends = {pk: datetime.combine(day, noon, UTC) for pk, day in ends.items()}
    ending(people, field, ends)
    made = rule(people, one, no_contact=None, date_field=field, days_after=days, warn=warn)
    gone: dict[int, int] = {}
    for night in range(12):
        recycle(first + timedelta(days=night))
        free = Company.objects.filter(pk__in=had, owner=None).values_list("pk", flat=True)
        for pk in free:
            gone.setdefault(had[pk], night)
    assert gone == {n: max(n + days, warn) for n in had.values()}
    never.refresh_from_db()
    assert never.owner_id == people.owner.pk
    assert fitting(made, first + timedelta(days=12)).count() == 0


def test_a_contract_that_is_renewed_in_time_keeps_its_customer(people: People) -> None:
    one, field, made = pool(people), contract_end(people), old(people.owner)
    today = timezone.localdate()
    ending(people, field, {made.pk: today})
    rule(people, one, no_contact=None, date_field=field, days_after=1, warn=30)
    at = now()
    recycle(at)  # a month before is earlier than the one day itself begins
    assert RecycleWarning.objects.get().goes_on == today + timedelta(days=30)
    ending(people, field, {made.pk: today + timedelta(days=365)})
    assert recycle(at + timedelta(days=30)) == {}
    assert RecycleWarning.objects.count() == 0


def test_who_got_a_customer_after_the_contract_has_the_days_too(people: People) -> None:
    one, field, made = pool(people), contract_end(people), nobodys(people)
    ending(people, field, {made.pk: timezone.localdate() - timedelta(days=100)})
    rule(people, one, no_contact=None, date_field=field, days_after=30, warn=0)
    claim(actor=people.owner, pool=one, row_id=made.pk)
    Company.objects.filter(pk=made.pk).update(created_at=now() - timedelta(days=400))
    assert recycle() == {}
    assert sum(recycle(now() + timedelta(days=31)).values()) == 1


def test_a_rule_speaks_only_of_what_meets_its_condition(people: People) -> None:
    one = pool(people, query="city.is=Cadiz")
    rule(people, one, query="value_class.is=C&sort=name&city.filled=1", warn=0)
    assert RecycleRule.objects.get().query == "value_class.is=C&city.filled=1"
    due, of_b, elsewhere = (old(people.owner, name) for name in ("Due", "Of B", "Elsewhere"))
    Company.objects.filter(pk__in=[due.pk, of_b.pk]).update(city="Cadiz")
    Company.objects.filter(pk=of_b.pk).update(value_class="B")
    assert sum(recycle().values()) == 1
    assert list(Company.objects.filter(owner=None)) == [due]
    elsewhere.refresh_from_db()
    assert elsewhere.owner_id == people.owner.pk
    RecycleRule.objects.update(query="custom_gone.filled=1")  # a field that is no more
    assert recycle(now() + timedelta(days=1)) == {}


def test_a_formula_may_say_the_day(people: People) -> None:
    one, field, made = pool(people), contract_end(people), old(people.owner)
    wish = Wish({"": "Free from"}, "formula", formula=f"{field} + 10")
    free = add_custom_field(actor=people.admin, entity=entity("parties.company"), wish=wish).name
    ending(people, field, {made.pk: timezone.localdate() - timedelta(days=11)})
    rule(people, one, no_contact=None, date_field=free, days_after=1, warn=0)
    assert sum(recycle().values()) == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"no_contact": None}, "no_contact"),
        ({"no_contact": None, "date_field": "created_at"}, "days_after"),
        ({"no_contact": None, "days_after": 5}, "date_field"),
        ({"date_field": "city", "days_after": 5}, "date_field"),
        ({"date_field": "gone", "days_after": 5}, "date_field"),
        ({"date_field": "created_at", "days_after": 0}, "days_after"),
        ({"query": "owner.is=me"}, "view"),
        ({"warn": 90}, "warn"),
    ],
)
def test_a_rule_that_says_nothing_clear_is_refused(
    people: People, wish: dict[str, Any], field: str
) -> None:
    one = pool(people)
    with pytest.raises(DomainError) as refused:
        rule(people, one, **wish)
    assert refused.value.field == field
    assert not RecycleRule.objects.exists()


def test_whoever_may_not_see_the_date_is_not_told_which_it_is(people: People) -> None:
    one, field, made = pool(people), contract_end(people), old(people.owner)
    ending(people, field, {made.pk: timezone.localdate() - timedelta(days=100)})
    rule(people, one, no_contact=None, date_field=field, days_after=30, classes=["C"])
    role = people.owner.role_assignments.get().role
    role.field_rules = {"parties.company": {field: "hidden", "value_class": "hidden"}}
    role.save()
    recycle()
    why = Notification.objects.get(user=people.owner).params["why"]
    assert why == "30 days after a date of the record"
    assert "Contract end" not in signed_in(people.owner).get("/pools").content.decode()
    role.field_rules = {}
    role.save()
    assert "30 days after “Contract end”" in signed_in(people.owner).get("/pools").content.decode()
    assert "Contract end" in signed_in(people.admin).get("/settings/pools").content.decode()


# --- settings ----------------------------------------------------------------------------------


def test_administrators_make_a_pool_with_its_rules(people: People) -> None:
    client = signed_in(people.admin)
    new = {"name": "Fresh", "entity_key": "parties.person", "teams": [people.north.pk]}
    page = client.post("/settings/pools/new", new, follow=True)
    one = Pool.objects.get()
    assert page.redirect_chain[-1][0] == f"/settings/pools/{one.pk}"
    filled = {"name": "Fresh", "is_active": "on", "view": "keep", "teams": [people.north.pk],
              "period": "week", "cooldown": "10", "shown": ["name"], "most_claims": "3"}  # fmt: skip
    assert client.post(f"/settings/pools/{one.pk}", filled).status_code == 302
    one.refresh_from_db()
    assert (one.is_active, one.most_claims, one.period, one.shown) == (True, 3, "week", ["name"])
    wrong = client.post(f"/settings/pools/{one.pk}/rules/new", {"warn": "7"})
    assert (wrong.status_code, RecycleRule.objects.count()) == (422, 0)
    filled = {"no_contact": "60", "warn": "7", "is_active": "on", "view": "keep"}
    assert client.post(f"/settings/pools/{one.pk}/rules/new", filled).status_code == 302
    assert "no contact for 60 days" in client.get("/settings/pools").content.decode()
    with pytest.raises(NotAllowed):
        pool(People(**{**people.__dict__, "admin": people.owner}))
    assert signed_in(people.owner).get("/settings/pools").status_code == 403


def test_what_no_pool_may_show_is_not_offered(people: People) -> None:
    for name in ("iban", "owner", "description", "parent"):
        with pytest.raises(DomainError, match="Choose from the list"):
            pool(people, shown=[name])
