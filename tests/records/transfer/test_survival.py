"""An import outlives its worker, and a long file takes no more memory than a short one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.personas import People
from tests.records.transfer.test_wizard import client_of, decisions
from vinculo.parties.models import Company, ContactPoint, Party
from vinculo.platform.models import Change, ChangeSet
from vinculo.platform.undo import undo_change_set
from vinculo.records.transfer import pool
from vinculo.records.transfer.models import Import

ROOT = Path(__file__).parents[3]
ROWS = 3_000
WORKER = """
import django
django.setup()
from django.conf import settings
settings.DATABASES['default']['NAME'] = {name!r}
from django.urls import get_resolver
from vinculo.platform.worker import run_worker
if __name__ == "__main__":
    get_resolver().url_patterns
    run_worker(concurrency=1, heartbeat=0.3, silence=1.5, sweep_every=0.3)
"""
STREAM = """
import resource, sys
from pathlib import Path
from vinculo.parties.importing.prepare import Preparer
from vinculo.parties.importing.recipe import Recipe
from vinculo.records.transfer.pool import prepared_chunks
from vinculo.records.transfer.reading import open_table

def stream(path):
    columns = ((0, "name"), (1, "phone"), (2, "city"))
    recipe = Recipe("company", columns, "", False, "ES", "en", {}, {}, {})
    with prepared_chunks(open_table(Path(path), "long.csv"), Preparer(recipe)) as chunks:
        rows = sum(chunk.rows for chunk in chunks)
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

if __name__ == "__main__":
    print(*stream(sys.argv[1]), *stream(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_of_an_import_and_it_is_there_once(
    people: People, tmp_path: Path
) -> None:
    client = client_of(people.owner)
    text = "name,phone,city,description\n" + "".join(
        f"Company {n},+34 911 {n // 1000 + 100} {n % 1000:03},Madrid,{'long ' * 140}\n"
        for n in range(ROWS)
    )
    assert len(text) > pool.WORTH_A_POOL
    file = SimpleUploadedFile("long.csv", text.encode())
    answer = client.post("/import/", {"as": "parties.company", "file": file})
    imported = Import.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))
    Import.objects.filter(pk=imported.pk).update(status=Import.Status.CHECKED)
    client.post(f"/import/{imported.pk}/run", decisions(client, imported))

    first = start_worker(tmp_path)
    try:
        wait_until(lambda: done_so_far(imported) > 0)
        helpers = children(first.pid)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert helpers
    assert not Party.objects.exists()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in helpers), 20)

    second = start_worker(tmp_path)
    try:
        wait_until(lambda: Import.objects.get(pk=imported.pk).status == Import.Status.DONE, 240)
    finally:
        second.terminate()
        assert second.wait(60) == 0
    imported.refresh_from_db()
    assert imported.counts == {
        "seen": ROWS, "created": ROWS, "updated": 0, "skipped": 0, "refused": 0,
    }  # fmt: skip
    assert Company.objects.count() == ROWS
    assert ContactPoint.objects.count() == 2 * ROWS
    made = ChangeSet.objects.get(verb="records.import")
    assert Change.objects.filter(changeset=made, table="parties_party").count() == ROWS
    undo_change_set(actor=people.owner, change_set=made)
    assert not Party.objects.exists()


def done_so_far(imported: Import) -> int:
    imported.refresh_from_db()
    assert imported.work is not None
    return imported.work.done


def start_worker(folder: Path) -> subprocess.Popen[bytes]:
    """A real worker process on this test's database; a file, because its helpers import it."""
    script = folder / "worker.py"
    script.write_text(WORKER.format(name=connection.settings_dict["NAME"]), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "vinculo.config.settings",
        "VINCULO_POOL_MAX": "0",
        "VINCULO_DATA": str(settings.VINCULO_DATA),
    }
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen([sys.executable, str(script)], env=environment, stderr=log)


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def wait_until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.05)


def test_50_000_rows_take_the_memory_of_5_000(tmp_path: Path) -> None:
    paths = []
    for rows in (5_000, 50_000):
        paths.append(tmp_path / f"{rows}.csv")
        lines = (f"Company {n},+34 911 {n % 1000:03} 222,Madrid\n" for n in range(rows))
        paths[-1].write_text("name,phone,city\n" + "".join(lines), encoding="utf-8")
    script = tmp_path / "stream.py"
    script.write_text(STREAM, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, str(script), *map(str, paths)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src", "VINCULO_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    few, before, many, after = map(int, answer.stdout.split())
    assert (few, many) == (5_000, 50_000)
    assert after - before < 24, f"{before} MB for {few} rows, {after} MB for {many}"
