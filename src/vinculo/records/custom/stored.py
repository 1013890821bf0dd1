"""A clean value as it is stored, or why it does not fit: needs neither database nor settings, so that
the processes which prepare the rows of a file use it, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from vinculo.kernel.emails import parse_email
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import smallest_unit
from vinculo.kernel.phones import parse_phone
from vinculo.kernel.urls import parse_website

LONGEST_LONG_TEXT = 20_000
MOST_CHOICES = 50
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value must fit, in plain data."""

    name: str
    shape: str
    kind: str
    max_length: int | None = None
    keys: tuple[str, ...] = ()
    retired: frozenset[str] = frozenset()
    currency: str = ""
    decimals: int = 0
    required: bool = False

    @property
    def places(self) -> int:
        """How many decimals fit."""
        if self.currency:
            return -int(smallest_unit(self.currency).as_tuple().exponent)
        return self.decimals


def stored(rules: Rules, value: Any, before: Any = None) -> Any:
    """A clean value as it is stored, None for nothing; refused in one sentence when it does not
    fit. A choice that is no longer offered is kept where it is `before`."""
    if value is None or value == "" or value == [] or value == ():
        if rules.required:
            raise DomainError(_("This field is required."), field=rules.name)
        return None
    try:
        return _WRITERS[rules.shape](rules, value, before)
    except DomainError as error:
        raise DomainError(error.message, field=rules.name, **error.params) from None


def _text(rules: Rules, value: Any, before: Any) -> str:
    text = str(value)
    longest = rules.max_length or LONGEST_LONG_TEXT
    if len(text) > longest:
        raise DomainError(_("At most %(limit)s characters fit here."), limit=longest)
    if rules.keys:
        _offered(rules, text, [before])
    elif rules.kind == "email":
        return parse_email(text).address
    elif rules.kind == "phone":
        parse_phone(text)
    elif rules.kind == "url":
        return parse_website(text).url
    return text


def _offered(rules: Rules, key: str, before: list[Any]) -> None:
    if key not in rules.keys or (key in rules.retired and key not in before):
        raise DomainError(_("“%(text)s” is not one of the choices."), text=key[:50])


def _whole(rules: Rules, value: Any, before: Any) -> int:
    number = _decimal(value)
    if number != number.to_integral_value() or abs(number) > LARGEST:
        raise DomainError(_("“%(text)s” is not a whole number."), text=str(value)[:50])
    return int(number)


def _number(rules: Rules, value: Any, before: Any) -> str:
    number = _decimal(value)
    if abs(number) >= Decimal(10) ** 18:
        raise DomainError(_("This number is too large."))
    unit = Decimal(1).scaleb(-rules.places)
    exact = number.quantize(unit)
    if exact != number:
        raise DomainError(_("At most %(places)s decimals fit here."), places=rules.places)
    return format(exact, "f")


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise DomainError(_("“%(text)s” is not a number."), text=str(value)[:50]) from None
    if isinstance(value, bool) or not number.is_finite():
        raise DomainError(_("“%(text)s” is not a number."), text=str(value)[:50])
    return number


def _day(rules: Rules, value: Any, before: Any) -> str:
    return str(value.date().isoformat() if isinstance(value, datetime) else value.isoformat())


def _instant(rules: Rules, value: Any, before: Any) -> str:
    return str(value.astimezone(UTC).isoformat())


def _truth(rules: Rules, value: Any, before: Any) -> bool | None:
    return True if value else None


def _list(rules: Rules, value: Any, before: Any) -> list[str]:
    keys = list(dict.fromkeys(str(one) for one in value))
    if len(keys) > MOST_CHOICES:
        raise DomainError(_("Use at most %(most)s of the choices."), most=MOST_CHOICES)
    for key in keys:
        _offered(rules, key, before or [])
    return sorted(keys, key=rules.keys.index)


def _ref(rules: Rules, value: Any, before: Any) -> int:
    return int(getattr(value, "pk", value))


_WRITERS: Mapping[str, Any] = {
    "text": _text, "whole": _whole, "number": _number, "day": _day, "instant": _instant,
    "truth": _truth, "list": _list, "ref": _ref,
}  # fmt: skip
