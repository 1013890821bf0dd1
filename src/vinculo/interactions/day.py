"""My day: what a person promised and planned, and what they looked at last."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from vinculo.interactions.models import Interaction, Status, Task
from vinculo.interactions.queries import named
from vinculo.interactions.sight import hidden_fields, masked, placed
from vinculo.kernel.clock import now
from vinculo.parties.models import Kind as PartyKind
from vinculo.parties.models import Party
from vinculo.platform.models import RecentView, User

AHEAD = timedelta(days=7)
MOST_SHOWN = 100
MOST_RECENT = 8
RECENT_KEPT = 50


@dataclass
class Item:
    """A line of My day: a task, or something planned. `day` is when it asks for attention."""

    sort: str
    row: Any
    day: date | None
    at: datetime | None = None


@dataclass
class Day:
    """What asks for attention, by when."""

    today: date
    overdue: list[Item] = field(default_factory=list)
    now: list[Item] = field(default_factory=list)
    next: list[Item] = field(default_factory=list)
    undated: list[Item] = field(default_factory=list)
    #: True when there was more than a page can sensibly show.
    cut: bool = False

    @property
    def count(self) -> int:
        """What is overdue or due today: the figure beside *My day*."""
        return len(self.overdue) + len(self.now)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is to be done."""
        return not (self.overdue or self.now or self.next or self.undated)


def attention() -> Greatest:
    """The day a task asks for attention: when it is due, or when its sleep ends if that is later."""
    return Greatest("due_on", "snoozed_until")


def my_tasks(user: User) -> Any:
    """The open tasks of `user` that they may see."""
    return Task.objects.filter(owner_id=user.pk, done_at__isnull=True).visible_to(user)


def my_plans(user: User) -> Any:
    """What `user` has planned: meetings, visits and calls to come, or not yet reported."""
    planned = Interaction.objects.filter(owner_id=user.pk, status=Status.PLANNED)
    return planned.visible_to(user)


def my_day(user: User) -> Day:
    """The day of `user`, in the time zone in force: two queries, whatever there is to do."""
    today = timezone.localdate(now())
    last = today + AHEAD
    day = Day(today)
    tasks = named(_asking(user, last))[: MOST_SHOWN + 1]
    plans = my_plans(user).filter(at__lt=midnight(last + timedelta(days=1))).order_by("at", "pk")
    items = [Item("task", row, row.attention, row.due_at) for row in masked(user, tasks)]
    if placed(user, "interactions.interaction"):
        found = masked(user, named(plans)[: MOST_SHOWN + 1])
        items += [Item("plan", row, timezone.localdate(row.at), row.at) for row in found]
    day.cut = len(items) > MOST_SHOWN
    for item in sorted(items[: 2 * MOST_SHOWN], key=_order):
        _place(day, item).append(item)
    return day


def _asking(user: User, last: date) -> Any:
    """The tasks that ask for attention up to `last`. Whoever may not know when tasks are due gets
    them all, in the order in which they were made."""
    hidden = hidden_fields(user, "interactions.task")
    if hidden & {"due_on", "snoozed_until"}:
        return my_tasks(user).annotate(attention=Value(None, DateField())).order_by("pk")
    urgent = () if "priority" in hidden else ("-priority",)
    return (
        my_tasks(user)
        .filter(Q(due_on__lte=last) | Q(due_on__isnull=True))
        .annotate(attention=attention())
        .filter(Q(attention__lte=last) | Q(attention__isnull=True))
        .order_by(F("attention").asc(nulls_last=True), *urgent, "pk")
    )


def _order(item: Item) -> tuple[date, int, datetime, int]:
    """By day; within a day what has an hour comes first, then the most urgent task."""
    timed = item.at or datetime.combine(date.max, time.min, tzinfo=timezone.get_fixed_timezone(0))
    priority = -item.row.priority if item.sort == "task" else 0
    return item.day or date.max, 0 if item.at else 1, timed, priority


def _place(day: Day, item: Item) -> list[Item]:
    if item.day is None:
        return day.undated
    if item.day < day.today:
        return day.overdue
    return day.now if item.day == day.today else day.next


def my_day_count(user: User) -> int:
    """How much is overdue or due today; counts no further than a hundred
    of each kind. One query, because every page asks.
    """
    today = timezone.localdate(now())
    asked = []
    if not hidden_fields(user, "interactions.task") & {"due_on", "snoozed_until"}:
        tasks = my_tasks(user).filter(due_on__lte=today).annotate(attention=attention())
        asked.append(tasks.filter(attention__lte=today).values_list("pk")[:MOST_SHOWN])
    if placed(user, "interactions.interaction"):
        plans = my_plans(user).filter(at__lt=midnight(today + timedelta(days=1)))
        asked.append(plans.values_list("pk")[:MOST_SHOWN])
    if not asked:
        return 0
    return int(asked[0].union(*asked[1:], all=True).count())


def midnight(day: date) -> datetime:
    """The instant at which `day` begins for the reader."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


PATHS = {"parties.company": "companies", "parties.person": "people"}

SEEN = """
INSERT INTO platform_recentview (user_id, entity, row_id, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (user_id, entity, row_id) DO UPDATE SET at = excluded.at
"""

FORGET = """
DELETE FROM platform_recentview WHERE user_id = %(user)s AND id NOT IN (
    SELECT id FROM platform_recentview WHERE user_id = %(user)s ORDER BY at DESC LIMIT %(kept)s)
"""


def note_view(user: User, entity: str, row_id: int) -> bool:
    """Remember that `user` opened a customer's page; False when there is none they may see."""
    if entity not in PATHS or not Party.objects.filter(pk=row_id).visible_to(user).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [user.pk, entity, row_id, now()])
        cursor.execute(FORGET, {"user": user.pk, "kept": RECENT_KEPT})
    return True


def recently_viewed(user: User) -> list[Party]:
    """The customers whose pages `user` opened last and may still see, latest first."""
    views = RecentView.objects.visible_to(user).filter(user_id=user.pk, entity__in=PATHS)
    ids = list(views.order_by("-at").values_list("row_id", flat=True)[: 2 * MOST_RECENT])
    parties = (
        Party.objects.filter(pk__among=ids).visible_to(user).only("pk", "name", "kind", "city")
    )
    found = {party.pk: party for party in parties}
    return [found[pk] for pk in ids if pk in found][:MOST_RECENT]


def path_of(party: Party) -> str:
    """The address of a customer's page."""
    return f"/{'companies' if party.kind == PartyKind.COMPANY else 'people'}/{party.pk}"
