"""5: nobody hangs a record on one they may not see, nor gives a part of one to others, by any door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.sales.makers import deal
from tests.samples import make_sample
from tests.security.world import contents
from vinculo.kernel.errors import DomainError
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.fields import Kind
from vinculo.records.registry import entities, entity, find
from vinculo.sales.around.actions import add_stakeholder, split_credit
from vinculo.sales.forecast.models import Adjustment, Target
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.targets import Wish, adjust_forecast, set_targets
from vinculo.sales.leads.converting import convert_lead
from vinculo.sales.quotes.lines import add_line

pytestmark = pytest.mark.django_db


def relations() -> Iterator[tuple[Entity, str]]:
    """Every field of every record type that names another record and may be changed."""
    for one in entities():
        for name, field in one.declared_fields.items():
            if field.kind is Kind.RELATION and field.editable and find(field.target) is not None:
                yield one, name


RELATIONS = [pytest.param(one, name, id=f"{one.key}.{name}") for one, name in relations()]


def theirs(one: Entity, name: str, people: People) -> Any:
    """A record of the stranger's that the field could name."""
    target = find(one.declared_fields[name].target)
    assert target is not None
    made = make_sample(target, people.stranger)
    if target.visible(people.owner).filter(pk=made.pk).exists():
        pytest.skip(f"everybody sees each of {target.key}")
    return made


@pytest.mark.parametrize(("one", "name"), RELATIONS)
def test_no_record_is_hung_on_one_out_of_sight(one: Entity, name: str, people: People) -> None:
    record, foreign = make_sample(one, people.owner), theirs(one, name, people)
    number = one.declared_fields[name].id_column
    before = getattr(record, number)
    client = Client(raise_request_exception=False)
    client.force_login(people.owner)
    url, body = one.url(record), json.dumps({name: foreign.pk})
    answers = [
        client.post(f"{url}/field/{name}", {name: foreign.pk}),
        client.post(f"{url}/edit", {one.title: str(record), name: foreign.pk}),
        client.patch(f"/api/v1{url}", body, content_type="application/json"),
        client.post(f"/{one.path}/new", {one.title: "Anew", name: foreign.pk}),
        client.post(
            f"/api/v1/{one.path}",
            json.dumps({one.title: "Anew", name: foreign.pk}),
            content_type="application/json",
        ),
    ]
    assert {answers[0].status_code, answers[2].status_code} <= {403, 404, 405, 409, 422}
    rows = one.model._default_manager
    assert not rows.filter(**{number: foreign.pk}).exists()
    client.post(f"/{one.path}/bulk/edit", {"ids": str(record.pk), "field": name, name: foreign.pk})
    assert not rows.filter(**{number: foreign.pk}).exists()
    assert getattr(rows.get(pk=record.pk), number) == before


def test_what_stands_around_a_deal_is_in_sight_and_gives_none(people: People) -> None:
    mine = deal(people.owner)
    unseen = make_sample(entity("parties.person"), people.stranger)
    before = contents()
    with pytest.raises(DomainError):
        add_stakeholder(actor=people.owner, deal=mine, person=unseen, part="decider")
    for verb in (add_stakeholder, split_credit):
        with pytest.raises(DomainError):
            told = {"person": unseen, "part": "decider"} if verb is add_stakeholder else {}
            told = told or {"shares": [(people.stranger, 50)]}
            verb(actor=people.stranger, deal=mine, **told)
    assert contents() == before
    # A share of the credit is a number beside a name: who has one sees the deal as little as before.
    split_credit(actor=people.owner, deal=mine, shares=[(people.stranger, 40)])
    client = Client()
    client.force_login(people.stranger)
    for address in (f"/deals/{mine.pk}", f"/api/v1/deals/{mine.pk}", f"/deals/{mine.pk}/peek"):
        assert client.get(address).status_code == 404, address
    assert not entity("sales.deal").visible(User.objects.get(pk=people.stranger.pk)).exists()


def test_no_verb_of_sales_reaches_past_ones_teams(people: People) -> None:
    """Targets and estimates of others, their customers for one's lead, their quotes' lines."""
    period = Period.read("2026-Q4")
    lead = make_sample(entity("sales.lead"), people.owner)
    theirs = make_sample(entity("parties.company"), people.stranger)
    quote = make_sample(entity("sales.quote"), people.stranger)
    before = contents()
    tried = [
        lambda: adjust_forecast(
            actor=people.owner, person=people.stranger, period=period, amount=Decimal(1)
        ),
        lambda: set_targets(
            actor=people.owner,
            wishes=[Wish(people.stranger, period, Decimal(1))],
        ),
        lambda: convert_lead(actor=people.owner, lead=lead, company=str(theirs.pk)),
        lambda: add_line(actor=people.owner, quote=quote, name="Mine", price=Decimal(1)),
    ]
    for attempt in tried:
        with pytest.raises(DomainError):
            attempt()
    assert contents() == before
    assert not Target.objects.exists() and not Adjustment.objects.exists()
