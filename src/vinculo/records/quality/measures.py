"""The figures of the page: each says how many records lack something, and opens their list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.platform.models import User
from vinculo.records.fields import Label
from vinculo.records.filters import Filter, narrowing, operators_of
from vinculo.records.quality.checks import Check, checks_of, declared_for, question_about

if TYPE_CHECKING:
    from vinculo.records.entity import Entity

#: Nobody had to do with a record for so many days: what the page offers.
DAYS = (30, 90, 180, 365)
USUAL_DAYS = 180
PARTS = ("filled", "reach", "doubt", "stale")


@dataclass(frozen=True)
class Measure:
    """One figure: the records that its filters find are those in which something is amiss.

    `among` is the name of the measure whose records are left out before a share is taken: of
    those without a phone nobody can say whether their phone is valid.
    """

    name: str
    part: str
    label: Label
    why: Label
    filters: tuple[Filter, ...]
    among: str = ""
    wide: bool = False
    days: int = 0

    @property
    def query(self) -> str:
        """The filters as a list's address has them."""
        return urlencode([(one.parameter, one.value or "1") for one in self.filters])

    @property
    def where(self) -> Q:
        """The filters as a condition: the same that the list is narrowed by."""
        found = Q()
        for one in narrowing(self.filters, User()):  # none of them asks who reads
            found &= one
        return found


@dataclass(frozen=True)
class Share:
    """How many of `records` are amiss."""

    records: int
    amiss: int

    @property
    def good(self) -> float | None:
        """The percentage that is as it should be; None of nothing."""
        return 100 * (self.records - self.amiss) / self.records if self.records else None


def measures_of(entity: "Entity", reader: "User | None" = None) -> dict[str, Measure]:
    """All measures of a record type by name, or those that may be told to a reader."""
    seen = set(entity.all_fields) if reader is None else {f.name for f in entity.fields_for(reader)}
    found = [*_filled(entity, seen), *_doubts(entity, seen), *_stale(entity, seen)]
    return {one.name: one for one in found}


def share_of(measure: Measure, records: int, counts: dict[str, int]) -> Share | None:
    """A measure's share by what was counted; None for what was not."""
    amiss = counts.get(measure.name)
    if amiss is None:
        return None
    return Share(records - counts.get(measure.among, 0), amiss)


def _filled(entity: "Entity", seen: Collection[str]) -> list[Measure]:
    """One for each fact that people write and may leave empty."""
    found = []
    for field in entity.all_fields.values():
        empty = next((one for one in operators_of(field) if one.name == "empty"), None)
        if field.name not in seen or empty is None or field.required or not field.editable:
            continue
        filters = (Filter(field, empty, "1"),)
        found.append(Measure(f"filled.{field.name}", "filled", field.label or "", "", filters))
    return found


def _doubts(entity: "Entity", seen: Collection[str]) -> list[Measure]:
    told = [one for one in checks_of(entity) if set(seen).issuperset(one.needs)]
    return [_doubt(one) for one in told]


def _doubt(check: Check) -> Measure:
    field = question_about([check])
    is_any = next(one for one in operators_of(field) if one.name == "in")
    among = f"filled.{check.among}" if check.among else ""
    filters = (Filter(field, is_any, check.name),)
    name = f"doubt.{check.name}"
    return Measure(name, check.part, check.label, check.why, filters, among, check.wide)


def _stale(entity: "Entity", seen: Collection[str]) -> list[Measure]:
    """Nothing for so many days: of every instant that says when somebody had to do with it."""
    touched = declared_for(entity.key).touched
    if not touched or not set(seen).issuperset(touched):
        return []
    return [_untouched(entity, touched, days) for days in DAYS]


def _untouched(entity: "Entity", touched: tuple[str, ...], days: int) -> Measure:
    filters: list[Filter] = []
    for group, name in enumerate(touched, 1):
        field = entity.all_fields[name]
        operators = {one.name: one for one in operators_of(field)}
        nullable = bool(field.nullable)
        filters.append(Filter(field, operators["older"], str(days), group=group * nullable))
        if nullable:
            filters.append(Filter(field, operators["empty"], "1", group=group))
    label = format_lazy(_("Nothing for {days} days"), days=days)
    return Measure(f"stale.{days}", "stale", label, STALE_WHY, tuple(filters), days=days)


STALE_WHY = _("Neither changed nor in contact with us since.")
