"""Deals on their way: what a stage asks for, how they end, what is remembered, what undo brings back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.personas import People
from tests.sales.makers import deal, stage
from tests.samples import make_company, make_person, make_product
from vinculo.interactions.actions.tasks import complete_task
from vinculo.interactions.models import Task
from vinculo.kernel.errors import DomainError, MoreNeeded, NotAllowed, NotFound
from vinculo.platform.events import deliver_waiting
from vinculo.platform.models import ChangeSet, Event, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.layouts.board import CARDS, Column, columns_of
from vinculo.records.lists import parse_list
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record
from vinculo.sales.deals.actions import lose_deal, plan_next_step, reopen_deal, win_deal
from vinculo.sales.deals.derived import refresh
from vinculo.sales.deals.models import CloseReason, Deal, StageVisit
from vinculo.sales.pipelines.actions import save_stage

pytestmark = pytest.mark.django_db


def reason(name: str) -> CloseReason:
    return CloseReason.objects.get(name=name)


def edit(actor, record, **data):
    return edit_record(actor=actor, entity=entity("sales.deal"), record=record, data=data)


def test_a_new_deal_stands_in_the_first_stage_of_the_usual_pipeline(people: People) -> None:
    made = deal(people.owner, amount=Decimal("1200.50"))
    assert made.stage == stage("Qualified")
    assert (made.status, made.probability, made.category) == ("open", 10, "pipeline")
    assert (made.currency, made.value, made.weighted) == (
        "EUR", Decimal("1200.50"), Decimal("120.05"),
    )  # fmt: skip
    assert made.opened_on == timezone.localdate()
    (visit,) = StageVisit.objects.filter(deal=made)
    assert (visit.stage, visit.left_at) == (made.stage, None)
    assert Event.objects.filter(name="sales.deal_created").count() == 1


def test_a_contact_person_brings_the_company_along(people: People) -> None:
    company = make_company(people.owner, "Acme")
    person = make_person(people.owner, "Ada Byron")
    person.company_id = company.pk
    person.save()
    made = create_record(
        actor=people.owner, entity=entity("sales.deal"), data={"name": "Pumps", "person": person}
    )
    assert made.company_id == company.pk


def test_a_deal_may_wait_for_its_customer_until_it_is_won(people: People) -> None:
    made = create_record(actor=people.owner, entity=entity("sales.deal"), data={"name": "Pumps"})
    with pytest.raises(DomainError, match="is won needs a company or a person"):
        win_deal(actor=people.owner, deal=made)
    edit(people.owner, made, company=make_company(people.owner, "Acme"))
    win_deal(actor=people.owner, deal=Deal.objects.get(pk=made.pk))


def test_a_deal_without_a_name_is_called_after_product_and_customer(people: People) -> None:
    product = make_product(people.owner, "GTX Pro")
    made = deal(people.owner, name="", product=product)
    assert made.name == "GTX Pro · Harmless Ltd"
    with pytest.raises(DomainError, match="Write a name"):
        create_record(actor=people.owner, entity=entity("sales.deal"), data={})


def test_a_stage_asks_for_what_it_needs_and_writes_nothing_without(people: People) -> None:
    made = deal(people.owner)
    with pytest.raises(MoreNeeded) as refused:
        edit(people.owner, made, stage=stage("Proposal").pk)
    assert refused.value.fields == ("amount", "close_on")
    made.refresh_from_db()
    assert made.stage == stage("Qualified")
    edit(
        people.owner, made, stage=stage("Proposal").pk, amount=Decimal(500),
        close_on=timezone.localdate(),
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.stage, made.probability, made.category) == (stage("Proposal"), 50, "best_case")
    assert made.weighted == Decimal(250)


def test_stays_follow_the_stage(people: People) -> None:
    made = deal(people.owner)
    edit(people.owner, made, stage=stage("Needs understood").pk)
    stays = list(StageVisit.objects.filter(deal=made).order_by("pk"))
    assert [one.stage.name for one in stays] == ["Qualified", "Needs understood"]
    assert stays[0].left_at == stays[1].entered_at
    assert stays[1].left_at is None
    edit(people.owner, made, name="Better pumps")
    assert StageVisit.objects.filter(deal=made).count() == 2


def test_a_stage_may_lead_to_some_stages_only(people: People) -> None:
    first = stage("Qualified")
    save_stage(
        actor=people.admin, pipeline=first.pipeline, stage=first, name=first.name,
        probability=10, category="pipeline", leads_to=[stage("Needs understood").pk],
    )  # fmt: skip
    made = deal(people.owner, amount=Decimal(5), close_on=timezone.localdate())
    with pytest.raises(DomainError, match="goes to: Needs understood"):
        edit(people.owner, made, stage=stage("Negotiation").pk)
    edit(people.owner, made, stage=stage("Needs understood").pk)


def test_winning_and_losing_say_when_and_why(people: People) -> None:
    made = deal(people.owner, amount=Decimal(100))
    won = win_deal(actor=people.owner, deal=made, reason=reason("Best offer").pk, lesson="Be early")
    assert (won.status, won.category, won.probability) == ("won", "closed", 100)
    assert (won.closed_on, won.lesson) == (timezone.localdate(), "Be early")
    assert Deal.objects.get(pk=made.pk).weighted == Decimal(100)
    with pytest.raises(DomainError, match="closed already"):
        lose_deal(actor=people.owner, deal=won, reason=reason("Price").pk)
    other = deal(people.owner)
    with pytest.raises(MoreNeeded):
        lose_deal(actor=people.owner, deal=other)
    with pytest.raises(DomainError, match="for other deals"):
        lose_deal(actor=people.owner, deal=other, reason=reason("Best offer").pk)
    with pytest.raises(DomainError, match="day to come"):
        lose_deal(
            actor=people.owner, deal=other, reason=reason("Price").pk,
            closed_on=timezone.localdate() + timedelta(days=1),
        )  # fmt: skip
    lost = lose_deal(actor=people.owner, deal=other, reason=reason("Price").pk)
    assert (lost.status, lost.category, lost.probability) == ("lost", "omitted", 0)
    names = list(Event.objects.filter(name__startswith="sales.").values_list("name", flat=True))
    assert names.count("sales.deal_won") == 1
    assert names.count("sales.deal_lost") == 1


def test_reopening_keeps_what_was(people: People) -> None:
    made = deal(people.owner)
    lost = lose_deal(actor=people.owner, deal=made, reason=reason("Price").pk, note="Too dear")
    again = reopen_deal(actor=people.owner, deal=lost, stage=stage("Qualified").pk)
    assert (again.status, again.closed_on, again.reason, again.close_note) == (
        "open", None, None, "Too dear",
    )  # fmt: skip
    assert StageVisit.objects.filter(deal=made).count() == 3


def test_undo_brings_deal_and_stays_back(people: People) -> None:
    made = deal(people.owner, amount=Decimal(100))
    win_deal(actor=people.owner, deal=made)
    undo_change_set(actor=people.owner, change_set=ChangeSet.objects.get(verb="sales.win_deal"))
    made.refresh_from_db()
    assert (made.status, made.stage, made.closed_on) == ("open", stage("Qualified"), None)
    assert made.weighted == Decimal(10)
    (stay,) = StageVisit.objects.filter(deal=made)
    assert stay.left_at is None


def test_a_deal_decided_elsewhere_comes_as_it_is(people: People) -> None:
    made = deal(
        people.owner, stage=stage("Lost").pk, opened_on=timezone.localdate() - timedelta(days=60),
        closed_on=timezone.localdate() - timedelta(days=20),
    )  # fmt: skip
    assert (made.status, made.reason) == ("lost", None)
    with pytest.raises(DomainError, match="closed after it was opened"):
        edit(people.owner, made, opened_on=timezone.localdate())
    with pytest.raises(DomainError, match="on which day"):
        edit(people.owner, made, closed_on=None)


def test_the_next_step_is_a_task_and_asks_for_another_once_done(people: People) -> None:
    made = deal(people.owner)
    day = timezone.localdate() + timedelta(days=3)
    task = plan_next_step(actor=people.owner, deal=made, what="Send the offer", on=day)
    made.refresh_from_db()
    assert (made.next_step, made.next_step_on) == ("Send the offer", day)
    assert (task.due_on, task.party_id) == (day, made.company_id)
    complete_task(actor=people.owner, task=Task.objects.get(pk=task.pk))
    deliver_waiting()
    made.refresh_from_db()
    assert (made.next_step, made.next_step_on) == ("", None)


def test_who_may_not_change_a_deal_closes_none(people: People) -> None:
    made = deal(people.owner)
    for persona, error in ((people.stranger, NotFound), (people.teammate, NotFound)):
        with pytest.raises((error, NotAllowed)):
            win_deal(actor=persona, deal=made)
    made.refresh_from_db()
    assert made.status == "open"


def test_the_board_moves_a_card_or_asks_for_what_is_missing(people: People) -> None:
    made = deal(people.owner)
    client = Client()
    client.force_login(people.owner)
    page = client.get("/deals?layout=board").content.decode()
    for name in ("Qualified", "Proposal", "Won", "Lost"):
        assert name in page
    answer = client.post(
        f"/deals/{made.pk}/move?layout=board",
        {"to": stage("Needs understood").pk, "was": made.stage_id},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204, answer.content
    made.refresh_from_db()
    assert made.stage == stage("Needs understood")
    answer = client.post(
        f"/deals/{made.pk}/move?layout=board",
        {"to": stage("Proposal").pk, "was": made.stage_id},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "also=amount%2Cclose_on" in answer.headers["HX-Trigger"]


def board_of(user: User, query: str = "") -> list[Column]:
    """The columns of the board of deals, as somebody sees them."""
    return columns_of(parse_list(entity("sales.deal"), user, QueryDict(f"layout=board&{query}")))


def asked_for(user: User, query: str = "") -> int:
    """How many questions the columns of the board cost."""
    board_of(user, query)  # what a process learns once is no board's
    with CaptureQueriesContext(connection) as queries:
        board_of(user, query)
    return len(queries)


def test_a_board_asks_as_often_whatever_the_number_of_its_columns(people: People) -> None:
    deals = [deal(people.owner, name=f"Deal {number}") for number in range(CARDS + 2)]
    few = asked_for(people.owner, f"stage.in={stage('Qualified').pk}")
    for number, name in enumerate(("Needs understood", "Proposal", "Negotiation")):
        Deal.objects.filter(pk=deals[number].pk).update(stage=stage(name))
    assert asked_for(people.owner) == few <= 4
    columns = {str(column.label): column for column in board_of(people.owner)}
    assert [len(column.cards) for column in columns.values()] == [CARDS - 1, 1, 1, 1, 0, 0]
    assert [card.title for card in columns["Proposal"].cards] == ["Deal 1"]


def test_a_long_column_goes_on_where_its_first_cards_end(people: People) -> None:
    days = [timezone.localdate() + timedelta(days=number // 2) for number in range(CARDS + 4)]
    for number, day in enumerate(days):
        deal(people.owner, name=f"Deal {number:02}", close_on=day)
    first = board_of(people.owner)[0]
    assert len(first.cards) == CARDS and first.more_url and first.head_url and not first.count
    client = Client()
    client.force_login(people.owner)
    rest = client.get(first.more_url).content.decode()
    assert rest.count("data-card ") == 4 and "board-more" not in rest
    shown = [card.title for card in first.cards]
    assert shown == [f"Deal {number:02}" for number in range(CARDS)]
    assert not any(f">{title}<" in rest for title in shown)


def test_no_open_deal_is_looked_for_among_the_decided_ones(people: People) -> None:
    won = deal(people.owner, name="Done")
    win_deal(actor=people.owner, deal=won)
    deal(people.owner, name="Going on")
    everything = {str(column.label): column for column in board_of(people.owner)}
    assert [card.title for card in everything["Won"].cards] == ["Done"]
    with CaptureQueriesContext(connection) as queries:
        narrowed = {
            str(column.label): column for column in board_of(people.owner, "status.is=open")
        }
    assert narrowed["Won"].cards == [] and narrowed["Won"].count == "0"
    assert narrowed["Won"].action == "sales.win_deal"  # a card can be put there all the same
    found = " ".join(query["sql"] for query in queries)
    assert f'"stage_id" IN ({stage("Qualified").pk})' in found
    assert f'"stage_id" IN ({stage("Won").pk})' not in found
    for query in ("status.in=won,lost", "status.is=won"):
        decided = {str(column.label): column for column in board_of(people.owner, query)}
        assert [card.title for card in decided["Won"].cards] == ["Done"], query
        assert decided["Qualified"].cards == [], query


def test_a_move_writes_the_row_once_where_its_words_stay(people: People) -> None:
    one = deal(people.owner, name="Mover", amount=Decimal(10))
    client = Client()
    client.force_login(people.owner)
    sent = {"to": str(stage("Needs understood").pk), "was": str(one.stage_id)}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(
            f"/deals/{one.pk}/move?layout=board", sent, headers={"HX-Request": "true"}
        )
    assert answer.status_code == 204 and len(queries) <= 19, len(queries)
    with connection.cursor() as cursor:
        before = Deal.objects.values_list("search", flat=True).get(pk=one.pk)
        cursor.execute("SELECT ctid FROM sales_deal WHERE id = %s", [one.pk])
        place = cursor.fetchone()
        refresh([one.pk])  # nothing follows anew: nothing is written
        cursor.execute("SELECT ctid FROM sales_deal WHERE id = %s", [one.pk])
        assert cursor.fetchone() == place
    assert Deal.objects.values_list("search", flat=True).get(pk=one.pk) == before
    edit(people.owner, Deal.objects.get(pk=one.pk), name="Renamed")
    assert "'renamed'" in Deal.objects.values_list("search", flat=True).get(pk=one.pk)
