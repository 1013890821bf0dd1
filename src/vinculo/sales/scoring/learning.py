"""The job: gather, learn in a process of its own, keep what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from vinculo.kernel.apart import run_apart
from vinculo.kernel.clock import now
from vinculo.records.registry import entity
from vinculo.sales.scoring.gathering import Gathered, gather
from vinculo.sales.scoring.models import SCORES, ScoreTraining, Verdict
from vinculo.sales.scoring.statistics.apart import learn_there
from vinculo.sales.scoring.statistics.sheet import Learned, missing
from vinculo.sales.scoring.subject import Subject

#: So many trainings of a record type are kept.
KEPT = 60
CHUNK = 2_000

# Beside the records' other columns, for lists. Not in the journal: it follows from what is.
WRITE = """
UPDATE {table} d SET score = found.percent
FROM (SELECT one.id, s.percent FROM {table} one
      LEFT JOIN {scores} s ON s.record_id = one.id
      WHERE one.score IS DISTINCT FROM s.percent) found
WHERE d.id = found.id
"""


def train(subject: Subject, watch: Callable[[], None] = lambda: None) -> ScoreTraining:
    """Learn from all decided records of a type anew, and score the open ones if it is worth
    anything. `watch` is called every moment: what it raises ends the work.

    Older scores go: where nothing is to be learned any more, no record has one.
    """
    began = time.monotonic()
    gathered = gather(subject)
    won = sum(gathered.decided.won)
    lost = len(gathered.decided.won) - won
    training = ScoreTraining(entity=subject.key, at=now(), won=won, lost=lost, verdict=Verdict.FEW)
    learned: Learned | None = None
    if not missing(won, lost):
        learned = run_apart(learn_there, gathered.decided, gathered.waiting, watch=watch)
        training.verdict, training.report = learned.verdict, learned.report
    training.report["left_out"] = [*gathered.left_out, *training.report.get("left_out", [])]
    training.seconds = round(time.monotonic() - began, 1)
    with transaction.atomic():
        training.save()
        _keep(subject, training, gathered, learned)
    return training


def _keep(
    subject: Subject, training: ScoreTraining, gathered: Gathered, learned: Learned | None
) -> None:
    kept: Any = SCORES[subject.key]
    kept.objects.all().delete()
    if learned is not None and learned.scores:
        words = {one.name: one.values for one in gathered.waiting.columns if not one.is_number}
        rows = [
            kept(
                record_id=pk,
                training=training,
                percent=percent,
                why=[[*f, words[f[0]][at] if f[0] in words else None] for f in factors],
            )
            for at, (pk, (percent, factors)) in enumerate(
                zip(gathered.waiting_ids, learned.scores, strict=True)
            )
        ]
        kept.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
        training.scored = len(rows)
        training.save(update_fields=["scored"])
    table = entity(subject.key).model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(table=table, scores=kept._meta.db_table))
    older = ScoreTraining.objects.filter(entity=subject.key).order_by("-pk")
    old = older.values_list("pk", flat=True)[KEPT:]
    ScoreTraining.objects.filter(pk__in=list(old)).delete()
