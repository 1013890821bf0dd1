"""Jobs: enqueued with the transaction, run once whatever kills the worker, failures visible."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.platform import jobs_for_tests as ours
from vinculo.kernel.clock import now
from vinculo.platform import jobs
from vinculo.platform.events import emit
from vinculo.platform.jobs import (
    enqueue,
    enqueue_at,
    recent_failures,
    retry_stalled,
    run_job,
)
from vinculo.platform.models import ChangeSet, JobFailure, JobReceipt, Team, User
from vinculo.platform.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import django
django.setup()
from django.conf import settings
from tests.platform import jobs_for_tests
from vinculo.platform.worker import run_worker
run_worker(concurrency=1, heartbeat=0.3, silence=1.5, sweep_every=0.3)
"""


def queued() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        # Other rooms have periodic jobs of their own.
        cursor.execute(
            "SELECT task_name, status::text FROM procrastinate_jobs "
            "WHERE starts_with(task_name, 'tests.') ORDER BY id"
        )
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def test_a_rollback_takes_the_job_along() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(ours.flaky)
        1 / 0  # noqa: B018
    assert queued() == []


def test_a_job_may_wait_for_its_time() -> None:
    enqueue_at(now().replace(year=2999), ours.flaky)
    run_worker(wait=False)
    assert queued() == [("tests.flaky", "todo")]


def test_a_job_runs_as_its_user_and_writes_the_journal_via_job(tmp_path: Path) -> None:
    user = User.objects.create_user("a@example.com", "Ada")
    marks = tmp_path / "marks"
    marks.touch()
    enqueue(ours.slow_team, name="Made by a job", marks=str(marks), actor=user)
    run_worker(wait=False)
    assert Team.objects.filter(name="Made by a job").count() == 1
    made = ChangeSet.objects.get(verb="tests.make_team")
    assert (made.actor, made.via) == (user, "job")
    assert queued() == []


def test_a_job_that_already_ran_is_recognised(tmp_path: Path) -> None:
    """The worker died between the job's commit and the queue hearing of it."""
    marks = tmp_path / "marks"
    marks.touch()
    kind = jobs._JOBS["tests.slow_team"]
    for _try in range(2):
        run_job(kind, 77, {"name": "Once", "marks": str(marks)})
    assert Team.objects.filter(name="Once").count() == 1
    assert JobReceipt.objects.count() == 1


def test_a_refusal_writes_nothing_and_stays_visible() -> None:
    enqueue(ours.refused)
    run_worker(wait=False)
    assert not Team.objects.filter(name="never").exists()
    failure = JobFailure.objects.get()
    assert (failure.name, failure.error, failure.trace) == (
        "tests.refused",
        "This cannot be done.",
        "",
    )
    assert queued() == [("tests.refused", "failed")]


def test_an_unexpected_error_is_tried_again_later_and_kept_with_its_trace() -> None:
    enqueue(ours.flaky)
    run_worker(wait=False)
    assert queued() == [("tests.flaky", "todo")]
    assert "The line is down." in JobFailure.objects.get().trace
    assert [str(failure) for failure in recent_failures()] == ["tests.flaky: The line is down."]
    number = JobFailure.objects.get().job_id
    mended = dataclasses.replace(jobs._JOBS["tests.flaky"], function=lambda: None)
    run_job(mended, number, {})
    assert recent_failures() == []


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    enqueue(ours.flaky)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 4")
    assert retry_stalled() == 1
    assert queued() == [("tests.flaky", "failed")]
    assert "died" in JobFailure.objects.get().error


def test_kill_9_in_the_middle_of_a_job_and_it_completes_once(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    enqueue(ours.slow_team, name="Survivor", marks=str(marks))
    first = start_worker()
    try:
        wait_until(marks.exists)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert queued() == [("tests.slow_team", "doing")]
    assert not Team.objects.filter(name="Survivor").exists()
    second = start_worker()
    try:
        wait_until(lambda: queued() == [])
    finally:
        second.terminate()
        assert second.wait(20) == 0
    assert Team.objects.filter(name="Survivor").count() == 1
    assert len(marks.read_text().splitlines()) == 2


def test_an_event_reaches_a_worker_with_its_commit() -> None:
    """By notification: the worker itself would look only after a minute."""
    enqueue(ours.refused)
    worker = start_worker(sweep_every=60)
    try:
        wait_until(lambda: queued() == [("tests.refused", "failed")])  # it is up
        with transaction.atomic():
            emit("tests.heard_by_a_worker", {"n": 1})
            emit("tests.heard_by_a_worker", {"n": 2})
        wait_until(lambda: Team.objects.count() == 2, seconds=15)
    finally:
        worker.terminate()
        assert worker.wait(20) == 0
    assert list(Team.objects.order_by("pk").values_list("name", flat=True)) == [
        "Heard 1",
        "Heard 2",
    ]


def start_worker(sweep_every: float = 0.3) -> subprocess.Popen[bytes]:
    """A real worker process on this test's database."""
    database = settings.DATABASES["default"]
    source = WORKER.replace("sweep_every=0.3", f"sweep_every={sweep_every}").replace(
        "run_worker(conc",
        f"settings.DATABASES['default']['NAME'] = {database['NAME']!r}\nrun_worker(conc",
    )
    root = Path(__file__).parents[2]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root}/src:{root}",
        "DJANGO_SETTINGS_MODULE": "vinculo.config.settings",
        "VINCULO_POOL_MAX": "0",
    }
    return subprocess.Popen([sys.executable, "-c", source], env=environment)


def wait_until(true: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.1)
