"""The ways to reach a party: added, changed, taken away, and which of them comes first.

These functions ask for no right: actions, and the record machinery that calls the `write_…`
functions, have asked already. Callers recompute the derived columns (`derived.refresh`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from vinculo.kernel.addresses import Address
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import ContactKind, ContactPoint, Party
from vinculo.parties.understanding import (
    Understood,
    address_of,
    country_of,
    understand,
    understand_address,
)
from vinculo.platform.models import User

MOST_POINTS = 100


def primary_point(party: Party, kind: str) -> ContactPoint | None:
    """The primary contact point of a kind, the oldest one where none is marked."""
    return points_of(party, kind).first()


def points_of(party: Party, kind: str) -> Any:
    """A party's contact points of a kind, the primary one first, then the oldest."""
    return ContactPoint.objects.filter(party_id=party.pk, kind=kind).order_by("-is_primary", "pk")


def lock(party: Party) -> None:
    """Let one change of this party's contact points follow the other, so that one is primary."""
    list(
        Party.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=party.pk)
        .values_list("pk")
    )


def set_primary(
    party: Party, kind: str, typed: str, country: str | None = None
) -> ContactPoint | None:
    """Make `typed` the primary phone, e-mail or handle of a party; "" takes the primary away.

    The present primary is corrected in place. Where the party already has the new value as
    another contact point, that one takes over. `country` (ISO) overrides where the party is.
    Returns the primary point afterwards. Raises DomainError for an e-mail that is none.
    """
    lock(party)
    present = primary_point(party, kind)
    if not typed.strip():
        if present is not None:
            remove_point(present)
        return primary_point(party, kind)
    read = _read_or_refuse(kind, typed, country_of(party) if country is None else country)
    same = _same_value(party, kind, read)
    if present is None:
        return _create(party, kind, read, is_primary=True)
    if same is not None and same.pk != present.pk:
        present.delete()
        _mark_primary(same)
        return same
    return _rewrite(present, read, is_primary=True)


def add_point(
    party: Party,
    kind: str,
    typed: str,
    *,
    label: str = "",
    make_primary: bool = False,
    address: Address | None = None,
) -> ContactPoint:
    """One more way to reach a party; the first of its kind is the primary one.

    Raises DomainError when the party has it already or has too many.
    """
    lock(party)
    if points_of(party, kind).count() >= MOST_POINTS:
        raise DomainError(_("There are too many entries. Remove one first."))
    place, read = _read(party, kind, typed, address)
    if _same_value(party, kind, read) is not None:
        raise DomainError(_("This is already in the list."), field=_input_of(kind))
    first = not points_of(party, kind).filter(is_primary=True).exists()
    point = _create(party, kind, read, label=label, place=place)
    if make_primary or first:
        _mark_primary(point)
    if kind == ContactKind.ADDRESS:
        reread_phones(party)
    return point


def change_point(
    point: ContactPoint, typed: str, *, label: str, address: Address | None = None
) -> ContactPoint:
    """Correct a contact point; a new value is not verified any more.

    Raises DomainError when the party has the new value already.
    """
    lock(point.party)
    place, read = _read(point.party, point.kind, typed, address)
    same = _same_value(point.party, point.kind, read)
    if same is not None and same.pk != point.pk:
        raise DomainError(_("This is already in the list."), field=_input_of(point.kind))
    point.label = label
    changed = _rewrite(point, read, is_primary=point.is_primary, place=place)
    if point.kind == ContactKind.ADDRESS:
        reread_phones(point.party)
    return changed


def remove_point(point: ContactPoint) -> None:
    """Take a contact point away; the next one of its kind that may be used becomes primary."""
    lock(point.party)
    was_primary = point.is_primary
    point.delete()
    if was_primary:
        heir = points_of(point.party, point.kind).order_by("do_not_contact", "pk").first()
        if heir is not None:
            _mark_primary(heir)


def make_primary(point: ContactPoint) -> None:
    """Let this contact point come first among those of its kind."""
    lock(point.party)
    _mark_primary(point)


def mark_verified(point: ContactPoint, at: datetime | None) -> None:
    """Somebody has confirmed (or, with None, no longer vouches) that this reaches the party."""
    point.verified_at = at
    point.save(update_fields=["verified_at"])


def mark_do_not_contact(point: ContactPoint, refused: bool) -> None:
    """The party does not want to be reached this way (any more)."""
    point.do_not_contact = refused
    point.save(update_fields=["do_not_contact"])


def set_address_part(party: Party, part: str, value: str) -> None:
    """Write one part (street, postal_code, city, region, country) of the primary address.

    Emptying the last part takes the address away.
    """
    lock(party)
    present = primary_point(party, ContactKind.ADDRESS)
    address = replace(address_of(present) if present else Address(), **{part: value})
    if address.cleaned().is_empty():
        if present is not None:
            remove_point(present)
        return
    place, read = understand_address(address)
    if present is None:
        _create(party, ContactKind.ADDRESS, read, is_primary=True, place=place)
    else:
        _rewrite(present, read, is_primary=True, place=place)
    if part == "country":
        reread_phones(party)


