"""Companies of the registers by the beginning of a name, by its words, or by a number.

Three questions with an index each, asked in this order until there are enough: however many
millions of rows there are, each reads a few.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vinculo.kernel.text import clean, company_core, fold, search_query, sort_key
from vinculo.kernel.text.query import whole_below, whole_words
from vinculo.parties.registry.models import Register
from vinculo.parties.registry.preparing import number_key

MOST_SHOWN = 6
CANDIDATES = 30
#: Fewer letters begin too many names, fewer signs too many numbers.
SHORTEST, SHORTEST_NUMBER = 2, 4
#: Shorter words are looked for whole: their beginnings are in hundreds of thousands of names.
SHORTEST_BEGINNING = 3
#: Beginnings of these end a name that is still being typed; no key holds them.
_FORMS = ("limited", "company", "corporation", "incorporated", "gesellschaft")

SOME = 600

COLUMNS = """register_id, number, name, legal_form, status, tax_id, street, postal_code, city, region,
country, website, active"""
BY_NAME = f"""
SELECT {COLUMNS} FROM parties_registeredcompany
WHERE sort_name >= %(start)s AND sort_name < %(stop)s ORDER BY sort_name LIMIT {CANDIDATES}
"""  # noqa: S608 - constants of ours
BY_NUMBER = f"""
(SELECT {COLUMNS} FROM parties_registeredcompany
 WHERE number_key >= %(start)s AND number_key < %(stop)s ORDER BY number_key LIMIT {CANDIDATES})
UNION ALL
(SELECT {COLUMNS} FROM parties_registeredcompany
 WHERE tax_key <> '' AND tax_key >= %(start)s AND tax_key < %(stop)s
 ORDER BY tax_key LIMIT {CANDIDATES})
"""  # noqa: S608
BY_WORDS = f"""
SELECT {COLUMNS} FROM parties_registeredcompany WHERE search @@ %(query)s::tsquery
LIMIT {4 * CANDIDATES}
"""  # noqa: S608
#: The word that is still being typed begins others by the hundred thousand, all of which the index
#: would gather first: it is looked for among some rows that have the words before it.
AMONG_SOME = f"""
WITH sampled AS MATERIALIZED (
    SELECT {COLUMNS}, search FROM parties_registeredcompany WHERE search @@ %(before)s::tsquery
    LIMIT {SOME})
SELECT counted.rows, hit.* FROM (SELECT count(*) AS rows FROM sampled) counted
LEFT JOIN LATERAL (
    SELECT {COLUMNS} FROM sampled WHERE search @@ %(query)s::tsquery LIMIT {4 * CANDIDATES}) hit ON true
"""  # noqa: S608
ONE = f"""
SELECT {COLUMNS} FROM parties_registeredcompany
WHERE register_id = %s AND number_key = %s AND number = %s LIMIT 1
"""  # noqa: S608
#: Most installations have no register: their forms ask once a minute, not at every letter.
REMEMBERED = 60.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A company as a register has it."""

    register_id: int
    number: str
    name: str
    legal_form: str
    status: str
    tax_id: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    website: str
    active: bool
    #: What the register is called, and when it was loaded.
    source: str = ""
    as_of: datetime | None = None

    @property
    def reference(self) -> str:
        """What names it in an address."""
        return f"{self.register_id}:{self.number}"


_known: tuple[float, dict[int, Register]] | None = None


def registers() -> dict[int, Register]:
    """The registers that are kept here, by their ids."""
    global _known
    if _known is None or _known[0] < time.monotonic():
        found = {one.pk: one for one in Register.objects.filter(loaded_at__isnull=False)}
        _known = (time.monotonic() + REMEMBERED, found)
    return _known[1]


def look_again() -> None:
    """A register was loaded or removed: the next question asks."""
    global _known
    _known = None


def suggestions(typed: str, *, country: str = "", most: int = MOST_SHOWN) -> list[Entry]:
    """Companies of the registers that what was typed may mean, the likeliest first; those that
    exist before those that do not any more, those of `country` before others."""
    text = clean(typed)[:200]
    if not registers() or len(text) < SHORTEST:
        return []
    found: dict[tuple[int, str], Entry] = {}
    with connection.cursor() as cursor:
        number = number_key(text)
        if len(number) >= SHORTEST_NUMBER and any(sign.isdigit() for sign in number):
            _ask(cursor, BY_NUMBER, _range(number), found)
        start = sort_key(text)
        if len(found) < most and start:
            _ask(cursor, BY_NAME, _range(start), found)
        if len(found) < most:
            _by_words(cursor, text, most, found)
    wanted = fold(text)
    ranked = sorted(found.values(), key=lambda one: _rank(one, wanted, number, country))
    return ranked[:most]


def entry_called(reference: str) -> Entry | None:
    """The company that `reference` names, as it stands in the register now."""
    register, _sign, number = reference.partition(":")
    if not register.isascii() or not register.isdigit() or int(register) not in registers():
        return None
    found: dict[tuple[int, str], Entry] = {}
    with connection.cursor() as cursor:
        _ask(cursor, ONE, [int(register), number_key(number), number], found)
    return next(iter(found.values()), None)


def _range(start: str) -> dict[str, str]:
    return {"start": start, "stop": f"{start}\U0010ffff"}


def _by_words(cursor: Any, text: str, most: int, found: dict[tuple[int, str], Entry]) -> None:
    """The words in any place of a name: whole but the last, which may still be being typed."""
    words = company_core(text).split()
    if len(words) > 1 and any(form.startswith(words[-1]) for form in _FORMS):
        words.pop()  # no key holds legal forms
    query = whole_below(whole_words(search_query(" ".join(words))), SHORTEST_BEGINNING)
    if not query:
        return
    before = whole_words(search_query(" ".join(words[:-1])), last=True)
    # Of a bounded question the planner hopes to meet enough rows soon, and reads the whole table
    # for a word that is in none.
    with transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        if before:
            cursor.execute(AMONG_SOME, {"before": before, "query": query})
            rows = cursor.fetchall()
            _take([row[1:] for row in rows if row[1] is not None], found)
            enough = rows[0][0] < SOME or len(found) >= most
        else:
            _ask(cursor, BY_WORDS, {"query": whole_words(query, last=True)}, found)
            enough = len(found) >= most
        if not enough:
            _ask(cursor, BY_WORDS, {"query": query}, found)
        cursor.execute("SET LOCAL enable_seqscan = on")


def _ask(cursor: Any, question: str, values: Any, found: dict[tuple[int, str], Entry]) -> None:
    cursor.execute(question, values)
    _take(cursor.fetchall(), found)


def _take(rows: Iterable[tuple[Any, ...]], found: dict[tuple[int, str], Entry]) -> None:
    known = registers()
    for row in rows:
        register = known.get(row[0])
        if register is not None:
            entry = Entry(*(*row, register.label, register.loaded_at))
            found.setdefault((entry.register_id, entry.number), entry)


def _rank(entry: Entry, wanted: str, number: str, country: str) -> tuple[Any, ...]:
    name = fold(entry.name)
    exact = name == wanted or number in (number_key(entry.number), number_key(entry.tax_id))
    begins = name.startswith(wanted)
    elsewhere = bool(country) and entry.country != country
    return not exact, not entry.active, elsewhere, not begins, len(name), name, entry.number
