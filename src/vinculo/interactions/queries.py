"""Questions that cross rows: a customer's timeline."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from vinculo.interactions.models import File, Interaction, Kind, Status, Task
from vinculo.interactions.sight import masked, placed
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import Kind as PartyKind
from vinculo.parties.models import Party
from vinculo.platform.models import User

TASK, FILE = "task", "file"
#: What a timeline can be narrowed to.
KINDS: tuple[str, ...] = (*Kind.values, TASK, FILE)
PAGE = 25
MOST_AHEAD = 50
#: Open tasks are counted no further.
MOST_COUNTED = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Of two things at one instant the later one stands higher; the order of kinds settles the rest.
RANK = {"interaction": 0, TASK: 1, FILE: 2}
ENTITY = {
    "interaction": "interactions.interaction",
    TASK: "interactions.task",
    FILE: "interactions.file",
}


@dataclass(frozen=True, order=True)
class Cursor:
    """Where a page of a timeline ends: everything on the next page stands below it."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}.{self.rank}.{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor in an address; DomainError when it was made up."""
        try:
            micros, rank, pk = text.split(".")
            at = EPOCH + timedelta(microseconds=int(micros[:20]))
            return cls(at, int(rank[:2]), int(pk[:18]))
        except (ValueError, OverflowError):
            raise DomainError(_("This page of the timeline does not exist.")) from None


@dataclass
class Entry:
    """One thing on the timeline: an interaction, a task or a file."""

    sort: str
    row: Any
    at: datetime
    #: True for what is still to come or to be done.
    ahead: bool = False

    @property
    def cursor(self) -> Cursor:
        """Its place in the order."""
        return Cursor(self.at, RANK[self.sort], self.row.pk)

    @property
    def day(self) -> date:
        """The day it stands under, in the reader's zone."""
        return timezone.localdate(self.at)


@dataclass
class Timeline:
    """A page of a customer's timeline."""

    ahead: list[Entry] = field(default_factory=list)
    past: list[Entry] = field(default_factory=list)
    more: str = ""
    colleagues: dict[int, str] = field(default_factory=dict)

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """The past, grouped by the reader's days."""
        groups: list[tuple[date, list[Entry]]] = []
        for entry in self.past:
            if not groups or groups[-1][0] != entry.day:
                groups.append((entry.day, []))
            groups[-1][1].append(entry)
        return groups


def timeline(
    *,
    user: User,
    party: Party,
    kinds: Iterable[str] = (),
    before: Cursor | None = None,
    limit: int = PAGE,
) -> Timeline:
    """What happened with `party` (and with a company's people), newest first, as `user` may see it.

    What is planned or still to be done comes first, on the first page only. At most six queries,
    each bounded by `limit` and by an index.
    """
    wanted = frozenset(kinds) & frozenset(KINDS) or frozenset(KINDS)
    found = Timeline()
    if before is None:
        found.ahead = _ahead(user, party, wanted)
    past = [
        *_interactions(user, party, wanted, before, limit),
        *_done_tasks(user, party, wanted, before, limit),
        *_files(user, party, wanted, before, limit),
    ]
    past.sort(key=lambda entry: entry.cursor, reverse=True)
    found.past = past[:limit]
    if len(past) > limit:
        found.more = str(found.past[-1].cursor)
    found.colleagues = _names_of_mentioned([*found.ahead, *found.past])
    return found


def named(rows: Any) -> Any:
    """The rows with the names of their customers and owners, not with all that is known of these:
    a customer's search keys alone are longer than an entry."""
    own = [column.name for column in rows.model._meta.concrete_fields if column.name != "search"]
    names = ("party__name", "party__kind", "owner__name", "owner__email")
    return rows.select_related("party", "owner").only(*own, *names)


def of_customer(party: Party) -> Q:
    """Rows of a customer; a company's include those of its people, by one indexed column."""
    return Q(company_id=party.pk) if party.kind == PartyKind.COMPANY else Q(party_id=party.pk)


