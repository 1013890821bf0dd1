"""The demo company: the same from the same seed, coherent, alive today, and gone without a trace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.personas import make_role, make_user
from vinculo.demo.actions import create_demo, remove_demo
from vinculo.demo.staff import PERSONAS
from vinculo.interactions.day import my_day
from vinculo.interactions.models import File, Interaction, Task
from vinculo.kernel.clock import frozen, now
from vinculo.kernel.errors import Conflict, NotAllowed
from vinculo.parties.derived import facts_of, refresh
from vinculo.parties.models import Company, ContactPoint, Party, Person, Relation
from vinculo.platform import blobs, installation
from vinculo.platform.models import Change, ChangeSet, RecentView, Team, User
from vinculo.platform.types import table_models
from vinculo.products.models import Product
from vinculo.sales.deals.derived import refresh as refresh_deals
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.models import Ends, Stage

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def demo_installation(settings: Any, tmp_path: Path) -> None:
    """An installation that was made as a demo."""
    settings.INSTALLATION_FILE = tmp_path / "installation.json"
    settings.INSTALLATION_FILE.write_text('{"format": 1, "kind": "demo"}')


def counts() -> dict[str, int]:
    """Rows per table of ours."""
    found = {}
    with connection.cursor() as cursor:
        for table in table_models():
            if table not in ("platform_changeset", "platform_change"):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


PRINTED = """
SELECT p.name, p.native_name, p.state, p.tags, p.tax_id, p.search::text, p.sort_name, p.phone,
       p.last_contact_at, u.name, c.name
FROM parties_party p JOIN platform_user u ON u.id = p.owner_id
LEFT JOIN parties_party c ON c.id = p.company_id ORDER BY p.id
"""
HAPPENED = """
SELECT i.kind, i.at, i.subject, i.body, p.name FROM interactions_interaction i
JOIN parties_party p ON p.id = i.party_id ORDER BY i.id
"""
SOLD = """
SELECT d.name, d.status, s.name, r.name, d.amount, d.currency, d.value, d.opened_on, d.close_on,
       d.closed_on, d.next_step, u.name, p.code
