"""A field's value as it is kept in a proposal, and as it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from vinculo.kernel.countries import country_name
from vinculo.platform.formats import date_text, number_text
from vinculo.records.cells import text
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import raw_value


def frozen(value: Any) -> Any:
    """A clean value as plain JSON; nothing at all is None, whatever the field has for it."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, list | tuple) else value


def thawed(field: Field, kept: Any) -> Any:
    """What `frozen` made of a value, as a form of the field would give it."""
    if kept is None:
        return [] if field.kind is Kind.TAGS else None if _has_no_text(field) else ""
    if field.kind is Kind.DATE:
        return date.fromisoformat(kept)
    if field.kind is Kind.DECIMAL:
        return Decimal(kept)
    return kept


def _has_no_text(field: Field) -> bool:
    return field.kind in (Kind.DATE, Kind.DECIMAL, Kind.NUMBER, Kind.PERCENT, Kind.BOOLEAN)


def present(field: Field, record: Any) -> Any:
    """What a record says now, frozen."""
    return frozen(raw_value(field, record))


def told(field: Field, kept: Any) -> str:
    """A frozen value in the reader's words; "" for nothing. Plain text: a customer typed it, and
    nobody should be led anywhere by it."""
    value = thawed(field, kept)
    if value is None or value == "" or value == []:
        return ""
    if field.kind is Kind.COUNTRY:
        return country_name(value, get_language() or "en")
    if field.kind is Kind.DATE:
        return date_text(value)
    return str(number_text(value)) if field.is_number else text(field, value)
