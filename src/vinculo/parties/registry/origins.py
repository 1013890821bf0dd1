"""Where a value came from: noted with it, and shown under the fact while it is still that value."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext

from vinculo.kernel.clock import now
from vinculo.parties.models import Party
from vinculo.parties.registry.finding import Entry
from vinculo.parties.registry.models import ValueOrigin
from vinculo.platform.formats import date_text
from vinculo.platform.models import User
from vinculo.records.registry import entity

#: Most installations fill nothing in from a register: their pages ask once a minute.
REMEMBERED = 60.0
_none_until = 0.0


def note_origins(party: Party, entry: Entry, values: Mapping[str, str]) -> None:
    """Note that these values (field → value) of a party are the register's; in the caller's
    change-set. What was noted of the same fields before is replaced."""
    global _none_until
    ValueOrigin.objects.filter(party=party.pk, field__in=list(values)).delete()
    at = now()
    ValueOrigin.objects.bulk_create(
        ValueOrigin(
            party_id=party.pk,
            field=name,
            value=value[:300],
            source=entry.source[:80],
            number=entry.number[:80],
            at=at,
        )
        for name, value in values.items()
    )
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
            found[origin.field] = gettext("%(source)s %(number)s, %(day)s") % {
                "source": origin.source,
                "number": origin.number,
                "day": date_text(localtime(origin.at).date()),
            }
    return found
