"""The rules on what is being saved: forms, cells, programs and contact details pass here.

What was typed is kept with what was made of it; what somebody types back as it was stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vinculo.kernel.addresses import Address
from vinculo.kernel.clock import now
from vinculo.kernel.text import clean
from vinculo.parties.standardising.applying import (
    ADDRESS_FIELDS,
    COMPANY_FIELDS,
    LONGEST,
    PERSON_FIELDS,
    name_in,
    name_texts,
)
from vinculo.parties.standardising.catalogue import ADDRESS, COMPANY, PERSON, settled
from vinculo.parties.standardising.keeping import AsTyped, set_back, with_typed
from vinculo.parties.standardising.switching import incoming

if TYPE_CHECKING:
    from vinculo.parties.models import Company, ContactPoint, Person

Country = Callable[[], str]


def standardise_company(record: Company, data: dict[str, Any], country: Country) -> None:
    """Write the names in `data` as the rules want them, and note in the record what was typed."""
    rules = incoming().of(COMPANY)
    for name in COMPANY_FIELDS if rules else ():
        came = data.get(name) or ""
        if not came or _as_before(record, {name: came}):
            continue
        made, used = settled(came, rules, country())
        if made != came and len(made) <= LONGEST[name]:
            data[name] = made
            record.as_typed = with_typed(record.as_typed, name, came, made, used[""], now())


def standardise_person(record: Person, data: dict[str, Any], country: Country) -> None:
    """The same for a person's name, which is one thing in several fields."""
    rules = incoming().of(PERSON)
    names = [name for name in PERSON_FIELDS.values() if name in data]
    if not rules or not names or _as_before(record, {name: data[name] or "" for name in names}):
        return
    old = {name: data.get(name, getattr(record, name)) or "" for name in PERSON_FIELDS.values()}
    value, used = settled(name_in(old), rules, country())
    new = name_texts(value)
    by = {PERSON_FIELDS[part]: found for part, found in used.items()}
    if any(len(text) > LONGEST[name] for name, text in new.items()):
        return
    for name, made in new.items():
        if made != old[name]:
            data[name] = made
            record.as_typed = with_typed(record.as_typed, name, old[name], made, by[name], now())


def _as_before(record: Company | Person, came: Mapping[str, str]) -> bool:
    """Whether nothing new comes in, or something is set back to what was typed once."""
    if record.pk and all(getattr(record, name) == text for name, text in came.items()):
        return True
    return any(set_back(record.as_typed, name, text) for name, text in came.items())


def standard_text(
    kind: str, typed: str, country: Country, held: ContactPoint | None
) -> tuple[str, AsTyped | None]:
    """A phone or e-mail as the rules write it, and the contact point's `as_typed` with it; None
    where no rule has changed anything. `held` is the point that is being corrected."""
    rules, came = incoming().of(kind), clean(typed)
    as_typed = held.as_typed if held is not None else {}
    same = held is not None and held.typed == came
    if not rules or not came or same or set_back(as_typed, "typed", came):
        return typed, None
    made, used = settled(came, rules, country())
    if made == came or len(made) > LONGEST["typed"]:
        return typed, None
    return made, with_typed(as_typed, "typed", came, made, used[""], now())


def standard_address(
    place: Address, country: Country, held: ContactPoint | None
) -> tuple[Address, AsTyped | None]:
    """The same for a postal address, part by part."""
    rules = incoming().of(ADDRESS)
    if not rules:
        return place, None
    as_typed: AsTyped = held.as_typed if held is not None else {}
    came = place.cleaned()
    made, used = settled(came, rules, came.country or country())
    changed = {}
    for name in ADDRESS_FIELDS:
        old, new = getattr(came, name), getattr(made, name)
        same = held is not None and getattr(held, name) == old
        if old == new or same or len(new) > LONGEST[name] or set_back(as_typed, name, old):
            continue
        changed[name] = new
        as_typed = with_typed(as_typed, name, old, new, used[name], now())
    return (replace(came, **changed), as_typed) if changed else (place, None)
