"""Each night, and when somebody asks: count everything, keep it, tell whom it concerns."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.platform.jobs import job
from vinculo.platform.models import User
from vinculo.platform.patience import patience
from vinculo.platform.work import progress
from vinculo.records.entity import Entity
from vinculo.records.quality.alerts import tell_of_crossings
from vinculo.records.quality.counting import groups_of, tally
from vinculo.records.quality.measures import measures_of
from vinculo.records.quality.models import QualityFigures
from vinculo.records.registry import entities

LOCK = "records.quality"
#: One statement over a million records may take so long.
SECONDS = 600

#: What rooms prepare before the counting: what only a program can judge.
_BEFORE: list[Callable[[], None]] = []


def before_counting(prepare: Callable[[], None]) -> Callable[[], None]:
    """Have this done before each counting."""
    _BEFORE.append(prepare)
    return prepare


def measured() -> list[Entity]:
    """The record types that are counted."""
    return [one for one in entities() if measures_of(one)]


def measure_all(step: Callable[[], Any] = lambda: None) -> None:
    """Count all record types and keep the figures as today's; then tell of lines crossed."""
    with transaction.atomic(), patience(SECONDS):
        for prepare in _BEFORE:
            prepare()
        for entity in measured():
            _keep(entity)
            step()
        tell_of_crossings()


def _keep(entity: Entity) -> None:
    day, at = timezone.localdate(now()), now()
    found = tally(entity, entity.queryset(), measures_of(entity).values(), groups_of(entity))
    kept = QualityFigures.objects.filter(entity=entity.key)
    kept.exclude(by="").delete()
    kept.filter(day=day).delete()
    QualityFigures.objects.bulk_create(
        QualityFigures(
            entity=entity.key, day=day, at=at, by=by, value=value,
            records=told.records, counts=told.counts,
        )
        for (by, value), told in found.items()
    )  # fmt: skip


@job("records.measure_quality", every="50 1 * * *", lock=LOCK, retry=2)
def measure_nightly() -> None:
    """The counting, each night."""
    measure_all()


@job("records.measure_quality_now", lock=LOCK)
def measure_asked_for(*, actor: User, work_id: int) -> None:
    """The counting, because an administrator wanted it."""
    with progress(work_id, result_url="/quality") as step:
        measure_all(step.advance)
