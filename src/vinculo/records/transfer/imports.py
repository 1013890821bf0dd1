"""The steps of an import as its owner takes them: bring a file, decide, check, run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, _
from vinculo.kernel.ids import token
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify
from vinculo.platform.sensitive.rules import is_sensitive
from vinculo.platform.work import Step, progress, start_work
from vinculo.records.transfer.held import Held, find_held, held, may_import, place_of
from vinculo.records.transfer.models import Import
from vinculo.records.transfer.pipeline import Result, import_table
from vinculo.records.transfer.plan import SAMPLE_ROWS, Plan, check_plan, first_plan
from vinculo.records.transfer.presets import recognise
from vinculo.records.transfer.reading import Table, open_table
from vinculo.records.transfer.refusals import cells_of, write_refused
from vinculo.records.transfer.sources import keep
from vinculo.records.transfer.transforms import changed_cells
from vinculo.records.transfer.writer import writer_of

OTHER_VERBS["records.upload"] = gettext_lazy("Uploaded a file to import")

MOST_TOGETHER = 20
CHECKED_AT_ONCE = 400_000
"""Files up to this size (bytes) are checked while their owner waits: it takes under a second."""


def upload_together(
    *, actor: User, entity: Held, files: Sequence[tuple[str, Iterable[bytes]]]
) -> list[Import]:
    """Keep files that belong together, in the order in which they are best imported.

    Raises DomainError when one of them is no table; then none is kept.
    """
    if len(files) > MOST_TOGETHER:
        raise DomainError(
            _("At most %(most)s files can be brought together."), field="file", most=MOST_TOGETHER
        )
    mark = token() if len(files) > 1 else ""
    made: list[Import] = []
    try:
        with transaction.atomic():
            for name, blocks in files:
                made.append(
                    upload(actor=actor, entity=entity, name=name, blocks=blocks, together=mark)
                )
    except BaseException:
        for one in made:
            one.path.unlink(missing_ok=True)
        raise
    return sorted(made, key=_place)


def together(imported: Import) -> list[Import]:
    """The files brought at one go, in the order in which they are best imported; none if alone."""
    if not imported.together:
        return []
    rows = Import.objects.visible_to(imported.owner).filter(together=imported.together)
    return sorted(rows.select_related("work", "changeset"), key=_place)


def _place(imported: Import) -> tuple[bool, tuple[int, int], int]:
    """Companies before their people, both before what hangs on them; what is nothing here last."""
    place = place_of(held(imported.entity))
    return Plan.from_json(imported.settings).of_nothing_here, place, imported.pk


def upload(
    *, actor: User, entity: Held, name: str, blocks: Iterable[bytes], together: str = ""
) -> Import:
    """Keep the file somebody brings and suggest how to read it.

    An export we know is taken for what it holds, whatever was chosen. Raises DomainError for a
    file that is no table; then nothing is kept.
    """
    if not may_import(actor, entity):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    made = Import(
        owner=actor,
        entity=entity.key,
        name=Path(name).name[:200] or "file",
        file=token(),
        together=together,
    )
    try:
        made.size = keep(made.path, blocks)
        table = open_table(made.path, made.name)
        entity = _recognised(actor, table) or entity
        made.entity = entity.key
        plan, _guesses = first_plan(
            table,
            table.sample(SAMPLE_ROWS),
            writer_of(entity).targets(actor),
            writer_of(entity),
            actor,
        )
        made.settings = plan.as_json()
        with journal.change_set(actor=actor, verb="records.upload", label=made.name):
            made.save()
    except BaseException:
        made.path.unlink(missing_ok=True)
        raise
    return made


def _recognised(actor: User, table: Table) -> Held | None:
    preset = recognise(table.headers)
    entity = find_held(preset.entity) if preset and preset.entity else None
    return entity if entity is not None and may_import(actor, entity) else None


def open_import(imported: Import, plan: Plan | None = None) -> Table:
    """The import's file, read as its plan says."""
    if not imported.path.exists():
        raise Conflict(_("The file is no longer there. Choose it again."))
    plan = plan or Plan.from_json(imported.settings)
    return open_table(
        imported.path,
        imported.name,
        encoding=plan.encoding or None,
        delimiter=plan.delimiter or None,
        sheet=plan.sheet or None,
    )


def decide_plan(*, actor: User, imported: Import, plan: Plan) -> None:
    """Keep what the owner decided. Raises DomainError when it cannot be carried out."""
    _refuse_busy(imported)
    table = open_import(imported, plan)
    check_plan(plan, table, writer_of(held(imported.entity)), actor)
    Import.objects.filter(pk=imported.pk).update(
        settings=plan.as_json(), status=Import.Status.UPLOADED, counts={}, report={}
    )
    imported.refresh_from_db()


def check(*, actor: User, imported: Import) -> None:
    """Dry run: at once for a small file, as a job for a large one."""
    _refuse_busy(imported)
    if imported.size <= CHECKED_AT_ONCE:
        result = _carry_out(actor, imported, dry_run=True, step=None)
        _keep_result(imported, result, Import.Status.CHECKED)
        return
    _start(actor, imported, Import.Status.CHECKING, check_import)


def run(*, actor: User, imported: Import) -> None:
    """Import the file as a job that its owner can watch and cancel."""
    _refuse_busy(imported)
    if imported.state in ("done", "undone"):
        raise Conflict(_("This file has been imported already. Choose it again."))
    _start(actor, imported, Import.Status.RUNNING, run_import)