def reread_phones(party: Party) -> None:
    """A phone typed without its country code means another number in another country."""
    country = country_of(party)
    for point in points_of(party, ContactKind.PHONE):
        if point.typed.lstrip("( ").startswith(("+", "00")):
            continue
        read = understand(ContactKind.PHONE, point.typed, country)
        if read.is_valid and read.value != point.value:
            point.value, point.is_valid = read.value, read.is_valid
            point.save(update_fields=["value", "is_valid"])


# --- what the record machinery calls: (record, value, actor) ------------------------------------


def write_phone(record: Party, value: str, actor: User) -> None:
    """The primary phone, as typed."""
    set_primary(record, ContactKind.PHONE, value or "")


def write_email(record: Party, value: str, actor: User) -> None:
    """The primary e-mail address. Raises DomainError on `email` when it is none."""
    set_primary(record, ContactKind.EMAIL, value or "")


def write_street(record: Party, value: str, actor: User) -> None:
    """The street line of the primary address."""
    set_address_part(record, "street", value or "")


def write_postal_code(record: Party, value: str, actor: User) -> None:
    """The postal code of the primary address."""
    set_address_part(record, "postal_code", value or "")


def write_city(record: Party, value: str, actor: User) -> None:
    """The city of the primary address."""
    set_address_part(record, "city", value or "")


def write_region(record: Party, value: str, actor: User) -> None:
    """The region of the primary address."""
    set_address_part(record, "region", value or "")


def write_country(record: Party, value: str, actor: User) -> None:
    """The country (ISO code) of the primary address; phones without prefix follow it."""
    set_address_part(record, "country", value or "")


def read_street(record: Party) -> str:
    """The street line of the primary address."""
    return _place(record).street


def read_postal_code(record: Party) -> str:
    """The postal code of the primary address."""
    return _place(record).postal_code


# --- inside -------------------------------------------------------------------------------------


def _place(record: Party) -> Address:
    """The primary address, read once per record object."""
    place: Address | None = getattr(record, "_place", None)
    if place is None:
        point = primary_point(record, ContactKind.ADDRESS) if record.pk else None
        place = address_of(point) if point else Address()
        record._place = place  # type: ignore[attr-defined]
    return place


def _input_of(kind: str) -> str:
    return "street" if kind == ContactKind.ADDRESS else "typed"


def _read(
    party: Party, kind: str, typed: str, address: Address | None
) -> tuple[Address | None, Understood]:
    if kind == ContactKind.ADDRESS:
        return understand_address(address or Address(street=typed))
    return None, _read_or_refuse(kind, typed, country_of(party), field="typed")


def _read_or_refuse(kind: str, typed: str, country: str, field: str | None = None) -> Understood:
    """Understand a value; a refusal names the input it was typed into."""
    try:
        return understand(kind, typed, country)
    except DomainError as error:
        raise DomainError(error.message, field=field or kind, **error.params) from error


def _same_value(party: Party, kind: str, read: Understood) -> ContactPoint | None:
    if not read.value:
        return None
    found: ContactPoint | None = points_of(party, kind).filter(value=read.value).first()
    return found


def _create(
    party: Party,
    kind: str,
    read: Understood,
    *,
    label: str = "",
    is_primary: bool = False,
    place: Address | None = None,
) -> ContactPoint:
    point = ContactPoint(party_id=party.pk, kind=kind, label=label, is_primary=is_primary)
    _fill(point, read, place)
    point.save()
    return point


def _rewrite(
    point: ContactPoint, read: Understood, *, is_primary: bool, place: Address | None = None
) -> ContactPoint:
    if read.value != point.value:
        point.verified_at = None
    point.is_primary = is_primary
    _fill(point, read, place)
    point.save()
    return point


def _fill(point: ContactPoint, read: Understood, place: Address | None) -> None:
    point.typed, point.value, point.is_valid = read.typed, read.value, read.is_valid
    if place is not None:
        _check_lengths(place)
        point.street, point.postal_code = place.street, place.postal_code
        point.city, point.region, point.country = place.city, place.region, place.country


def _check_lengths(place: Address) -> None:
    limits = {"street": 200, "postal_code": 20, "city": 120, "region": 120, "country": 2}
    for part, limit in limits.items():
        if len(getattr(place, part)) > limit:
            raise DomainError(_("At most %(limit)s characters fit here."), field=part, limit=limit)


def _mark_primary(point: ContactPoint) -> None:
    """The old one steps down first: the database allows one primary per party and kind."""
    others = ContactPoint.objects.filter(
        party_id=point.party_id, kind=point.kind, is_primary=True
    ).exclude(pk=point.pk)
    others.update(is_primary=False)
    if not point.is_primary:
        point.is_primary = True
        point.save(update_fields=["is_primary"])
