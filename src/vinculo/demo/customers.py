"""Companies and people of a block, before their history is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from vinculo.demo import places
from vinculo.demo.names import company_name, person_name
from vinculo.demo.places import City, Country
from vinculo.demo.words import TONGUES, Tongue
from vinculo.kernel.addresses import Address, one_line
from vinculo.kernel.text import fold
from vinculo.parties.facts import ContactFacts

TAGS = ("vip", "newsletter", "wholesale", "retailer", "fair-2025", "export", "reseller",
        "key-account", "late-payer", "reference")  # fmt: skip
SOURCES = ("web", "referral", "event", "call", "email", "partner", "advert", "visit")
SIZES = (("1-9", 30), ("10-49", 34), ("50-249", 22), ("250-999", 10), ("1000+", 4))
CLASSES = (("A", 8), ("B", 20), ("C", 34), ("D", 14), ("", 24))
MAILBOXES = {"en": "info", "es": "ventas"}
OLDEST = 760  # days since the first customer
PRIVATE = 0.12  # of the people are customers in their own right


@dataclass(frozen=True, slots=True)
class Seller:
    """A colleague who looks after customers in these countries."""

    user_id: int
    team_id: int | None
    countries: frozenset[str]


@dataclass(slots=True)
class Customer:
    """A company or person as it will be written, without its history."""

    id: int
    kind: str
    name: str
    tongue: Tongue
    country: Country
    city: City
    seller: Seller
    created_at: datetime
    #: Its number in the whole company, whatever id the database gives it.
    serial: int
    domain: str = ""
    native_name: str = ""
    legal_name: str = ""
    industry: str = ""
    given_name: str = ""
    family_name: str = ""
    mailbox: str = ""
    salutation: str = ""
    job_title: str = ""
    role: str = ""
    birthday: date | None = None
    company: Customer | None = None
    parent: Customer | None = None
    people: list[Customer] = field(default_factory=list)
    contacts: list[ContactFacts] = field(default_factory=list)
    value_class: str = ""
    source: str = ""
    tags: list[str] = field(default_factory=list)
    interests: list[str] = field(default_factory=list)
    preferences: str = ""
    tax_id: str = ""
    website: str = ""
    external_id: str = ""
    description: str = ""
    size: str = ""
    #: As it is written into the database, "" for never: comparing texts is comparing instants.
    last_contact: str = ""

    @property
    def last_contact_at(self) -> datetime | None:
        """When somebody was last in contact."""
        return datetime.fromisoformat(self.last_contact) if self.last_contact else None


class Sellers:
    """Who looks after a customer: somebody for its country, else anybody."""

    def __init__(self, sellers: list[Seller]) -> None:
        self.everybody = sellers
        self.by_country = {
            country.code: [one for one in sellers if country.code in one.countries] or sellers
            for country in places.COUNTRIES
        }

    def draw(self, rng: Random, country: Country) -> Seller:
        """One of those responsible for the country."""
        return rng.choice(self.by_country[country.code])


def weighted(rng: Random, choices: tuple[tuple[str, int], ...]) -> str:
    """One of the values by its weight."""
    return rng.choices([value for value, _weight in choices], [w for _value, w in choices])[0]


def make_companies(
    rng: Random, sellers: Sellers, now: datetime, first_id: int, serial: int, amount: int
) -> list[Customer]:
    """`amount` companies; some belong to an earlier one of the same country."""
    companies: list[Customer] = []
    by_country: dict[str, list[Customer]] = {}
    for at in range(amount):
        company = _company(rng, sellers, now, first_id + at, serial + at)
        neighbours = by_country.setdefault(company.country.code, [])
        if neighbours and rng.random() < 0.08:
            parent = rng.choice(neighbours)
            # Two levels are enough for a group that people can picture.
            company.parent = parent.parent or parent
            company.seller = company.parent.seller
        neighbours.append(company)
        companies.append(company)
    return companies


def _company(rng: Random, sellers: Sellers, now: datetime, pk: int, serial: int) -> Customer:
    country = rng.choices(places.COUNTRIES, places.SHARES)[0]
    city, tongue = rng.choice(country.cities), TONGUES[country.language]
    name = company_name(rng, tongue, city)
    created = now - timedelta(days=3 + rng.random() * OLDEST, minutes=rng.randrange(600))
    company = Customer(
        pk, "company", name.name, tongue, country, city, sellers.draw(rng, country), created, serial,
        domain=name.domain, native_name=name.native_name, legal_name=name.legal_name,
        industry=name.trade.industry,
    )  # fmt: skip
    company.value_class, company.size = weighted(rng, CLASSES), weighted(rng, SIZES)
    company.external_id = f"C{serial:06d}" if rng.random() < 0.7 else ""
    company.tax_id = places.tax_id(rng, country) if rng.random() < 0.8 else ""
    company.website = f"https://www.{name.domain}" if rng.random() < 0.8 else ""
    if rng.random() < 0.25:
        company.description = rng.choice(tongue.descriptions)
    _taste(rng, company)
    if rng.random() < 0.95:
        company.contacts.append(_phone(rng, company, "landline"))
    if rng.random() < 0.75:
        address = f"{MAILBOXES.get(country.language, 'sales')}@{name.domain}"
        company.contacts.append(ContactFacts("email", address, address, is_primary=True))
    if rng.random() < 0.9:
        company.contacts.append(_address(rng, company))
    return company


def make_people(
    rng: Random,
    sellers: Sellers,
    now: datetime,
    first_id: int,
    serial: int,
    amount: int,
    companies: list[Customer],
) -> list[Customer]:
    """`amount` people: nearly every company has one, a few are customers in their own right."""
    people = []
    private = int(amount * PRIVATE)
    for at in range(amount):
        company = None
        if companies and at >= private:
            place = at - private
            company = companies[place] if place < len(companies) else rng.choice(companies)
        person = _person(rng, sellers, now, first_id + at, serial + at, company)
        if company is not None:
            company.people.append(person)
        people.append(person)
    return people


def _person(
    rng: Random,
    sellers: Sellers,
    now: datetime,
    pk: int,
    serial: int,
    company: Customer | None,
) -> Customer:
    country = company.country if company else rng.choices(places.COUNTRIES, places.SHARES)[0]
    city = company.city if company else rng.choice(country.cities)
    tongue = TONGUES[country.language]
    name = person_name(rng, tongue)
    seller = company.seller if company else sellers.draw(rng, country)
    age = (now - company.created_at).days if company else OLDEST
    person = Customer(
        pk, "person", name.full, tongue, country, city, seller,
        now - timedelta(days=1 + rng.random() * age, minutes=rng.randrange(600)), serial,
        native_name=name.latin, given_name=name.given, family_name=name.family,
        mailbox=name.mailbox, company=company, domain=company.domain if company else "mail.example",
    )  # fmt: skip
    person.salutation = rng.choice(tongue.salutations)
    if company is not None:
        title = rng.choice(tongue.titles)
        person.job_title, person.role = title.name, title.role
    else:
        person.value_class = weighted(rng, CLASSES)
        person.contacts.append(_address(rng, person))
    if rng.random() < 0.3:
        person.birthday = date(1955 + rng.randrange(48), rng.randrange(1, 13), rng.randrange(1, 29))
    _taste(rng, person)
    if rng.random() < 0.85:
        person.contacts.append(_phone(rng, person, "mobile"))
    if rng.random() < 0.9:
        number = f"{serial % 1000}" if company is None else ""
        address = f"{person.mailbox}{number}@{person.domain}"
        person.contacts.append(ContactFacts("email", address, address, is_primary=True))
    return person


def _taste(rng: Random, customer: Customer) -> None:
    """What every customer may have: source, tags, interests, preferences."""
    customer.source = rng.choice(SOURCES) if rng.random() < 0.85 else ""
    draw = rng.random()
    if draw < 0.35:
        customer.tags = rng.sample(TAGS, 1 if draw < 0.25 else 2)
    if rng.random() < 0.3:
        customer.interests = rng.sample(customer.tongue.interests, 2)
    if rng.random() < 0.15:
        customer.preferences = rng.choice(customer.tongue.preferences)


def _phone(rng: Random, customer: Customer, sort: str) -> ContactFacts:
    make = places.landline if sort == "landline" else places.mobile
    typed, value = make(rng, customer.country, customer.city)
    return ContactFacts("phone", typed, value, is_primary=True)


def _address(rng: Random, customer: Customer) -> ContactFacts:
    country, city = customer.country, customer.city
    address = Address(
        street=places.street(rng, country),
        postal_code=places.postal_code(rng, country, city),
        city=city.name,
        region=city.region,
        country=country.code,
    )
    line = one_line(address, customer.tongue.language)[:300]
    return ContactFacts(
        "address", line, fold(line)[:300], True, address.street, address.postal_code,
        address.city, address.region, address.country,
    )  # fmt: skip
