"""Targets of products: attained by lines, each figure from exactly the deals of its list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.personas import People
from tests.sales.forecast.test_figures import Q3, TODAY, listed, put
from tests.samples import make_company
from vinculo.kernel.clock import frozen
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform.models import ChangeSet, Role, User
from vinculo.platform.undo import undo_change_set
from vinculo.products.models import ExchangeRate, Product
from vinculo.sales.deals import lines as deal_lines
from vinculo.sales.deals.models import Deal, DealLine
from vinculo.sales.forecast.asked import Asked
from vinculo.sales.forecast.forms import TargetsForm
from vinculo.sales.forecast.models import Target
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.products import ProductLine, product_lines
from vinculo.sales.forecast.targets import Wish, product_targets_of, set_targets, targets_of

pytestmark = pytest.mark.django_db
INSIDE = Q3.end


@pytest.fixture(autouse=True)
def on_that_day() -> Any:
    with frozen(TODAY):
        yield


@pytest.fixture
def goods(people: People) -> dict[str, Product]:
    """A pump and a valve of one family, and a hose."""
    made = {}
    for name, family in (("Pump", "Machines"), ("Valve", "Machines"), ("Hose", "")):
        made[name] = Product.objects.create(
            name=name, code=name[:1], family=family, owner=people.owner, currency="EUR"
        )
    return made


def sold(owner: User, at: str, **lines: tuple[Product, int]) -> Deal:
    """A deal of `owner` in a stage, with these lines."""
    acme = make_company(owner, "Acme")
    made = put(owner, at, 0, TODAY.date() if at == "Won" else INSIDE, company=acme,
               currency="EUR")  # fmt: skip
    for name, (product, price) in lines.items():
        deal_lines.add_line(actor=owner, deal=made, name=name, product=product,
                            price=Decimal(price))  # fmt: skip
    return Deal.objects.get(pk=made.pk)


def told(user: User, **asked: Any) -> dict[tuple[str, str], ProductLine]:
    return {(one.what, one.whose): one for one in product_lines(user, Asked(Q3, **asked))}


def aim(people: People, *wishes: Wish) -> None:
    set_targets(actor=people.admin, wishes=list(wishes))


def test_lines_count_where_there_are_any_and_the_product_where_not(
    people: People, goods: dict[str, Product]
) -> None:
    pump, valve, hose = goods["Pump"], goods["Valve"], goods["Hose"]
    both = sold(people.owner, "Won", a=(pump, 100), b=(hose, 30), c=(pump, 5))
    plain = put(people.owner, "Won", 1000, TODAY.date(), product=valve,
                company=make_company(people.owner))  # fmt: skip
    going = sold(people.owner, "Negotiation", a=(valve, 40))
    sold(people.owner, "Qualified", a=(pump, 7))
    aim(people, Wish(people.owner, Q3, Decimal(420), product=pump),
        Wish(people.north, Q3, Decimal(2000), family="Machines"),
        Wish(people.teammate, Q3, Decimal(10), product=pump))  # fmt: skip
    found = told(people.admin)
    mine, family = found["Pump", "Owner"], found["Machines", "North"]
    assert (mine.target, mine.won, mine.attained, mine.open) == (420, 105, Decimal(25), 7)
    assert (family.won, family.commit, family.open) == (1105, 40, 47)
    assert found["Pump", "Teammate"].won == 0
    assert {one.pk for one in listed(people.admin, mine.urls["won"])} == {both.pk}
    assert {one.pk for one in listed(people.admin, family.urls["won"])} == {both.pk, plain.pk}
    assert {one.pk for one in listed(people.admin, family.urls["commit"])} == {going.pk}
    assert len(listed(people.admin, family.urls["open"])) == 2
    assert listed(people.admin, found["Pump", "Teammate"].urls["won"]) == []


@settings(max_examples=10, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.lists(st.tuples(st.sampled_from(["Won", "Negotiation", "Qualified"]),
                               st.lists(st.tuples(st.sampled_from(["Pump", "Valve", "Hose"]),
                                                  st.integers(0, 500)), max_size=3)),
                     min_size=1, max_size=4))  # fmt: skip
def test_the_figures_are_those_of_the_lists_line_by_line(
    people: People, goods: dict[str, Product], data: list[tuple[str, list[tuple[str, int]]]]
) -> None:
    Deal.objects.all().delete()
    for at, lines in data:
        sold(
            people.owner,
            at,
            **{f"l{n}": (goods[name], price) for n, (name, price) in enumerate(lines)},
        )
    aim(people, Wish(people.owner, Q3, Decimal(9), product=goods["Pump"]),
        Wish(people.company, Q3, Decimal(9), family="Machines"))  # fmt: skip
    for line in told(people.admin).values():
        of = [goods["Pump"].pk] if line.what == "Pump" else [goods["Pump"].pk, goods["Valve"].pk]
        for figure in ("won", "commit", "open"):
            deals = listed(people.admin, line.urls[figure])
            total = sum(
                one.net for one in DealLine.objects.filter(deal__in=deals, product__in=of)
            )  # fmt: skip
            assert total == getattr(line, figure), (line.what, figure)


def test_another_currency_counts_by_the_share_of_the_deal(
    people: People, goods: dict[str, Product]
) -> None:
    ExchangeRate.objects.create(currency="USD", on="2020-01-01", rate=Decimal("0.5"))
    made = put(people.owner, "Won", None, TODAY.date(), currency="USD",
               company=make_company(people.owner))  # fmt: skip
    for product, price in ((goods["Pump"], 30), (goods["Hose"], 10)):
        deal_lines.add_line(actor=people.owner, deal=made, product=product, price=Decimal(price))
    aim(people, Wish(people.owner, Q3, Decimal(100), product=goods["Pump"]))
    assert told(people.admin)["Pump", "Owner"].won == 15


def test_nobody_is_told_more_than_their_deals_and_products(
    people: People, goods: dict[str, Product]
) -> None:
    sold(people.owner, "Won", a=(goods["Pump"], 100))
    aim(people, Wish(people.company, Q3, Decimal(500), product=goods["Pump"]),
        Wish(people.owner, Q3, Decimal(50), product=goods["Pump"]),
        Wish(people.stranger, Q3, Decimal(60), product=goods["Pump"]))  # fmt: skip
    assert set(told(people.owner)) == {("Pump", "Owner")}
    assert told(people.stranger) == {}, "a product that they do not see"
    assert set(told(people.admin, person=people.owner.pk)) == {("Pump", "Owner")}
    assert ("Pump", "Company") not in told(people.admin, team=people.north.pk)
    Role.objects.filter(name="Own rows").update(field_rules={"sales.deal": {"amount": "hidden"}})
    people.owner.forget_rights()
    assert told(people.owner) == {}
    with pytest.raises(NotFound):
        hidden = Product.objects.create(name="Secret", owner=people.owner)
        set_targets(actor=people.manager, wishes=[Wish(people.south, Q3, Decimal(1), hidden)])
    assert not Target.objects.filter(team=people.south, person=None).exists()


def test_a_target_of_a_product_is_beside_that_of_everything(
    people: People, goods: dict[str, Product]
) -> None:
    aim(people, Wish(people.owner, Q3, Decimal(500)),
        Wish(people.owner, Q3, Decimal(50), product=goods["Pump"]),
        Wish(people.owner, Q3, Decimal(70), family="Machines"))  # fmt: skip
    assert Target.objects.count() == 3
    assert targets_of(people.admin, Q3) == {("person", people.owner.pk): 500}
    assert sorted(product_targets_of(people.admin, Q3).values()) == [50, 70]
    aim(people, Wish(people.owner, Q3, Decimal(55), product=goods["Pump"]))
    assert sorted(product_targets_of(people.admin, Q3).values()) == [55, 70]
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    assert sorted(product_targets_of(people.admin, Q3).values()) == [50, 70]
    months = [Wish(people.owner, Period.read(f"2026-0{n}"), Decimal(10), product=goods["Hose"])
              for n in (7, 8, 9)]  # fmt: skip
    aim(people, *months)
    assert sorted(product_targets_of(people.admin, Q3).values()) == [30, 50, 70]


def test_they_are_pasted_with_the_product_after_the_name(
    people: People, goods: dict[str, Product]
) -> None:
    def wishes(text: str) -> list[Wish]:
        form = TargetsForm({"lines": text}, user=people.admin)
        assert form.is_valid()
        return form.wishes()

    read = wishes("Owner; p; 2026-Q3; 90000\nNorth; Machines; 2026; 5\nOwner; 2026-Q3; 7")
    assert [(one.product, one.family) for one in read] == [
        (goods["Pump"], ""), (None, "Machines"), (None, ""),
    ]  # fmt: skip
    with pytest.raises(DomainError, match="Line 1"):
        wishes("Owner; Rockets; 2026-Q3; 5")
    Product.objects.create(name="Pump", owner=people.owner)
    with pytest.raises(DomainError, match="Line 1"):
        wishes("Owner; Pump; 2026-Q3; 5")


def test_the_pages_show_them(people: People, goods: dict[str, Product]) -> None:
    sold(people.owner, "Won", a=(goods["Pump"], 100))
    client = Client()
    client.force_login(people.admin)
    assert "Targets of products" not in client.get("/forecast").content.decode()
    said = client.post("/forecast/targets", {"lines": "Owner; Pump; 2026-Q3; 400"})
    assert said.status_code == 302
    page = client.get("/forecast?period=2026-Q3").content.decode()
    assert "Targets of products" in page and "25 %" in page
    assert f"about.is={goods['Pump'].pk}" in page
    assert "Pump" in client.get("/forecast/targets").content.decode()


def test_many_targets_ask_as_often_as_one(people: People, goods: dict[str, Product]) -> None:
    told(people.admin)
    counts = []
    for some in (["Pump"], ["Valve", "Hose"]):
        aim(people, *(Wish(people.owner, Q3, Decimal(5), product=goods[one]) for one in some))
        with CaptureQueriesContext(connection) as taken:
            told(people.admin)
        counts.append(len(taken))
    assert counts[0] == counts[1]
