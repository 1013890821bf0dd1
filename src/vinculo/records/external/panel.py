"""On the record's page: what other systems call it."""

import time
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.records import external
from vinculo.records.entity import Panel
from vinculo.records.registry import entity_of

#: Most installations have no external ids: their pages ask once a minute, not every time.
REMEMBERED = 60.0
_none_until: dict[str, float] = {}


def known_elsewhere(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """The record's external ids; None where it has none."""
    entity = entity_of(record)
    if entity is None or _none_until.get(entity.key, 0.0) > time.monotonic():
        return None
    names = external.names_of(entity.key, [record.pk]).get(record.pk, [])
    if not names and not external.any_of(entity.key):
        _none_until[entity.key] = time.monotonic() + REMEMBERED
    return {"names": names} if names else None


def look_again() -> None:
    """Ids were just noted: the next page asks."""
    _none_until.clear()


ELSEWHERE = Panel(
    "elsewhere", _("Known elsewhere"), "records/panel_elsewhere.html", known_elsewhere, order=95
)
