"""Long work: its progress shows at once, it can be cancelled, its owner is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.personas import make_user
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound
from vinculo.platform.errors import Cancelled
from vinculo.platform.models import Notification, Team, User, Work
from vinculo.platform.notifications import text_of
from vinculo.platform.work import (
    cancel_work,
    current_work,
    give_up_lost_work,
    progress,
    start_work,
)

pytestmark = pytest.mark.django_db(transaction=True)


def as_seen_from_outside(work: Work) -> tuple[str, int]:
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT state, done FROM platform_work WHERE id = %s", [work.pk])
            found: tuple[str, int] = cursor.fetchone()
            return found
    finally:
        beside.close()


def test_it_shows_while_the_large_transaction_is_open_and_ends_with_its_commit() -> None:
    user = make_user("ada")
    work = start_work(user, "Export of companies", kind="export", total=4)
    with transaction.atomic():
        with progress(work.pk, result_url="/files/x") as step:
            step.advance(3)
            step.write(total=6)
            assert as_seen_from_outside(work) == ("running", 3)
            assert [one.percent for one in current_work(user)] == [50]
        assert as_seen_from_outside(work)[0] == "running", "not done before it is committed"
    work.refresh_from_db()
    assert (work.state, work.result_url) == ("done", "/files/x")
    assert text_of(Notification.objects.get(user=user)) == "Finished: Export of companies"
    assert current_work(user) == []


def test_cancelled_it_takes_back_what_it_wrote() -> None:
    user = make_user("ada")
    work = start_work(user, "Import", kind="import")

    def run() -> None:
        with transaction.atomic(), progress(work.pk) as step:
            Team.objects.create(name="Half")
            from_another_request(user, work)
            step.write()

    with pytest.raises(Cancelled):
        run()
    work.refresh_from_db()
    assert work.state == "cancelled"
    assert not Team.objects.exists()
    assert not Notification.objects.exists()


def from_another_request(user: User, work: Work) -> None:
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE platform_work SET cancel_requested = true WHERE id = %s", [work.pk]
            )
    finally:
        beside.close()


def test_only_its_owner_cancels_it() -> None:
    work = start_work(make_user("ada"), "Import", kind="import")
    with pytest.raises(NotFound):
        cancel_work(make_user("eve"), work.pk)


def test_a_refusal_is_shown_an_error_is_not_told_in_detail() -> None:
    user = make_user("ada")
    for error, message in ((DomainError("Too wide."), "Too wide."), (KeyError("secret"), "")):
        work = start_work(user, "Import", kind="import")
        with pytest.raises(type(error)), progress(work.pk):
            raise error
        work.refresh_from_db()
        assert (work.state, work.message) == ("failed", message)


def test_lost_work_does_not_run_for_ever() -> None:
    work = start_work(make_user("ada"), "Import", kind="import")
    assert give_up_lost_work(now() - timedelta(days=1)) == 0
    assert give_up_lost_work(now() + timedelta(seconds=1)) == 1
    work.refresh_from_db()
    assert work.state == "failed"
