"""The visits and meetings of one day, by their hours or in an order that saves way; and whom one
could see besides, where one is anyway.

An area is what the customers' addresses say: country, region, city, postal code. No map is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from vinculo.interactions.day import midnight, my_plans
from vinculo.interactions.models import Interaction, Kind
from vinculo.interactions.queries import named
from vinculo.interactions.sight import hidden_fields, masked, placed
from vinculo.parties.models import Company, ContactPoint
from vinculo.platform.models import User

MOST_VISITS = 50
NEAR_EACH = 4
MOST_CITIES = 5
PARTS = ("country", "region", "city", "postal_code", "street")
BY_TIME, BY_AREA = "time", "area"


@dataclass(frozen=True)
class Address:
    """Where a customer is, as far as the reader may know it."""

    country: str = ""
    region: str = ""
    city: str = ""
    postal_code: str = ""
    street: str = ""

    @property
    def area(self) -> tuple[bool, str, str, str, str]:
        """What puts neighbours beside each other; without a city last."""
        return not self.city, self.country, self.region, self.city, self.postal_code

    def __str__(self) -> str:
        place = " ".join(part for part in (self.postal_code, self.city) if part)
        return ", ".join(part for part in (self.street, place) if part)


@dataclass(frozen=True)
class Stop:
    """A visit or a meeting on a day, and where it is."""

    row: Interaction
    address: Address


@dataclass(frozen=True)
class Near:
    """Customers in a city in which somebody is anyway, those longest without a contact first."""

    city: str
    companies: tuple[Company, ...]


@dataclass
class Round:
    """A day's visits in their order."""

    day: date
    by: str
    stops: list[Stop] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    cut: bool = False


def round_of(user: User, day: date, by: str = BY_TIME) -> Round:
    """The visits and meetings that `user` has planned on a day of theirs: by the hour, or those of one
    area after another (within one by the hour)."""
    found = Round(day, by if by in (BY_TIME, BY_AREA) else BY_TIME)
    if not placed(user, "interactions.interaction"):
        return found
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    plans = my_plans(user).filter(kind__in=(Kind.VISIT, Kind.MEETING), at__gte=begin, at__lt=end)
    rows = masked(user, named(plans.order_by("at", "pk"))[: MOST_VISITS + 1])
    found.cut = len(rows) > MOST_VISITS
    rows = rows[:MOST_VISITS]
    addresses = addresses_of(user, rows)
    found.stops = [Stop(row, addresses.get(row.party_id, Address())) for row in rows]
    if found.by == BY_AREA:
        found.stops.sort(key=lambda stop: (stop.address.area, stop.row.at, stop.row.pk))
    found.near = _near(user, found.stops)
    return found


def addresses_of(user: User, rows: Iterable[Interaction]) -> dict[int, Address]:
    """The first addresses of the rows' customers, without what is hidden from the reader."""
    keys = {row.party_id: f"parties.{row.party.kind}" for row in rows if row.party.kind}
    points = ContactPoint.objects.filter(party_id__in=keys, kind="address", is_primary=True)
    found = {}
    for point in points.visible_to(user):
        hidden = hidden_fields(user, keys[point.party_id])
        told = {name: getattr(point, name) for name in PARTS if name not in hidden}
        found[point.party_id] = Address(**told)
    return found


def _near(user: User, stops: list[Stop]) -> list[Near]:
    """The reader's own companies in the cities of their stops, without those they see anyway."""
    if {"city", "owner", "name"} & hidden_fields(user, "parties.company"):
        return []
    cities = list(dict.fromkeys(stop.address.city for stop in stops if stop.address.city))
    seen: set[Any] = {stop.row.party_id for stop in stops} | {stop.row.company_id for stop in stops}
    found = []
    for city in cities[:MOST_CITIES]:
        rows = (
            Company.objects.filter(city=city, owner_id=user.pk)
            .visible_to(user)
            .exclude(pk__in=[pk for pk in seen if pk])
            .only("pk", "name", "kind", "city", "last_contact_at")
            .order_by(F("last_contact_at").asc(nulls_first=True), "pk")
        )
        companies = tuple(masked(user, rows[:NEAR_EACH]))
        if companies:
            found.append(Near(city, companies))
    return found
