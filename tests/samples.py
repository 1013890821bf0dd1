"""One record of each type, owned by a persona, with a name that no other text contains."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from vinculo.interactions.models import File, Interaction, Task
from vinculo.parties.derived import refresh
from vinculo.parties.models import Company, Person
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.products.models import ListedPrice, PriceList, Product
from vinculo.records.entity import Entity
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.quotes.derived import refresh as refresh_quotes
from vinculo.sales.quotes.models import Quote, QuoteLine

CANARY = "Zanzibarquill"


def make_sample(entity: Entity, owner: User, name: str = CANARY) -> Any:
    """A record of `entity` that belongs to `owner` and the owner's team."""
    with change_set(actor=owner, verb="records.create"):
        record = SAMPLES[entity.key](owner, name)
        if entity.derive is not None:
            entity.derive([record.pk])
    return record


def _owned(owner: User) -> dict[str, Any]:
    return {"owner": owner, "team_id": owner.main_team_id()}


def make_company(owner: User, name: str = CANARY) -> Company:
    """A company that `owner` is responsible for."""
    company = Company.objects.create(kind="company", name=name, **_owned(owner))
    refresh([company.pk])
    return company


def make_person(owner: User, name: str = CANARY) -> Person:
    """A person whose company is somebody's, too."""
    person = Person.objects.create(kind="person", name=name, family_name=name, **_owned(owner))
    refresh([person.pk])
    return person


def make_interaction(owner: User, name: str = CANARY) -> Interaction:
    """A call with a company of the same owner."""
    company = make_company(owner, "Harmless Ltd")
    return Interaction.objects.create(
        kind="call",
        party_id=company.pk,
        company_id=company.pk,
        subject=name,
        at=timezone.now(),
        **_owned(owner),
    )


def make_task(owner: User, name: str = CANARY) -> Task:
    """A task about a company of the same owner."""
    company = make_company(owner, "Harmless Ltd")
    return Task.objects.create(title=name, party_id=company.pk, **_owned(owner))


def make_file(owner: User, name: str = CANARY) -> File:
    """A file kept with a company of the same owner."""
    company = make_company(owner, "Harmless Ltd")
    return File.objects.create(
        name=name,
        party_id=company.pk,
        token=name,
        media_type="text/plain",
        size=3,
        digest="0",
        **_owned(owner),
    )


def make_product(owner: User, name: str = CANARY) -> Product:
    """A product that `owner` looks after."""
    return Product.objects.create(name=name, price=100, currency="EUR", **_owned(owner))


def make_deal(owner: User, name: str = CANARY) -> Deal:
    """A deal with a company of the same owner, just won: every fact of a deal can be changed on it."""
    company = make_company(owner, "Harmless Ltd")
    pipeline = known().pipelines[0]
    won = next(one for one in known().stages_of(pipeline.pk) if one.ends == Ends.WON)
    return Deal.objects.create(
        name=name,
        company_id=company.pk,
        pipeline_id=pipeline.pk,
        stage=won,
        status=won.ends,
        stage_since=timezone.now(),
        opened_on=timezone.localdate(),
        close_on=timezone.localdate(),
        closed_on=timezone.localdate(),
        amount=1000,
        currency="EUR",
        probability=won.probability,
        category=won.category,
        **_owned(owner),
    )


def make_lead(owner: User, name: str = CANARY) -> Lead:
    """A lead that `owner` looks after."""
    return Lead.objects.create(name=name, company_name="Harmless Ltd", **_owned(owner))


def make_quote(owner: User, name: str = CANARY) -> Quote:
    """A draft for a company of the same owner, with one line."""
    company = make_company(owner, "Harmless Ltd")
    quote = Quote.objects.create(
        name=name,
        company_id=company.pk,
        currency="EUR",
        language="en",
        valid_until=timezone.localdate() + timedelta(days=30),
        **_owned(owner),
    )
    QuoteLine.objects.create(quote=quote, name="Pump", price=100, place=1)
    refresh_quotes([quote.pk])
    return quote


def make_price_list(owner: User, name: str = CANARY) -> PriceList:
    """A list for a company of the same owner."""
    company = make_company(owner, "Harmless Ltd")
    return PriceList.objects.create(
        name=name, currency="EUR", company_id=company.pk, **_owned(owner)
    )


def make_listed_price(owner: User, name: str = CANARY) -> ListedPrice:
    """What a product of the same owner costs from ten on."""
    product = make_product(owner, name)
    made = make_price_list(owner, "Harmless list")
    return ListedPrice.objects.create(
        name=name, price_list=made, product=product, from_quantity=10, price=90, **_owned(owner)
    )


SAMPLES = {
    "products.pricelist": make_price_list,
    "products.listedprice": make_listed_price,
    "sales.quote": make_quote,
    "products.product": make_product,
    "sales.deal": make_deal,
    "sales.lead": make_lead,
    "parties.company": make_company,
    "parties.person": make_person,
    "interactions.interaction": make_interaction,
    "interactions.task": make_task,
    "interactions.file": make_file,
}
