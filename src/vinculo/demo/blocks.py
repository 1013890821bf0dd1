"""A block: customers who only know each other, with their history, as rows of tables.

Everything in a block follows from the seed, its number, the day and the colleagues: a company of
any size is a number of such blocks, made on as many processes as one likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from vinculo.demo import tables
from vinculo.demo.customers import Customer, Seller, Sellers, make_companies, make_people
from vinculo.demo.history import History
from vinculo.parties.derived import derive
from vinculo.parties.facts import PartyFacts
from vinculo.records.transfer.copying import copy_line


@dataclass(frozen=True, slots=True)
class Recipe:
    """What every block of one company has in common; amounts are per block."""

    seed: int
    now: datetime
    sellers: tuple[Seller, ...]
    companies: int
    people: int
    interactions: int
    done_tasks: int
    open_tasks: int
    #: Give each seller a day full of tasks, in the first block.
    busy: bool = False
    #: The share of the first block's interactions that its first company gets.
    favourite: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a block, and its customers for whoever wants to hang more on them."""

    rows: tables.Rows
    customers: list[Customer]


def make_block(recipe: Recipe, number: int, first_party: int, first_interaction: int) -> Block:
    """Block `number`; its parties and interactions are numbered from the given ids on."""
    rng = Random(f"{recipe.seed}/{number}")  # noqa: S311 - reproducible, not secret
    sellers = Sellers(list(recipe.sellers))
    serial = 1 + number * (recipe.companies + recipe.people)
    companies = make_companies(rng, sellers, recipe.now, first_party, serial, recipe.companies)
    people = make_people(
        rng,
        sellers,
        recipe.now,
        first_party + recipe.companies,
        serial + recipe.companies,
        recipe.people,
        companies,
    )
    customers = companies + people
    history = History(rng, recipe.now, first_interaction)
    units = companies + [person for person in people if person.company is None]
    history.fill(units, recipe.interactions, favourite=recipe.favourite if number == 0 else 0)
    if customers:
        history.past_tasks(customers, recipe.done_tasks, recipe.open_tasks)
    if recipe.busy and number == 0:
        for seller in recipe.sellers:
            mine = [one for one in customers if one.seller.user_id == seller.user_id]
            if mine:
                history.busy_week(mine)
    rows: tables.Rows = {
        "parties_party": [copy_line(_party_row(one, recipe.now)) for one in customers],
        "parties_contactpoint": [
            copy_line(row) for one in customers for row in _contact_rows(rng, one)
        ],
        "parties_relation": [copy_line(row) for row in _relations(rng, people, companies)],
        "interactions_interaction": history.interactions,
        "interactions_task": history.tasks,
    }
    return Block(rows, customers)


def _party_row(one: Customer, now: datetime) -> tuple[object, ...]:
    derived = derive(facts_of(one))
    return (
        one.id, one.kind, one.name, one.native_name, _state(one, now), one.value_class, one.source,
        one.tongue.language, one.tags, one.interests, one.preferences, one.tax_id, one.website,
        one.external_id, one.description, one.legal_name, one.industry, one.size,
        one.parent.id if one.parent else None, one.given_name, one.family_name, one.salutation,
        one.job_title, one.birthday, one.company.id if one.company else None,
        tables.tsvector(derived.search), derived.sort_name, derived.phone, derived.email,
        derived.city, derived.region, derived.country, derived.completeness, one.last_contact_at,
        one.seller.user_id, one.seller.team_id, one.created_at,
        max(one.created_at, one.last_contact_at or one.created_at),
    )  # fmt: skip


def facts_of(one: Customer) -> PartyFacts:
    """The customer as the rest of the house knows a party."""
    return PartyFacts(
        kind=one.kind, name=one.name, native_name=one.native_name, legal_name=one.legal_name,
        given_name=one.given_name, family_name=one.family_name, job_title=one.job_title,
        birthday=one.birthday, tax_id=one.tax_id, external_id=one.external_id,
        website=one.website, industry=one.industry, size=one.size, source=one.source,
        language=one.tongue.language, tags=one.tags,
        company_name=one.company.name if one.company else "", has_people=bool(one.people),
        contacts=one.contacts,
    )  # fmt: skip


def _state(one: Customer, now: datetime) -> str:
    """Where the customer stands, as its history suggests."""
    if one.last_contact_at is None:
        return "lead"
    silent = (now - one.last_contact_at) / timedelta(days=1)
    if silent > 300:
        return "lost" if one.serial % 3 == 0 else "dormant"
    if silent > 150:
        return "dormant"
    if (now - one.created_at).days < 90:
        return "prospect"
    return "won_back" if one.serial % 17 == 0 else "active"


LABELS = {"en": "Office", "es": "Oficina", "zh-hans": "办公室", "zh-hant": "辦公室", "ja": "会社"}


def _contact_rows(rng: Random, one: Customer) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for point in one.contacts:
        label = LABELS[one.tongue.language] if point.kind == "phone" and not one.company else ""
        known = rng.random()
        verified = one.last_contact_at if point.kind != "address" and known < 0.3 else None
        valid = None if point.kind == "address" else True
        rows.append(
            (one.id, point.kind, label, point.typed, point.value, point.is_primary, valid,
             verified, known > 0.985, point.street, point.postal_code, point.city, point.region,
             point.country)
        )  # fmt: skip
    return rows


def _relations(
    rng: Random, people: list[Customer], companies: list[Customer]
) -> list[tuple[object, ...]]:
    """Where people work, and for some where they worked before."""
    rows: list[tuple[object, ...]] = []
    for person in people:
        if person.company is None:
            continue
        started = (person.created_at - timedelta(days=rng.randrange(30, 1500))).date()
        rows.append((person.id, person.company.id, person.role, person.job_title, started, None))
        if rng.random() < 0.05:
            before = rng.choice(companies)
            if before is not person.company:
                ended = started - timedelta(days=rng.randrange(1, 60))
                began = ended - timedelta(days=rng.randrange(200, 2500))
                rows.append((person.id, before.id, "employee", person.job_title, began, ended))
    return rows
