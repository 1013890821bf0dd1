"""Search over all record types: each table's own search keys, the best matches first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

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
#: So many of the newest rows are looked through first where common words are in millions of rows.
NEWEST = 1_000


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

    Bounded queries: the first walks the name index from the text on, the second asks the
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
        hits = (
            _late(entity, user, text, most) if entity.search_late else _sought(entity, user, text)
        )
        for record in rows.filter(pk__among=hits) if hits else ():
            found.setdefault(record.pk, record)
    wanted = fold(text)
    return sorted(found.values(), key=lambda record: _rank(str(record), wanted))[:most]


def _sought(entity: "Entity", user: "User", text: str, *, whole: bool = False) -> list[int]:
    return _hits(entity.visible(user).filter(searched(entity, user, text, whole=whole)))


def _late(entity: "Entity", user: "User", text: str, most: int) -> list[int]:
    """Matches where common words are in millions of rows: among the newest first, because what was
    said last is what is looked for and a common word is soon met there; then of the words as they
    stand, because the index need not gather all that begins like them; and by the beginning of
    the last word where those are too few, for who is still typing."""
    found = _newest(entity, user, text, most)
    if not found:
        found = _sought(entity, user, text, whole=True)
        named = len(text.split()) > 1
        if len(found) < (1 if named else most):
            found = _sought(entity, user, text)
    return found


def _newest(entity: "Entity", user: "User", text: str, most: int) -> list[int]:
    """The matches among the newest rows, where these are as many as are wanted; else none.

    Only for record types that stand by their time, and for readers of whose rows the newest can
    be had from an index.
    """
    if not entity.default_sort.startswith("-"):
        return []
    scope = rights_of(user).scope(entity.key)
    owner = entity.model.reach.owner  # type: ignore[attr-defined]
    rows = entity.queryset()
    if scope is Scope.OWN and owner:
        rows = rows.filter(**{owner: user})
    elif scope is not Scope.ALL:
        return []
    newest = list(rows.order_by(entity.default_sort, "-pk").values_list("pk", flat=True)[:NEWEST])
    found = entity.visible(user).filter(searched(entity, user, text), pk__among=newest)
    with transaction.atomic(), connection.cursor() as cursor:
        # By their numbers: a word's own index would gather all rows that have it.
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        hits = list(found.order_by().values_list("pk", flat=True)[:CANDIDATES])
        cursor.execute("SET LOCAL enable_bitmapscan = on")
    return hits if len(hits) >= most else []


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
