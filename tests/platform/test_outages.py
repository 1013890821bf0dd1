"""What counts as a database that is away, and that jobs which met it are tried again."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest
from django.db import OperationalError
from procrastinate.jobs import Job
from psycopg import errors
from psycopg_pool import PoolTimeout

from vinculo.kernel.errors import DomainError
from vinculo.platform.jobs import OUTAGES, _Retry
from vinculo.platform.outages import database_is_away


def wrapped(cause: Exception) -> OperationalError:
    """As Django hands it on."""
    error = OperationalError("…")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.OperationalError("the connection is lost"),
        psycopg.InterfaceError("the connection is closed"),
        PoolTimeout("couldn't get a connection"),
        errors.AdminShutdown(),
        errors.CannotConnectNow(),
    ],
)
def test_a_lost_connection_is_an_outage(cause: Exception) -> None:
    assert database_is_away(wrapped(cause))
    assert database_is_away(cause)


@pytest.mark.parametrize(
    "error",
    [wrapped(errors.QueryCanceled()), wrapped(errors.DeadlockDetected()), ValueError(), None],
)
def test_other_troubles_are_not(error: Exception | None) -> None:
    assert not database_is_away(error)


def test_a_job_that_met_an_outage_is_tried_again_though_it_has_no_tries() -> None:
    strategy, lost = _Retry(0), wrapped(psycopg.OperationalError("lost"))

    def decides(error: Exception, attempts: int) -> datetime | None:
        job = Job(
            id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=attempts
        )
        decision = strategy.get_retry_decision(exception=error, job=job)
        return decision.retry_at if decision else None

    assert decides(lost, 0) is not None
    assert decides(lost, OUTAGES) is None
    assert decides(DomainError("No."), 0) is None
    assert decides(ValueError(), 0) is None