FROM sales_deal d JOIN sales_stage s ON s.id = d.stage_id JOIN platform_user u ON u.id = d.owner_id
JOIN products_product p ON p.id = d.product_id LEFT JOIN sales_closereason r ON r.id = d.reason_id
ORDER BY d.id
"""


def printed() -> list[Any]:
    """The company without its ids."""
    with connection.cursor() as cursor:
        cursor.execute(PRINTED)
        parties = cursor.fetchall()
        cursor.execute(HAPPENED)
        happened = cursor.fetchall()
        cursor.execute(SOLD)
        return [parties, happened, cursor.fetchall()]


@pytest.mark.django_db
def test_is_made_small_and_taken_away_without_a_trace() -> None:
    before = counts()
    create_demo(actor=None)
    assert Company.objects.count() == 120
    assert Person.objects.count() == 300
    assert Interaction.objects.count() >= 1500
    assert User.objects.filter(is_demo=True).count() == len(PERSONAS)
    assert not Change.objects.filter(changeset__verb="outside").exists()
    with pytest.raises(Conflict):
        create_demo(actor=None)
    remove_demo(actor=None)
    assert counts() == before


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_company() -> None:
    found = []
    for seed in (7, 7, 8):
        with frozen(NOON):
            create_demo(actor=None, seed=seed)
        found.append(printed())
        remove_demo(actor=None)
    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.django_db
def test_what_it_derives_is_what_the_house_derives() -> None:
    """Bulk and single saves agree: keys, sort names, completeness, last contact."""
    create_demo(actor=None)
    columns = ("pk", "search", "sort_name", "phone", "email", "city", "country", "completeness")
    before = list(Party.objects.order_by("pk").values_list(*columns))
    contact = dict(Party.objects.values_list("pk", "last_contact_at"))
    refresh(Party.objects.values_list("pk", flat=True))
    assert list(Party.objects.order_by("pk").values_list(*columns)) == before

    from vinculo.interactions.derived import refresh_interactions, refresh_tasks

    rows = list(Interaction.objects.order_by("pk").values_list("pk", "search"))
    tasks = list(Task.objects.order_by("pk").values_list("pk", "search"))
    refresh_interactions([pk for pk, _search in rows])
    refresh_tasks([pk for pk, _search in tasks])
    assert list(Interaction.objects.order_by("pk").values_list("pk", "search")) == rows
    assert list(Task.objects.order_by("pk").values_list("pk", "search")) == tasks
    assert dict(Party.objects.values_list("pk", "last_contact_at")) == contact


@pytest.mark.django_db
def test_is_coherent() -> None:
    create_demo(actor=None)
    from vinculo.kernel.phones import parse_phone
    from vinculo.kernel.taxids import check_tax_id

    facts = facts_of(list(Party.objects.values_list("pk", flat=True)))
    countries = dict(ContactPoint.objects.filter(kind="address").values_list("party_id", "country"))
    for point in ContactPoint.objects.filter(kind="phone").select_related("party"):
        home = countries.get(point.party_id) or countries.get(point.party.company_id or 0)
        if home:
            assert parse_phone(point.typed, home).e164 == point.value, point.typed
        assert parse_phone(point.value).valid
    for address in ContactPoint.objects.filter(kind="email"):
        assert address.value.endswith(".example")
    for company in Company.objects.exclude(tax_id=""):
        assert check_tax_id(company.tax_id, "ES" if company.tax_id[0] == "B" else "CN").valid
    assert len({one.language for one in facts.values()}) == 5
    works = set(Relation.objects.filter(ended_on=None).values_list("person_id", "company_id"))
    assert works == set(Person.objects.exclude(company=None).values_list("pk", "company_id"))
    for group in Company.objects.exclude(parent=None).select_related("parent"):
        assert group.parent is not None and group.parent.parent_id is None


@pytest.mark.django_db
def test_its_deals_have_gone_the_way_of_deals() -> None:
    """Each has stood in every stage up to its own without a gap, is worth what its currency makes
    it worth, and was decided after it was opened; boards and reports have something of each."""
    create_demo(actor=None)
    deals = list(Deal.objects.prefetch_related("visits").select_related("reason", "stage"))
    assert len(deals) == 320
    for deal in deals:
        visits = sorted(deal.visits.all(), key=lambda one: one.entered_at)
        assert [one.left_at for one in visits] == [*(v.entered_at for v in visits[1:]), None]
        assert (visits[-1].stage_id, visits[-1].entered_at) == (deal.stage_id, deal.stage_since)
        assert deal.stage.ends == deal.status and deal.value is not None, deal
        assert visits[0].entered_at < now()
        if deal.status != Ends.OPEN:
            assert deal.reason is not None and deal.reason.ends == deal.status
            assert deal.cycle_days == (deal.closed_on - deal.opened_on).days
    assert {one.stage_id for one in deals} == set(Stage.objects.values_list("pk", flat=True))
    assert len({one.currency for one in deals}) == 5
    count = Counter(one.status for one in deals)
    assert count["open"] > 40 and count["won"] > 80 and count["lost"] > 80
    sellers = [one.name for one in PERSONAS if one.countries]
    assert {str(one.owner) for one in Deal.objects.filter(status="open")} == set(sellers)
    keys = list(Deal.objects.order_by("pk").values_list("search", "value", "weighted"))
    refresh_deals([one.pk for one in deals])
    assert list(Deal.objects.order_by("pk").values_list("search", "value", "weighted")) == keys


@pytest.mark.django_db
def test_every_seller_has_a_day_that_is_alive() -> None:
    create_demo(actor=None)
    for persona in PERSONAS:
        user = User.objects.get(email=persona.email)
        day = my_day(user)
        if persona.countries:
            assert day.overdue and day.now and day.next, persona.name
            assert RecentView.objects.filter(user=user).count() >= 3
    for file in File.objects.all():
        assert blobs.beginning(file.token)


@pytest.mark.django_db
def test_what_visitors_wrote_themselves_stays() -> None:
    create_demo(actor=None)
    lucia = User.objects.get(email="lucia.marin@aurora.example")
    theirs = Company.objects.filter(owner=lucia).first()
    assert theirs is not None
    own = Company.objects.create(kind="company", name="Mine Ltd", owner=lucia, parent=theirs)
    Task.objects.create(title="Goes too", party_id=theirs.pk, owner=lucia)
    kept = Task.objects.create(title="Stays", party_id=own.pk, owner=lucia)
    sold = {"stage": Stage.objects.order_by("place")[0], "stage_since": now(), "opened_on": NOON}
    sold["pipeline"] = sold["stage"].pipeline
    product = Product.objects.order_by("pk").first()
    Deal.objects.create(name="Goes, too", company_id=theirs.pk, owner=lucia, **sold)
    deal = Deal.objects.create(name="Is kept", company_id=own.pk, product=product, **sold)
    remove_demo(actor=None)
    assert list(Company.objects.values_list("name", "parent")) == [("Mine Ltd", None)]
    assert list(Task.objects.all()) == [kept]
    assert list(Deal.objects.all()) == [deal] and list(Product.objects.all()) == [product]
    lucia.refresh_from_db()
    assert not lucia.is_active and not lucia.is_demo
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_refuses_where_real_records_are() -> None:
    Company.objects.create(kind="company", name="Real Ltd")
    before = counts()
    with pytest.raises(NotAllowed):
        create_demo(actor=None)
    assert counts() == before
    assert not ChangeSet.objects.filter(verb="demo.create").exists()


@pytest.mark.django_db
def test_one_click_removes_it_in_the_browser(demo_installation: None, client: Client) -> None:
    create_demo(actor=None)
    client.force_login(User.objects.get(email="lucia.marin@aurora.example"))
    assert client.get("/settings/demo").status_code == 403
    assert client.post("/settings/demo/remove").status_code == 403
    assert Company.objects.count() == 120
    client.force_login(User.objects.get(email="ana.torres@aurora.example"))
    page = client.get("/settings/demo")
    assert page.status_code == 200 and b"Aurora Trading" in page.content
    gone = client.post("/settings/demo/remove")
    assert gone.status_code == 302 and "/welcome/" in gone["Location"]
    assert not Party.objects.exists()
    assert not installation.is_demo()


@pytest.mark.django_db
def test_the_page_of_a_real_installation_has_no_demo_entry(client: Client) -> None:
    client.force_login(make_user("chief", make_role("Chief", "all", administrator=True)))
    assert b"/settings/demo" not in client.get("/settings/profile").content
