"""Looking through all records for doubles: gathered, scored in a process of its own, kept.

The scoring takes gigabytes for a million records; its process ends with it, so that the worker
stays as small as it was.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from vinculo.kernel.apart import run_apart
from vinculo.kernel.clock import now
from vinculo.parties.matching.clusters import Clusters
from vinculo.parties.matching.gathering import gather
from vinculo.parties.matching.models import DuplicateSearch, PossibleDuplicate
from vinculo.parties.matching.scoring import write_pairs
from vinculo.records.transfer.copying import copy_line

KINDS = ("company", "person")
COLUMNS = ("one_id", "other_id", "score", "weight", "levels")

Watch = Callable[[int], None]
"""Called with how many more records are done; raises to stop."""


def find(kind: str, watch: Watch = lambda _rows: None) -> DuplicateSearch:
    """Look for doubles among all companies or all people and keep what was found.

    Replaces what an earlier search had found; what people have said of pairs stays.
    """
    began = time.monotonic()
    with TemporaryDirectory(prefix="vinculo-matching-") as folder, transaction.atomic():
        workspace = Path(folder)
        records, points, pairs = (workspace / name for name in ("r.csv", "p.csv", "pairs.csv"))
        number = gather(kind, records, points, watch)
        run_apart(write_pairs, records, points, pairs, watch=lambda: watch(0))
        kept = _keep(kind, pairs)
        search, _made = DuplicateSearch.objects.update_or_create(
            kind=kind,
            defaults={
                "at": now(),
                "records": number,
                "pairs": kept,
                "seconds": round(time.monotonic() - began, 1),
            },
        )
    return search


def _keep(kind: str, pairs: Path) -> int:
    """Replace the pairs of this kind; how many there are now."""
    clusters = Clusters()
    for one, other in ((int(row[0]), int(row[1])) for row in _rows(pairs)):
        clusters.join(one, other)
    table = PossibleDuplicate._meta.db_table
    columns = ", ".join(("kind", *COLUMNS, "cluster"))
    kept = 0
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE kind = %s", [kind])  # noqa: S608
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in _rows(pairs):
                copy.write(copy_line((kind, *row, clusters.of(int(row[0])))))
                kept += 1
        cursor.execute(f"ANALYZE {table}")
    return kept


def _rows(pairs: Path) -> Iterator[list[str]]:
    with pairs.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file)
