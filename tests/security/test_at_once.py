"""22: what may happen once happens once, however many ask for it at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.test import Client

from tests.personas import make_people
from tests.records.api.test_once import at_once
from tests.sales.makers import deal, stage
from tests.sales.test_leads import lead
from tests.sales.test_quotes import make as quote
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company, Person
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import undo_change_set
from vinculo.sales.deals.actions import lose_deal, reopen_deal, win_deal
from vinculo.sales.deals.models import CloseReason, Deal, StageVisit
from vinculo.sales.forecast.models import Adjustment
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.targets import adjust_forecast
from vinculo.sales.leads.converting import convert_lead
from vinculo.sales.leads.models import Lead
from vinculo.sales.quotes.actions import accept_quote, issue_quote, reject_quote, revise_quote
from vinculo.sales.quotes.models import Quote
from vinculo.sales.webforms.models import Submission
from vinculo.sales.webforms.setting import Wish, save_web_form

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


def answers(verb: Callable[[User], Any], who: User, times: int = AT_ONCE) -> list[str]:
    """What each of several requests of one person at the same moment is told, "" for success."""

    def attempt() -> str:
        try:
            verb(User.objects.get(pk=who.pk))  # each request has a user of its own
        except DomainError as refusal:
            return str(refusal) or "refused"
        return ""

    return at_once([attempt] * times)


def test_a_lead_becomes_one_customer_and_one_deal() -> None:
    people = make_people()
    one = lead(people.owner, name="Aurora Pumps", given_name="Ada", family_name="Byron")
    said = answers(
        lambda me: convert_lead(actor=me, lead=Lead.objects.get(pk=one.pk)), people.owner
    )
    assert said.count("") == 1, said
    assert (Deal.objects.count(), Person.objects.count()) == (1, 1)
    assert Company.objects.count() <= 1
    made = ChangeSet.objects.filter(verb="sales.convert_lead").get()
    undone = answers(lambda me: undo_change_set(actor=me, change_set=made), people.owner)
    assert undone.count("") == 1, undone
    assert (Deal.objects.count(), Person.objects.count()) == (0, 0)


def test_a_deal_is_won_or_lost_and_never_both() -> None:
    people = make_people()
    one = deal(people.owner, amount=Decimal(10))
    why = CloseReason.objects.filter(ends="lost").first()
    assert why is not None

    def decided(number: int) -> Callable[[], str]:
        def call() -> str:
            me = User.objects.get(pk=people.owner.pk)
            fresh = Deal.objects.get(pk=one.pk)
            try:
                if number % 2:
                    win_deal(actor=me, deal=fresh)
                else:
                    lose_deal(actor=me, deal=fresh, reason=why.pk)
            except DomainError as refusal:
                return str(refusal)
            return ""

        return call

    said = at_once([decided(number) for number in range(AT_ONCE)])
    one.refresh_from_db()
    assert said.count("") == 1, said
    assert one.status in ("won", "lost")
    assert StageVisit.objects.filter(deal=one, left_at=None).count() == 1
    assert ChangeSet.objects.filter(verb__in=("sales.win_deal", "sales.lose_deal")).count() == 1
    back = answers(
        lambda me: reopen_deal(
            actor=me, deal=Deal.objects.get(pk=one.pk), stage=stage("Qualified")
        ),
        people.owner,
    )
    assert back.count("") == 1, back
    assert StageVisit.objects.filter(deal=one, left_at=None).count() == 1


def test_a_card_that_many_move_stands_where_one_of_them_put_it() -> None:
    people = make_people()
    one = deal(people.owner)
    to = [stage("Needs understood").pk, stage("Qualified").pk]

    def moved() -> int:
        client = Client()
        client.force_login(User.objects.get(pk=people.owner.pk))
        sent = {"to": to[0], "was": to[1]}
        headers = {"HX-Request": "true"}
        return client.post(f"/deals/{one.pk}/move?layout=board", sent, headers=headers).status_code

    codes = at_once([moved] * AT_ONCE)
    one.refresh_from_db()
    assert set(codes) <= {204, 409} and 204 in codes, codes
    assert one.stage_id == to[0]
    stays = StageVisit.objects.filter(deal=one)
    assert (stays.count(), stays.filter(left_at=None).count()) == (2, 1)


def test_a_quote_is_answered_once_and_has_one_next_version() -> None:
    people = make_people()
    one = quote(people.owner)
    issue_quote(actor=people.owner, quote=one)

    turns = count()

    def both(me: User) -> None:
        verb = accept_quote if next(turns) % 2 else reject_quote
        verb(actor=me, quote=Quote.objects.get(pk=one.pk))

    said = answers(both, people.owner)
    assert said.count("") == 1, said
    two = quote(people.owner)
    issue_quote(actor=people.owner, quote=two)
    revised = answers(
        lambda me: revise_quote(actor=me, quote=Quote.objects.get(pk=two.pk)), people.owner
    )
    assert revised.count("") == 1, revised
    assert Quote.objects.count() == 3


def test_what_a_manager_expects_is_one_figure() -> None:
    people = make_people()
    period = Period.read("2026-Q4")
    answers(
        lambda me: adjust_forecast(
            actor=me, person=people.owner, period=period, amount=Decimal(500), note="Sure"
        ),
        people.manager,
    )
    assert Adjustment.objects.get().amount == 500


def test_a_web_form_that_is_sent_many_times_at_once_is_one_lead() -> None:
    people = make_people()
    form = save_web_form(
        actor=people.admin,
        wish=Wish(name="Contact", language="en", owner=people.owner,
                  fields={"family_name": "asked", "email": "required"}),
    )  # fmt: skip

    def sent() -> int:
        data = {"family_name": "Byron", "email": "ada@byron.example"}
        headers = {"Origin": "http://testserver"}
        return Client().post(f"/f/{form.token}", data, headers=headers).status_code

    assert at_once([sent] * AT_ONCE) == [302] * AT_ONCE
    assert (Lead.objects.count(), Submission.objects.count()) == (1, 1)
