"""Holds the journal against its seals, and the records against the journal."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vinculo.platform.models.seals import Seal
from vinculo.platform.seal import anchors
from vinculo.platform.seal.merkle import BEGINNING, MARK, leaf, link, merkle_root
from vinculo.platform.seal.rows import (
    CHANGE_DIGEST,
    GONE,
    Layout,
    columns_now,
    image_marks,
    steady,
)

#: Changes that are looked at together.
AT_ONCE = 100_000
MOST_NAMED = 20

SEALED = f"""
SELECT c.id, c.changeset_id, c.table_name, c.row_id, c.op, c.before IS NULL AND
    c.before_digest IS NOT NULL, {CHANGE_DIGEST}, NOT EXISTS (
        SELECT 1 FROM platform_change n
        WHERE n.table_name = c.table_name AND n.row_id = c.row_id AND n.id > c.id)
FROM (SELECT unnest(ids) AS id FROM platform_seal WHERE number BETWEEN %(first)s AND %(last)s) k
JOIN platform_change c ON c.id = k.id AND c.id BETWEEN %(low)s AND %(high)s
LEFT JOIN platform_changeset s ON s.id = c.changeset_id
"""  # noqa: S608
NOT_SEALED = """
FROM platform_change c WHERE {where} NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(ids) AS id FROM platform_seal) k WHERE k.id = c.id)
"""
UNKNOWN = """
SELECT t.id FROM "{table}" t WHERE NOT EXISTS (
    SELECT 1 FROM platform_change c WHERE c.table_name = %s AND c.row_id = t.id)
ORDER BY t.id LIMIT %s
"""


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit, in a sentence that names it."""

    what: str


@dataclass
class Report:
    """What a check saw: how much was looked at, and what does not fit (at most twenty named)."""

    seals: int = 0
    changes: int = 0
    erased: int = 0
    waiting: int = 0
    not_compared: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def add(self, what: str) -> None:
        """Note what does not fit."""
        if len(self.findings) < MOST_NAMED:
            self.findings.append(Finding(what))

    @property
    def full(self) -> bool:
        """Whether enough is named: more would not help anybody."""
        return len(self.findings) >= MOST_NAMED


def check_journal() -> Report:
    """Verify every seal, every sealed change, every row's last state, and the anchors."""
    report = Report()
    begins_here = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if begins_here:
            # One instant for all questions, while the application goes on writing.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        steady(cursor)
        _check_chain(report)
        columns = columns_now(cursor)
        for batch in _batches():
            if not report.full:
                _check_batch(cursor, batch, columns, report)
        _check_unsealed(cursor, report)
        _check_unknown_rows(cursor, columns, report)
        _check_anchors(report)
    return report


def _check_chain(report: Report) -> None:
    """Each seal follows from the one before it."""
    previous, number, total = BEGINNING, 0, 0
    seals = Seal.objects.order_by("number").defer(
        "ids", "changesets", "tables", "rows", "marks", "images"
    )
    for seal in seals.iterator():
        number, total = number + 1, total + seal.count
        chain = link(previous, number, seal.at, seal.count, total, bytes(seal.root))
        if seal.number != number:
            report.add(f"Seal {number} is gone from the chain.")
            number, total = seal.number, seal.total
        elif (bytes(seal.previous), bytes(seal.chain), seal.total) != (previous, chain, total):
            report.add(f"Seal {number} of {_minute(seal.at)} does not follow from the one before.")
        previous = bytes(seal.chain)
        report.seals += 1
        report.changes += seal.count


def _batches() -> Iterator[list[Seal]]:
    """Seals in their order, some at a time, so that any journal fits into memory."""
    sizes = Seal.objects.order_by("number").values_list("number", "count")
    numbers: list[int] = []
    count = 0
    for number, size in list(sizes):
        if numbers and count + size > AT_ONCE:
            yield _seals(numbers)
            numbers, count = [], 0
        numbers.append(number)
        count += size
    if numbers:
        yield _seals(numbers)


def _seals(numbers: list[int]) -> list[Seal]:
    found = Seal.objects.filter(number__range=(numbers[0], numbers[-1]))
    return list(found.select_related("layout").order_by("number"))


def _check_batch(cursor: Any, seals: list[Seal], columns: Layout, report: Report) -> None:
    place = {
        "first": seals[0].number,
        "last": seals[-1].number,
        "low": min(seal.first_id for seal in seals),
        "high": max(seal.last_id for seal in seals),
    }
    cursor.execute(SEALED, place)
    found: dict[int, Any] = {}
    for row in cursor.fetchall():
        if row[0] in found:
            report.add(f"{_named(row[2], row[3])}: a second change {row[0]} was added.")
        found[row[0]] = row
    for seal in seals:
        _check_seal(seal, found, report)
        _check_images(cursor, seal, found, columns, report)