def _refuse_busy(imported: Import) -> None:
    if imported.state in ("checking", "running"):
        raise Conflict(_("This import is still being worked on. Wait for it or cancel it."))


def _start(actor: User, imported: Import, status: str, function: Any) -> None:
    rows = _estimated_rows(imported)
    work = start_work(actor, imported.name, kind="import", total=2 * rows)
    Work.objects.filter(pk=work.pk).update(result_url=f"/import/{imported.pk}")
    Import.objects.filter(pk=imported.pk).update(status=status, work=work)
    imported.refresh_from_db()
    enqueue(function, actor=actor, import_id=imported.pk, work_id=work.pk)


def _estimated_rows(imported: Import) -> int:
    """About how many rows the file has, by the length of its first ones."""
    sample = open_import(imported).sample(SAMPLE_ROWS)
    length = sum(len(",".join(row.cells).encode()) + 2 for row in sample) or 1
    return max(len(sample), imported.size * len(sample) // length)


@job("records.check_import", lock="import:{import_id}")
def check_import(*, actor: User, import_id: int, work_id: int) -> None:
    """Dry run of a large file."""
    imported = Import.objects.get(pk=import_id)
    with progress(work_id, result_url=f"/import/{import_id}") as step:
        result = _carry_out(actor, imported, dry_run=True, step=step)
        _keep_result(imported, result, Import.Status.CHECKED)


@job("records.run_import", lock="import:{import_id}")
def run_import(*, actor: User, import_id: int, work_id: int) -> None:
    """The import itself: all of it, or nothing."""
    imported = Import.objects.get(pk=import_id)
    page = f"/import/{import_id}"
    with progress(work_id, result_url=page, tell=False) as step, journal.through("import"):
        result = _carry_out(actor, imported, dry_run=False, step=step)
        _keep_result(imported, result, Import.Status.DONE)
    Work.objects.filter(pk=work_id).update(changeset=result.changeset_id)
    notify(
        actor,
        _("%(name)s: %(created)s created, %(updated)s updated, %(refused)s refused."),
        params={"name": imported.name, **result.counts},
        url=f"/import/{import_id}",
        kind="import",
    )


def _carry_out(actor: User, imported: Import, *, dry_run: bool, step: Step | None) -> Result:
    plan = Plan.from_json(imported.settings)
    table = open_import(imported, plan)
    watch = _Watch(step)
    result = import_table(
        user=actor,
        entity_key=imported.entity,
        table=table,
        plan=plan,
        writer=writer_of(held(imported.entity)),
        dry_run=dry_run,
        label=imported.name,
        progress=watch.at,
        refused_to=lambda rows: watch.refused(imported.refused_path, table, rows),
    )
    quirks = {
        name: getattr(table.quirks, name)
        for name in ("blank_rows", "nothing_words", "short_rows", "long_rows")
    }
    imported.report = _report(imported.entity, table, result, plan) | {
        "quirks": quirks,
        "returned": watch.returned,
    }
    return result


class _Watch:
    """Shows how far the work is and remembers how many rows go back to the owner."""

    def __init__(self, step: Step | None) -> None:
        self._step = step
        self._rows = 0
        self.returned = 0

    def at(self, stage: str, rows: int) -> None:
        """Called by the pipeline; raises Cancelled when the owner asked for that."""
        if self._step is None:
            return
        self._step.advance(rows - self._rows)
        self._rows = rows
        if stage != "reading":
            self._step.write(total=2 * rows)

    def refused(self, path: Path, table: Table, rows: Any) -> None:
        """Write the refused rows for their owner."""
        self.returned = write_refused(path, table, rows, sealed=True)


def _report(entity: str, table: Table, result: Result, plan: Plan) -> dict[str, Any]:
    """What the pages show of a result: JSON, reasons as msgids for the reader's language; of the
    sample rows only cells for a field, none for a sensitive one: it stays in the database."""
    told = [at for at, target in plan.columns if not is_sensitive(entity, target)]
    wanted = {row for rows in result.samples.values() for row, _reason, _params in rows}
    cells = {
        row: [cell for at, cell in enumerate(changed_cells(found, plan.transforms)) if at in told]
        for row, found in cells_of(table, wanted).items()
    }
    return {
        "left_out": result.left_out,
        "reasons": [list(reason) for reason in result.reasons],
        "samples": {
            outcome: [
                {"row": row, "reason": reason, "params": params, "cells": cells.get(row, [])[:6]}
                for row, reason, params in rows
            ]
            for outcome, rows in result.samples.items()
        },
    }


def _keep_result(imported: Import, result: Result, status: str) -> None:
    Import.objects.filter(pk=imported.pk).update(
        counts=result.counts,
        report=imported.report,
        status=status,
        changeset=result.changeset_id,
    )
    imported.refresh_from_db()


def discard(*, actor: User, imported: Import) -> None:
    """Forget an import that was not carried out, and its files."""
    _refuse_busy(imported)
    if imported.changeset_id is not None:
        raise Conflict(_("This file has been imported: its report stays."))
    imported.path.unlink(missing_ok=True)
    imported.refused_path.unlink(missing_ok=True)
    with journal.change_set(actor=actor, verb="records.upload", label=imported.name):
        imported.delete()
