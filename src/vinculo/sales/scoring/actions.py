"""The verbs: have a worker learn anew."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User, Work
from vinculo.platform.notifications import notify
from vinculo.platform.work import progress, start_work
from vinculo.sales.scoring.learning import train
from vinculo.sales.scoring.models import Verdict
from vinculo.sales.scoring.subjects import SUBJECTS

PAGE = "/settings/scores"
LEARNING = "scores"
LOCK = "sales.scores"


@action("sales.learn_scores", label=_t("Learn scores from what was decided"), granted=False)
def learn_scores(*, actor: User) -> Work:
    """Have a worker learn anew from all decided deals and leads, and score the open ones."""
    administrators_only(actor)
    if under_way():
        raise DomainError(_("Scores are being learned already. You are told when that is done."))
    work = start_work(actor, gettext("Learn scores"), kind=LEARNING)
    enqueue(learn_asked_for, actor=actor, work_id=work.pk)
    return work


def under_way() -> bool:
    """Whether somebody's wish to learn waits or runs."""
    running = [Work.State.WAITING, Work.State.RUNNING]
    return Work.objects.filter(kind=LEARNING, state__in=running).exists()


@job("sales.learn_scores", lock=LOCK)
def learn_asked_for(*, actor: User, work_id: int) -> None:
    """Because an administrator wanted it; they are told what came of it."""
    with progress(work_id, result_url=PAGE, tell=False) as step:
        made = [train(one, lambda: step.advance(0)) for one in SUBJECTS.values()]
    message = (
        _("Scores were learned anew. There is a signal: open records have scores.")
        if any(one.verdict == Verdict.SIGNAL for one in made)
        else _("Scores were learned anew. There is nothing to go by, so nothing has a score.")
    )
    notify(actor, message, url=PAGE, kind="scores")


@job("sales.learn_scores_nightly", every="11 2 * * *", lock=LOCK, retry=1)
def learn_nightly() -> None:
    """Each night: yesterday's decisions count, and what is new gets its scores."""
    for subject in SUBJECTS.values():
        train(subject)
