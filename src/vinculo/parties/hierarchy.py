"""Companies above and below companies; no company is ever its own parent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import Company, Party
from vinculo.platform.models import User

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

DEEPEST = 50

# Moves in the tree wait for each other: two that are harmless alone can make a circle together.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('parties.hierarchy'))"

ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, ARRAY[id] AS path FROM parties_party WHERE id = %(from)s
    UNION ALL
    SELECT p.id, p.parent_id, path || p.id
    FROM parties_party p JOIN above ON p.id = above.parent_id
    WHERE NOT p.id = ANY(path)
)
SELECT EXISTS (SELECT 1 FROM above WHERE id = %(sought)s)
"""

UPWARDS = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, ARRAY[id] AS path FROM parties_party WHERE id = %(from)s
    UNION ALL
    SELECT p.id, p.parent_id, path || p.id
    FROM parties_party p JOIN above ON p.id = above.parent_id
    WHERE NOT p.id = ANY(path)
)
SELECT id FROM above ORDER BY array_length(path, 1)
"""

BELOW = """
WITH RECURSIVE below AS (
    SELECT id, parent_id, 1 AS depth, ARRAY[id] AS path FROM parties_party WHERE parent_id = %(top)s
    UNION ALL
    SELECT p.id, p.parent_id, depth + 1, path || p.id
    FROM parties_party p JOIN below ON p.parent_id = below.id
    WHERE depth < %(deepest)s AND NOT p.id = ANY(path) AND p.id <> %(top)s
)
SELECT id, depth FROM below ORDER BY path LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Branch:
    """A company below another one; `depth` 1 is a direct subsidiary."""

    company: Company
    depth: int


def set_parent(company: Company, parent: Company | None) -> None:
    """Put a company below another one, or with None on top.

    Raises DomainError on `parent` when the company would become its own parent.
    """
    if parent is not None:
        refuse_cycle(company.pk, parent.pk)
    company.parent = parent
    company.save(update_fields=["parent", "updated_at"])


def refuse_cycle(company_id: int | None, parent_id: int) -> None:
    """Check, until the end of the transaction, that `parent_id` is not below `company_id`.

    Raises DomainError on `parent`.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if company_id is None:
            return
        cursor.execute(ABOVE, {"from": parent_id, "sought": company_id})
        if cursor.fetchone()[0]:
            raise DomainError(
                _("A company cannot be its own parent, nor stand below one of its subsidiaries."),
                field="parent",
            )


@contextmanager
def lifted_out(companies: Sequence[Party], prefer: int | None = None) -> Iterator[None]:
    """Take companies out of the tree while they become the first of them, and put that one back.

    It stands below the parent that the first of them had (or `prefer`, if that one is named)
    which is none of them and not below any of them: merging a company with its parent must not
    put it above itself.
    """
    ids = [company.pk for company in companies]
    ordered = sorted(companies, key=lambda company: company.pk != prefer)
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        parents = [one.parent_id for one in ordered if one.parent_id and one.parent_id not in ids]
        free = (parent for parent in parents if not _is_below(cursor, parent, ids))
        parent = next(free, None)
        cursor.execute(LIFT, [ids])
        yield
        if parent is not None:
            cursor.execute(
                "UPDATE parties_party SET parent_id = %s WHERE id = %s", [parent, ids[0]]
            )


LIFT = "UPDATE parties_party SET parent_id = NULL WHERE id = ANY(%s) AND parent_id IS NOT NULL"


def _is_below(cursor: CursorWrapper, company_id: int, tops: Sequence[int]) -> bool:
    for top in tops:
        cursor.execute(ABOVE, {"from": company_id, "sought": top})
        if cursor.fetchone()[0]:
            return True
    return False


def companies_above(company: Company, user: User) -> list[Company]:
    """The parents up to the top, nearest first, up to the first one the user may not see."""
    found: list[Company] = []
    seen = {company.pk}
    parent_id = company.parent_id
    while parent_id and parent_id not in seen and len(found) < DEEPEST:
        seen.add(parent_id)
        parent = Company.objects.visible_to(user).filter(pk=parent_id).first()
        if parent is None:
            break
        found.append(parent)
        parent_id = parent.parent_id
    return found


def ids_above(company: int) -> list[int]:
    """A company's number and those of all above it, the nearest first; whoever asks is told no more
    than numbers."""
    with connection.cursor() as cursor:
        cursor.execute(UPWARDS, {"from": company})
        return [row[0] for row in cursor.fetchall()]


def companies_below(company: Company, user: User, most: int = 50) -> list[Branch]:
    """The subsidiaries of a company that the user may see, as a tree in reading order."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, {"top": company.pk, "deepest": DEEPEST, "most": most})
        depths = dict(cursor.fetchall())
    visible = Company.objects.visible_to(user).filter(pk__among=depths).defer("search")
    by_id = {found.pk: found for found in visible}
    return [Branch(by_id[pk], depth) for pk, depth in depths.items() if pk in by_id]
