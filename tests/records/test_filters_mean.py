"""Every comparison finds what the same words mean in Python, whatever the rows hold."""

from __future__ import annotations

import operator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.parties.makers import make_person, point
from tests.personas import People
from vinculo.kernel.clock import frozen
from vinculo.kernel.text import fold
from vinculo.parties.derived import refresh
from vinculo.parties.models import Person
from vinculo.records.filters.operators import operators_of
from vinculo.records.lists import matching, parse_list
from vinculo.records.registry import entity

pytestmark = pytest.mark.django_db

PERSON = entity("parties.person")
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
STATES, TAGS = ("lead", "prospect", "active", "lost"), ("vip", "fair", "web")
CITIES = ("", "Bonn", "bonn am rhein", "Ávila", "AVILA", "Łódź", "北京", "北京市", "São Tomé")
INSTANTS = [NOW + timedelta(hours=n) for n in (-24 * 40, -24 * 9, -36, -13, -12, -1, 0, 11, 12, 40)]
BORN = (date(1980, 3, 22), date(1999, 12, 31), date(2026, 3, 15))

people_told = st.fixed_dictionaries(
    {
        "city": st.sampled_from(CITIES),
        "state": st.sampled_from(STATES),
        "tags": st.lists(st.sampled_from(TAGS), unique=True),
        "completeness": st.integers(0, 4).map(lambda n: n * 25),
        "birthday": st.none() | st.sampled_from(BORN),
        "last_contact_at": st.none() | st.sampled_from(INSTANTS),
    }
)
days = st.sampled_from([*BORN, *(at.date() for at in INSTANTS)]).map(str)
numbers = st.sampled_from([-1, 0, 24, 25, 50, 100, 101]).map(str)
#: What may stand to the right of a field's comparisons.
WORDS = {
    "city": st.sampled_from(["Bonn", "bon", "avila", "Łód", "北京", "bonn am r", "sao tome", "x"]),
    "state": st.sampled_from(STATES),
    "tags": st.sampled_from(TAGS),
    "completeness": numbers,
    "birthday": days,
    "last_contact_at": days,
}
NUMBERS = {"is": "eq", "not": "ne", "min": "ge", "max": "le", "above": "gt", "below": "lt"}
DAYS = {"on": "eq", "before": "lt", "after": "gt"}


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, str, str]:
    """A field, a comparison that it offers, and what stands to its right."""
    name = draw(st.sampled_from(list(WORDS)))
    chosen = draw(
        st.sampled_from(operators_of(PERSON.all_fields[name])).filter(lambda o: o.name != "was")
    )
    word = WORDS[name]
    value = {
        "many": st.lists(word, min_size=1, max_size=3, unique=True).map(",".join),
        "two": st.tuples(st.just("") | word, word).map("..".join),
        "period": st.sampled_from(["today", "yesterday", "last_30_days"]),
        "days": st.sampled_from(["0", "1", "9", "30"]),
        "none": st.just("1"),
    }.get(chosen.wants, word)
    return name, chosen.name, draw(value)


def means(name: str, comparison: str, value: str, row: dict[str, Any]) -> bool:
    """The comparison in Python."""
    held = row[name]
    if comparison in ("empty", "filled"):
        return (held in (None, "", [])) == (comparison == "empty")
    if name == "city":
        return of_text(comparison, value, held)
    if name in ("state", "tags"):
        wanted = set(value.split(","))
        found = bool(wanted & ({held} if name == "state" else set(held)))
        return found == (comparison not in ("not", "out", "none"))
    if name == "completeness":
        if comparison == "between":
            return between(held, *value.split(".."), int)
        return bool(getattr(operator, NUMBERS[comparison])(held, int(value)))
    if isinstance(held, datetime):
        held = timezone.localtime(held).date()
    return held is not None and of_day(comparison, value, held)


def of_text(comparison: str, value: str, held: str) -> bool:
    """Parts without regard to case and accents, the whole to the letter."""
    if comparison in ("is", "not"):
        return (held == value) == (comparison == "is")
    if comparison == "starts":
        return fold(held).startswith(fold(value))
    return (fold(value) in fold(held)) == (comparison == "contains")


def of_day(comparison: str, value: str, held: date) -> bool:
    """By the reader's days."""
    today = timezone.localtime(NOW).date()
    if comparison == "within":
        first, last = {"today": (0, 0), "yesterday": (1, 1), "last_30_days": (29, 0)}[value]
        return today - timedelta(days=first) <= held <= today - timedelta(days=last)
    if comparison == "older":
        return today - held > timedelta(days=int(value))
    if comparison == "between":
        return between(held, *value.split(".."), date.fromisoformat)
    return bool(getattr(operator, DAYS[comparison])(held, date.fromisoformat(value)))


def between(held: Any, first: str, last: str, read: Any) -> bool:
    """Both ends count; one that is open has none."""
    return (not first or held >= read(first)) and (not last or held <= read(last))


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(people_told, min_size=4, max_size=10),
    asked=st.lists(conditions(), min_size=40, max_size=40),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/Lima"]),
)
def test_what_is_found_is_what_is_meant(
    people: People, told: list[dict[str, Any]], asked: list[tuple[str, str, str]], zone: str
) -> None:
    """One by one, all at once, and one of several."""
    with transaction.atomic(), timezone.override(zone), frozen(NOW):
        held = {write(one): one for one in told}
        for name, comparison, value in asked:
            query = [(f"{name}.{comparison}", value)]
            wanted = {pk for pk, one in held.items() if means(name, comparison, value, one)}
            assert found(people, query) == wanted, (query, zone)
        for some in zip(asked[::2], asked[1::2], strict=True):
            both = [[means(*one, row) for one in some] for row in held.values()]
            every = {pk for pk, holds in zip(held, both, strict=True) if all(holds)}
            either = {pk for pk, holds in zip(held, both, strict=True) if any(holds)}
            assert found(people, [(f"{n}.{how}", value) for n, how, value in some]) == every
            assert found(people, [(f"any1.{n}.{how}", value) for n, how, value in some]) == either
        transaction.set_rollback(True)


def write(told: dict[str, Any]) -> int:
    """A person of whom this is known."""
    person = make_person(
        "Somebody", state=told["state"], tags=told["tags"], birthday=told["birthday"]
    )
    if told["city"]:
        point(person, "address", told["city"], city=told["city"], is_primary=True)
    refresh([person.pk])
    Person.objects.filter(pk=person.pk).update(
        completeness=told["completeness"], last_contact_at=told["last_contact_at"]
    )
    return person.pk


def found(people: People, query: list[tuple[str, str]]) -> set[int]:
    """The people whom the list shows an administrator."""
    asked = QueryDict(mutable=True)
    for name, value in query:
        asked.appendlist(name, value)
    return set(matching(parse_list(PERSON, people.admin, asked)).values_list("pk", flat=True))
