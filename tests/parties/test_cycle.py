"""The sales cycle: states with their dates, rules that move customers, and what undo leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.parties.makers import make_company, make_person
from tests.personas import People

from vinculo.interactions.derived import refresh_interactions
from vinculo.interactions.models import Interaction
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.cycle import actions
from vinculo.parties.cycle.keeping import FOR_GOOD, in_states
from vinculo.parties.cycle.models import DatedState, StateRule
from vinculo.parties.cycle.rules import run_rules, would_move
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Company, Party
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Event, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

pytestmark = pytest.mark.django_db
COMPANY = entity("parties.company")
DAY = timedelta(days=1)


@pytest.fixture
def no_rules(people: People) -> People:
    """The personas, and none of the rules that an installation begins with."""
    StateRule.objects.all().delete()
    return people


def mine(people: People) -> dict[str, Any]:
    return {"owner": people.owner, "team": people.north}


def rows(party: Party) -> list[tuple[str, str]]:
    """State and reason of each of a party's rows, in order."""
    found = DatedState.objects.filter(party=party.pk).order_by("began")
    return list(found.values_list("state", "why"))


def set_by_form(actor: User, company: Company, state: str) -> None:
    edit_record(actor=actor, entity=COMPANY, record=company, data={"state": state})


def make_rule(people: People, before: list[str], after: str, *said: dict[str, Any], **more: Any) -> StateRule:  # fmt: skip
    values = {"from_states": before, "to_state": after, "conditions": list(said), **more}
    rule = actions.create_state_rule(actor=people.admin, **values)
    return actions.switch_state_rule(actor=people.admin, rule=rule, active=True)


def made_days_ago(company: Party, days: int) -> None:
    Party.objects.filter(pk=company.pk).update(created_at=now() - days * DAY)