def _below(cursor: Cursor | None, rank: int, column: str) -> Q:
    """Rows that stand below the cursor in the order (instant, rank, id), all descending."""
    if cursor is None:
        return Q()
    older = Q(**{f"{column}__lt": cursor.at})
    if rank < cursor.rank:
        return Q(**{f"{column}__lte": cursor.at})
    if rank == cursor.rank:
        return older | Q(**{column: cursor.at}, pk__lt=cursor.pk)
    return older


@dataclass
class Ahead:
    """What is planned and what is to be done with a customer, the first first."""

    planned: list[Interaction]
    tasks: list[Task]


def ahead_of(user: User, party: Party) -> Ahead:
    """What lies ahead with `party` as `user` may see it: two queries, once per record object.

    The header's figures and the timeline of one page both ask.
    """
    asked: dict[int, Ahead] = party.__dict__.setdefault("_ahead", {})
    if user.pk not in asked:
        planned = (
            Interaction.objects.filter(of_customer(party), status=Status.PLANNED)
            .exclude(kind=Kind.NOTE)
            .visible_to(user)
            .order_by("at", "pk")
        )
        tasks = (
            Task.objects.filter(of_customer(party), done_at__isnull=True)
            .visible_to(user)
            .order_by("due_on", "pk")
        )
        asked[user.pk] = Ahead(
            masked(user, named(planned)[:MOST_AHEAD]), masked(user, named(tasks)[:MOST_COUNTED])
        )
    return asked[user.pk]


def _ahead(user: User, party: Party, wanted: frozenset[str]) -> list[Entry]:
    known = ahead_of(user, party)
    entries: list[Entry] = []
    if placed(user, ENTITY["interaction"]):
        entries += [
            Entry("interaction", row, row.at, ahead=True)
            for row in known.planned
            if row.kind in wanted
        ]
    if TASK in wanted and placed(user, ENTITY[TASK]):
        entries += [Entry(TASK, row, _due(row), ahead=True) for row in known.tasks[:MOST_AHEAD]]
    return sorted(entries, key=lambda entry: entry.cursor)


def _due(task: Task) -> datetime:
    """When an open task stands in the order: when it is due, without a date last of all."""
    if task.due_at is not None:
        return task.due_at
    day = task.due_on or date(9999, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _interactions(
    user: User, party: Party, wanted: frozenset[str], before: Cursor | None, limit: int
) -> list[Entry]:
    kinds = [kind for kind in Kind.values if kind in wanted]
    if not kinds or not placed(user, ENTITY["interaction"]):
        return []
    rows = (
        Interaction.objects.filter(of_customer(party), _below(before, RANK["interaction"], "at"))
        .exclude(status=Status.PLANNED)
        .visible_to(user)
        .order_by("-at", "-pk")
    )
    if len(kinds) < len(Kind.values):
        rows = rows.filter(kind__in=kinds)
    return [Entry("interaction", row, row.at) for row in masked(user, named(rows)[: limit + 1])]


def _done_tasks(
    user: User, party: Party, wanted: frozenset[str], before: Cursor | None, limit: int
) -> list[Entry]:
    if TASK not in wanted or not placed(user, ENTITY[TASK]):
        return []
    rows = (
        Task.objects.filter(of_customer(party), _below(before, RANK[TASK], "done_at"))
        .filter(done_at__isnull=False)
        .visible_to(user)
        .order_by("-done_at", "-pk")
    )
    done = masked(user, named(rows)[: limit + 1])
    return [Entry(TASK, row, row.done_at) for row in done if row.done_at]


def _files(
    user: User, party: Party, wanted: frozenset[str], before: Cursor | None, limit: int
) -> list[Entry]:
    if FILE not in wanted or not placed(user, ENTITY[FILE]):
        return []
    rows = (
        File.objects.filter(of_customer(party), _below(before, RANK[FILE], "created_at"))
        .visible_to(user)
        .order_by("-created_at", "-pk")
    )
    return [Entry(FILE, row, row.created_at) for row in masked(user, named(rows)[: limit + 1])]


def _names_of_mentioned(entries: list[Entry]) -> dict[int, str]:
    wanted = {pk for entry in entries if entry.sort == "interaction" for pk in entry.row.mentions}
    if not wanted:
        return {}
    return dict(User.objects.filter(pk__among=wanted).values_list("pk", "name"))
