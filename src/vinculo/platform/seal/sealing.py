"""Writes the seals: what was committed since the last one, however long it took to commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vinculo.kernel.clock import now
from vinculo.platform.jobs import job
from vinculo.platform.models.seals import Seal
from vinculo.platform.seal import anchors
from vinculo.platform.seal.merkle import BEGINNING, MARK, leaf, link, merkle_root
from vinculo.platform.seal.rows import (
    CHANGE_DIGEST,
    GONE,
    columns_now,
    image_marks,
    journalled_layout,
    layout_row,
    steady,
)

#: Changes per seal; more of them in a minute make several seals.
MOST = 100_000
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('vinculo.seal'))"

# Numbers are given before a transaction commits, so a low one may turn up late. What was sealed
# above the floor is known by its number; everything else above it is new.
FIRST = """
SELECT min(c.id) FROM platform_change c WHERE c.id > %(floor)s AND NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(ids) AS id FROM platform_seal WHERE last_id > %(floor)s) sealed
    WHERE sealed.id = c.id)
"""
NEW = f"""
SELECT c.id, c.changeset_id, c.table_name, c.row_id, {CHANGE_DIGEST},
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM platform_change c LEFT JOIN platform_changeset s ON s.id = c.changeset_id
WHERE c.id BETWEEN %(first)s AND %(first)s + %(most)s - 1 AND NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(ids) AS id FROM platform_seal WHERE last_id > %(floor)s) sealed
    WHERE sealed.id = c.id)
ORDER BY c.id
"""  # noqa: S608
# Every transaction that could have numbered a change up to a seal's last one has ended, once the
# oldest running transaction is younger than that seal's horizon. After a restore elsewhere the
# server counts anew: what it has not reached yet is the past.
FINAL = """
SELECT max(last_id) FROM platform_seal
WHERE last_id > %(floor)s AND (horizon <= %(oldest)s OR horizon > %(newest)s)
"""
SNAPSHOT = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""


@dataclass(frozen=True)
class _Sealed:
    """The end of the chain as the next seal needs it."""

    number: int
    chain: bytes
    total: int
    floor: int


@job("platform.seal_journal", every="* * * * *", lock="seal", atomic=False)
def seal_journal() -> None:
    """Each minute: put what was changed under a seal, and the end of the chain into the anchor."""
    while seal_once(now()):
        pass


def seal_once(at: datetime, most: int = MOST) -> Seal | None:
    """Seal the oldest changes that are not, at most `most`; None when there are none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        steady(cursor)
        last = _last()
        cursor.execute(SNAPSHOT)
        oldest, newest = cursor.fetchone()
        final = _final(cursor, last.floor, oldest, newest)
        cursor.execute(FIRST, {"floor": last.floor})
        first = cursor.fetchone()[0]
        if first is None:
            if final > last.floor:
                Seal.objects.filter(number=last.number).update(floor=final)
            return None
        cursor.execute(NEW, {"floor": last.floor, "first": first, "most": most})
        made = _seal(cursor, at, last, final, cursor.fetchall(), first + most - 1)
    anchors.write(made)
    return made


def _last() -> _Sealed:
    found = Seal.objects.order_by("-number").values("number", "chain", "total", "floor").first()
    if found is None:
        return _Sealed(0, BEGINNING, 0, 0)
    return _Sealed(found["number"], bytes(found["chain"]), found["total"], found["floor"])


def _final(cursor: Any, floor: int, oldest: int, newest: int) -> int:
    cursor.execute(FINAL, {"floor": floor, "oldest": oldest, "newest": newest})
    return max(floor, cursor.fetchone()[0] or 0)


def _seal(
    cursor: Any, at: datetime, last: _Sealed, final: int, changes: list[Any], looked_up_to: int
) -> Seal:
    columns = columns_now(cursor)
    layout = journalled_layout(columns)
    rows = {(table, row_id) for _id, _set, table, row_id, *_rest in changes}
    marks = image_marks(cursor, rows, layout, columns)
    images = [marks.get((change[2], change[3]), GONE) for change in changes]
    digests = [bytes(change[4]) for change in changes]
    root = merkle_root([leaf(*pair) for pair in zip(digests, images, strict=True)])
    number, count = last.number + 1, len(changes)
    total = last.total + count
    return Seal.objects.create(
        number=number,
        at=at,
        previous=last.chain,
        root=root,
        chain=link(last.chain, number, at, count, total, root),
        count=count,
        total=total,
        first_id=changes[0][0],
        last_id=changes[-1][0],
        horizon=changes[0][6],
        # All that is final was looked at now, up to where this seal looked.
        floor=min(final, looked_up_to),
        layout=layout_row(layout),
        ids=[change[0] for change in changes],
        changesets=[change[1] for change in changes],
        tables=[change[2] for change in changes],
        rows=[change[3] for change in changes],
        marks=b"".join(digest[:MARK] for digest in digests),
        images=b"".join(images),
    )