def check_chain() -> None:
    """No gap, no overlap, one open row, and that is what the party's column says."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for party in Party.objects.all():
        found = list(DatedState.objects.filter(party=party.pk).order_by("began"))
        if not found:
            continue
        assert all(one.until == other.began for one, other in pairwise(found))
        assert [one for one in found if one.until is None] == found[-1:]
        assert found[-1].state == party.state
        assert found[0].began == party.created_at


# --- by hand --------------------------------------------------------------------------------------


def test_a_party_that_never_moved_has_no_rows_and_a_past_all_the_same(no_rules: People) -> None:
    company = make_company("Aurora", state="prospect")
    made_days_ago(company, 10)
    assert rows(company) == []
    then = Company.objects.filter(in_states(["prospect"], now() - 5 * DAY))
    assert list(then) == [company]
    assert not Company.objects.filter(in_states(["prospect"], now() - 11 * DAY)).exists()


def test_every_door_writes_a_dated_row(no_rules: People, client: Client) -> None:
    people = no_rules
    company = make_company("Aurora", **mine(people))
    client.force_login(people.owner)
    client.post(f"/companies/{company.pk}/field/state", {"state": "prospect"})
    client.post(f"/companies/{company.pk}/move", {"by": "state", "to": "active"})
    set_by_form(people.owner, company, "dormant")
    Party.objects.filter(pk=company.pk).update(state="lost")
    found = [state for state, _why in rows(company)]
    assert found[:2] == ["lead", "prospect"]
    assert found[-2:] == ["dormant", "lost"]
    assert [why for _state, why in rows(company)] == ["start", *["hand"] * (len(found) - 1)]
    assert DatedState.objects.get(party=company, state="dormant").by == people.owner
    check_chain()


def test_the_database_refuses_a_gap_an_overlap_and_a_second_open_row(no_rules: People) -> None:
    company = make_company("Aurora")
    Party.objects.filter(pk=company.pk).update(state="active")
    first, last = DatedState.objects.filter(party=company).order_by("began")

    def refused(**columns: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            DatedState.objects.filter(pk=first.pk).update(**columns)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(until=last.began - timedelta(microseconds=1))
    refused(until=None)
    refused(until=last.began + DAY)
    refused(began=last.began)
    refused(until=first.began)
    check_chain()


def test_a_state_by_hand_holds_as_long_as_was_said(no_rules: People) -> None:
    people = no_rules
    company = make_company("Aurora", state="lead", **mine(people))
    made_days_ago(company, 400)
    rule = make_rule(people, ["active"], "dormant", {"is": "parties.made_before", "days": 1}, patience=0)  # fmt: skip
    until = (now() + 10 * DAY).date()
    actions.set_state(actor=people.owner, party=company, state="active", until=until, note="Fair")
    assert not would_move(rule).exists()
    with frozen(now() + 9 * DAY):
        assert run_rules(None).total == 0
    with frozen(now() + 12 * DAY):
        assert run_rules(None).total == 1
    assert rows(company) == [("lead", "start"), ("active", "hand"), ("dormant", "rule")]


def test_without_a_date_rules_wait_as_many_days_as_they_say(no_rules: People) -> None:
    people = no_rules
    company = make_company("Aurora", **mine(people))
    made_days_ago(company, 400)
    rule = make_rule(people, ["active"], "dormant", {"is": "parties.made_before", "days": 1}, patience=30)  # fmt: skip
    set_by_form(people.owner, company, "active")
    assert not would_move(rule).exists()
    with frozen(now() + 29 * DAY):
        assert not would_move(rule).exists()
    with frozen(now() + 31 * DAY):
        assert would_move(rule).exists()


def test_held_for_good_until_somebody_lets_the_rules_decide(no_rules: People) -> None:
    people = no_rules
    company = make_company("Aurora", **mine(people))
    made_days_ago(company, 400)
    rule = make_rule(people, ["active"], "dormant", {"is": "parties.made_before", "days": 1})
    actions.set_state(actor=people.owner, party=company, state="active", for_good=True)
    with frozen(now() + 3000 * DAY):
        assert not would_move(rule).exists()
    assert DatedState.objects.get(party=company, until=None).held_until == FOR_GOOD
    actions.release_state(actor=people.owner, party=company)
    assert would_move(rule).exists()
    with pytest.raises(DomainError):
        actions.release_state(actor=people.owner, party=company)


def test_who_may_not_change_the_state_sets_none(no_rules: People) -> None:
    people = no_rules
    company = make_company("Aurora", **mine(people))
    with pytest.raises(DomainError):
        actions.set_state(actor=people.stranger, party=company, state="active")
    role = people.owner.active_roles()[0]
    role.field_rules = {"parties.company": {"state": "readonly"}}
    role.save()
    people.owner.forget_rights()
    with pytest.raises(NotAllowed):
        actions.set_state(actor=people.owner, party=company, state="active")
    with pytest.raises(NotAllowed):
        actions.release_state(actor=people.owner, party=company)
    assert rows(company) == []


@pytest.mark.parametrize("values", [{"state": "gone"}, {"until": datetime(2020, 1, 1).date()}])
def test_nonsense_is_refused_and_writes_nothing(no_rules: People, values: dict[str, Any]) -> None:
    people = no_rules
    company = make_company("Aurora", **mine(people))
    with pytest.raises(DomainError):
        actions.set_state(actor=people.owner, party=company, **{"state": "active", **values})
    assert rows(company) == []


# --- rules ----------------------------------------------------------------------------------------


def called(company: Party, days: int, kind: str = "call", **more: Any) -> None:
    made = Interaction.objects.create(
        party_id=company.pk, company_id=company.pk if company.kind == "company" else None,
        kind=kind, status="done", at=now() - days * DAY, **more,
    )  # fmt: skip
    refresh_interactions([made.pk])


CONDITIONS: list[tuple[dict[str, Any], str]] = [
    ({"is": "interactions.no_contact", "days": 180}, "old quiet"),
    ({"is": "interactions.contact_within", "days": 180}, "called"),
    ({"is": "interactions.at_least", "count": 1}, "called quiet"),
    ({"is": "interactions.at_least", "count": 2}, "called"),
    ({"is": "interactions.at_least", "count": 1, "days": 50}, "called"),
    ({"is": "interactions.none_of_kind", "kind": "visit", "days": 100}, "old quiet"),
    ({"is": "parties.made_before", "days": 100}, "called old quiet"),
    ({"is": "parties.in_state", "days": 100}, "called old quiet"),
    ({"is": "parties.tagged", "tag": "vip"}, "new"),
    ({"is": "parties.untagged", "tag": "vip"}, "called old quiet"),
    ({"is": "parties.filled", "field": "website"}, "old"),
    ({"is": "parties.empty", "field": "website"}, "called new quiet"),
    ({"is": "parties.filled", "field": "owner"}, "called"),
    ({"is": "nobody.knows"}, ""),
]


@pytest.mark.parametrize("kind", ["company", "person"])
@pytest.mark.parametrize(("said", "expected"), CONDITIONS, ids=lambda one: str(one)[:60])
def test_each_condition_finds_what_it_says(
    no_rules: People, kind: str, said: dict[str, Any], expected: str
) -> None:
    make = make_company if kind == "company" else make_person
    old, quiet = make("old", website="https://x.example"), make("quiet")
    heard = make("called", **mine(no_rules))
    make("new", tags=["vip"])
    for one in (old, quiet, heard):
        made_days_ago(one, 400)
    called(quiet, 300)
    called(heard, 20, kind="visit")
    called(heard, 190)
    called(old, 5, kind="note")
    rule = StateRule(kind="sales", from_states=["lead"], to_state="active", conditions=[said])
    found = " ".join(sorted(party.name for party in would_move(rule)))
    assert found == expected


def test_a_run_moves_each_once_with_its_reason_in_one_change_set(no_rules: People) -> None:
    people = no_rules
    one, two, three = (make_company(name, **mine(people)) for name in ("One", "Two", "Three"))
    for company in (one, two):
        made_days_ago(company, 100)
    first = make_rule(people, ["lead"], "prospect", {"is": "parties.made_before", "days": 30})
    make_rule(people, ["lead", "prospect"], "active", {"is": "parties.made_before", "days": 30})
    run = run_rules(None)
    assert run.moved == {first.pk: 2}
    check_chain()
    assert {p.state for p in Party.objects.filter(pk__in=[one.pk, two.pk])} == {"prospect"}
    assert Party.objects.get(pk=three.pk).state == "lead"
    row = DatedState.objects.get(party=one, until=None)
    assert (row.why, row.rule_id, row.changeset_id) == ("rule", first.pk, run.changeset_id)
    assert row.details["conditions"] == [{"is": "parties.made_before", "days": 30}]
    assert Event.objects.filter(name="parties.states_moved").get().payload["moved"] == 2


def test_a_second_run_on_the_same_day_does_nothing_and_writes_nothing(no_rules: People) -> None:
    people = no_rules
    company = make_company("One", **mine(people))
    made_days_ago(company, 100)
    make_rule(people, ["lead"], "prospect", {"is": "parties.made_before", "days": 30})
    make_rule(people, ["prospect"], "active", {"is": "parties.made_before", "days": 30})
    noon = now().replace(hour=12)
    with frozen(noon):
        assert run_rules(None).total == 1
        sets = ChangeSet.objects.count()
        assert run_rules(None).total == 0
    assert ChangeSet.objects.count() == sets
    with frozen(noon + DAY):
        assert run_rules(None).total == 1
    assert Party.objects.get(pk=company.pk).state == "active"


def test_undoing_a_run_leaves_everything_as_it_was(no_rules: People) -> None:
    people = no_rules
    moved, never = make_company("One", **mine(people)), make_company("Two", **mine(people))
    Party.objects.filter(pk=moved.pk).update(state="prospect")
    made_days_ago(never, 100)
    DatedState.objects.filter(party=moved).update(why="start")
    make_rule(people, ["lead", "prospect"], "active", {"is": "interactions.at_least", "count": 1})
    called(moved, 1)
    called(never, 1)
    before = everything()
    run = run_rules(None)
    assert run.total == 2
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.get(pk=run.changeset_id))
    assert everything() == before
    again = ChangeSet.objects.get(verb="platform.undo")
    undo_change_set(actor=people.admin, change_set=again)
    assert {p.state for p in Party.objects.all()} == {"active"}
    assert DatedState.objects.filter(why="rule", until=None).count() == 2
    check_chain()


def test_undoing_a_run_keeps_what_people_did_since(no_rules: People) -> None:
    people = no_rules
    one, two = make_company("One", **mine(people)), make_company("Two", **mine(people))
    called(one, 1)
    called(two, 1)
    make_rule(people, ["lead"], "prospect", {"is": "interactions.at_least", "count": 1})
    run = run_rules(None)
    set_by_form(people.owner, one, "lost")
    done = undo_change_set(
        actor=people.admin, change_set=ChangeSet.objects.get(pk=run.changeset_id)
    )
    assert [kept.column for kept in done.kept] == ["state"]
    assert rows(one) == [("lead", "start"), ("prospect", "rule"), ("lost", "hand")]
    assert rows(two) == []
    check_chain()


def test_a_change_that_came_back_since_is_undone_with_a_row_that_says_so(no_rules: People) -> None:
    people = no_rules
    company = make_company("One", **mine(people))
    set_by_form(people.owner, company, "prospect")
    first = ChangeSet.objects.latest("pk")
    set_by_form(people.owner, company, "active")
    set_by_form(people.owner, company, "prospect")
    undo_change_set(actor=people.owner, change_set=first)
    assert rows(company)[-2:] == [("prospect", "hand"), ("lead", "undo")]
    check_chain()


def test_a_run_takes_as_many_statements_for_many_as_for_one(no_rules: People) -> None:
    from django.test.utils import CaptureQueriesContext

    people = no_rules
    make_rule(people, ["lead"], "prospect", {"is": "parties.made_before", "days": 30})

    def statements(number: int) -> int:
        made = [make_company(f"C{number} {n}") for n in range(number)]
        Party.objects.filter(pk__in=[one.pk for one in made]).update(created_at=now() - 90 * DAY)
        with CaptureQueriesContext(connection) as captured:
            assert run_rules(None).total == number
        return len(captured)

    assert statements(1) == statements(200)


def test_a_killed_run_leaves_nothing(no_rules: People, monkeypatch: pytest.MonkeyPatch) -> None:
    people = no_rules
    company = make_company("One")
    made_days_ago(company, 100)
    make_rule(people, ["lead"], "prospect", {"is": "parties.made_before", "days": 30})
    before = everything()

    def die(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vinculo.parties.cycle.rules.emit", die)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        run_rules(None)
    assert everything() == before


@pytest.mark.parametrize(
    "values",
    [
        {"from_states": []},
        {"to_state": "lead"},
        {"to_state": "gone"},
        {"conditions": []},
        {"conditions": [{"is": "nobody.knows"}]},
        {"conditions": [{"is": "parties.made_before", "days": "soon"}]},
        {"conditions": [{"is": "parties.made_before", "days": -4}]},
        {"party_kind": "robot"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(no_rules: People, values: dict[str, Any]) -> None:
    usual = {"from_states": ["lead"], "to_state": "active",
             "conditions": [{"is": "parties.made_before", "days": 3}]}  # fmt: skip
    with pytest.raises(DomainError), transaction.atomic():
        actions.create_state_rule(actor=no_rules.admin, **{**usual, **values})
    assert not StateRule.objects.exists()


def test_only_administrators_make_and_run_rules(no_rules: People, client: Client) -> None:
    rule = make_rule(no_rules, ["lead"], "active", {"is": "parties.made_before", "days": 3})
    for who in ("owner", "manager"):
        client.force_login(getattr(no_rules, who))
        for url in ("/settings/cycle", "/settings/cycle/new", f"/settings/cycle/{rule.pk}"):
            assert client.get(url).status_code == 403
        for end in ("switch", "move", "delete"):
            assert client.post(f"/settings/cycle/{rule.pk}/{end}").status_code == 403
        assert client.post("/settings/cycle/run").status_code == 403
    assert StateRule.objects.get().active


def test_a_new_installation_begins_with_rules_that_are_off_but_one(people: People) -> None:
    found = list(StateRule.objects.order_by("place").values_list("to_state", "active"))
    assert found[0] == ("prospect", True)
    assert len(found) == 6
    assert not any(active for _state, active in found[1:])


# --- merging --------------------------------------------------------------------------------------


def test_a_merged_record_keeps_its_states_and_has_the_older_ones_before(no_rules: People) -> None:
    people = no_rules
    old, kept = make_company("Old", **mine(people)), make_company("Kept", **mine(people))
    made_days_ago(old, 300)
    made_days_ago(kept, 100)
    Party.objects.filter(pk=old.pk).update(state="prospect")
    first, second = DatedState.objects.filter(party=old).order_by("began")
    moved = now() - 200 * DAY
    with transaction.atomic():
        DatedState.objects.filter(pk=second.pk).update(began=moved)
        DatedState.objects.filter(pk=first.pk).update(until=moved)
    set_by_form(people.owner, kept, "active")
    before = everything()
    merge(actor=people.owner, keep=kept, gone=[old])
    check_chain()
    assert rows(kept) == [
        ("lead", "start"), ("prospect", "hand"), ("lead", "start"), ("active", "hand"),
    ]  # fmt: skip
    assert Company.objects.filter(in_states(["prospect"], now() - 150 * DAY)).get() == kept
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.latest("pk"))
    assert everything() == before


def test_separating_after_the_kept_one_moved_on_breaks_nothing(no_rules: People) -> None:
    people = no_rules
    old, kept = make_company("Old", **mine(people)), make_company("Kept", **mine(people))
    made_days_ago(old, 300)
    Party.objects.filter(pk=old.pk).update(state="prospect")
    merge(actor=people.owner, keep=kept, gone=[old])
    merged = ChangeSet.objects.latest("pk")
    set_by_form(people.owner, kept, "active")
    undo_change_set(actor=people.owner, change_set=merged)
    check_chain()
    assert Party.objects.get(pk=old.pk).state == "prospect"
    assert Party.objects.get(pk=kept.pk).state == "active"


# --- any sequence ---------------------------------------------------------------------------------


class Back(Exception):
    """Ends one example and takes all of it back."""


def everything() -> dict[str, list[Any]]:
    """Every party and dated state as it lies in its table."""
    found = {}
    with connection.cursor() as cursor:
        for what in ("id, name, state, created_at FROM parties_party", "* FROM parties_datedstate"):
            cursor.execute(f"SELECT {what} ORDER BY id")
            found[what] = cursor.fetchall()
    return found


STATES = ("lead", "prospect", "active", "dormant")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2), st.sampled_from(STATES)),
        st.tuples(st.just("hold"), st.integers(0, 2), st.sampled_from(STATES)),
        st.tuples(st.just("many"), st.integers(0, 2), st.sampled_from(STATES)),
        st.tuples(st.just("run"), st.integers(0, 2), st.sampled_from(STATES)),
        st.tuples(st.just("undo"), st.integers(0, 20), st.just("")),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=steps)
def test_any_sequence_of_runs_changes_and_undos_leaves_one_unbroken_chain(
    no_rules: People, plan: list[tuple[str, int, str]]
) -> None:
    """And where nothing was undone, what is asked as of an instant is what the column held then."""
    people = no_rules
    try:
        with transaction.atomic():
            made = [make_company(f"C{n}", **mine(people)) for n in range(3)]
            Party.objects.update(created_at=now() - 50 * DAY)
            rules = {
                state: make_rule(people, [one for one in STATES if one != state], state,
                                 {"is": "parties.made_before", "days": 3}, patience=0)
                for state in STATES
            }  # fmt: skip
            sets: list[int] = []
            seen: list[tuple[datetime, dict[int, str]]] = []
            for what, number, state in plan:
                _step(people, made, rules, sets, what, number, state)
                check_chain()
                seen.append((_instant(), dict(Party.objects.values_list("pk", "state"))))
            if all(what != "undo" for what, _number, _state in plan):
                for at, held in seen:
                    for state in STATES:
                        then = Party.objects.filter(in_states([state], at))
                        assert set(then.values_list("pk", flat=True)) == {
                            pk for pk, one in held.items() if one == state
                        }
            raise Back
    except Back:
        pass


def _instant() -> datetime:
    """After what was written by now, by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(clock_timestamp(), max(began)) FROM parties_datedstate")
        return cursor.fetchone()[0].astimezone(UTC)


