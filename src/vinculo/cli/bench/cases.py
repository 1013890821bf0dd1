"""What is asked, and how long it may take: the pages people use, with terms out of the data."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from vinculo.kernel.text import fold
from vinculo.kernel.text.pinyin import syllables

LIST, RECORD, SEARCH, SAVE, HINT = 50.0, 50.0, 40.0, 30.0, 150.0  # milliseconds, p95


@dataclass(frozen=True)
class Case:
    """A page and its budget; `path(round)` is asked in turn. `headers` mark an htmx request."""

    name: str
    budget: float
    path: Callable[[int], str]
    htmx: bool = False


class Terms:
    """Things to ask for, drawn from the data: the same for every role."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - reproducible, not secret
        self.companies = self._ids("company")
        self.people = self._ids("person")
        self.favourite = self._one(
            "SELECT company_id FROM interactions_interaction WHERE company_id IS NOT NULL"
            " AND id < 100000 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )

    def names(self, kind: str, amount: int = 40, like: str = "%") -> list[str]:
        """Names of some parties."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM parties_party WHERE kind = %s AND name LIKE %s"
                " AND id = ANY(%s) LIMIT %s",
                [kind, like, self._ids(kind, 2000), amount],
            )
            return [row[0] for row in cursor.fetchall()]

    def phones(self, amount: int = 40) -> list[str]:
        """The last four digits of some phones."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT right(regexp_replace(phone, '\\D', '', 'g'), 4) FROM parties_party"
                " WHERE phone <> '' AND id = ANY(%s) LIMIT %s",
                [self._ids("company", 400), amount],
            )
            return [row[0] for row in cursor.fetchall()]

    def middle(self, entity_sort: str, kind: str) -> tuple[Any, int]:
        """Where the middle of a sorted list is: its sort value and id."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {entity_sort}, id FROM parties_party WHERE kind = %s"  # noqa: S608
                f" ORDER BY {entity_sort}, id OFFSET"
                " (SELECT count(*) / 2 FROM parties_party WHERE kind = %s) LIMIT 1",
                [kind, kind],
            )
            found: tuple[Any, int] = cursor.fetchone()
            return found

    def _ids(self, kind: str, amount: int = 200) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM parties_party")
            last = cursor.fetchone()[0]
            drawn = [self.rng.randrange(1, last + 1) for _each in range(amount * 4)]
            cursor.execute(
                "SELECT id FROM parties_party WHERE kind = %s AND id = ANY(%s) ORDER BY id LIMIT %s",
                [kind, drawn, amount],
            )
            found = [row[0] for row in cursor.fetchall()]
        self.rng.shuffle(found)
        return found

    def _one(self, query: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])


def page_cases(terms: Terms, own: dict[str, list[int]]) -> list[Case]:
    """Every measured page; `own` are ids the asking role may see."""
    companies, people = own["company"], own["person"]
    return [
        *_lists(terms),
        Case("record: company", RECORD, _each([f"/companies/{pk}" for pk in companies])),
        Case("record: person", RECORD, _each([f"/people/{pk}" for pk in people])),
        Case("record: timeline", RECORD, _each([f"/timeline/{pk}" for pk in companies]), htmx=True),
        Case("record: history", RECORD, _each([f"/companies/{pk}/history" for pk in companies])),
        Case("My day", RECORD, _each(["/my-day"])),
        *_searches(terms),
        *_hints(terms),
    ]


def favourite_cases(terms: Terms) -> list[Case]:
    """The company everybody calls all the time."""
    pk = terms.favourite
    return [
        Case("record: busiest company", RECORD, _each([f"/companies/{pk}"])),
        Case("record: its timeline", RECORD, _each([f"/timeline/{pk}"]), htmx=True),
    ]


def _each(paths: list[str]) -> Callable[[int], str]:
    return lambda round_: paths[round_ % len(paths)]


def _list(name: str, path: str, query: dict[str, str] | None = None) -> Case:
    whole = f"/{path}?{urlencode(query)}" if query else f"/{path}"
    return Case(f"list: {name}", LIST, lambda _round: whole)


def _lists(terms: Terms) -> list[Case]:
    rare = [name.split(",")[0] for name in terms.names("company")]
    deep = json.dumps(list(terms.middle("sort_name", "company")), ensure_ascii=False)
    cursor = base64.urlsafe_b64encode(deep.encode()).decode().rstrip("=")
    return [
        _list("companies", "companies"),
        _list("people", "people"),
        _list("activities", "activities"),
        _list("tasks", "tasks"),
        _list("state", "companies", {"state.in": "active"}),
        _list("two states", "companies", {"state.in": "dormant,lost"}),
        _list("country", "companies", {"country.in": "JP"}),
        _list("owner is me", "companies", {"owner.is": "me"}),
        _list("tag", "companies", {"tags.has": "vip"}),
        _list("text contains, common", "people", {"name.contains": "garcia"}),
        Case("list: text contains, rare", LIST,
             _each([f"/companies?{urlencode({'name.contains': name})}" for name in rare])),
        _list("text contains, nothing", "companies", {"name.contains": "zzyzx"}),
        _list("last contact within", "companies", {"last_contact_at.within": "last_30_days"}),
        _list("contact within, by contact", "companies",
              {"last_contact_at.within": "last_30_days", "sort": "-last_contact_at"}),
        _list("combination", "companies",
              {"state.in": "active", "country.in": "CN", "value_class.in": "A"}),
        _list("rare combination", "companies",
              {"state.in": "lost", "country.in": "JP", "tags.has": "late-payer"}),
        _list("search box, common", "people", {"q": "garcia"}),
        _list("newest first", "companies", {"sort": "-created_at"}),
        _list("latest contact first", "companies", {"sort": "-last_contact_at"}),
        _list("by city", "companies", {"sort": "city"}),
        _list("by owner", "companies", {"sort": "owner"}),
        _list("deep page", "companies", {"after": cursor}),
        _list("activities of a kind", "activities", {"kind.in": "visit"}),
        Case("list: count", LIST, _each(["/companies/count?"]), htmx=True),
        Case("list: count, filtered", LIST,
             _each(["/companies/count?state.in=active&country.in=CN"]), htmx=True),
    ]  # fmt: skip


def _searches(terms: Terms) -> list[Case]:
    chinese = terms.names("company", like="%公司")
    spanish = terms.names("person", like="%é%")
    words = [word for name in terms.names("company", 60) for word in fold(name).split()]
    middles = [word[2:7] for word in words if len(word) > 7 and word.isascii()] or ["orthga"]
    kinds: dict[str, list[str]] = {
        "two Chinese characters, common": ["远景", "科技"],
        "two Chinese characters, rarer": [name[3:5] for name in chinese] or ["云飞"],
        "pinyin initials, common": ["ww", "lj"],
        "pinyin initials, rarer": [_initials(name[:6]) for name in chinese] or ["hxkj"],
        "Spanish without accents, common": ["garcia", "gonzalez"],
        "Spanish without accents, whole name": [fold(name) for name in spanish] or ["ines gil"],
        "last four digits of a phone": terms.phones() or ["4729"],
        "middle of a name": middles,
        "middle of a name, common": ["olutions", "ectron"],
        "one letter": ["a"],
        "two words, both common": ["maria garcia"],
        "e-mail address": ["lucia.marin", "ventas@"],
        "nothing like it": ["xqzjwv"],
    }
    cases = []
    for name, texts in kinds.items():
        paths = [f"/palette?q={quote(text)}" for text in texts if text]
        cases.append(Case(f"search: {name}", SEARCH, _each(paths), htmx=True))
        if name == "one letter":
            continue  # the palette asks no interactions for it
        late = [path.replace("/palette", "/palette/more") for path in paths]
        cases.append(Case(f"search, interactions: {name}", SEARCH, _each(late), htmx=True))
    rare = [f"/search?q={quote(text)}" for text in middles]
    cases.append(Case("search page: middle of a name", SEARCH, _each(rare)))
    cases.append(Case("search page: common", SEARCH, _each(["/search?q=garcia"])))
    cases.append(Case("palette, nothing typed", SEARCH, _each(["/palette?q="]), htmx=True))
    return cases


def _hints(terms: Terms) -> list[Case]:
    """What the form of a new customer asks while somebody types."""
    companies, people = terms.names("company"), terms.names("person")
    ways = {"phone": "+34 600 123 123", "email": "info@acme.example", "tax_id": "B58378431"}
    asked = {
        "the name of a company": [("companies", {"name": name}) for name in companies],
        "half a name": [("companies", {"name": name[: len(name) // 2 + 1]}) for name in companies],
        "a common name": [("people", {"name": "Maria Garcia"}), ("people", {"name": "王伟"})],
        "a form filled in": [
            ("people", {"name": name, "city": "Madrid", **ways}) for name in people
        ],
    }
    return [
        Case(
            f"hint: {name}",
            HINT,
            _each([f"/{where}/hints?{urlencode(said)}" for where, said in some]),
            htmx=True,
        )
        for name, some in asked.items()
    ]


def _initials(text: str) -> str:
    return "".join(sound[0] for sound in syllables(text) if sound[:1].isascii())
