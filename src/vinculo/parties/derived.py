"""Columns of a party that follow from its other columns, contact points and relations.

`derive` is pure and is what the importer calls for a million rows; `refresh` does the same for
parties that are in the database. One function, so single and bulk can never disagree.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from vinculo.kernel.clock import now
from vinculo.kernel.text import SearchValues, search_keys, sort_key
from vinculo.parties import completeness
from vinculo.parties.facts import ContactFacts, PartyFacts

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

CHUNK = 2000
#: Joins the keys of one record on their way into the database; no key contains it.
SEPARATOR = "\x1f"
_NOT_DIGITS = re.compile(r"\D+")
_SCHEME_AND_PATH = re.compile(r"^https?://(www\.)?|/.*$", re.I)


@dataclass(frozen=True, slots=True)
class Derived:
    """The derived columns of one party; `search` are the lexemes of its tsvector."""

    search: tuple[str, ...]
    sort_name: str
    phone: str
    email: str
    city: str
    region: str
    country: str
    completeness: int

    @property
    def joined_search(self) -> str:
        """The keys as one text, for `array_to_tsvector(string_to_array(…, E'\\x1f'))`."""
        return SEPARATOR.join(self.search)


def derive(facts: PartyFacts) -> Derived:
    """Everything that follows from what is known of one party."""
    phone, email, place = (facts.primary(kind) for kind in ("phone", "email", "address"))
    return Derived(
        search=tuple(search_keys(search_values(facts))),
        sort_name=sort_key(facts.name),
        phone=phone.typed[:60] if phone else "",
        email=(email.value or email.typed)[:254] if email else "",
        city=place.city if place else "",
        region=place.region if place else "",
        country=place.country if place else "",
        completeness=completeness.score(facts),
    )


def search_values(facts: PartyFacts) -> SearchValues:
    """What a party is found by: names, all its contact points, numbers, places, tags, company."""
    phones: list[str] = []
    emails: list[str] = []
    words: list[str] = [facts.company_name] if facts.company_name else []
    for point in facts.contacts:
        if point.kind == "phone":
            phones += _dialled(point)
        elif point.kind == "email":
            emails.append(point.value or point.typed)
        elif point.kind == "address":
            words.append(point.city)
        else:
            words.append(point.typed)
    if facts.website:
        words.append(_SCHEME_AND_PATH.sub("", facts.website))
    words += [*facts.tags, *facts.more]
    names = [facts.name, facts.native_name, facts.legal_name]
    if facts.kind == "person":
        names += [facts.given_name, facts.family_name]
    return SearchValues(
        names=list(dict.fromkeys(names)),
        phones=phones,
        emails=emails,
        codes=[facts.tax_id, facts.external_id],
        words=words,
    )


def _dialled(point: ContactFacts) -> list[str]:
    """The international number, and what was typed where that is not merely its ending."""
    typed = _NOT_DIGITS.sub("", point.typed)
    if point.value and point.value.endswith(typed.lstrip("0") or "-"):
        return [point.value]
    return [point.value, typed]


LOCK = "SELECT id FROM parties_party WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

PARTIES = """
SELECT p.id, p.kind, p.name, p.native_name, p.legal_name, p.given_name, p.family_name,
       p.job_title, p.birthday, p.tax_id, p.external_id, p.website, p.industry, p.size, p.source,
       p.language, p.tags, coalesce(c.name, ''),
       p.kind = 'company' AND EXISTS (SELECT 1 FROM parties_party q WHERE q.company_id = p.id),
       p.custom, p.sort_name
FROM parties_party p LEFT JOIN parties_party c ON c.id = p.company_id
WHERE p.id = ANY(%s)
"""

POINTS = """
SELECT party_id, kind, typed, value, is_primary, street, postal_code, city, region, country
FROM parties_contactpoint WHERE party_id = ANY(%s) ORDER BY party_id, id
"""

WRITE = """
UPDATE parties_party p SET
    search = array_to_tsvector(string_to_array(fresh.keys, E'\\x1f')),
    sort_name = fresh.sort_name, phone = fresh.phone, email = fresh.email, city = fresh.city,
    region = fresh.region, country = fresh.country, completeness = fresh.completeness,
    updated_at = CASE WHEN %(touch)s THEN %(at)s ELSE p.updated_at END
