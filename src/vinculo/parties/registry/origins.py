"""Where a value came from: noted with it, and shown under the fact while it is still that value."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.parties.models import Party
from vinculo.parties.registry.models import ValueOrigin
from vinculo.platform.formats import date_text
from vinculo.platform.models import User
from vinculo.records.registry import entity

#: Most installations fill nothing in from a register: their pages ask once a minute.
REMEMBERED = 60.0
_none_until = 0.0
#: Sources that are no register, by what is stored for them.
CUSTOMER = "customer"
OTHER_SOURCES = {CUSTOMER: _("Confirmed by the customer")}


def note_origins(
    party: Party, source: str, number: str, values: Mapping[str, str], at: datetime
) -> None:
    """Note that these values (field → value) of a party are what a register has under this number,
    or what another source (`OTHER_SOURCES`) said at that instant; in the caller's change-set. What
    was noted of the same fields before is replaced."""
    ValueOrigin.objects.filter(party=party.pk, field__in=list(values)).delete()
    ValueOrigin.objects.bulk_create(
        ValueOrigin(
            party_id=party.pk,
            field=name,
            value=value[:300],
            source=source[:80],
            number=number[:80],
            at=at,
        )
        for name, value in values.items()
    )
    look_again()


def look_again() -> None:
    """Origins were just noted: the next page asks."""
    global _none_until
    _none_until = 0.0


def notes(user: User, party: Party) -> dict[str, str]:
    """Field → where its value came from, for those that still have it; fields that the reader may
    not see are left out by whoever draws the facts."""
    global _none_until
    if _none_until > time.monotonic():
        return {}
    origins = list(ValueOrigin.objects.filter(party=party.pk).order_by("at", "pk"))
    if not origins and not ValueOrigin.objects.exists():
        _none_until = time.monotonic() + REMEMBERED
    fields = entity(f"parties.{party.kind}").all_fields
    found: dict[str, str] = {}
    for origin in origins:
        field: Any = fields.get(origin.field)
        if field is not None and str(field.value(party) or "") == origin.value:
            source = OTHER_SOURCES.get(origin.source) or f"{origin.source} {origin.number}"
            day = date_text(localtime(origin.at).date())
            found[origin.field] = gettext("%(source)s, %(day)s") % {"source": source, "day": day}
    return found
