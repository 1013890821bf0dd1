"""The ways to reach a party: added, changed, taken away, and which of them comes first.

These functions ask for no right: actions, and the record machinery that calls `write_…`, have
asked already. Callers recompute the derived columns (`derived.refresh`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from vinculo.kernel.addresses import Address
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.parties.standardising.incoming import standard_address, standard_text
from vinculo.parties.understanding import (
    Understood,
    address_of,
    country_of,
    default_country,
    understand,
    understand_address,
)

MOST_POINTS = 100
#: The parts of the primary address that can be written one by one.
ADDRESS_PARTS = ("street", "postal_code", "city", "region", "country")
LONGEST = {"street": 200, "postal_code": 20, "city": 120, "region": 120, "country": 2}


class ContactBook:
    """All contact points of one party, read once and locked until the transaction ends.

    One change of a party's contact points follows the other, so that one of each kind is primary.
    """

    def __init__(self, party: Party) -> None:
        self.party = party
        #: Points of a party that was only just made wait here to be written together.
        self._waiting: list[ContactPoint] | None = None
        if party.__dict__.pop("just_made", False):
            self.points: list[ContactPoint] = []
            self._waiting = []
            return
        lock(party)
        self.points = list(ContactPoint.objects.filter(party_id=party.pk).order_by("pk"))

    def of(self, kind: str) -> list[ContactPoint]:
        """The points of a kind, the primary one first, then the oldest."""
        found = [point for point in self.points if point.kind == kind]
        return sorted(found, key=lambda point: (not point.is_primary, point.pk or 0))

    def primary(self, kind: str) -> ContactPoint | None:
        """The primary point of a kind, the oldest one where none is marked."""
        return next(iter(self.of(kind)), None)

    def country(self) -> str:
        """Where the party is (ISO code): its address, its company's, or the installation's."""
        for point in self.of(ContactKind.ADDRESS):
            if point.country:
                return point.country
        if self.party.company_id:
            return country_of(self.party)
        return default_country()

    def set_primary(self, kind: str, typed: str, country: str | None = None) -> None:
        """Make `typed` the primary point of a kind; "" takes the primary away.

        The present primary is corrected in place. Where the party already has the new value as
        another point, that one takes over. Raises DomainError on `kind` for an e-mail that is none.
        """
        present = self.primary(kind)
        if not typed.strip():
            if present is not None:
                self.remove(present)
            return
        read = self._read_text(kind, typed, present, country, field=kind)
        same = self._holding(kind, read)
        if present is None:
            self._create(kind, read, is_primary=True)
        elif same is not None and same is not present:
            self._delete(present)
            self._mark_primary(same)
        else:
            present.is_primary = True
            self._rewrite(present, read)

    def set_address(self, parts: Mapping[str, str]) -> None:
        """Write parts of the primary address; emptying the last one takes the address away."""
        present = self.primary(ContactKind.ADDRESS)
        address = replace(address_of(present) if present else Address(), **parts)
        if address.cleaned().is_empty():
            if present is not None:
                self.remove(present)
            return
        place, read = self._read_place(address, present)
        if present is None:
            self._create(ContactKind.ADDRESS, read, is_primary=True, place=place)
        else:
            present.is_primary = True
            self._rewrite(present, read, place)
        if "country" in parts:
            self.reread_phones()

    def add(
        self,
        kind: str,
        typed: str,
        *,
        label: str = "",
        make_primary: bool = False,
        address: Address | None = None,
    ) -> ContactPoint:
        """One more point; the first of its kind is the primary one.

        Raises DomainError when the party has it already or has too many.
        """
        if len(self.of(kind)) >= MOST_POINTS:
            raise DomainError(_("There are too many entries. Remove one first."))
        place, read = self._read(kind, typed, address)
        if self._holding(kind, read) is not None:
            raise DomainError(_("This is already in the list."), field=_input_of(kind))
        first = not any(point.is_primary for point in self.of(kind))
        point = self._create(kind, read, label=label, place=place)
        if make_primary or first:
            self._mark_primary(point)
        if kind == ContactKind.ADDRESS:
            self.reread_phones()
        return point

    def change(
        self, point: ContactPoint, typed: str, *, label: str, address: Address | None = None
    ) -> None:
        """Correct a point; a new value is not verified any more.

        Raises DomainError when the party has the new value already.
        """
        place, read = self._read(point.kind, typed, address, point)
        same = self._holding(point.kind, read)
        if same is not None and same is not point:
            raise DomainError(_("This is already in the list."), field=_input_of(point.kind))
        point.label = label
        self._rewrite(point, read, place)
        if point.kind == ContactKind.ADDRESS:
            self.reread_phones()

    def remove(self, point: ContactPoint) -> None:
        """Take a point away; the next one of its kind that may be used becomes primary."""
        was_primary = point.is_primary
        self._delete(point)
        heirs = sorted(self.of(point.kind), key=lambda heir: (heir.do_not_contact, heir.pk))
        if was_primary and heirs:
            self._mark_primary(heirs[0])

    def make_primary(self, point: ContactPoint) -> None:
        """Let this point come first among those of its kind."""
        self._mark_primary(point)

    def reread_phones(self) -> None:
        """A phone typed without its country code means another number in another country."""
        country = self.country()
        for point in self.of(ContactKind.PHONE):
            if point.typed.lstrip("( ").startswith(("+", "00")):
                continue
            read = understand(ContactKind.PHONE, point.typed, country)
            if read.is_valid and read.value != point.value:
                point.value, point.is_valid = read.value, read.is_valid
                if point.pk:
                    point.save(update_fields=["value", "is_valid"])

    def write(self) -> None:
        """Write what waits: the points of a party that was only just made, in one statement."""
        if self._waiting:
            ContactPoint.objects.bulk_create(self._waiting)
            self._waiting = None

    def held(self, point: ContactPoint) -> ContactPoint:
        """This book's own copy of a point; raises DomainError when it is gone meanwhile."""
        for mine in self.points:
            if mine.pk == point.pk:
                return mine
        raise DomainError(_("Somebody has removed this meanwhile."))

    def _read(
        self, kind: str, typed: str, address: Address | None, held: ContactPoint | None = None
    ) -> tuple[Address | None, Understood]:
        if kind == ContactKind.ADDRESS:
            return self._read_place(address or Address(street=typed), held)
        return None, self._read_text(kind, typed, held, field="typed")

    def _read_text(
        self,
        kind: str,
        typed: str,
        held: ContactPoint | None,
        country: str | None = None,
        *,
        field: str,
    ) -> Understood:
        """What was typed as the rules of standardising write it, and as it is understood."""
        place = self.country() if country is None else country
        made, as_typed = standard_text(kind, typed, lambda: place, held)
        return replace(_read_or_refuse(kind, made, place, field), as_typed=as_typed)

    def _read_place(
        self, address: Address, held: ContactPoint | None
    ) -> tuple[Address, Understood]:
        made, as_typed = standard_address(address, self.country, held)
        place, read = understand_address(made)
        return place, replace(read, as_typed=as_typed)

    def _holding(self, kind: str, read: Understood) -> ContactPoint | None:
        if not read.value:
            return None
        return next((point for point in self.of(kind) if point.value == read.value), None)

    def _create(
        self,
        kind: str,
        read: Understood,
        *,
        label: str = "",
        is_primary: bool = False,
        place: Address | None = None,
    ) -> ContactPoint:
        party_id = self.party.pk
        point = ContactPoint(party_id=party_id, kind=kind, label=label, is_primary=is_primary)
        _fill(point, read, place)
        if self._waiting is None:
            point.save(force_insert=True)
        else:
            self._waiting.append(point)
        self.points.append(point)
        return point

    def _rewrite(self, point: ContactPoint, read: Understood, place: Address | None = None) -> None:
        if read.value != point.value:
            point.verified_at = None
        _fill(point, read, place)
        point.save()

    def _delete(self, point: ContactPoint) -> None:
        self.points.remove(point)
        point.delete()

    def _mark_primary(self, point: ContactPoint) -> None:
        """The old one steps down first: the database allows one primary per party and kind."""
        for other in self.of(point.kind):
            if other.is_primary and other is not point:
                other.is_primary = False
                other.save(update_fields=["is_primary"])
        if not point.is_primary:
            point.is_primary = True
            point.save(update_fields=["is_primary"])


