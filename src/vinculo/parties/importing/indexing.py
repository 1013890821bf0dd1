"""The search index of many new parties at once.

A party has some sixty search keys, and filing them one party after the other is most of the time
of an import. PostgreSQL can note new entries in a list that searches read too, and file them
later: found at once, filed by a worker after the import has committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from vinculo.parties.indexes import SEARCH_INDEXES
from vinculo.platform.jobs import enqueue, job

WORTH_IT = 1_000
"""Fewer new parties than this are filed at once: searches stay at their full speed."""


@contextmanager
def filed_later(cursor: Any, parties: int) -> Iterator[None]:
    """While many parties are inserted, note their search keys in the index's list.

    Only this transaction does so: before it commits, the index is as it was for everybody else.
    """
    if parties < WORTH_IT:
        yield
        return
    _set_noting(cursor, "on")
    # Otherwise the list is emptied every few megabytes, in the middle of the import.
    cursor.execute("SET LOCAL gin_pending_list_limit = 2097151")
    yield
    _set_noting(cursor, "off")
    cursor.execute("SET LOCAL gin_pending_list_limit TO DEFAULT")
    enqueue(file_search_keys)


def _set_noting(cursor: Any, how: str) -> None:
    for name in SEARCH_INDEXES.values():
        cursor.execute(f"ALTER INDEX {name} SET (fastupdate = {how})")


@job("parties.file_search_keys", lock="parties.file_search_keys")
def file_search_keys() -> None:
    """File the search keys that an import has only noted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for name in SEARCH_INDEXES.values():
            cursor.execute("SELECT gin_clean_pending_list(%s)", [name])
