"""Lines of deals: the amount follows them everywhere, undo included, and quotes take them over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.records.api.calling import caller_for
from tests.sales.makers import deal
from vinculo.kernel import clock
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.platform.journal import change_set
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.platform.undo import undo_change_set
from vinculo.products.models import Product
from vinculo.records import lists
from vinculo.records.bulk.engine import BulkWriter
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, delete_record, edit_record
from vinculo.sales.deals import lines
from vinculo.sales.deals.models import Deal, DealLine
from vinculo.sales.deals.worth_of_lines import follow_lines
from vinculo.sales.quotes import actions as quoting
from vinculo.sales.quotes import lines as quote_lines
from vinculo.sales.quotes.models import Quote, QuoteLine
from vinculo.sales.quotes.of_deals import quote_deal

DEAL = "sales.deal"


def fresh(one: Deal) -> Deal:
    return Deal.objects.get(pk=one.pk)


def undo_last(user: User) -> None:
    undo_change_set(actor=user, change_set=ChangeSet.objects.latest("pk"))


def pump(owner: User, **values: Any) -> Product:
    """A product that `owner` sees."""
    told = {"name": "Pump", "price": Decimal("99.99"), "currency": "EUR", "tax_rate": Decimal(21)}
    return Product.objects.create(owner=owner, **{**told, **values})


def asked(user: User, query: str) -> set[int]:
    state = lists.parse_list(entity(DEAL), user, QueryDict(query))
    return {one.pk for one in lists.page_of(state).records}


@pytest.mark.django_db
class TestTheAmountFollows:
    def test_from_the_first_line_on_the_deal_is_worth_their_sum(self, people: People) -> None:
        found = deal(people.owner, amount=Decimal(70), currency="EUR")
        product = pump(people.owner)
        lines.add_line(actor=people.owner, deal=found, name="Visit", price=Decimal(50))
        lines.add_line(actor=people.owner, deal=found, product=product, quantity=Decimal(3),
                       discount_percent=Decimal(10))  # fmt: skip
        now = fresh(found)
        assert (now.amount, now.value, now.product) == (
            Decimal("319.97"),
            Decimal("319.97"),
            product,
        )
        line = DealLine.objects.get(product=product)
        assert (line.list_price, line.price, line.place) == (Decimal("99.99"), Decimal("99.99"), 2)

    def test_undo_restores_the_amount_that_was_typed(self, people: People) -> None:
        found = deal(people.owner, amount=Decimal(70), currency="EUR", product=pump(people.owner))
        lines.add_line(actor=people.owner, deal=found, name="Visit", price=Decimal(50))
        assert (fresh(found).amount, fresh(found).product) == (50, None)
        undo_last(people.owner)
        now = fresh(found)
        assert (now.amount, now.by_lines, now.value) == (70, False, 70)
        assert now.product is not None

    def test_undo_of_one_line_leaves_the_sum_of_the_others(self, people: People) -> None:
        found = deal(people.owner, amount=Decimal(70), currency="EUR")
        lines.add_line(actor=people.owner, deal=found, name="Visit", price=Decimal(50))
        first = ChangeSet.objects.latest("pk")
        lines.add_line(actor=people.admin, deal=found, name="Hose", price=Decimal(20))
        done = undo_change_set(actor=people.owner, change_set=first)
        assert (fresh(found).amount, done.kept) == (20, [])
        lines.remove_line(actor=people.owner, deal=found, line=DealLine.objects.get().pk)
        assert (fresh(found).amount, fresh(found).by_lines) == (20, False)
        undo_last(people.owner)
        assert (fresh(found).amount, fresh(found).by_lines) == (20, True)

    def test_a_deleted_deal_comes_back_with_its_lines(self, people: People) -> None:
        found = deal(people.owner)
        lines.add_line(actor=people.owner, deal=found, name="Visit", price=Decimal(50))
        delete_record(actor=people.owner, entity=entity(DEAL), record=found)
        assert not DealLine.objects.exists()
        undo_last(people.owner)
        assert (fresh(found).by_lines, fresh(found).amount) == (True, 50)

    @settings(max_examples=15, deadline=None,
              suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
    @given(steps=st.lists(st.tuples(st.sampled_from(["add", "change", "remove", "move", "undo"]),
                                    st.integers(0, 5), st.decimals(0, 999, places=2)),
                          min_size=1, max_size=8))  # fmt: skip
    def test_whatever_is_done_to_lines_the_amount_is_their_sum(
        self, people: People, steps: list[tuple[str, int, Decimal]]
    ) -> None:
        found = deal(people.owner, currency="EUR")
        for verb, at, price in steps:
            rows = list(DealLine.objects.filter(deal=found).order_by("place", "pk"))
            row = rows[at % len(rows)] if rows else None
            last = ChangeSet.objects.latest("pk")
            if verb == "undo" and last.undoes_id is None:
                try:
                    undo_last(people.owner)
                except DomainError:
                    continue
                if not Deal.objects.filter(pk=found.pk).exists():
                    return
            elif row is None or verb == "add":
                lines.add_line(actor=people.owner, deal=found, name="x", price=price)
            elif verb == "change":
                lines.change_line(
                    actor=people.owner, deal=found, line=row.pk, name="y", price=price
                )
            elif verb == "remove":
                lines.remove_line(actor=people.owner, deal=found, line=row.pk)
            else:
                lines.move_line(actor=people.owner, deal=found, line=row.pk, up=at % 2 == 0)
            now, rows = fresh(found), list(DealLine.objects.filter(deal=found))
            assert now.by_lines == bool(rows)
            if rows:
                assert now.amount == now.value == sum(one.price for one in rows)


@pytest.mark.django_db
class TestNobodyTypesIt:
    @pytest.fixture
    def lined(self, people: People) -> Deal:
        found = deal(people.owner, currency="EUR")
        lines.add_line(actor=people.owner, deal=found, name="Zeppelin", price=Decimal(50))
        return fresh(found)

    @pytest.mark.parametrize("data", [{"amount": Decimal(1)}, {"amount": None},
                                      {"currency": "USD"}])  # fmt: skip
    def test_neither_forms_nor_programs(
        self, people: People, lined: Deal, data: dict[str, Any]
    ) -> None:
        with pytest.raises(DomainError) as refusal:
            edit_record(actor=people.owner, entity=entity(DEAL), record=lined, data=dict(data))
        assert refusal.value.field == next(iter(data))
        edit_record(actor=people.owner, entity=entity(DEAL), record=lined,
                    data={"amount": Decimal(50), "currency": "EUR", "name": "Same"})  # fmt: skip
        assert (fresh(lined).name, fresh(lined).amount) == ("Same", 50)

    def test_the_page_says_so_and_offers_no_input(self, people: People, lined: Deal) -> None:
        client = Client()
        client.force_login(people.owner)
        at = f"/deals/{lined.pk}"
        page = client.get(at).content.decode()
        assert f"{at}/field/amount" not in page and "The sum of the lines" in page
        assert f"{at}/field/close_on" in page
        assert 'name="amount"' not in client.get(f"{at}/edit").content.decode()
        assert client.get(f"{at}/field/amount?cell=1").status_code == 422
        stale = client.post(
            f"{at}/edit", {"name": "Pumps", "amount": "7", "_was": '{"amount": ""}'}
        )
        assert stale.status_code == 409 and "€7.00" in stale.content.decode()
        forced = client.post(f"{at}/edit", {"name": "Pumps", "amount": "7", "_was": '{"amount": ""}',
                                            "_settled": "amount"})  # fmt: skip
        assert forced.status_code == 422 and "sum of the lines" in forced.content.decode()
        said = caller_for(people.owner).patch(f"/deals/{lined.pk}", {"amount": "7"})
        assert said.status_code == 422
        assert fresh(lined).amount == 50

    def test_many_at_once_refuse_it_row_by_row(self, people: People, lined: Deal) -> None:
        other = deal(people.owner, currency="EUR")
        with change_set(actor=people.owner, verb="records.edit"):
            writer = BulkWriter(people.owner, entity(DEAL), ["amount"],
                                lambda _record: {"amount": Decimal(9)}, seen_at=clock.now())  # fmt: skip
            done = writer.write([lined.pk, other.pk])
        assert len(done.refused) == 1 and done.changed == [other.pk]
        assert (fresh(lined).amount, fresh(other).amount) == (50, 9)

    def test_a_role_that_may_not_see_the_amount_sees_no_line(
        self, people: People, lined: Deal
    ) -> None:
        role = Role.objects.get(assignments__user=people.owner)
        role.field_rules = {DEAL: {"amount": "hidden"}}
        role.save()
        people.owner.forget_rights()
        client = Client()
        client.force_login(people.owner)
        assert "Zeppelin" not in client.get(f"/deals/{lined.pk}").content.decode()
        line = DealLine.objects.get()
        assert client.get(f"/deals/{lined.pk}/lines/{line.pk}").status_code == 404
        with pytest.raises(NotAllowed):
            lines.remove_line(actor=people.owner, deal=lined, line=line.pk)

    def test_strangers_reach_nothing_of_it(self, people: People, lined: Deal) -> None:
        client = Client()
        client.force_login(people.stranger)
        at = f"/deals/{lined.pk}"
        assert client.get(f"{at}/lines/{DealLine.objects.get().pk}").status_code == 404
        assert (
            client.post(f"{at}/do/sales.add_deal_line", {"name": "x", "price": "1"}).status_code
            == 404
        )
        with pytest.raises(DomainError):
            lines.add_line(actor=people.stranger, deal=lined, name="x", price=Decimal(1))
        assert DealLine.objects.count() == 1


@pytest.mark.django_db
class TestThePage:
    def test_lines_are_added_changed_moved_and_removed(self, people: People) -> None:
        found = deal(people.owner, currency="EUR")
        client = Client()
        client.force_login(people.owner)
        at, htmx = f"/deals/{found.pk}", {"HX-Request": "true"}
        for name, price in (("Visit", "50"), ("Hose", "20")):
            said = client.post(f"{at}/do/sales.add_deal_line", {"name": name, "price": price},
                               headers=htmx)  # fmt: skip
            assert said.status_code == 204
        page = client.get(at).content.decode()
        assert "Hose" in page and "€70.00" in page
        visit = DealLine.objects.get(name="Visit")
        assert 'value="50"' in client.get(f"{at}/lines/{visit.pk}").content.decode()
        wrong = client.post(f"{at}/do/sales.change_deal_line",
                            {"line": visit.pk, "name": "Visit", "price": "50", "quantity": "0"})  # fmt: skip
        assert wrong.status_code == 422
        client.post(f"{at}/do/sales.move_deal_line", {"line": visit.pk})
        assert list(found.lines.order_by("place").values_list("name", flat=True)) == [
            "Hose",
            "Visit",
        ]
        client.post(f"{at}/do/sales.remove_deal_line", {"line": visit.pk})
        assert fresh(found).amount == 20

    def test_the_api_writes_lines(self, people: People) -> None:
        found = deal(people.owner, currency="EUR")
        caller = caller_for(people.owner)
        said = caller.post(f"/deals/{found.pk}/do/sales.add_deal_line",
                           {"name": "Visit", "price": "50", "quantity": "2"})  # fmt: skip
        assert said.status_code == 200, said.content
        assert caller.get(f"/deals/{found.pk}").json()["data"]["amount"] == "100.0000"


@pytest.mark.django_db
class TestAsked:
    def test_lists_find_deals_by_the_products_of_their_lines(self, people: People) -> None:
        one, other = pump(people.owner, family="Pumps"), pump(people.owner, name="Hose, long",
                                                              family="Hoses, long")  # fmt: skip
        lined = deal(people.owner, currency="EUR", product=other)
        lines.add_line(actor=people.owner, deal=lined, product=one)
        lines.add_line(actor=people.owner, deal=lined, product=one, quantity=Decimal(2))
        plain = deal(people.owner, product=other)
        empty = deal(people.owner)
        assert asked(people.owner, f"about.is={one.pk}") == {lined.pk}
        assert asked(people.owner, f"about.is={other.pk}") == {plain.pk}
        assert asked(people.owner, f"about.not={one.pk}") == {plain.pk, empty.pk}
        assert asked(people.owner, "about_family.is=Hoses, long") == {plain.pk}
        assert asked(people.admin, f"about.is={one.pk}") == {lined.pk}
        hidden = pump(people.stranger, name="Secret")
        lines.add_line(actor=people.admin, deal=lined, product=hidden)
        assert asked(people.owner, f"about.is={hidden.pk}") == set()


@pytest.mark.django_db
class TestQuotes:
    def test_a_quote_takes_the_lines_over_and_its_acceptance_brings_them_back(
        self, people: People
    ) -> None:
        found = deal(people.owner, currency="EUR", amount=Decimal(7))
        lines.add_line(actor=people.owner, deal=found, product=pump(people.owner),
                       quantity=Decimal(10), price=Decimal(90))  # fmt: skip
        quote = quote_deal(actor=people.owner, deal=found)
        line = QuoteLine.objects.get(quote=quote)
        assert (line.price, line.list_price, line.tax_rate, line.quantity) == (
            90, Decimal("99.99"), 21, 10,
        )  # fmt: skip
        assert Quote.objects.get(pk=quote.pk).net == 900
        quote_lines.add_line(actor=people.owner, quote=quote, name="Gold", price=Decimal(100),
                             optional=True)  # fmt: skip
        quote_lines.add_line(actor=people.owner, quote=quote, name="Visit", price=Decimal(100))
        edit_record(actor=people.owner, entity=entity("sales.quote"), record=quote,
                    data={"discount_percent": Decimal(5)})  # fmt: skip
        quoting.issue_quote(actor=people.admin, quote=quote)
        quoting.accept_quote(actor=people.owner, quote=quote)
        now, net = fresh(found), Quote.objects.get(pk=quote.pk).net
        assert now.amount == net == 950
        assert list(now.lines.order_by("place").values_list("name", "discount_amount")) == [
            ("Pump", 45), ("Visit", 5),
        ]  # fmt: skip
        undo_last(people.owner)
        assert (fresh(found).amount, fresh(found).lines.count()) == (900, 1)

    def test_a_form_begins_with_them_unless_the_currency_is_another(self, people: People) -> None:
        found = deal(people.owner, currency="EUR")
        lines.add_line(actor=people.owner, deal=found, name="Visit", price=Decimal(50))
        client = Client()
        client.force_login(people.owner)
        for currency in ("EUR", "USD"):
            said = client.post("/quotes/new", {"name": currency, "deal": found.pk,
                                               "currency": currency, "company": found.company_id,
                                               "owner": people.owner.pk})  # fmt: skip
            assert said.status_code == 302, said.content
        assert list(QuoteLine.objects.values_list("quote__name", "name")) == [("EUR", "Visit")]


@pytest.mark.django_db
def test_following_asks_as_often_for_many_deals_as_for_one(
    people: People,
) -> None:
    made = [deal(people.owner, currency="EUR") for _n in range(3)]
    for one in made:
        lines.add_line(actor=people.owner, deal=one, name="Visit", price=Decimal(50))
    counts = []
    for ids in ([made[0].pk], [one.pk for one in made]):
        with CaptureQueriesContext(connection) as taken:
            follow_lines(ids)
        counts.append(len(taken))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_a_new_deal_is_typed_as_ever(people: People) -> None:
    made = create_record(actor=people.owner, entity=entity(DEAL),
                         data={"name": "x", "amount": Decimal(5), "product": pump(people.owner)})  # fmt: skip
    assert (fresh(made).amount, fresh(made).by_lines) == (5, False)
