"""Search over all record types: each table's own search keys, the best matches first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from vinculo.kernel.text import fold, sort_key
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.plans import planned_anew
from vinculo.records.lists import narrow, searched
from vinculo.records.registry import entities

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: Matches looked at before ranking: enough to find the good ones, few enough for a busy key.
CANDIDATES = 60


@dataclass(frozen=True)
class Group:
    """The matches of one record type."""

    entity: "Entity"
    records: list[Any]


def search(user: "User", text: str, each: int = 6, *, late: bool | None = None) -> list[Group]:
    """The best matches per record type, of what `user` may see; empty when nothing is searchable.

    `late` asks only for the record types that are found after the others (`Entity.search_late`), or
    only for those others.
    """
    groups = []
    rights = rights_of(user)
    for entity in entities():
        if not entity.search or rights.scope(entity.key) is Scope.NONE:
            continue
        if late is not None and entity.search_late is not late:
            continue
        records = best_matches(entity, user, text, each)
        if records:
            groups.append(Group(entity, records))
    return sorted(groups, key=lambda group: (group.entity.nav_order, group.entity.key))


def searched_late(user: "User") -> bool:
    """Whether the reader sees any record type that is found after the others."""
    rights = rights_of(user)
    return any(one.search_late and rights.scope(one.key) is not Scope.NONE for one in entities())


@planned_anew()
def best_matches(entity: "Entity", user: "User", text: str, most: int) -> list[Any]:
    """The `most` best matches: what begins with the text, then what contains all its words.

    Two bounded queries: the first walks the name index from the text on, the second asks the
    search keys and is ranked here, so a key that a hundred thousand records share stays cheap.
    """
    rows = narrow(entity.visible(user), entity.fields_for(user, entity.subtitle), entity, None)
    found: dict[int, Any] = {}
    title = entity.all_fields.get(entity.title)
    start = sort_key(text)
    if title is not None and title.sort == "sort_name" and start:
        first = rows.filter(sort_name__gte=start, sort_name__lt=start + "\uffff")
        for record in first.order_by("sort_name", "pk")[:most]:
            found[record.pk] = record
    if len(found) < most:
        hits = _hits(entity.visible(user).filter(searched(entity, user, text)))
        for record in rows.filter(pk__among=hits) if hits else ():
            found.setdefault(record.pk, record)
    wanted = fold(text)
    return sorted(found.values(), key=lambda record: _rank(str(record), wanted))[:most]


#: Of a bounded question PostgreSQL hopes to meet enough rows soon when it reads the table from its
#: start, and reads all of it for a word that only other record types have. Asked for all, it takes
#: the index, and still stops at the bound.
HITS = "WITH hits AS MATERIALIZED ({question}) SELECT * FROM hits LIMIT %s"


def _hits(rows: Any) -> list[int]:
    """The ids of some of the rows that the search keys find."""
    try:
        question, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(HITS.format(question=question), [*values, CANDIDATES])
        return [row[0] for row in cursor.fetchall()]


def _rank(title: str, wanted: str) -> tuple[int, int, str]:
    folded = fold(title)
    if folded == wanted:
        place = 0
    elif folded.startswith(wanted):
        place = 1
    elif f" {wanted}" in folded:
        place = 2
    else:
        place = 3 if wanted in folded else 4
    return place, len(folded), folded
