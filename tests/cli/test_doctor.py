"""`vinculo doctor`: each thing that can be wrong is found, and what mends it is said."""

from __future__ import annotations

import json
import socket
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.cli.serving import command
from tests.personas import People
from tests.samples import make_sample

from vinculo.cli.checkup import Finding, machine, papers, server, work
from vinculo.config.cluster.places import SHARED
from vinculo.config.datadir import data_dir, ensure_installation
from vinculo.kernel.clock import now
from vinculo.platform.models import Event, JobFailure
from vinculo.records.registry import entity
from vinculo.sales.quotes.document import typesetting


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data directory to spoil."""
    monkeypatch.setenv("VINCULO_DATA", str(tmp_path / "data"))
    ensure_installation()
    (tmp_path / "data").chmod(0o755)
    for above in (tmp_path, *tmp_path.parents[:3]):
        if above.owner() == tmp_path.owner() and str(above).startswith("/tmp/"):
            above.chmod(0o755)
    return data_dir()


def ill(finding: Finding, what: str, mend: str) -> None:
    assert what in finding.what, finding
    assert mend in finding.mend, finding


def test_secrets_and_folders_that_others_can_read(place: Path) -> None:
    (place / "secrets").mkdir(mode=0o700)
    (place / "secrets" / "secret_key").write_text("x")
    (place / "secrets" / "secret_key").chmod(0o644)
    ill(machine.secrets(), "can be read by other users", "chmod 600")
    (place / "files").mkdir()
    (place / "files").chmod(0o755)
    ill(machine.private_folders(), "can be read by other users", f"chmod 700 {place / 'files'}")
    (place / "files").chmod(0o700)
    (place / "secrets").chmod(0o700)
    assert machine.private_folders().mend == ""


def test_settings_that_harm(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.address().mend == ""
    monkeypatch.setenv("VINCULO_HOST", "0.0.0.0")
    ill(machine.address(), "without TLS", "VINCULO_URL=https://")
    monkeypatch.setenv("VINCULO_TIME_ZONE", "Europe/Atlantis")
    ill(machine.time_zone(), "no time zone Europe/Atlantis", "VINCULO_TIME_ZONE")
    monkeypatch.setenv("VINCULO_DEBUG", "1")
    ill(machine.debugging(), "VINCULO_DEBUG is on", "away")


def test_mail(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.mail().mend == ""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        monkeypatch.setenv("VINCULO_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("VINCULO_SMTP_PORT", str(port))
        ill(machine.mail(), "does not answer", "VINCULO_SMTP_HOST")
        listening.listen()
        ill(machine.mail(), "no sender", "VINCULO_MAIL_FROM")
        monkeypatch.setenv("VINCULO_MAIL_FROM", "crm@example.com")
        assert machine.mail().mend == ""


@pytest.mark.django_db
def test_a_sound_database_has_nothing_to_mend() -> None:
    for look in (server.server, server.clock, server.triggers, server.indexes, server.aside,
                 server.connections_left, work.stalled, work.late, work.failed, work.events):  # fmt: skip
        assert look().mend == "", look()


@pytest.mark.django_db
def test_what_is_wrong_with_a_database_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER vinculo_journal_update ON parties_party")
        cursor.execute("DROP INDEX work_user")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (id, queue_name, task_name, status) "
            "VALUES (7001, 'default', 'a', 'doing'), (7002, 'default', 'b', 'todo')"
        )
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = 7002")
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) "
            "VALUES (7002, 'deferred', now() - interval '1 hour')"
        )
    JobFailure.objects.create(job_id=7003, name="import", at=now(), error="No header line.")
    Event.objects.create(at=now() - timedelta(hours=2), name="x", key=uuid.uuid4(), payload={})
    ill(server.triggers(), "does not watch parties_party", "who took them away")
    ill(server.indexes(), "work_user", "migrate")
    ill(work.stalled(), "1 jobs lost their worker", "vinculo serve")
    ill(work.late(), "have waited", "worker")
    ill(work.failed(), "No header line.", "Settings → Jobs")
    ill(work.events(), "events have waited", "worker")
    ill(work.worker(), "No worker", "vinculo serve")


@pytest.mark.slow
def test_for_a_program(data: Path) -> None:
    done = command(data, "doctor", "--json")
    told = json.loads(done.stdout)
    assert told["ok"] is False and done.returncode == 1, "nobody serves"
    lines = {one["what"]: one for one in told["findings"]}
    assert len(lines) > 18
    # What other installations left on this machine is true, but not about this one.
    about_others = str(SHARED)
    ours = [one for one in told["findings"] if not one["what"].startswith(about_others)]
    assert [one["what"] for one in ours if not one["ok"]] == [
        "No worker has been heard of in the last minute."
    ]
    assert all(one["ok"] == (one["mend"] == "") for one in told["findings"])


@pytest.mark.django_db
def test_no_font_for_a_paper_in_chinese(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "has_chinese", lambda: False)
    quote = make_sample(entity("sales.quote"), people.owner)
    assert papers.chinese().mend == ""
    type(quote).objects.filter(pk=quote.pk).update(language="zh-hant")
    ill(papers.chinese(), "come out as boxes", "fonts-noto-cjk")
    type(quote).objects.filter(pk=quote.pk).update(language="en", name="报价")
    ill(papers.chinese(), "come out as boxes", "fonts-noto-cjk")
