"""What one reader is told: counted now over the records they see, or as of the last night.

Up to `LIVE_MOST` records are counted while the reader waits, so that each figure is exactly the
list that it opens. Of more, who sees everything gets what the night has counted, with its day; for
anybody else it is tried for a few seconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.modules.known import is_on
from vinculo.records.lists.counting import TooMany, soon
from vinculo.records.quality.counting import ALL, Tallies, Tally, tally
from vinculo.records.quality.measures import Measure, Share, measures_of, share_of
from vinculo.records.quality.models import QualityFigures
from vinculo.records.registry import entities

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

LIVE_MOST = 50_000
PATIENCE = 5  # seconds


@dataclass(frozen=True)
class Reading:
    """Figures with the instant they hold for; `night` where they were counted beforehand."""

    tallies: Tallies
    at: datetime
    night: bool = False

    @property
    def all(self) -> Tally:
        """The figures of all records."""
        return self.tallies.get(ALL, Tally())


def types_for(user: "User") -> "list[Entity]":
    """The record types of which the reader sees records and may hear how good they are."""
    return sorted(_types_for(user), key=lambda one: one.nav_order)


def has_types_for(user: "User") -> bool:
    """Whether there is any such record type; asked by every page, so it stops at the first."""
    return next(_types_for(user), None) is not None


def _types_for(user: "User") -> "Iterator[Entity]":
    rights = rights_of(user)
    if not is_on("quality"):
        return
    for one in entities():
        if rights.scope(one.key) is not Scope.NONE and measures_of(one, user):
            yield one


def read(
    entity: "Entity", user: "User", measures: Iterable[Measure], by: Sequence[str] = ()
) -> Reading | None:
    """The figures as this reader may know them; None where counting took too long."""
    rows = entity.visible(user)
    if rows.order_by().values("pk")[: LIVE_MOST + 1].count() > LIVE_MOST:
        kept = kept_figures(entity, user, by)
        if kept is not None:
            return kept
    try:
        with soon(PATIENCE):
            return Reading(tally(entity, rows, measures, by), now())
    except TooMany:
        return None


def kept_figures(entity: "Entity", user: "User", by: Sequence[str]) -> Reading | None:
    """What the latest night has counted over everything, for who may know it."""
    kept = QualityFigures.objects.filter(entity=entity.key).visible_to(user)
    latest = kept.filter(by="").order_by("-day").first()
    if latest is None:
        return None
    lines = kept.filter(day=latest.day, by__in=["", *by])
    found = {(one.by, one.value): Tally(one.records, one.counts) for one in lines}
    return Reading(found, latest.at, night=True)


@dataclass(frozen=True)
class Point:
    """One day of a trend."""

    day: date
    share: Share


def trend(entity: "Entity", user: "User", measure: Measure, days: int) -> list[Point]:
    """The days of the last `days` on which the measure was counted, the oldest first."""
    since = timezone.localdate(now()) - timedelta(days=days)
    kept = QualityFigures.objects.filter(entity=entity.key, by="", day__gte=since)
    lines: Any = kept.visible_to(user).order_by("day")
    found = [(one.day, share_of(measure, one.records, one.counts)) for one in lines]
    return [Point(day, share) for day, share in found if share is not None]
