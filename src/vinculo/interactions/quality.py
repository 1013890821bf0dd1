"""What is doubtful about interactions and tasks; see `records.quality.checks`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.models import Status
from vinculo.records.quality.checks import Check, declare

FORGOTTEN_DAYS = 365


def _done_ahead(at: datetime) -> Q:
    return Q(status=Status.DONE, at__gt=at)


def _still_planned(at: datetime) -> Q:
    return Q(status=Status.PLANNED, at__lt=at - timedelta(days=FORGOTTEN_DAYS))


def _forgotten(at: datetime) -> Q:
    due = timezone.localdate(at) - timedelta(days=FORGOTTEN_DAYS)
    return Q(done_at__isnull=True, due_on__lt=due)


declare(
    "interactions.interaction",
    [
        Check("done_ahead", _("Took place in the future"),
              _("It is told as done, and its time has not come."),
              _done_ahead, ("status", "at")),
        Check("still_planned", _("Planned more than a year ago"),
              _("Nobody said whether it took place."), _still_planned, ("status", "at")),
    ],
)  # fmt: skip
declare(
    "interactions.task",
    [
        Check("forgotten", _("Overdue for more than a year"),
              _("Done, or no longer wanted: somebody should say so."),
              _forgotten, ("due_on", "done_at")),
    ],
)  # fmt: skip
