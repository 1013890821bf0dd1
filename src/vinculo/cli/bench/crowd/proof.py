"""Afterwards: is every acknowledged write there, and is anything there twice?"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from vinculo.cli.bench.crowd.ledger import BULK, CALL, EDIT, FORM, PROGRAM, TASK, Ledger

#: Longest time until the queue is empty: jobs of a killed worker are given back after half a minute.
DRAINED = 150.0  # seconds

# How often each mark is found. A fact that was overwritten since lies in the journal.
WHERE = {
    CALL: (
        "SELECT body, count(*) FROM interactions_interaction WHERE body = ANY(%(marks)s) GROUP BY 1",
        "SELECT title, count(*) FROM interactions_task WHERE title = ANY(%(marks)s) GROUP BY 1",
    ),
    TASK: (
        "SELECT title, count(*) FROM interactions_task WHERE title = ANY(%(marks)s) GROUP BY 1",
    ),
    FORM: ("SELECT name, count(*) FROM parties_party WHERE name = ANY(%(marks)s) GROUP BY 1",),
    PROGRAM: ("SELECT name, count(*) FROM parties_party WHERE name = ANY(%(marks)s) GROUP BY 1",),
    EDIT: (
        "SELECT held, count(*) FROM ("
        " SELECT preferences AS held FROM parties_party WHERE preferences = ANY(%(marks)s)"
        " UNION ALL SELECT before->>'preferences' FROM platform_change"
        " WHERE table_name = 'parties_party' AND op = 'U' AND at >= %(since)s"
        " AND before->>'preferences' = ANY(%(marks)s)) found GROUP BY 1",
    ),
    # A change of many counts by its job's effects: one note to its owner, and (below) its rows.
    BULK: (
        "SELECT run.token, count(*) FROM records_bulkrun run JOIN platform_notification note"
        " ON note.url = '/bulk/' || run.id WHERE run.token = ANY(%(marks)s)"
        " AND run.status = 'done' GROUP BY 1",
    ),
}
# Rows that a change of many says it changed, and those that carry its tag or are journalled.
RUNS = """
SELECT run.token, run.changed,
    (SELECT count(*) FROM parties_party p WHERE p.tags @> ARRAY[run.token::text]::varchar[]),
    (SELECT count(*) FROM platform_change c WHERE c.changeset_id = run.changeset_id
        AND c.table_name = 'parties_party' AND c.op = 'U')
FROM records_bulkrun run WHERE run.token = ANY(%(marks)s)
"""
WAITING = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
            AND (scheduled_at IS NULL OR scheduled_at <= now()))
     + (SELECT count(*) FROM platform_event WHERE delivered_at IS NULL)
"""


@dataclass
class Proof:
    """What was found. All but the first two must be empty or 0."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    unacknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    jobs_run: int = 0
    jobs_wrong: list[str] = field(default_factory=list)
    left_waiting: int = 0  # jobs and events that nobody carried out
    failed_jobs: int = 0
    outside: int = 0  # change-sets of writes past every action
    journal: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing acknowledged is lost and nothing is there twice."""
        wrong = (self.lost, self.twice, self.jobs_wrong, self.journal)
        return not any(wrong) and not (self.left_waiting or self.failed_jobs or self.outside)

    def as_json(self) -> dict[str, Any]:
        """The counts and the first of each kind of trouble."""
        return {**asdict(self), "holds": self.holds}


@dataclass(frozen=True)
class Before:
    """What stood in the journal before the crowd came."""

    at: Any
    outside: int
    failed_jobs: int


def before() -> Before:
    """Look at what is there already, so that only what the crowd adds is counted."""
    return Before(_one("SELECT now()"), _outside(), _failed())


def prove(ledger: Ledger, earlier: Before) -> Proof:
    """Look up every write; waits until jobs and events are dealt with."""
    proof = Proof(left_waiting=_drained())
    for kind in WHERE:
        _look_up(kind, ledger, earlier, proof)
    _look_at_runs(ledger, proof)
    proof.outside = _outside() - earlier.outside
    proof.failed_jobs = _failed() - earlier.failed_jobs
    proof.journal = _journal()
    return proof


def _look_up(kind: str, ledger: Ledger, earlier: Before, proof: Proof) -> None:
    writes = ledger.of(kind)
    values = {"marks": [write.mark for write in writes], "since": earlier.at}
    for question in WHERE[kind]:
        found = dict(_rows(question, values))
        for write in writes:
            times = found.get(write.mark, 0)
            if write.acknowledged and not times:
                proof.lost.append(write.mark)
            if times > 1:
                proof.twice.append(f"{write.mark}: {times} times")
    acknowledged = sum(write.acknowledged for write in writes)
    proof.acknowledged[kind] = acknowledged
    proof.unacknowledged += len(writes) - acknowledged


def _look_at_runs(ledger: Ledger, proof: Proof) -> None:
    marks = [write.mark for write in ledger.of(BULK)]
    for mark, changed, tagged, journalled in _rows(RUNS, {"marks": marks}):
        proof.jobs_run += 1
        if not changed == tagged == journalled:
            proof.jobs_wrong.append(f"{mark}: {changed} said, {tagged} tagged, {journalled} noted")


def _drained() -> int:
    """Wait for the queue; how much is left when it takes too long."""
    until = time.monotonic() + DRAINED
    while (waiting := int(_one(WAITING))) and time.monotonic() < until:
        time.sleep(0.5)
    return waiting


def _journal() -> list[str]:
    """What `vinculo doctor journal` says, after everything is sealed."""
    from vinculo.platform.seal.checking import check_journal
    from vinculo.platform.seal.sealing import seal_journal

    seal_journal()
    return [finding.what for finding in check_journal().findings]


def _outside() -> int:
    return int(_one("SELECT count(*) FROM platform_changeset WHERE verb = 'outside'"))


def _failed() -> int:
    return int(_one("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))


def _one(question: str) -> Any:
    return _rows(question, None)[0][0]


def _rows(question: str, values: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()
