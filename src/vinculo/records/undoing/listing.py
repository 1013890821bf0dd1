"""The change-sets of the last thirty days that somebody may see, newest first."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from vinculo.kernel.clock import now
from vinculo.platform.access import rights_of
from vinculo.platform.actions import verb_label
from vinculo.platform.formats import time_text
from vinculo.platform.models import Change, ChangeSet, Membership
from vinculo.platform.undo import KEPT_FOR
from vinculo.records.registry import find, rows_of_type

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

PAGE = 50
OTHERS = "platform.undo_others"


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to; everything empty shows all."""

    person: int | None = None
    verb: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    after: int | None = None

    def query(self, before: int | None = None, after: int | None = None) -> str:
        """The same as a URL's query, for what is older than `before` or newer than `after`."""
        asked = replace(self, before=before, after=after)
        said = {name: getattr(asked, name) for name in self.__dataclass_fields__}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query())


@dataclass(frozen=True)
class Line:
    """One change-set at its time of day: `label` is left out where the reader may not know what it
    was about; `number` is the change-set to undo now."""

    change_set: ChangeSet
    number: int
    time: str
    verb: Any
    label: str
    undone: ChangeSet | None
    own: bool


def change_sets_of(user: "User") -> Any:
    """The change-sets that `user` may see here: their own; with the right to undo what colleagues
    did, those of their teams; administrators all."""
    recent = ChangeSet.objects.filter(at__gte=now() - KEPT_FOR)
    rights = rights_of(user)
    if rights.administrator:
        return recent
    mine = Q(actor_id=user.pk)
    if rights.may(OTHERS):
        team = Membership.objects.filter(team_id__in=rights.team_ids).values("user_id")
        mine |= Q(actor_id__in=team)
    return recent.filter(mine)


@dataclass(frozen=True)
class Page:
    """Some change-sets day by day, newest first; from which on there are older and newer ones."""

    days: list[tuple[date, list[Line]]]
    older: int | None
    newer: int | None


def page(user: "User", asked: Asked) -> Page:
    """One page of change-sets that changed something, by the days of the reader's time zone."""
    changed = Change.objects.filter(changeset_id=OuterRef("pk"))
    rows = change_sets_of(user).filter(Exists(changed), undoes__isnull=True)
    rows = _narrowed(rows, asked).select_related("actor")
    back = asked.after is not None and asked.before is None
    found = list(rows.order_by("pk" if back else "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    came_from_newer, has_older = (more, True) if back else (asked.before is not None, more)
    administrator = rights_of(user).administrator
    now_so = standing(found)
    shown = [_line(row, user, administrator, *now_so[row.pk]) for row in found]
    return Page(
        [(day, list(some)) for day, some in groupby(shown, key=_day)],
        found[-1].pk if found and has_older else None,
        found[0].pk if found and came_from_newer else None,
    )


def _day(line: Line) -> date:
    return timezone.localtime(line.change_set.at).date()


def _line(
    row: ChangeSet, user: "User", administrator: bool, number: int, undone: ChangeSet | None
) -> Line:
    own = row.actor_id == user.pk
    # A label names a record, which a colleague of the team need not be allowed to see.
    label = row.said if own or administrator else ""
    return Line(row, number, time_text(row.at), verb_label(row.verb), label, undone, own)


def standing(rows: list[ChangeSet]) -> dict[int, tuple[int, ChangeSet | None]]:
    """For each change-set: the one to undo now, and by what it is undone.

    An undo can be undone in turn. What was undone and taken back is in force again, and undoing it
    once more means to undo what took it back.
    """
    found: dict[int, tuple[int, ChangeSet | None]] = {row.pk: (row.pk, None) for row in rows}
    heads = {row.pk: row.pk for row in rows}  # the last of a row of undoings → where it began
    while heads:
        later = ChangeSet.objects.filter(undoes_id__in=list(heads)).select_related("actor")
        went_on: dict[int, int] = {}
        for one in later:
            first = heads[one.undoes_id or 0]
            found[first] = (one.pk, one if found[first][1] is None else None)
            went_on[one.pk] = first
        heads = went_on
    return found


def _narrowed(rows: Any, asked: Asked) -> Any:
    if asked.person is not None:
        rows = rows.filter(actor_id=asked.person)
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.since is not None:
        rows = rows.filter(at__gte=midnight(asked.since))
    if asked.until is not None:
        rows = rows.filter(at__lt=midnight(asked.until) + timedelta(days=1))
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    elif asked.after is not None:
        rows = rows.filter(pk__gt=asked.after)
    entity = find(asked.kind)
    return rows.filter(Exists(_changes_of(entity))) if entity else rows


def _changes_of(entity: "Entity") -> Any:
    """The changes of one change-set to records of this type, also to those that are gone."""
    rows = rows_of_type(entity)
    table = entity.model._meta.db_table
    changes = Change.objects.filter(changeset_id=OuterRef("pk"), table=table)
    if not rows:
        return changes
    there = entity.queryset().filter(pk=OuterRef("row_id")).order_by()
    gone = Q(op="D", **{f"before__{name}": value for name, value in rows.children})  # type: ignore[misc]
    return changes.filter(Exists(there) | gone)


def midnight(day: date) -> datetime:
    """The instant at which `day` begins for the reader."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
