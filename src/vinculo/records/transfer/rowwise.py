"""Writing a file one row after the other, by the same verbs as a form.

What would happen is found out by doing it and taking it back: a rehearsal, which the import itself
does without. That is some hundred rows a second; what people bring by the hundred thousand has a
writer by the set.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from vinculo.kernel.errors import DomainError, _
from vinculo.records.fields import Label
from vinculo.records.transfer.copying import copy_line
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.staging import Prepared

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.plan import Plan

CHUNK = 500

Outcome = tuple[int, str, str | None, DomainError | None]
"""A row's place in the file, what came of it, why, and what it was refused by."""


class TextsPreparer:
    """Stages each row as the texts of its mapped columns."""

    def __init__(self, columns: tuple[tuple[int, str], ...]) -> None:
        self.columns = columns

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """Stage the rows (line number, cells)."""
        prepared = Prepared()
        lines = []
        for number, cells in rows:
            prepared.rows += 1
            texts = {key: cells[at].strip() for at, key in self.columns if cells[at].strip()}
            lines.append(copy_line((number, json.dumps(texts, ensure_ascii=False))))
        prepared.blocks = {"import_rows": "".join(lines)}
        return prepared


class RowWriter:
    """Writes staged rows one by one; what one row comes to is its heir's to say, in `each`."""

    entity_key = ""
    decides_by_writing = True
    tables: Mapping[str, Sequence[str]] = {"import_rows": ("row", "texts")}
    reasons: Mapping[str, str] = {
        "exists": _("There is such a record already."),
        "unknown": _("No record matches this row."),
        "same": _("Nothing to change: the record says the same already."),
    }

    def each(self, cursor: Any, plan: Plan, user: User, *, rehearsal: bool) -> Iterator[Outcome]:
        """Do every staged row, and say what came of it; a rehearsal is taken back afterwards."""
        raise NotImplementedError

    def targets(self, user: User) -> Sequence[Target]:
        """What columns of a file may fill when this user imports."""
        raise NotImplementedError

    def keys(self, user: User) -> Sequence[tuple[str, Label]]:
        """The targets by which known records can be recognised, the surest first."""
        raise NotImplementedError

    def complete(self, plan: Plan, user: User) -> str:
        """Why the plan cannot create records (an English msgid), or ""."""
        raise NotImplementedError

    def makes(self, user: User) -> Label:
        """What comes into being beside the records where the plan names it: nothing."""
        return ""

    def preparer(self, plan: Plan, user: User) -> TextsPreparer:
        """What turns rows into staged ones."""
        return TextsPreparer(plan.columns)

    def create_tables(self, cursor: Any) -> None:
        """Create the empty staging table."""
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_rows")
        cursor.execute("CREATE TEMPORARY TABLE import_rows (row bigint, texts text) ON COMMIT DROP")

    def finish_tables(self, cursor: Any) -> None:
        """Index the staged rows by their place in the file."""
        cursor.execute("CREATE INDEX ON import_rows (row)")

    def decide(self, cursor: Any, plan: Plan, user: User) -> None:
        """Rehearse every row and take all of it back; what is left are the outcomes."""
        rehearsal = transaction.savepoint()
        told = list(self.each(cursor, plan, user, rehearsal=True))
        transaction.savepoint_rollback(rehearsal)
        self.taken_back()
        _keep(cursor, told)

    def taken_back(self) -> None:
        """The rehearsal is undone: forget what this process remembers of it."""

    def warned(self, cursor: Any, user: User) -> list[tuple[str, dict[str, Any], int]]:
        """Nothing."""
        return []

    def write(self, cursor: Any, plan: Plan, user: User) -> None:
        """Do every row, and keep what came of it."""
        _keep(cursor, list(self.each(cursor, plan, user, rehearsal=False)))


def _keep(cursor: Any, told: Sequence[Outcome]) -> None:
    """Put the outcomes where the report reads them."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.import_outcome")
    cursor.execute(
        "CREATE TEMPORARY TABLE import_outcome (row bigint PRIMARY KEY, outcome text,"
        " reason text) ON COMMIT DROP"
    )
    with cursor.copy("COPY import_outcome (row, outcome, reason) FROM STDIN") as copy:
        for row, outcome, reason, error in told:
            if error is None:
                copy.write(copy_line((row, outcome, reason)))
    with cursor.copy("COPY import_refusal (row, reason, params) FROM STDIN") as copy:
        for row, _outcome, _reason, error in told:
            if error is not None:
                params = json.dumps(error.params, default=str)
                copy.write(copy_line((row, error.message, params)))


def staged(cursor: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """The staged rows in the order of the file: place, target → text."""
    after = -1
    while True:
        cursor.execute(
            "SELECT row, texts FROM import_rows WHERE row > %s ORDER BY row LIMIT %s",
            [after, CHUNK],
        )
        rows = cursor.fetchall()
        for row, texts in rows:
            yield row, json.loads(texts)
        if not rows:
            return
        after = rows[-1][0]
