"""Price lists: which price holds for whom, and who is told of a list."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_company, make_person, make_product
from vinculo.kernel.errors import DomainError
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet, User
from vinculo.platform.undo import undo_change_set
from vinculo.products.models import ListedPrice, PriceList, Product
from vinculo.products.pricelists.choosing import Offer, chosen
from vinculo.products.pricing import price_of
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record
from vinculo.sales.deals import lines as deal_lines

LIST, PRICE = "products.pricelist", "products.listedprice"
TODAY = date(2026, 6, 15)


def listed(product: Product, *tiers: tuple[int, int], **values: Any) -> PriceList:
    """A list in which `product` costs so much from so many on."""
    told = {"name": "List", "currency": "EUR", **values}
    made: PriceList = PriceList.objects.create(**told)
    for least, price in tiers:
        ListedPrice.objects.create(
            price_list=made, product=product, from_quantity=least, price=price, name=product.name
        )
    return made


days = st.one_of(st.none(), st.integers(-5, 5).map(lambda n: TODAY + timedelta(days=n)))
offers = st.builds(
    Offer,
    price=st.integers(0, 99).map(Decimal),
    from_quantity=st.integers(0, 6).map(Decimal),
    price_list=st.integers(1, 4),
    narrow=st.integers(0, 3),
    valid_from=days,
    valid_until=days,
)


class TestChoosing:
    @given(some=st.lists(offers, max_size=8, unique_by=lambda one: (one.price_list, one.from_quantity)),
           quantity=st.integers(0, 7).map(Decimal), data=st.data())  # fmt: skip
    def test_it_holds_and_nothing_that_holds_is_nearer(
        self, some: list[Offer], quantity: Decimal, data: st.DataObject
    ) -> None:
        found = chosen(some, quantity, TODAY)
        holding = [
            one for one in some
            if one.from_quantity <= quantity
            and (one.valid_from is None or one.valid_from <= TODAY)
            and (one.valid_until is None or one.valid_until >= TODAY)
        ]  # fmt: skip
        assert (found is None) == (not holding)
        if found is not None:
            assert found in holding
            assert all(one.narrow <= found.narrow for one in holding)
            same = [one for one in holding if one.price_list == found.price_list
                    and (one.narrow, one.valid_from) == (found.narrow, found.valid_from)]  # fmt: skip
            assert all(one.from_quantity <= found.from_quantity for one in same)
        assert chosen(data.draw(st.permutations(some)), quantity, TODAY) == found

    @given(tiers=st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True),
           quantity=st.decimals(0, 60, places=2))  # fmt: skip
    def test_of_one_list_the_largest_quantity_that_is_reached(
        self, tiers: list[int], quantity: Decimal
    ) -> None:
        found = chosen([Offer(Decimal(n), Decimal(n)) for n in tiers], quantity, TODAY)
        reached = [n for n in tiers if n <= quantity]
        assert (found.price if found else None) == (max(reached) if reached else None)


@pytest.mark.django_db
class TestPriceOf:
    def test_tiers_validity_and_the_own_price_where_no_list_has_one(self, people: People) -> None:
        pump = make_product(people.owner)
        listed(pump, (1, 95), (10, 90), valid_from=TODAY, valid_until=TODAY + timedelta(days=9))

        def costs(number: int, on: date = TODAY) -> Decimal | None:
            return price_of(pump, "EUR", quantity=Decimal(number), on=on)

        assert [costs(n) for n in (1, 9, 10, 99)] == [95, 95, 90, 90]
        assert price_of(pump, "EUR", quantity=Decimal("0.5"), on=TODAY) == 100
        assert [costs(1, TODAY + timedelta(days=n)) for n in (-1, 0, 9, 10)] == [100, 95, 95, 100]
        assert price_of(pump, "USD", on=TODAY) is None

    def test_the_nearest_list_holds(self, people: People) -> None:
        pump = make_product(people.owner)
        group, branch = make_company(people.owner, "Group"), make_company(people.owner, "Branch")
        Company.objects.filter(pk=branch.pk).update(parent=group, value_class="A")
        branch = Company.objects.get(pk=branch.pk)
        other = make_company(people.owner, "Other")
        person = make_person(people.owner, "Ana")
        person.company = branch
        person.save()
        everybody = listed(pump, (0, 99))
        listed(pump, (0, 80), value_class="A")
        assert price_of(pump, "EUR", customer=branch) == 80
        listed(pump, (0, 70), company=group)
        assert [price_of(pump, "EUR", customer=one) for one in (branch, person, group)] == [70] * 3
        own = listed(pump, (5, 60), company=branch)
        assert price_of(pump, "EUR", customer=branch) == 70
        assert price_of(pump, "EUR", customer=branch, quantity=Decimal(5)) == 60
        assert [price_of(pump, "EUR", customer=one) for one in (other, None)] == [99, 99]
        PriceList.objects.filter(pk__in=(everybody.pk, own.pk)).update(is_active=False)
        assert price_of(pump, "EUR", customer=other) == 100
        assert price_of(pump, "EUR", customer=branch, quantity=Decimal(5)) == 70


@pytest.mark.django_db
class TestLines:
    def test_a_line_is_proposed_the_customers_price_and_follows_the_quantity(
        self, people: People
    ) -> None:
        pump = make_product(people.owner)
        found = deal(people.owner, currency="EUR")
        listed(pump, (0, 95), (10, 90), company=found.company)
        line = deal_lines.add_line(actor=people.owner, deal=found, product=pump)
        assert (line.price, line.list_price) == (95, 95)

        def change(**values: Any) -> tuple[Decimal, Decimal | None]:
            row = deal_lines.change_line(actor=people.owner, deal=found, line=line.pk, product=pump,
                                         name="Pump", **values)  # fmt: skip
            return row.price, row.list_price

        assert change(quantity=Decimal(10), price=Decimal(95)) == (90, 90)
        assert change(quantity=Decimal(12), price=Decimal(85)) == (85, 90)
        assert change(quantity=Decimal(2), price=Decimal(85)) == (85, 95)


@pytest.mark.django_db
class TestRules:
    def make(self, user: User, **data: Any) -> PriceList:
        made: PriceList = create_record(actor=user, entity=entity(LIST),
                                        data={"name": "List", **data})  # fmt: skip
        return made

    def test_what_cannot_be_is_refused(self, people: People) -> None:
        company = make_company(people.owner)
        for data, field in (
            ({"company": company, "value_class": "A"}, "value_class"),
            ({"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)}, "valid_until"),
            ({"currency": "XYZ"}, "currency"),
        ):
            with pytest.raises(DomainError) as refusal:
                self.make(people.owner, **data)
            assert refusal.value.field == field
        assert not PriceList.objects.exists()

    def test_one_price_per_product_and_quantity(self, people: People) -> None:
        made, pump = self.make(people.owner), make_product(people.owner)
        data = {"price_list": made, "product": pump, "price": Decimal(9)}
        first = create_record(actor=people.owner, entity=entity(PRICE), data=dict(data))
        assert (str(first), first.from_quantity) == (pump.name, 0)
        with pytest.raises(DomainError, match="already"):
            create_record(actor=people.owner, entity=entity(PRICE), data=dict(data))
        with pytest.raises(DomainError, match="in EUR"):
            edit_record(actor=people.owner, entity=entity(LIST), record=made,
                        data={"currency": "USD"})  # fmt: skip
        edit_record(actor=people.owner, entity=entity("products.product"), record=pump,
                    data={"name": "Big pump"})  # fmt: skip
        assert ListedPrice.objects.get().name == "Big pump"
        undo_change_set(actor=people.owner, change_set=ChangeSet.objects.latest("pk"))
        assert ListedPrice.objects.get().name == pump.name

    def test_a_list_for_a_company_is_told_only_with_the_company(self, people: People) -> None:
        pump = make_product(people.stranger)
        secret = make_company(people.owner, "Secret customer")
        listed(pump, (0, 12), name="Zanzilist", company=secret, owner=people.stranger)
        mine = listed(pump, (0, 13), name="Ours", owner=people.stranger)
        ListedPrice.objects.update(owner=people.stranger)
        client = Client()
        client.force_login(people.stranger)
        for path in ("/price-lists", "/listed-prices", f"/products/{pump.pk}"):
            page = client.get(path).content.decode()
            assert "Zanzilist" not in page and "€12.00" not in page, path
        assert "€13.00" in client.get(f"/price-lists/{mine.pk}").content.decode()
        hidden = PriceList.objects.get(name="Zanzilist")
        assert client.get(f"/price-lists/{hidden.pk}").status_code == 404

    def test_pages_show_prices_where_they_belong(self, people: People) -> None:
        pump, company = make_product(people.owner, "Pump"), make_company(people.owner, "Harmless")
        made = listed(pump, (0, 12), (10, 11), company=company, owner=people.owner)
        ListedPrice.objects.update(owner=people.owner)
        client = Client()
        client.force_login(people.owner)
        page = client.get(f"/price-lists/{made.pk}").content.decode()
        assert "€11.00" in page and "Pump" in page
        assert "€12.00" in client.get(f"/products/{pump.pk}").content.decode()
        assert f"/price-lists/{made.pk}" in client.get(f"/companies/{company.pk}").content.decode()
        said = client.post("/listed-prices/new", {"price_list": made.pk, "product": pump.pk,
                           "from_quantity": "100", "price": "10.5"})  # fmt: skip
        assert said.status_code == 302
        assert price_of(pump, "EUR", quantity=Decimal(100), customer=company,
                        on=timezone.localdate()) == Decimal("10.5")  # fmt: skip