FROM unnest(%(ids)s::bigint[], %(keys)s::text[], %(sort_names)s::text[], %(phones)s::text[],
            %(emails)s::text[], %(cities)s::text[], %(regions)s::text[], %(countries)s::text[],
            %(scores)s::smallint[])
     AS fresh(id, keys, sort_name, phone, email, city, region, country, completeness)
WHERE p.id = fresh.id AND (%(touch)s OR
    (p.search, p.sort_name, p.phone, p.email, p.city, p.region, p.country, p.completeness)
    IS DISTINCT FROM
    (array_to_tsvector(string_to_array(fresh.keys, E'\\x1f')), fresh.sort_name, fresh.phone,
     fresh.email, fresh.city, fresh.region, fresh.country, fresh.completeness))
"""

WITH_POINTS = PARTIES.replace(
    "p.custom, p.sort_name\n",
    """p.custom, p.sort_name, coalesce((
        SELECT json_agg(json_build_array(kind, typed, value, is_primary, street, postal_code,
                                         city, region, country) ORDER BY id)
        FROM parties_contactpoint WHERE party_id = p.id), '[]')
""",
)


def refresh(party_ids: Iterable[int]) -> None:
    """Recompute the derived columns of these parties; also of the people in a renamed company.

    Set-based: a few statements per 2,000 parties. The rows are locked in the order of their ids
    before they are read, so two people who edit one party's contact points at the same time
    cannot overwrite each other's search keys, nor wait for each other in a circle.
    """
    ids = sorted(set(party_ids))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        renamed: list[int] = []
        for start in range(0, len(ids), CHUNK):
            renamed += _refresh_some(cursor, ids[start : start + CHUNK], touch=True)
        if renamed:
            _refresh_people_of(cursor, renamed, already=set(ids))


def refresh_new(party_ids: Sequence[int]) -> None:
    """The same for parties that this transaction has made: nobody else can hold them, and nobody
    is found by them yet, so one question and one write do."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_POINTS, [list(party_ids)])
        facts = {}
        for party_id, *columns, custom, _sort_name, points in cursor.fetchall():
            known = [ContactFacts(*point) for point in points]
            facts[party_id] = PartyFacts(*[*columns, known, _more(columns[0], custom)])
        derived = {party_id: derive(known) for party_id, known in facts.items()}
        _write(cursor, derived, now(), touch=True)
    _hold_keys(facts)


def _hold_keys(facts: dict[int, PartyFacts]) -> None:
    """Let the rules of collisions judge what was written. They come second: somebody who waits for
    a rule that is just being switched on waits in the statement before, and then knows of it."""
    from vinculo.parties.collisions.keeping import hold

    hold(facts)


def _refresh_people_of(cursor: CursorWrapper, companies: list[int], already: set[int]) -> None:
    """A person is also found by the company's name."""
    cursor.execute(
        "SELECT id FROM parties_party WHERE company_id = ANY(%s) ORDER BY id", [companies]
    )
    people = [row[0] for row in cursor.fetchall() if row[0] not in already]
    for start in range(0, len(people), CHUNK):
        _refresh_some(cursor, people[start : start + CHUNK], touch=False)


def _refresh_some(cursor: CursorWrapper, ids: list[int], *, touch: bool) -> list[int]:
    """Write the derived columns of one chunk; returns the companies that have a new name."""
    cursor.execute(LOCK, [ids])
    found, sort_names = _read(cursor, ids)
    derived = {party_id: derive(facts) for party_id, facts in found.items()}
    _write(cursor, derived, now(), touch=touch)
    if touch:
        _hold_keys(found)
    return [
        party_id
        for party_id, columns in derived.items()
        if found[party_id].kind == "company"
        and sort_names[party_id] not in ("", columns.sort_name)  # a new one has no people yet
    ]


