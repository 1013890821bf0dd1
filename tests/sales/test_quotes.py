"""Quotes: their lines, their numbers, who may give away how much, and what an undo leaves alone."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_company
from vinculo.kernel.errors import Conflict, DomainError, NotAllowed
from vinculo.platform import journal
from vinculo.platform.models import ChangeSet, Event, Role, User
from vinculo.platform.undo import undo_change_set
from vinculo.products.models import ExchangeRate, Product
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, delete_record, edit_record
from vinculo.sales.deals.models import Deal
from vinculo.sales.quotes import actions, lines
from vinculo.sales.quotes.limits import set_limits
from vinculo.sales.quotes.models import Issued, Quote, QuoteLine, QuoteSeries, Status

QUOTE = "sales.quote"


def make(owner: User, **data: Any) -> Quote:
    """A draft of `owner`, made as a form makes one, with one line of 100."""
    given_lines = data.pop("lines", [{"name": "Pump", "price": Decimal(100)}])
    if "deal" not in data:
        data.setdefault("company", make_company(owner, "Harmless Ltd"))
    made: Quote = create_record(actor=owner, entity=entity(QUOTE), data=data)
    for one in given_lines:
        lines.add_line(actor=owner, quote=made, **one)
    return Quote.objects.get(pk=made.pk)


def fresh(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


def last_change() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def role_of(user: User) -> Role:
    return Role.objects.get(assignments__user=user)


def happened(name: str) -> int:
    return Event.objects.filter(name=name).count()


@pytest.mark.django_db
class TestLines:
    def test_a_product_brings_its_price_and_the_totals_follow(self, people: People) -> None:
        pump = Product.objects.create(name="Pump", price=Decimal("99.99"), currency="EUR",
                                      unit="pc", tax_rate=Decimal(21))  # fmt: skip
        people.owner.forget_rights()
        quote = make(people.owner, lines=[])
        lines.add_line(actor=people.admin, quote=quote, product=pump, quantity=Decimal(3))
        line = lines.add_line(actor=people.admin, quote=quote, name="Visit", price=Decimal(50),
                              optional=True)  # fmt: skip
        found = fresh(quote)
        assert (found.net, found.tax, found.gross) == (
            Decimal("299.97"), Decimal("62.99"), Decimal("362.96"),
        )  # fmt: skip
        assert line.place == 2
        edit_record(actor=people.owner, entity=entity(QUOTE), record=quote,
                    data={"discount_percent": Decimal(10)})  # fmt: skip
        assert fresh(quote).net == Decimal("269.97")

    def test_a_price_in_another_currency_goes_by_the_rate_or_is_asked_for(
        self, people: People
    ) -> None:
        pump = Product.objects.create(name="Pump", price=Decimal(100), currency="USD")
        quote = make(people.admin, lines=[])
        with pytest.raises(DomainError, match="no price in EUR"):
            lines.add_line(actor=people.admin, quote=quote, product=pump)
        ExchangeRate.objects.create(currency="USD", on="2020-01-01", rate=Decimal("0.9"))
        assert lines.add_line(actor=people.admin, quote=quote, product=pump).price == 90

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"name": "x"}, "price"),
            ({"price": Decimal(1)}, "name"),
            ({"name": "x", "price": Decimal(1), "quantity": Decimal(0)}, "quantity"),
            ({"name": "x", "price": Decimal(1), "discount_amount": Decimal(2)}, "discount_amount"),
            ({"name": "x", "price": Decimal(-1)}, "price"),
            ({"name": "x", "price": Decimal(10) ** 14}, "discount_amount"),
        ],
    )
    def test_what_cannot_be_right_is_refused_and_nothing_written(
        self, people: People, values: dict[str, Any], field: str
    ) -> None:
        quote = make(people.owner, lines=[])
        with pytest.raises(DomainError) as refusal:
            lines.add_line(actor=people.owner, quote=quote, **values)
        assert refusal.value.field == field
        assert not QuoteLine.objects.exists()

    def test_an_undo_takes_a_line_away_and_the_totals_follow(self, people: People) -> None:
        quote = make(people.owner)
        lines.add_line(actor=people.owner, quote=quote, name="Hose", price=Decimal(20))
        assert fresh(quote).net == 120
        undo_change_set(actor=people.owner, change_set=last_change())
        assert fresh(quote).net == 100
        lines.remove_line(actor=people.owner, quote=quote, line=QuoteLine.objects.get().pk)
        assert fresh(quote).net == 0
        undo_change_set(actor=people.owner, change_set=last_change())
        assert fresh(quote).net == 100

    def test_lines_move_and_only_their_own_quotes_lines_are_touched(self, people: People) -> None:
        quote, other = make(people.owner), make(people.owner)
        second = lines.add_line(actor=people.owner, quote=quote, name="Hose", price=Decimal(20))
        lines.move_line(actor=people.owner, quote=quote, line=second.pk, up=True)
        names = list(quote.lines.order_by("place").values_list("name", flat=True))
        assert names == ["Hose", "Pump"]
        with pytest.raises(DomainError, match="no longer in the quote"):
            lines.remove_line(actor=people.owner, quote=other, line=second.pk)

    def test_the_page_edits_lines(self, people: People) -> None:
        quote = make(people.owner)
        client = Client()
        client.force_login(people.owner)
        at = f"/quotes/{quote.pk}"
        said = client.post(f"{at}/do/sales.add_line", {"name": "Hose", "price": "20",
                           "discount_percent": "50"}, headers={"HX-Request": "true"})  # fmt: skip
        assert said.status_code == 204
        page = client.get(at).content.decode()
        assert "Hose" in page and "€110.00" in page
        line = QuoteLine.objects.get(name="Hose")
        assert 'value="20"' in client.get(f"{at}/lines/{line.pk}").content.decode()
        wrong = client.post(f"{at}/do/sales.change_line", {"line": line.pk, "name": "Hose",
                            "price": "20", "discount_percent": "101"})  # fmt: skip
        assert wrong.status_code == 422
        stranger = Client()
        stranger.force_login(people.stranger)
        assert stranger.get(f"{at}/lines/{line.pk}").status_code == 404

    def test_who_may_not_see_the_total_sees_no_line(self, people: People) -> None:
        quote = make(people.owner)
        role = role_of(people.owner)
        role.field_rules = {QUOTE: {"gross": "hidden"}}
        role.save()
        client = Client()
        client.force_login(people.owner)
        page = client.get(f"/quotes/{quote.pk}").content.decode()
        assert "100.00" not in page and "Pump" not in page
        line = QuoteLine.objects.get()
        assert client.get(f"/quotes/{quote.pk}/lines/{line.pk}").status_code == 404


@pytest.mark.django_db
class TestIssuing:
    def test_an_issued_quote_has_a_number_and_is_never_changed(self, people: People) -> None:
        quote = make(people.owner)
        before = last_change()
        actions.issue_quote(actor=people.owner, quote=quote)
        found = fresh(quote)
        year = timezone.localdate().year
        assert (found.status, found.number) == ("sent", f"Q-{year}-0001")
        issue = last_change()
        with pytest.raises(DomainError, match="not changed any more"):
            edit_record(actor=people.owner, entity=entity(QUOTE), record=found,
                        data={"name": "Other"})  # fmt: skip
        with pytest.raises(DomainError, match="not changed any more"):
            lines.add_line(actor=people.owner, quote=found, name="Hose", price=Decimal(20))
        with pytest.raises(DomainError, match="other records need it"):
            delete_record(actor=people.owner, entity=entity(QUOTE), record=found)
        with pytest.raises(Conflict):
            undo_change_set(actor=people.owner, change_set=before)
        with pytest.raises(Conflict, match="keeps its number"):
            undo_change_set(actor=people.owner, change_set=issue)
        assert fresh(quote).gross == 100
        assert happened("sales.quote_issued") == 1

    def test_an_undo_of_a_removed_line_does_not_change_what_was_issued(
        self, people: People
    ) -> None:
        quote = make(people.owner)
        gone = lines.add_line(actor=people.owner, quote=quote, name="Hose", price=Decimal(20))
        lines.remove_line(actor=people.owner, quote=quote, line=gone.pk)
        removed = last_change()
        actions.issue_quote(actor=people.owner, quote=quote)
        with pytest.raises(Conflict):
            undo_change_set(actor=people.owner, change_set=removed)
        assert (QuoteLine.objects.count(), fresh(quote).net) == (1, 100)

    def test_a_quote_without_lines_or_past_its_day_is_not_issued(self, people: People) -> None:
        empty = make(people.owner, lines=[{"name": "x", "price": Decimal(1), "optional": True}])
        with pytest.raises(DomainError, match="not optional"):
            actions.issue_quote(actor=people.owner, quote=empty)
        late = make(people.owner)
        with journal.change_set(actor=None, verb="test"):
            Quote.objects.filter(pk=late.pk).update(
                valid_until=timezone.localdate() - timedelta(days=1)
            )
        with pytest.raises(DomainError, match="has passed"):
            actions.issue_quote(actor=people.owner, quote=late)
        assert not QuoteSeries.objects.exists()

    def test_the_next_version_replaces_the_former_under_its_number(self, people: People) -> None:
        first = make(people.owner)
        actions.issue_quote(actor=people.owner, quote=first)
        second = actions.revise_quote(actor=people.owner, quote=first)
        assert fresh(first).status == Status.REPLACED
        lines.add_line(actor=people.owner, quote=second, name="Hose", price=Decimal(20))
        actions.issue_quote(actor=people.owner, quote=second)
        assert fresh(second).full_number == f"{fresh(first).number}-2"
        assert (fresh(first).net, fresh(second).net) == (100, 120)
        other = make(people.owner)
        actions.issue_quote(actor=people.owner, quote=other)
        assert fresh(other).number.endswith("0002")
        with pytest.raises(DomainError, match="gone on meanwhile"):
            actions.revise_quote(actor=people.owner, quote=first)

    def test_a_revision_taken_back_lets_the_former_stand_again(self, people: People) -> None:
        first = make(people.owner)
        actions.issue_quote(actor=people.owner, quote=first)
        actions.revise_quote(actor=people.owner, quote=first)
        undo_change_set(actor=people.owner, change_set=last_change())
        assert (Quote.objects.count(), fresh(first).status) == (1, "sent")

    def test_an_accepted_quote_tells_its_deal_what_it_is_worth(self, people: People) -> None:
        pumps = deal(people.owner)
        quote = make(people.owner, deal=pumps)
        assert quote.company_id == pumps.company_id
        actions.issue_quote(actor=people.owner, quote=quote)
        actions.accept_quote(actor=people.owner, quote=quote, answer="Yes")
        assert Deal.objects.get(pk=pumps.pk).amount == 100
        assert (fresh(quote).status, happened("sales.quote_accepted")) == ("accepted", 1)
        with pytest.raises(DomainError, match="gone on meanwhile"):
            actions.reject_quote(actor=people.owner, quote=quote)
        undo_change_set(actor=people.owner, change_set=ChangeSet.objects.latest("pk"))
        assert (fresh(quote).status, Deal.objects.get(pk=pumps.pk).amount) == ("sent", None)

    def test_what_nobody_answered_expires_after_its_last_day(self, people: People) -> None:
        quote = make(people.owner)
        actions.issue_quote(actor=people.owner, quote=quote)
        assert actions.expire_quotes(actor=None) == 0
        with journal.change_set(actor=None, verb="test"):
            Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
        with pytest.raises(DomainError, match="valid no more"):
            actions.accept_quote(actor=people.owner, quote=quote)
        assert actions.expire_quotes(actor=None) == 1
        assert fresh(quote).status == Status.EXPIRED


@pytest.mark.django_db
class TestLimits:
    def test_more_than_the_limit_waits_for_somebody_who_may(self, people: People) -> None:
        own = role_of(people.owner)
        set_limits(actor=people.admin, limits={own: Decimal(10)})
        quote = make(people.owner, lines=[{"name": "Pump", "price": Decimal(100),
                                           "discount_percent": Decimal("10.1")}])  # fmt: skip
        actions.issue_quote(actor=people.owner, quote=quote)
        assert (fresh(quote).status, fresh(quote).number) == ("approval", "")
        with pytest.raises(DomainError, match="waits for approval"):
            lines.add_line(actor=people.owner, quote=quote, name="Hose", price=Decimal(20))
        with pytest.raises(NotAllowed, match="more than you may approve"):
            actions._may_decide(people.owner, fresh(quote))
        actions.send_back_quote(actor=people.admin, quote=quote, answer="At most 10 %")
        assert (fresh(quote).status, fresh(quote).answer) == ("draft", "At most 10 %")
        actions.issue_quote(actor=people.owner, quote=quote)
        actions.approve_quote(actor=people.admin, quote=quote)
        assert fresh(quote).status == Status.SENT

    def test_a_price_below_the_list_and_an_optional_line_give_away_too(
        self, people: People
    ) -> None:
        set_limits(actor=people.admin, limits={role_of(people.owner): Decimal(10)})
        pump = Product.objects.create(name="Pump", price=Decimal(100), currency="EUR")
        cheap = make(people.owner, lines=[])
        lines.add_line(actor=people.admin, quote=cheap, product=pump, price=Decimal(80))
        hidden = make(people.owner)
        lines.add_line(actor=people.owner, quote=hidden, name="Gift", price=Decimal(100),
                       discount_percent=Decimal(100), optional=True)  # fmt: skip
        fine = make(people.owner, discount_percent=Decimal(10))
        for quote in (cheap, hidden, fine):
            actions.issue_quote(actor=people.owner, quote=quote)
        assert [fresh(one).status for one in (cheap, hidden, fine)] == [
            "approval", "approval", "sent",
        ]  # fmt: skip

    def test_the_settings_page_keeps_limits_and_numbers(self, people: People) -> None:
        client = Client()
        client.force_login(people.admin)
        role = Role.objects.filter(administrator=False)[0]
        wish = {"number_prefix": "AN{year}/", "number_digits": "3", "valid_days": "14",
                f"role_{role.pk}": "12.5"}  # fmt: skip
        assert client.post("/settings/quotes", {**wish, "number_prefix": "{x}"}).status_code == 422
        assert client.post("/settings/quotes", wish).status_code == 302
        page = client.get("/settings/quotes").content.decode()
        assert 'value="12.5"' in page and "AN{year}/" in page
        quote = make(people.admin)
        assert quote.valid_until == timezone.localdate() + timedelta(days=14)
        actions.issue_quote(actor=people.admin, quote=quote)
        assert fresh(quote).number == f"AN{timezone.localdate().year}/001"


@pytest.mark.django_db(transaction=True)
def test_parallel_issues_give_each_number_once_and_leave_no_hole(people: People) -> None:
    drafts = [make(people.owner) for _ in range(6)]
    empty = make(people.owner, lines=[])
    start, refused = threading.Barrier(7), []

    def issue(quote: Quote) -> None:
        try:
            start.wait()
            actions.issue_quote(actor=people.owner, quote=quote)
        except DomainError as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=(one,)) for one in (*drafts, empty)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert sorted(Issued.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Quote.objects.exclude(number="").values("number").distinct().count() == 6


VERBS = {
    "issue": actions.issue_quote, "approve": actions.approve_quote,
    "withdraw": actions.withdraw_quote, "accept": actions.accept_quote,
    "reject": actions.reject_quote, "revise": actions.revise_quote,
}  # fmt: skip
LIVE = (Status.SENT, Status.ACCEPTED)


@pytest.mark.django_db
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from([*VERBS, "undo", "edit"]), max_size=8))
def test_whatever_is_done_one_version_stands_and_numbers_have_no_hole(
    people: People, steps: list[str]
) -> None:
    with transaction.atomic():
        sent: dict[int, Decimal] = {}
        make(people.admin)
        for step in steps:
            _try(people.admin, step)
            rows = list(Quote.objects.all())
            assert sum(one.status in LIVE for one in rows) <= 1
            for one in rows:
                if one.status not in (Status.DRAFT, Status.APPROVAL):
                    assert sent.setdefault(one.pk, one.net) == one.net
        numbers = sorted(Issued.objects.values_list("number", flat=True).distinct())
        assert numbers == list(range(1, len(numbers) + 1))
        transaction.set_rollback(True)


def _try(user: User, step: str) -> None:
    """Do something with the newest version, whether or not it may be done now."""
    newest = Quote.objects.order_by("-version", "-pk").first()
    if newest is None:
        return
    try:
        if step == "undo":
            undo_change_set(actor=user, change_set=last_change())
        elif step == "edit":
            lines.add_line(actor=user, quote=newest, name="x", price=Decimal(7))
        else:
            VERBS[step](actor=user, quote=newest)
    except DomainError:
        pass
