"""Settings → Data → Export everything: a job, and a file that only its requester fetches."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from vinculo.kernel.errors import Conflict, _
from vinculo.kernel.ids import token
from vinculo.platform.access_events import note_list
from vinculo.platform.administration import administrators_only
from vinculo.platform.everything.writing import write_everything
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User, Work
from vinculo.platform.work import progress, start_work

KIND = "everything"
KEPT = 7 * 24 * 3600  # seconds


def folder() -> Path:
    """Where finished exports lie until they are fetched."""
    place = Path(settings.VINCULO_DATA) / "exports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def start_export(*, actor: User) -> Work:
    """Have a worker write everything; one at a time for each administrator."""
    administrators_only(actor)
    running = Work.objects.visible_to(actor).filter(
        kind=KIND, state__in=[Work.State.WAITING, Work.State.RUNNING]
    )
    if running.exists():
        raise Conflict(_("An export is being written already. You are told when it is ready."))
    work = start_work(actor, str(_("Export of everything")), kind=KIND)
    enqueue(export_everything, actor=actor, work_id=work.pk, name=token())
    return work


@job("platform.export_everything", atomic=False, lock="platform.export_everything")
def export_everything(*, actor: User, work_id: int, name: str) -> None:
    """Write the file; who has lost the right meanwhile gets none."""
    with progress(work_id, result_url=f"/settings/data/exports/{name}") as step:
        administrators_only(actor)
        rows = write_everything(folder() / f"{name}.zip", step.advance)
        note_list(actor, "export", "everything", sum(rows.values()))


def finished_exports(user: User) -> list[tuple[Work, int]]:
    """One's own exports that can still be fetched, newest first, with their bytes."""
    mine = Work.objects.visible_to(user).filter(kind=KIND, state=Work.State.DONE).order_by("-id")
    found = []
    for work in mine[:20]:
        file = folder() / f"{work.result_url.rpartition('/')[2]}.zip"
        if file.exists():
            found.append((work, file.stat().st_size))
    return found


def export_file(user: User, name: str) -> tuple[Work, Path] | None:
    """The finished export called `name`, if it is this administrator's own and still there."""
    administrators_only(user)
    for work, _size in finished_exports(user):
        if work.result_url.rpartition("/")[2] == name:
            return work, folder() / f"{name}.zip"
    return None


@job("platform.discard_exports", every="23 4 * * *")
def discard_exports() -> None:
    """Daily: exports that nobody fetches any more, and what killed ones left behind."""
    for file in folder().iterdir():
        if file.stat().st_mtime < time.time() - KEPT:
            file.unlink(missing_ok=True)