def _read(
    cursor: CursorWrapper, ids: Sequence[int]
) -> tuple[dict[int, PartyFacts], dict[int, str]]:
    cursor.execute(POINTS, [list(ids)])
    points: dict[int, list[ContactFacts]] = defaultdict(list)
    for party_id, *columns in cursor.fetchall():
        points[party_id].append(ContactFacts(*columns))
    cursor.execute(PARTIES, [list(ids)])
    facts: dict[int, PartyFacts] = {}
    sort_names: dict[int, str] = {}
    for party_id, *columns, custom, sort_name in cursor.fetchall():
        more = _more(columns[0], custom)
        facts[party_id] = PartyFacts(*[*columns, points.get(party_id, ()), more])
        sort_names[party_id] = sort_name
    return facts, sort_names


def _more(kind: str, custom: Any) -> tuple[str, ...]:
    """What the custom fields of a company or a person add to its search keys."""
    # Not above: the processes that prepare the rows of a file import this without Django's models.
    from vinculo.records.custom.fields import words_of

    held = json.loads(custom) if isinstance(custom, str) else custom
    return words_of(f"parties.{kind}", held)


def _write(
    cursor: CursorWrapper, derived: dict[int, Derived], at: datetime, *, touch: bool
) -> None:
    rows = list(derived.values())
    arguments: dict[str, Any] = {
        "touch": touch,
        "at": at,
        "ids": list(derived),
        "keys": [row.joined_search for row in rows],
        "sort_names": [row.sort_name for row in rows],
        "phones": [row.phone for row in rows],
        "emails": [row.email for row in rows],
        "cities": [row.city for row in rows],
        "regions": [row.region for row in rows],
        "countries": [row.country for row in rows],
        "scores": [row.completeness for row in rows],
    }
    cursor.execute(WRITE, arguments)


def facts_of(party_ids: Sequence[int]) -> dict[int, PartyFacts]:
    """What is known of these parties, in two queries."""
    with connection.cursor() as cursor:
        return _read(cursor, party_ids)[0]


# The other side of a person that an undo brought back, changed or took away.
COMPANIES_OF = """
SELECT company_id FROM parties_party WHERE id = ANY(%(ids)s) AND company_id IS NOT NULL
UNION
SELECT (before ->> 'company_id')::bigint FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = 'parties_party' AND row_id IN (SELECT unnest(%(ids)s::bigint[]))
AND before ->> 'company_id' IS NOT NULL
"""


def refresh_after_undo(ids: Sequence[int]) -> None:
    """Refresh parties that an undo has just written, and the companies their people are in."""
    with connection.cursor() as cursor:
        cursor.execute(COMPANIES_OF, {"ids": list(ids)})
        companies = {row[0] for row in cursor.fetchall()}
    refresh(_still_there(companies.union(ids)))


def _still_there(ids: Iterable[int]) -> list[int]:
    """The parties that exist: an import that is undone takes most of what it concerns along."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM parties_party WHERE id IN (SELECT unnest(%s::bigint[]))", [list(ids)]
        )
        return [row[0] for row in cursor.fetchall()]


OWNERS = {
    "parties_contactpoint": "SELECT DISTINCT party_id FROM parties_contactpoint WHERE id = ANY(%s)",
    "parties_relation": """
        SELECT person_id FROM parties_relation WHERE id = ANY(%(ids)s)
        UNION SELECT company_id FROM parties_relation WHERE id = ANY(%(ids)s)
    """,
}

# Whose a row was that an undo has just taken away or given back is known only to the journal.
# The ids are joined, not compared with ANY: after a large import they are a hundred thousand.
GONE = """
SELECT before -> 'party_id', before -> 'person_id', before -> 'company_id'
FROM platform_change
WHERE changeset_id = nullif(current_setting('vinculo.changeset', true), '')::bigint
AND table_name = %(table)s AND row_id IN (SELECT unnest(%(ids)s::bigint[])) AND op IN ('D', 'U')
"""


def refresh_owners_of(model: type[models.Model], ids: Sequence[int]) -> None:
    """Refresh the parties that these contact points or relations belong (or belonged) to."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        query = OWNERS[table]
        cursor.execute(query, {"ids": list(ids)} if "%(ids)s" in query else [list(ids)])
        owners = {row[0] for row in cursor.fetchall()}
        cursor.execute(GONE, {"table": table, "ids": list(ids)})
        owners.update(int(value) for row in cursor.fetchall() for value in row if value)
    refresh(_still_there(owners))
