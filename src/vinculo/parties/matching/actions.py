"""The verbs: look for doubles, say that two are none, merge all that are sure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.parties.matching.finding import KINDS, find
from vinculo.parties.matching.models import DifferentCustomers
from vinculo.parties.matching.queries import (
    SEARCHING,
    Cluster,
    clusters_to_merge,
    search_under_way,
)
from vinculo.parties.merging.actions import merge
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS, action
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.labels import of_many
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify
from vinculo.platform.work import progress, start_work

MERGE_WORK = "merge"
PAGE = "/duplicates"
OTHER_VERBS["parties.merge_duplicates"] = _t("Merge duplicates")


@action("parties.find_duplicates", label=_t("Find duplicates"), icon="copy")
def find_duplicates(*, actor: User) -> Work:
    """Have a worker look through all companies and people for doubles; one search at a time."""
    if search_under_way():
        raise DomainError(_("A search is under way. Wait until it is done."))
    work = start_work(
        actor, gettext("Find duplicates"), kind=SEARCHING, total=Party.objects.count()
    )
    enqueue(find_later, actor=actor, work_id=work.pk)
    return work


@job("parties.find_duplicates", lock="parties.find_duplicates")
def find_later(*, actor: User, work_id: int) -> None:
    """The search itself."""
    with progress(work_id, result_url=PAGE, tell=False) as step:
        pairs = sum(find(kind, step.advance).pairs for kind in KINDS)
    notify(
        actor,
        _("Looked for duplicates: %(pairs)s possible pairs."),
        params={"pairs": f"{pairs:,}"},
        url=PAGE,
        kind="duplicates",
    )


@action("parties.say_different", label=_t("Not the same customer"), granted=False)
def say_different(*, actor: User, parties: Sequence[Party]) -> None:
    """Note that these records are different customers, each from each: no search and no page asks
    again. Raises NotFound for records that the actor does not see."""
    ids = sorted({party.pk for party in parties})
    if len(ids) < 2:
        raise DomainError(_("Choose at least two different records."))
    if Party.objects.filter(pk__among=ids).visible_to(actor).count() < len(ids):
        raise NotFound(_("There is no such record, or you may not see it."))
    DifferentCustomers.objects.bulk_create(
        (
            DifferentCustomers(one_id=one, other_id=other, said_by=actor, at=now())
            for one, other in combinations(ids, 2)
        ),
        ignore_conflicts=True,
    )
    journal.relabel(" · ".join(sorted(party.name for party in parties))[:200])


def start_merging(*, actor: User, kind: str, least: int) -> Work | None:
    """Have a worker merge every group that is at least so sure (0 to 100) and that the actor may
    merge, in one change-set; None where there is none."""
    found = clusters_to_merge(actor, kind, least)
    if not found:
        return None
    label = gettext("Merge duplicates")
    work = start_work(actor, label, kind=MERGE_WORK, total=len(found))
    enqueue(merge_later, actor=actor, kind=kind, least=least, work_id=work.pk)
    return work


@job("parties.merge_duplicates", lock="parties.merge_duplicates")
def merge_later(*, actor: User, kind: str, least: int, work_id: int) -> None:
    """The merging itself: all of it or nothing, and one undo takes it back."""
    merged = left = 0
    with progress(work_id, result_url=PAGE, tell=False) as step:
        with journal.change_set(actor=actor, verb="parties.merge_duplicates") as opened:
            for cluster in clusters_to_merge(actor, kind, least):
                if _merged(actor, cluster):
                    merged += 1
                else:
                    left += 1
                step.advance()
            journal.relabel(of_many(f"parties.{kind}", merged))
        Work.objects.filter(pk=work_id).update(changeset=opened.id if merged else None)
    notify(
        actor,
        _("Duplicates: %(merged)s groups merged, %(left)s left as they are."),
        params={"merged": merged, "left": left},
        url="/undo",
        kind="duplicates",
    )


def _merged(actor: User, cluster: Cluster) -> bool:
    """Merge a group into its most complete record; False where that is refused."""
    ordered = sorted(cluster.parties, key=lambda one: (-one.completeness, one.created_at, one.pk))
    try:
        merge(actor=actor, keep=ordered[0], gone=ordered[1:])
    except DomainError:
        return False
    return True