def _check_seal(seal: Seal, found: dict[int, Any], report: Report) -> None:
    """Every change that was sealed is there and says what it said."""
    marks, images = bytes(seal.marks), bytes(seal.images)
    before = len(report.findings)
    leaves = []
    for place, change_id in enumerate(seal.ids):
        row = found.get(change_id)
        named = _named(seal.tables[place], seal.rows[place])
        circumstances = f"change-set {seal.changesets[place]}, sealed {_minute(seal.at)}"
        if row is None:
            report.add(f"{named}: change {change_id} ({circumstances}) was removed.")
            continue
        report.erased += row[5]
        digest = bytes(row[6])
        if digest[:MARK] != marks[place * MARK : (place + 1) * MARK]:
            report.add(f"{named}: change {change_id} ({circumstances}) was altered.")
        leaves.append(leaf(digest, images[place * MARK : (place + 1) * MARK]))
    if before == len(report.findings) and merkle_root(leaves) != bytes(seal.root):
        report.add(f"Seal {seal.number} of {_minute(seal.at)} was altered.")


def _check_images(
    cursor: Any, seal: Seal, found: dict[int, Any], columns: Layout, report: Report
) -> None:
    """A row whose last change is sealed is as that change left it."""
    last = {
        (row[2], row[3]): place
        for place, change_id in enumerate(seal.ids)
        if (row := found.get(change_id)) is not None and row[7]
    }
    present = image_marks(cursor, last, seal.layout.tables, columns)
    for key, place in last.items():
        if key not in present:
            report.not_compared.add(key[0])
            continue
        wanted = bytes(seal.images)[place * MARK : (place + 1) * MARK]
        if present[key] == wanted:
            continue
        what = "was changed"
        if GONE in (present[key], wanted):
            what = "was removed" if wanted != GONE else "came back"
        report.add(
            f"{_named(*key)} {what} without the journal, after change {seal.ids[place]} "
            f"(change-set {seal.changesets[place]}, sealed {_minute(seal.at)})."
        )


def _check_unsealed(cursor: Any, report: Report) -> None:
    """What is below the floor and under no seal was slipped in; what is above waits for its seal."""
    last = Seal.objects.order_by("-number").values("floor").first()
    floor = last["floor"] if last else 0
    cursor.execute("SELECT count(*)" + NOT_SEALED.format(where="c.id > %s AND"), [floor])
    report.waiting = cursor.fetchone()[0]
    columns = "SELECT c.id, c.table_name, c.row_id, c.changeset_id, c.at "
    slipped_in = columns + NOT_SEALED.format(where="c.id <= %s AND") + " ORDER BY c.id LIMIT 20"
    cursor.execute(slipped_in, [floor])
    for change_id, table, row_id, changeset, at in cursor.fetchall():
        report.add(
            f"{_named(table, row_id)}: change {change_id} (change-set {changeset}, "
            f"{_minute(at)}) was added."
        )


def _check_unknown_rows(cursor: Any, columns: Layout, report: Report) -> None:
    """Every row of a journalled table was made by a change."""
    for table in sorted(columns):
        cursor.execute(UNKNOWN.format(table=table), [table, MOST_NAMED])
        for (row_id,) in cursor.fetchall():
            report.add(f"{_named(table, row_id)} was added without the journal.")


def _check_anchors(report: Report) -> None:
    """The chain still has what the files say it had."""
    written, damaged = anchors.read_all()
    for file in damaged:
        report.add(f"The anchor {file} cannot be read.")
    seals = Seal.objects.in_bulk([anchor.number for anchor in written])
    by_reason: dict[str, list[str]] = defaultdict(list)
    for anchor in written:
        seal = seals.get(anchor.number)
        if seal is None:
            by_reason["names a seal that the chain does not have"].append(anchor.file.name)
        elif (bytes(seal.chain).hex(), seal.total) != (anchor.chain, anchor.total):
            by_reason["does not fit the chain"].append(anchor.file.name)
    for reason, files in by_reason.items():
        report.add(
            f"The anchor {files[0]} {reason}: the chain was rewritten since, or an older backup "
            f"restored ({len(files)} of {len(written)} anchors)."
        )


def _named(table: str, row_id: int) -> str:
    return f"{table} {row_id}"


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
