"""The verbs: count now, and look after alerts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import enqueue
from vinculo.platform.models import User, Work
from vinculo.platform.work import start_work
from vinculo.records.quality.alerts import title_of
from vinculo.records.quality.measures import measures_of
from vinculo.records.quality.models import QualityAlert
from vinculo.records.quality.nightly import measure_asked_for, measured
from vinculo.records.registry import find

WORK = "quality"
MOST_PEOPLE = 50
MOST_RECORDS = Decimal(10**9)


def under_way() -> bool:
    """Whether somebody's counting is waiting or running."""
    active = [Work.State.WAITING, Work.State.RUNNING]
    return bool(Work.objects.filter(kind=WORK, state__in=active).exists())


@action("records.measure_quality", label=_t("Measure data quality"), icon="gauge", granted=False)
def measure_now(*, actor: User) -> Work:
    """Have a worker count everything now; one counting at a time."""
    administrators_only(actor)
    if under_way():
        raise DomainError(_("The counting is under way. Wait until it is done."))
    work = start_work(actor, gettext("Measure data quality"), kind=WORK, total=len(measured()))
    enqueue(measure_asked_for, actor=actor, work_id=work.pk)
    return work


@action(
    "records.create_quality_alert", label=_t("Create an alert about data quality"), granted=False
)
def create_alert(
    *, actor: User, entity: str, measure: str, line: str, threshold: Decimal, tells: Sequence[User]
) -> QualityAlert:
    """Tell these people when a figure crosses a line, from the next counting on."""
    administrators_only(actor)
    return _filled(QualityAlert(), entity, measure, line, threshold, tells)


@action(
    "records.change_quality_alert", label=_t("Change an alert about data quality"), granted=False
)
def change_alert(
    *,
    actor: User,
    alert: QualityAlert,
    entity: str,
    measure: str,
    line: str,
    threshold: Decimal,
    tells: Sequence[User],
) -> QualityAlert:
    """Change what an alert watches; it stays on or off, and begins anew."""
    administrators_only(actor)
    held = _held(alert)
    held.crossed_at = None
    return _filled(held, entity, measure, line, threshold, tells)


def _filled(
    alert: QualityAlert,
    entity: str,
    measure: str,
    line: str,
    threshold: Decimal,
    tells: Sequence[User],
) -> QualityAlert:
    found = find(entity)
    if found is None or measure not in measures_of(found):
        raise DomainError(_("Choose a figure."), field="figure")
    if line not in QualityAlert.Line.values:
        raise DomainError(_("Choose what is bad."), field="line")
    most = Decimal(100) if line == QualityAlert.Line.BELOW else MOST_RECORDS
    if not threshold.is_finite() or not 0 <= threshold <= most:
        raise DomainError(_("Write a number from 0 to %(most)s."), field="threshold", most=most)
    if line == QualityAlert.Line.ABOVE and threshold != threshold.to_integral_value():
        raise DomainError(_("Write a whole number of records."), field="threshold")
    if not tells or len(tells) > MOST_PEOPLE:
        raise DomainError(
            _("Choose one to %(most)s people who are told."), field="tells", most=MOST_PEOPLE
        )
    alert.entity, alert.measure, alert.line = entity, measure, line
    alert.threshold, alert.tells = threshold, sorted({user.pk for user in tells})
    alert.save()
    journal.relabel(title_of(alert))
    return alert


@action(
    "records.switch_quality_alert", label=_t("Switch an alert about data quality"), granted=False
)
def switch_alert(*, actor: User, alert: QualityAlert, active: bool) -> QualityAlert:
    """Switch an alert on or off; it begins anew."""
    administrators_only(actor)
    held = _held(alert)
    held.active, held.crossed_at = active, None
    held.save(update_fields=["active", "crossed_at"])
    journal.relabel(title_of(held))
    return held


@action(
    "records.delete_quality_alert", label=_t("Delete an alert about data quality"), granted=False
)
def delete_alert(*, actor: User, alert: QualityAlert) -> None:
    """Delete an alert."""
    administrators_only(actor)
    gone = _held(alert)
    journal.relabel(title_of(gone))
    gone.delete()


def _held(alert: QualityAlert) -> Any:
    found = QualityAlert.objects.filter(pk=alert.pk).select_for_update().first()
    if found is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    return found
