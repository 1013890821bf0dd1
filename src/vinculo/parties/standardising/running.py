"""The rules over all records: a look at what they would change, or the change itself.

Records are taken in the order of their ids, some thousand at a time; each takes the same few
statements, however many there are. Only what the actor may change is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import RowsRefused, _
from vinculo.parties.derived import refresh
from vinculo.parties.kinds import kinds_changed_by
from vinculo.parties.models import Party
from vinculo.parties.standardising.applying import ADDRESS_FIELDS, Altered, Sheet, Standards
from vinculo.parties.standardising.catalogue import ADDRESS, RULES
from vinculo.parties.standardising.models import StandardisingRun
from vinculo.parties.standardising.reading import CHUNK, sheets_of, write
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.administration import administrators_only
from vinculo.platform.base import RecordQuerySet
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.labels import of_many
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify
from vinculo.platform.patience import patience
from vinculo.platform.work import progress, start_work
from vinculo.records.registry import entity

KINDS = ("company", "person")
#: Up to so many records somebody waits for: it takes about a second.
AT_ONCE = 2000
#: One statement of a run may take so long, and the run as a whole is one transaction.
SECONDS = 600
#: So many records are remembered for each rule.
SHOWN = 20
VERB = "parties.standardise"
PAGE = "/settings/standardising"
OTHER_VERBS[VERB] = gettext_lazy("Standardised")

Advance = Callable[[int], None]


def start_run(
    *, actor: User, token: str, rules: Sequence[str], writes: bool = False, again: bool = False
) -> StandardisingRun:
    """Look over all records with these rules, or change them; the same `token` again is the same
    run. Few records are done when this returns, more are a job (`run.work`)."""
    with transaction.atomic():
        asked = {"rules": list(rules), "writes": writes, "again": again}
        run, fresh = StandardisingRun.objects.get_or_create(
            owner=actor, token=token[:60], defaults=asked
        )
        if not fresh:
            return run
        total = sum(_reachable(actor, kind).count() for kind in KINDS)
        if total <= AT_ONCE:
            carry_out(run, None)
            return run
        label = gettext("Standardise") if writes else gettext("Standardise: preview")
        run.work = start_work(actor, label, kind="standardise", total=total)
        run.save(update_fields=["work"])
        Work.objects.filter(pk=run.work.pk).update(result_url=f"{PAGE}/runs/{run.pk}")
        enqueue(carry_out_later, actor=actor, run_id=run.pk, work_id=run.work.pk)
    return run


@job("parties.standardise", lock=VERB, retry=2)
def carry_out_later(*, actor: User, run_id: int, work_id: int) -> None:
    """A run over many records: all of it in one transaction, or nothing."""
    administrators_only(actor)
    run = StandardisingRun.objects.select_for_update().get(pk=run_id, owner=actor)
    if run.done:
        return
    url = f"{PAGE}/runs/{run_id}"
    with progress(work_id, result_url=url, tell=False) as step, patience(SECONDS):
        carry_out(run, step.advance)
    Work.objects.filter(pk=work_id).update(changeset=run.changeset_id)
    said = _("Standardised: %(n)s records.") if run.writes else _("%(n)s records would change.")
    notify(actor, said, params={"n": f"{run.changed:,}"}, url=url, kind="standardise")


def carry_out(run: StandardisingRun, advance: Advance | None) -> None:
    """Do it, a change in a change-set of its own, and keep what came of it."""
    if run.writes:
        with journal.change_set(actor=run.owner, verb=VERB) as opened:
            kinds = _over_all(run, advance)
            run.changeset_id = opened.id if run.changed else None
            one_kind = len(kinds) == 1
            key = f"parties.{next(iter(kinds))}" if one_kind else ""
            journal.relabel(of_many(key, run.changed) if one_kind else f"{run.changed:,}")
    else:
        _over_all(run, advance)
    run.done = True
    run.save()


def _over_all(run: StandardisingRun, advance: Advance | None) -> Counter[str]:
    """Go through all records; counts go into `run`, the kinds of what changed are returned."""
    standards = standards_of(run)
    counts: Counter[str] = Counter()
    samples: dict[str, list[int]] = {}
    kinds: Counter[str] = Counter()
    for kind in KINDS:
        writable = writable_by(run.owner, kind)
        for ids in _chunks(run.owner, kind):
            sheets = sheets_of(ids)
            made = {pk: standards.over(sheet, writable) for pk, sheet in sheets.items()}
            run.looked_at += len(sheets)
            run.left_alone += sum(one.left_alone for one in made.values())
            altered = {pk: one.altered for pk, one in made.items() if one.altered}
            if run.writes and altered:
                # Only what changes is held, and what it says by then counts.
                held = sheets_of(list(altered), lock=True)
                again = {pk: standards.over(sheet, writable) for pk, sheet in held.items()}
                altered = {pk: one.altered for pk, one in again.items() if one.altered}
                run.refused += _written(held, altered)
            kinds[kind] += len(altered)
            for pk, changes in altered.items():
                for key in _rules_of(changes, counts):
                    shown = samples.setdefault(key, [])
                    if len(shown) < SHOWN:
                        shown.append(pk)
            if advance is not None:
                advance(len(ids))
    run.counts, run.samples, run.changed = dict(counts), samples, kinds.total()
    return Counter({kind: number for kind, number in kinds.items() if number})


def _rules_of(changes: Sequence[Altered], counts: Counter[str]) -> list[str]:
    """The rules that changed something of a record; each value they changed is counted once."""
    values = {(one.point, key) for one in changes for key in one.rules}
    counts.update(key for _point, key in values)
    return sorted({key for _point, key in values})


def _written(sheets: dict[int, Sheet], altered: dict[int, list[Altered]]) -> int:
    """Write, but for the records that cannot be beside others then; says how many those were and
    takes them out of `altered`."""
    refused = 0
    while altered:
        try:
            with transaction.atomic():
                write(sheets, altered, now())
                refresh(altered)
            break
        except RowsRefused as error:
            out = [pk for pk in error.rows if pk in altered]
            if not out:
                raise
            refused += len(out)
            for pk in out:
                del altered[pk]
    return refused


def standards_of(run: StandardisingRun) -> Standards:
    """The rules as they were when the run was asked for."""
    return Standards((RULES[key] for key in run.rules if key in RULES), again=run.again)


def _reachable(actor: User, kind: str) -> RecordQuerySet[Party]:
    return Party.objects.filter(kind=kind).visible_to(actor, "edit")


def _chunks(actor: User, kind: str) -> Iterator[list[int]]:
    if rights_of(actor).scope(f"parties.{kind}", "edit") is Scope.NONE:
        return
    after = 0
    while True:
        rows = _reachable(actor, kind).filter(pk__gt=after).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return
        yield ids
        after = ids[-1]


def writable_by(actor: User, kind: str) -> Callable[[str], bool]:
    """Which fields of companies or people an actor may change, by their names."""
    found = entity(f"parties.{kind}")
    names = {one.name for one in found.fields_for(actor) if one.editable}
    if ADDRESS not in kinds_changed_by(actor, kind):
        names -= set(ADDRESS_FIELDS)
    return names.__contains__