def _step(
    people: People, made: list[Company], rules: dict[str, StateRule], sets: list[int],
    what: str, number: int, state: str,
) -> None:  # fmt: skip
    company = made[number % 3]
    if what == "undo":
        if sets:
            change = ChangeSet.objects.get(pk=sets[number % len(sets)])
            try:
                with transaction.atomic():
                    done = undo_change_set(actor=people.admin, change_set=change)
            except DomainError as refusal:
                assert "clash" not in refusal.message
                return
            sets.append(done.changeset_id or 0)
        return
    with change_set(actor=people.admin, verb="test.step") as opened:
        if what == "edit":
            set_by_form(people.admin, company, state)
        elif what == "many":
            Party.objects.filter(pk__in=[one.pk for one in made[: number + 1]]).update(state=state)
        elif what == "hold":
            actions.set_state(actor=people.admin, party=company, state=state, for_good=number == 1)
        else:
            run_rules(people.admin, [rules[state]])
    sets.append(opened.id)


def test_undoing_everything_backwards_restores_the_exact_rows(no_rules: People) -> None:
    people = no_rules
    company = make_company("One", **mine(people))
    made_days_ago(company, 100)
    rule = make_rule(people, ["active"], "dormant", {"is": "parties.made_before", "days": 3}, patience=0)  # fmt: skip
    images, sets = [everything()], []
    for call in (
        lambda: set_by_form(people.owner, company, "prospect"),
        lambda: actions.set_state(actor=people.owner, party=company, state="active", note="Why"),
        lambda: actions.release_state(actor=people.owner, party=company),
        lambda: run_rules(people.owner, [rule]),
        lambda: actions.set_state(
            actor=people.owner, party=company, state="dormant", for_good=True
        ),
    ):
        with change_set(actor=people.owner, verb="test.step") as opened:
            call()
        sets.append(ChangeSet.objects.get(pk=opened.id))
        images.append(everything())
    for change in reversed(sets):
        assert everything() == images.pop()
        undo_change_set(actor=people.owner, change_set=change)
    assert everything() == images.pop()
