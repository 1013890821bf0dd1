"""Preparing the rows of a file, in two processes when it is large.

The processes import this module and the preparer's own: neither may need Django's models.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Protocol

from vinculo.records.transfer.reading import Row
from vinculo.records.transfer.staging import Prepared, Refusal, RowPreparer

CHUNK = 1_000
CHUNK_CHARACTERS = 4_000_000
"""Rows with pictures are long: what waits between the processes stays small all the same."""
WORKERS = 2
WORTH_A_POOL = 2_000_000
"""Smaller files (bytes) are prepared in this process: starting others takes longer."""


class Rows(Protocol):
    """A file that gives its rows, such as an open table."""

    path: Path

    def rows(self) -> Iterator[Row]:
        """Each row, or why it cannot be read."""
        ...


@contextmanager
def prepared_chunks(table: Rows, preparer: RowPreparer) -> Iterator[Iterator[Prepared]]:
    """The prepared chunks of the file in order; large files are prepared by two processes."""
    if table.path.stat().st_size < WORTH_A_POOL:
        yield (_prepare(preparer, chunk) for chunk in _chunks(table))
        return
    with ProcessPoolExecutor(
        WORKERS, mp_context=get_context("spawn"), initializer=_start, initargs=(preparer,)
    ) as pool:
        try:
            yield _in_order(pool, _chunks(table))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


Chunk = tuple[list[tuple[int, list[str]]], list[Refusal]]
_preparer: RowPreparer | None = None


def _start(preparer: RowPreparer) -> None:
    global _preparer
    _preparer = preparer
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed worker cannot stop its helpers, and they would wait for more rows for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(chunk: Chunk) -> Prepared:
    assert _preparer is not None
    return _prepare(_preparer, chunk)


def _prepare(preparer: RowPreparer, chunk: Chunk) -> Prepared:
    rows, unreadable = chunk
    prepared = preparer.prepare(rows)
    prepared.rows += len(unreadable)
    prepared.refused.extend(unreadable)
    return prepared


def _in_order(pool: Executor, chunks: Iterable[Chunk]) -> Iterator[Prepared]:
    """Results in the order of the chunks, never more than a few of them in memory."""
    waiting: deque[Future[Prepared]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(_work, chunk))
        if len(waiting) > 2 * WORKERS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _chunks(table: Rows) -> Iterator[Chunk]:
    rows: list[tuple[int, list[str]]] = []
    unreadable: list[Refusal] = []
    size = 0
    for row in table.rows():
        if row.error is None:
            rows.append((row.number, row.cells))
            size += sum(map(len, row.cells))
        else:
            unreadable.append((row.number, row.error.message, row.error.params))
        if len(rows) + len(unreadable) >= CHUNK or size >= CHUNK_CHARACTERS:
            yield rows, unreadable
            rows, unreadable, size = [], [], 0
    if rows or unreadable:
        yield rows, unreadable
