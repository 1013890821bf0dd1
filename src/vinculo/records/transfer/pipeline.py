"""From a file to records: read, prepare in two processes, copy, decide, write.

One transaction and one change-set hold everything, so an import is there whole or not at all, and
one undo takes it back. A dry run is the same up to the decisions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.platform.actions import OTHER_VERBS
from vinculo.records.transfer.copying import copy_line
from vinculo.records.transfer.plan import Plan, check_plan
from vinculo.records.transfer.pool import prepared_chunks
from vinculo.records.transfer.reading import Table
from vinculo.records.transfer.staging import Prepared, RowPreparer
from vinculo.records.transfer.transforms import with_changes
from vinculo.records.transfer.writer import BulkWriter

if TYPE_CHECKING:
    from vinculo.platform.models import User

OTHER_VERBS["records.import"] = gettext_lazy("Import")

OUTCOMES = ("created", "updated", "skipped", "refused")
SAMPLES = 5

Sample = tuple[int, str, dict[str, Any]]
"""A row: its line in the file, why it came out as it did (English msgid), and parameters."""

Progress = Callable[[str, int], None]
"""Called with the stage (reading, deciding, writing) and the rows read so far; may raise to stop."""


@dataclass(slots=True)
class Result:
    """What came (or would come) of a file. seen = created + updated + skipped + refused, always."""

    counts: dict[str, int]
    left_out: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    reasons: list[tuple[str, str, dict[str, Any], int]] = field(default_factory=list)
    changeset_id: int | None = None


def import_table(
    *,
    user: User,
    entity_key: str,
    table: Table,
    plan: Plan,
    writer: BulkWriter,
    dry_run: bool,
    label: str,
    progress: Progress,
    refused_to: Callable[[Iterator[Sample]], None],
) -> Result:
    """Carry out the plan as this user; `refused_to` gets every refused row with its reason."""
    if plan.mode != "update":
        require(user, entity_key, "add")
    if plan.mode != "create":
        require(user, entity_key, "edit")
    check_plan(plan, table, writer, user)
    holding = (
        nullcontext()
        if dry_run
        else journal.change_set(actor=user, verb="records.import", label=label)
    )
    with transaction.atomic(), holding as opened, connection.cursor() as cursor:
        stager = _Stager(cursor, writer, progress)
        stager.fill(table, with_changes(writer.preparer(plan, user), plan.transforms))
        if dry_run or not writer.decides_by_writing:
            progress("deciding", stager.seen)
            writer.decide(cursor, plan, user)
        warned = writer.warned(cursor, user)
        if not dry_run:
            progress("writing", stager.seen)
            writer.write(cursor, plan, user)
            progress("writing", stager.seen)
        result = _result(cursor, stager, writer)
        result.reasons += [("warned", *one) for one in warned]
        if not dry_run:
            result.changeset_id = opened.id if opened else None
        refused_to(_refused(cursor, writer))
        _drop(cursor, writer)
    return result


class _Stager:
    """Copies the prepared rows of a file into the writer's staging tables."""

    def __init__(self, cursor: Any, writer: BulkWriter, progress: Progress) -> None:
        self.cursor = cursor
        self.writer = writer
        self.progress = progress
        self.seen = 0
        self.left_out: Counter[str] = Counter()

    def fill(self, table: Table, preparer: RowPreparer) -> None:
        """Read, prepare and copy the whole file."""
        self.writer.create_tables(self.cursor)
        self.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_refusal")
        self.cursor.execute(
            "CREATE TEMPORARY TABLE import_refusal (row bigint, reason text, params jsonb)"
            " ON COMMIT DROP"
        )
        with prepared_chunks(table, preparer) as chunks:
            for chunk in chunks:
                self._copy(chunk)
                self.progress("reading", self.seen)
        self.cursor.execute("CREATE INDEX ON import_refusal (row)")
        self.writer.finish_tables(self.cursor)

    def _copy(self, chunk: Prepared) -> None:
        for name, columns in self.writer.tables.items():
            if block := chunk.blocks.get(name):
                self._copy_block(name, columns, block)
        if chunk.refused:
            lines = (
                copy_line((number, reason, json.dumps(params, default=str)))
                for number, reason, params in chunk.refused
            )
            self._copy_block("import_refusal", ("row", "reason", "params"), "".join(lines))
        self.seen += chunk.rows
        self.left_out.update(chunk.left_out)

    def _copy_block(self, name: str, columns: Iterable[str], block: str) -> None:
        with self.cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            copy.write(block)


_COUNTS = """
SELECT outcome, coalesce(reason, ''), NULL, count(*) FROM import_outcome GROUP BY 1, 2
UNION ALL
SELECT 'refused', reason, min(params::text), count(*) FROM import_refusal GROUP BY reason
"""
_SAMPLES = """
SELECT row, outcome, reason, params FROM (
    SELECT *, row_number() OVER (PARTITION BY outcome ORDER BY row) AS place FROM (
        SELECT row, outcome, coalesce(reason, '') AS reason, NULL::text AS params
        FROM import_outcome
        UNION ALL SELECT row, 'refused', reason, params::text FROM import_refusal
    ) every
) placed WHERE place <= %s ORDER BY outcome, row
"""
_REFUSED = """
(SELECT row, reason, NULL::text AS params FROM import_outcome
 WHERE outcome = 'refused' AND row > %(after)s ORDER BY row LIMIT %(most)s)
UNION ALL
(SELECT row, reason, params::text FROM import_refusal
 WHERE row > %(after)s ORDER BY row LIMIT %(most)s)
ORDER BY row LIMIT %(most)s
"""


def _result(cursor: Any, stager: _Stager, writer: BulkWriter) -> Result:
    counts = dict.fromkeys(OUTCOMES, 0)
    reasons: list[tuple[str, str, dict[str, Any], int]] = []
    cursor.execute(_COUNTS)
    for outcome, reason, params, number in cursor.fetchall():
        counts[outcome] += number
        if reason:
            sentence = writer.reasons.get(reason, reason)
            reasons.append((outcome, sentence, json.loads(params or "{}"), number))
    samples: dict[str, list[Sample]] = {}
    cursor.execute(_SAMPLES, [SAMPLES])
    for row, outcome, reason, params in cursor.fetchall():
        sentence = writer.reasons.get(reason, reason)
        samples.setdefault(outcome, []).append((row, sentence, json.loads(params or "{}")))
    if sum(counts.values()) != stager.seen:
        raise RuntimeError(f"{stager.seen} rows were read, but {counts} accounted for.")
    return Result(
        counts={"seen": stager.seen, **counts},
        left_out=dict(stager.left_out),
        samples=samples,
        reasons=sorted(reasons, key=lambda item: -item[3]),
    )


def _refused(cursor: Any, writer: BulkWriter) -> Iterator[Sample]:
    """Every refused row in the order of the file: line, reason (msgid), parameters."""
    place = {"after": -1, "most": 5_000}
    while True:
        cursor.execute(_REFUSED, place)
        rows = cursor.fetchall()
        for row, reason, params in rows:
            yield row, writer.reasons.get(reason, reason), json.loads(params or "{}")
        if not rows:
            return
        place["after"] = rows[-1][0]


def _drop(cursor: Any, writer: BulkWriter) -> None:
    """Clear the staging tables now: the transaction may belong to somebody larger."""
    tables = [*writer.tables, "import_refusal", "import_outcome"]
    for name in tables:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