def lock(party: Party) -> None:
    """Let one change of this party follow the other, and forget what was read before."""
    party.__dict__.pop("_points", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM parties_party WHERE id = %s FOR NO KEY UPDATE", [party.pk])


def set_primary(party: Party, kind: str, typed: str, country: str | None = None) -> None:
    """Make `typed` the primary phone, e-mail or social name of a party; "" takes it away.

    `country` (ISO code) overrides where the party is. Raises DomainError for an e-mail that is none.
    """
    ContactBook(party).set_primary(kind, typed, country)


def mark_verified(point: ContactPoint, at: datetime | None) -> None:
    """Somebody has confirmed (or, with None, no longer vouches) that this reaches the party."""
    point.verified_at = at
    point.save(update_fields=["verified_at"])


def mark_do_not_contact(point: ContactPoint, refused: bool) -> None:
    """The party does not want to be reached this way (any more)."""
    point.do_not_contact = refused
    point.save(update_fields=["do_not_contact"])


def write_contacts(party: Party, values: Mapping[str, Any]) -> None:
    """Write the primary phone and e-mail and parts of the primary address, as far as named.

    The address goes first: a phone without country code is read by its country.
    """
    parts = {name: values[name] or "" for name in ADDRESS_PARTS if name in values}
    kinds = [kind for kind in (ContactKind.PHONE, ContactKind.EMAIL) if kind in values]
    if not parts and not kinds:
        return
    book = ContactBook(party)
    if parts:
        book.set_address(parts)
    for kind in kinds:
        book.set_primary(kind, values[kind] or "")
    book.write()


def read_street(record: Party) -> str:
    """The street line of the primary address."""
    return _place(record).street


def read_postal_code(record: Party) -> str:
    """The postal code of the primary address."""
    return _place(record).postal_code


def _place(record: Party) -> Address:
    """The primary address, read once per record object."""
    place: Address | None = getattr(record, "_place", None)
    if place is None:
        found = [point for point in points_of(record) if point.kind == ContactKind.ADDRESS]
        first = min(found, key=lambda point: not point.is_primary, default=None)
        place = address_of(first) if first else Address()
        record._place = place  # type: ignore[attr-defined]
    return place


def points_of(party: Party) -> list[ContactPoint]:
    """All contact points of a party, the oldest first, read once per record object."""
    found: list[ContactPoint] | None = getattr(party, "_points", None)
    if found is None:
        listed = ContactPoint.objects.filter(party_id=party.pk).order_by("pk")
        found = list(listed) if party.pk else []
        party._points = found  # type: ignore[attr-defined]
    return found


def _input_of(kind: str) -> str:
    return "street" if kind == ContactKind.ADDRESS else "typed"


def _read_or_refuse(kind: str, typed: str, country: str, field: str) -> Understood:
    """Understand a value; a refusal names the input it was typed into."""
    try:
        return understand(kind, typed, country)
    except DomainError as error:
        raise DomainError(error.message, field=field, **error.params) from error


def _fill(point: ContactPoint, read: Understood, place: Address | None) -> None:
    point.typed, point.value, point.is_valid = read.typed, read.value, read.is_valid
    if read.as_typed is not None:
        point.as_typed = read.as_typed
    if place is None:
        return
    for part, limit in LONGEST.items():
        value = getattr(place, part)
        if len(value) > limit:
            raise DomainError(_("At most %(limit)s characters fit here."), field=part, limit=limit)
        setattr(point, part, value)
