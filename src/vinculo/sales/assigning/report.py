"""How fairly leads are given out: per person what they were given, took up, converted, and how long
it took; and what a set of rules would have done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Least

from vinculo.kernel.clock import now
from vinculo.platform.models import User
from vinculo.platform.models.journal import Change
from vinculo.sales.assigning.dealing import plan
from vinculo.sales.assigning.models import AssignRule, Given
from vinculo.sales.assigning.seating import KEY, table_for, wishes_of
from vinculo.sales.leads.contacts.models import LeadContact
from vinculo.sales.leads.models import Lead, Status
from vinculo.sales.pools.membership import outside_pools

DAYS = 30
#: So many of the newest leads are dealt out in a preview.
NEWEST = 1000


@dataclass
class Line:
    """One colleague in the days of the report."""

    user: User
    given: int = 0
    touched: int = 0
    converted: int = 0
    #: All the waiting together, in hours; of what is untouched, until now.
    waited: float = 0.0

    @property
    def waiting(self) -> float:
        """Hours from giving to the first change, on average."""
        return self.waited / self.given if self.given else 0.0


def fairness(at: datetime | None = None) -> list[Line]:
    """Everybody who was given leads in the last days, whoever was given most first."""
    instant = at or now()
    touched = Change.objects.filter(
        ~Q(before__has_key="owner_id"),
        table=Lead._meta.db_table,
        row_id=OuterRef("lead_id"),
        op="U",
        at__gt=OuterRef("at"),
        changeset__actor=OuterRef("user"),
    ).order_by("at")
    noted = LeadContact.objects.filter(
        lead=OuterRef("lead"), by=OuterRef("user"), noted_at__gt=OuterRef("at")
    ).order_by("noted_at")
    rows = Given.objects.filter(at__gte=instant - timedelta(days=DAYS)).annotate(
        touched_at=Least(Subquery(touched.values("at")[:1]), Subquery(noted.values("noted_at")[:1]))
    )
    found: dict[int, Line] = {}
    people = User.objects.in_bulk(set(rows.values_list("user_id", flat=True)))
    told = rows.values_list("user_id", "at", "touched_at", "lead__status", "lead__owner_id")
    for user_id, given_at, touched_at, status, owner_id in told:
        line = found.setdefault(user_id, Line(people[user_id]))
        line.given += 1
        line.touched += touched_at is not None
        line.converted += status == Status.CONVERTED and owner_id == user_id
        line.waited += ((touched_at or instant) - given_at).total_seconds() / 3600
    return sorted(found.values(), key=lambda one: (-one.given, one.user.name))


@dataclass(frozen=True)
class Preview:
    """What rules would have done with the newest leads."""

    leads: int
    given: list[tuple[User, int]]
    left: int


def lying_in_pools() -> int:
    """How many new leads that nobody has lie in a pool, and are given to nobody."""
    waiting = Lead.objects.filter(owner__isnull=True, status=Status.NEW)
    return waiting.count() - int(outside_pools(KEY, waiting).count())


def preview(rules: list[AssignRule], at: datetime | None = None) -> Preview:
    """Deal the newest leads out anew, on or off, as if nobody had any; nothing is written. What lies
    in a pool is left out, as it is then."""
    outside = outside_pools(KEY, Lead.objects.all())
    leads = list(outside.order_by("-pk").defer("search")[:NEWEST])
    wishes = wishes_of(rules)
    chosen = plan(leads[::-1], rules, wishes, table_for(wishes, at or now(), empty=True))
    count = Counter(user_id for _lead, user_id, _rule in chosen)
    people = User.objects.in_bulk(count)
    given = [(people[pk], n) for pk, n in count.most_common()]
    return Preview(len(leads), given, len(leads) - len(chosen))
