"""Settings → Jobs: what waits, runs and failed, and that only administrators see and touch it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.personas import People
from tests.platform.jobs_for_tests import flaky, refused
from vinculo.kernel.clock import now
from vinculo.platform.job_list import PAGE
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import JobFailure, User, Work
from vinculo.platform.work import start_work

pytestmark = pytest.mark.django_db


@job("tests.long")
def long_work(*, work_id: int, actor: User) -> None:
    """Work that has an owner and counts."""


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def become(job_id: int, status: str) -> None:
    """What a worker would have made of the job."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])


def status_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


def failed(people: People) -> int:
    number = enqueue(refused)
    become(number, "failed")
    JobFailure.objects.create(
        job_id=number, name="tests.refused", user=people.owner, at=now(),
        error="The file has no header line.",
    )  # fmt: skip
    return number


def test_administrators_see_what_is_going_on(people: People) -> None:
    failed(people)
    work = start_work(people.owner, "Import of companies.csv", kind="import", total=200)
    Work.objects.filter(pk=work.pk).update(state="running", done=50)
    become(enqueue(long_work, actor=people.owner, work_id=work.pk), "doing")
    enqueue(flaky)
    client = browser(people.admin)
    page = client.get("/settings/jobs").content.decode()
    assert "The file has no header line." in page and "Try again" in page
    assert "Import of companies.csv" in page and 'value="25"' in page and "Owner" in page
    assert "tests.flaky" in page
    only = client.get("/settings/jobs?state=failed").content.decode()
    assert "tests.refused" in only and "tests.flaky" not in only
    assert "tests.flaky" in client.get("/settings/jobs?q=FLAKY").content.decode()
    assert "No such jobs" in client.get("/settings/jobs?q=%00none").content.decode()


def test_nobody_else_does(people: People) -> None:
    number = failed(people)
    for name, user in people.all().items():
        if name == "admin":
            continue
        client = browser(user)
        assert client.get("/settings/jobs").status_code == 403, name
        for verb in ("retry", "cancel"):
            assert client.post(f"/settings/jobs/{number}/{verb}").status_code == 403, name
    assert status_of(number) == "failed"
    assert JobFailure.objects.count() == 1


def test_a_failed_job_is_tried_again_and_no_other(people: People) -> None:
    number, waiting = failed(people), enqueue(flaky)
    client = browser(people.admin)
    assert client.post(f"/settings/jobs/{number}/retry").status_code == 302
    assert status_of(number) == "todo"
    assert not JobFailure.objects.exists()
    assert client.post(f"/settings/jobs/{waiting}/retry").status_code == 409
    assert client.post("/settings/jobs/99999999/retry").status_code == 404


def test_waiting_jobs_leave_the_queue_and_running_ones_are_asked_to_stop(people: People) -> None:
    client = browser(people.admin)
    waiting = start_work(people.owner, "First", kind="import")
    running = start_work(people.owner, "Second", kind="import")
    Work.objects.filter(pk=running.pk).update(state="running")
    one = enqueue(long_work, actor=people.owner, work_id=waiting.pk)
    two = enqueue(long_work, actor=people.owner, work_id=running.pk)
    become(two, "doing")
    for number in (one, two):
        assert client.post(f"/settings/jobs/{number}/cancel").status_code == 302
    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (status_of(one), waiting.state) == ("cancelled", "cancelled")
    assert (status_of(two), running.cancel_requested) == ("doing", True)
    uncounted = enqueue(flaky)
    become(uncounted, "doing")
    assert client.post(f"/settings/jobs/{uncounted}/cancel").status_code == 409


def test_many_are_read_page_by_page(people: People) -> None:
    for _ in range(PAGE + 3):
        enqueue(flaky)
    client = browser(people.admin)
    first = client.get("/settings/jobs").content.decode()
    assert first.count("<tr>") == PAGE + 1 and "before=" in first
    older = client.get("/settings/jobs?before=" + first.split("before=")[1].split('"')[0])
    assert older.content.decode().count("<tr>") == 3 + 1
