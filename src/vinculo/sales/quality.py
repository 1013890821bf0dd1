"""What wants attention about deals; see `records.quality.checks`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vinculo.records.quality.checks import Check, declare
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends


def _stale(at: datetime) -> Q:
    found = Q(pk__in=[])
    for stage in known().stages.values():
        if stage.rotten_days is not None and stage.ends == Ends.OPEN:
            found |= Q(stage=stage.pk, stage_since__lt=at - timedelta(days=stage.rotten_days))
    return found


def _no_step(at: datetime) -> Q:
    return Q(status=Ends.OPEN, next_step_on__isnull=True)


def _no_customer(at: datetime) -> Q:
    return Q(company__isnull=True, person__isnull=True)


def _overdue(at: datetime) -> Q:
    return Q(status=Ends.OPEN, close_on__lt=timezone.localdate(at))


declare(
    "sales.deal",
    [
        Check("stale", _("Stale"), _("It has stood in its stage for longer than it should."),
              _stale, ("stage", "stage_since")),
        Check("no_next_step", _("No next step"), _("Nobody knows what happens next."),
              _no_step, ("status", "next_step_on")),
        Check("no_customer", _("No customer"), _("Nobody knows whose it is."),
              _no_customer, ("company", "person")),
        Check("overdue", _("Overdue"), _("The day it was to be closed has passed."),
              _overdue, ("status", "close_on")),
    ],
    touched=("updated_at",),
)  # fmt: skip
