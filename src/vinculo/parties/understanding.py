"""What a typed phone, e-mail, address or handle stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from vinculo.kernel.addresses import Address, one_line
from vinculo.kernel.emails import parse_email
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.phones import parse_phone
from vinculo.kernel.text import clean, fold
from vinculo.parties.models import ContactKind, ContactPoint, Party

_NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Understood:
    """As typed, in the form that is compared and dialled, and whether that form is valid.

    `is_valid` is None where there is nothing to check; `as_typed` is what a contact point keeps of
    it where rules of standardising have written it otherwise.
    """

    typed: str
    value: str
    is_valid: bool | None
    as_typed: dict[str, Any] | None = None


def understand(kind: str, typed: str, country: str = "") -> Understood:
    """Read a phone, e-mail or social handle; `country` is where a phone without prefix would be.

    Raises DomainError for an e-mail address that is none, and for an empty value. A phone that
    cannot be understood is kept as typed and marked not valid: a wrong number is still a clue.
    """
    text = clean(typed)
    if not text:
        raise DomainError(_("Write what you want to add."), field="typed")
    if kind == ContactKind.PHONE:
        phone = parse_phone(text, country)
        return Understood(phone.typed, phone.e164 or _NOT_DIGITS.sub("", text), phone.valid)
    if kind == ContactKind.EMAIL:
        email = parse_email(text)
        return Understood(email.address, email.key, True)
    return Understood(text[:300], fold(text)[:300], None)


def understand_address(address: Address) -> tuple[Address, Understood]:
    """A postal address cleaned, with its one line as people write it and as it is compared."""
    whole = address.cleaned()
    if whole.is_empty():
        raise DomainError(_("Write at least one part of the address."), field="street")
    line = one_line(whole, get_language() or "en")[:300]
    return whole, Understood(line, fold(line)[:300], None)


def address_of(point: ContactPoint) -> Address:
    """The postal address in a contact point."""
    return Address(
        street=point.street,
        postal_code=point.postal_code,
        city=point.city,
        region=point.region,
        country=point.country,
    )


def country_of(party: Party) -> str:
    """Where a party is (ISO code): its own address, else its company's, else the installation's."""
    for party_id in (party.pk, party.company_id):
        if party_id:
            place = (
                ContactPoint.objects.filter(party_id=party_id, kind=ContactKind.ADDRESS)
                .exclude(country="")
                .order_by("-is_primary", "pk")
                .values_list("country", flat=True)
                .first()
            )
            if place:
                return str(place)
    return default_country()


def default_country() -> str:
    """The country (ISO code) of this installation, "" when it has none."""
    return str(getattr(settings, "VINCULO_COUNTRY", ""))
