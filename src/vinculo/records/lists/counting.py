"""How many rows match, and questions over all of them that must not take long."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from vinculo.platform.patience import patience, took_too_long
from vinculo.platform.plans import planned_anew
from vinculo.records.lists.paging import matching
from vinculo.records.lists.state import ListState

COUNTED = 10_000
PATIENCE = 2  # seconds that a question over all rows may take


class TooMany(Exception):
    """A question over all rows took longer than a page may."""


@dataclass(frozen=True)
class Count:
    """How many rows match: exactly up to 10,000, an estimate beyond."""

    number: int
    exact: bool = True


@planned_anew()
def count_of(state: ListState) -> Count:
    """How many rows match, never counting past 10,000."""
    rows = matching(state).order_by()
    number = rows.values("pk")[: COUNTED + 1].count()
    if number <= COUNTED:
        return Count(number)
    sql, params = rows.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return Count(max(int(plan[0]["Plan"]["Plan Rows"]), COUNTED), exact=False)


@contextmanager
def soon(seconds: int = PATIENCE) -> Iterator[None]:
    """The database gives up what takes longer in this block, and TooMany is raised."""
    try:
        with transaction.atomic(), patience(seconds):
            yield
    except OperationalError as error:
        if took_too_long(error):
            raise TooMany from error
        raise
