"""Carrying a bulk change out: at once where it is small, as a job that shows its progress else."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext, ngettext

from vinculo.kernel.errors import _
from vinculo.platform import journal
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify
from vinculo.platform.work import progress, start_work
from vinculo.records.bulk.actions import bulk_delete, bulk_edit, counted
from vinculo.records.bulk.change import Change
from vinculo.records.bulk.engine import Advance, Written
from vinculo.records.bulk.models import BulkRun
from vinculo.records.entity import Entity
from vinculo.records.registry import entity as entity_called

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Up to so many rows a person waits for: it takes under a second.
AT_ONCE = 200
#: So many refused rows are listed one by one; all are counted by their reason.
LISTED = 200

VERBS = {"edit": "records.bulk_edit", "cells": "records.bulk_edit", "delete": "records.bulk_delete"}


def start_run(
    *,
    actor: User,
    entity: Entity,
    ids: "Sequence[int]",
    change: Change,
    seen_at: datetime,
    token: str,
) -> BulkRun:
    """Carry out a change that its person confirmed; the same `token` a second time does nothing.

    Up to 200 rows it is done when this returns; more are a job (`run.work`). A refusal of the
    whole (a field that may not be written) raises NotAllowed and writes nothing.
    """
    with transaction.atomic():
        run, fresh = BulkRun.objects.get_or_create(
            owner=actor,
            token=token[:60],
            defaults={
                "entity": entity.key,
                "change": change.as_json(),
                "ids": list(ids),
                "seen_at": seen_at,
            },
        )
        if not fresh:
            return run
        if len(run.ids) <= AT_ONCE:
            carry_out(run, None)
            return run
        label = gettext("Change: %(what)s") % {"what": counted(entity, len(run.ids))}
        if change.verb == "delete":
            label = gettext("Delete: %(what)s") % {"what": counted(entity, len(run.ids))}
        run.work = start_work(actor, label, kind="bulk", total=len(run.ids))
        run.save(update_fields=["work"])
        Work.objects.filter(pk=run.work.pk).update(result_url=f"/bulk/{run.pk}")
        enqueue(carry_out_later, actor=actor, run_id=run.pk, work_id=run.work.pk)
    return run


@job("records.bulk_change", lock="bulk:{run_id}", retry=2)
def carry_out_later(*, actor: User, run_id: int, work_id: int) -> None:
    """A bulk change of many rows: all of it in one transaction, or nothing."""
    run = BulkRun.objects.select_for_update().get(pk=run_id, owner=actor)
    if run.status == BulkRun.Status.DONE:
        return
    with progress(work_id, result_url=f"/bulk/{run_id}", tell=False) as step:
        carry_out(run, step.advance)
    Work.objects.filter(pk=work_id).update(changeset=run.changeset_id)
    notify(
        actor,
        _("%(changed)s changed, %(refused)s not: %(kind)s."),
        params={
            "changed": run.changed,
            "refused": run.refused,
            "kind": str(entity_called(run.entity).label_plural),
        },
        url=f"/bulk/{run_id}",
        kind="bulk",
    )


def carry_out(run: BulkRun, advance: Advance | None) -> None:
    """Do it, in a change-set of its own, and keep what came of it."""
    entity, change = entity_called(run.entity), Change(**run.change)
    with journal.change_set(actor=run.owner, verb=VERBS[change.verb]) as opened:
        if change.verb == "delete":
            written = bulk_delete(actor=run.owner, entity=entity, ids=run.ids, advance=advance)
        else:
            written = bulk_edit(
                actor=run.owner,
                entity=entity,
                ids=run.ids,
                change=change,
                seen_at=run.seen_at,
                advance=advance,
            )
        _keep(run, written, opened.id)


def _keep(run: BulkRun, written: Written, change_set: int) -> None:
    run.status = BulkRun.Status.DONE
    run.changed, run.unchanged = len(written.changed), written.unchanged
    run.refused = len(written.refused)
    run.report = {
        "rows": [[one.pk, one.title, one.reason, one.params] for one in written.refused[:LISTED]],
        "reasons": reasons(written),
    }
    run.changeset_id = change_set if written.changed else None
    run.save()


def reasons(written: Written) -> list[list[Any]]:
    """[msgid, parameters, how many rows] of the refusals, the most frequent first."""
    found = Counter((one.reason, tuple(sorted(one.params.items()))) for one in written.refused)
    return [[reason, dict(params), n] for (reason, params), n in found.most_common(20)]


def outcome(run: BulkRun) -> str:
    """What came of it in one line: “412 changed, 3 not.”"""
    deleted = run.change.get("verb") == "delete"
    if deleted:
        said = ngettext("%(n)s deleted", "%(n)s deleted", run.changed)
    else:
        said = ngettext("%(n)s changed", "%(n)s changed", run.changed)
    parts = [said % {"n": f"{run.changed:,}"}]
    if run.unchanged:
        same = ngettext("%(n)s already so", "%(n)s already so", run.unchanged)
        parts.append(same % {"n": f"{run.unchanged:,}"})
    if run.refused:
        parts.append(gettext("%(n)s not") % {"n": f"{run.refused:,}"})
    said = parts[0]
    for part in parts[1:]:
        said = gettext("%(these)s, %(those)s") % {"these": said, "those": part}
    return gettext("%(sentence)s.") % {"sentence": said}
