"""Making the tasks: which customers have an occasion, and a task for the owner of each, once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber, TruncDate
from django.utils import timezone

from vinculo.interactions.actions.tasks import announce
from vinculo.interactions.care.models import CareOccasion, CareRule, What
from vinculo.interactions.care.telling import task_title
from vinculo.interactions.cycle import no_contact, sees_last_contact
from vinculo.interactions.derived import refresh_tasks
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.parties.cycle.models import DatedState
from vinculo.parties.models import Kind, Party, State
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.labels import of_many
from vinculo.platform.models import User

#: So many tasks of one rule a colleague gets in one night; the others follow in the next.
MOST_A_NIGHT = 25
VERB = "interactions.care"
CUSTOMERS = (State.ACTIVE, State.WON_BACK)


@dataclass(frozen=True)
class Wanted:
    """One task to be made: for which party, on what day's account, due when."""

    party: Party
    day: date
    due: date


def occasions(rule: CareRule, today: date | None = None) -> Any:
    """The parties for which the rule has a task to make, on or off; `occasion` is the day that
    counts as one: of an anniversary the day itself, of a silence the day it began."""
    day = today or timezone.localdate(now())
    rows: Any = Party.objects.filter(owner__is_active=True)
    if rule.party_kind:
        rows = rows.filter(kind=rule.party_kind)
    if rule.states:
        rows = rows.filter(state__in=rule.states)
    if rule.what == What.NO_CONTACT:
        began = TruncDate(Coalesce("last_contact_at", "created_at"))
        rows = rows.filter(no_contact(now() - timedelta(days=rule.days))).annotate(occasion=began)
    else:
        rows = _anniversaries(rows, rule, day)
    done = CareOccasion.objects.filter(
        rule_id=rule.pk, party_id=OuterRef("pk"), day=OuterRef("occasion")
    )
    return rows.exclude(Exists(done))


def _anniversaries(rows: Any, rule: CareRule, today: date) -> Any:
    """Those whose day comes round within the rule's days."""
    if rule.what == What.BIRTHDAY:
        rows = rows.filter(birthday__isnull=False).annotate(since=F("birthday"))
    else:
        rows = rows.annotate(since=_customer_since()).filter(since__isnull=False)
    coming = {}
    for number in range(rule.days + 1):
        day = today + timedelta(days=number)
        coming[f"{day:%m%d}"] = day
        if (day.month, day.day) == (2, 28) and not _leap(day.year):
            coming["0229"] = day
    written = Func(F("since"), Value("MMDD"), function="to_char", output_field=CharField())
    found = rows.annotate(written=written).filter(written__in=list(coming))
    of_each = (When(written=text, then=Value(day)) for text, day in coming.items())
    found = found.annotate(occasion=Case(*of_each, output_field=DateField()))
    return found.filter(since__lt=F("occasion"))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _customer_since() -> Any:
    """The day a party first became a customer; nothing for who never was one."""
    rows = DatedState.objects.filter(party=OuterRef("pk"), state__in=CUSTOMERS).order_by()
    first = rows.values("party").annotate(first=Min("began")).values("first")
    never_moved = Case(When(state__in=CUSTOMERS, then=F("created_at")), default=None)
    return TruncDate(Coalesce(Subquery(first), never_moved))


def make_tasks(today: date | None = None) -> int:
    """The tasks of all rules that are on, in one change-set; returns how many were made."""
    day = today or timezone.localdate(now())
    rules = CareRule.objects.filter(active=True).order_by("pk")
    found = [(rule, tasks) for rule in rules if (tasks := _wanted(rule, day))]
    if not found:
        return 0
    with journal.change_set(actor=None, verb=VERB):
        made = [task for rule, tasks in found for task in _make(rule, tasks)]
        refresh_tasks([task.pk for task in made])
        journal.relabel(of_many("interactions.task", len(made)))
        for task in made:
            announce("interactions.task_added", task)
    return len(made)


Found = list[tuple[Wanted, Task]]


def _wanted(rule: CareRule, today: date) -> Found:
    found: Found = []
    for owner, wanted in _by_owner(rule, today):
        seen = _that_owner_may_see(rule, owner, wanted)
        found += [(one, _task(rule, owner, one)) for one in seen]
    return found


def _make(rule: CareRule, tasks: Found) -> list[Task]:
    CareOccasion.objects.bulk_create(
        CareOccasion(rule_id=rule.pk, party_id=one.party.pk, day=one.day) for one, _task in tasks
    )
    return Task.objects.bulk_create([task for _one, task in tasks])


def _by_owner(rule: CareRule, today: date) -> Iterable[tuple[User, list[Wanted]]]:
    """Each owner with what they would get tonight: the longest silence, the next day first."""
    order = [F("occasion").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=F("owner_id"), order_by=order)
    rows = occasions(rule, today).annotate(place=place).filter(place__lte=MOST_A_NIGHT)
    found: dict[int, list[Wanted]] = defaultdict(list)
    for party in rows.defer("search", "description").order_by("owner_id", "place"):
        day = party.occasion
        due = today if rule.what == What.NO_CONTACT else day
        found[party.owner_id or 0].append(Wanted(party, day, due))
    owners = User.objects.filter(pk__among=list(found), is_active=True)
    return [(owner, found[owner.pk]) for owner in owners.order_by("pk")]


def _that_owner_may_see(rule: CareRule, owner: User, wanted: list[Wanted]) -> list[Wanted]:
    """Only of customers the owner sees, and of what they may know of them."""
    rights = rights_of(owner)
    if rights.scope("interactions.task") is Scope.NONE:
        return []
    told = [one for one in wanted if _may_hear(rule, owner, f"parties.{one.party.kind}")]
    seen = set(
        Party.objects.filter(pk__among=[one.party.pk for one in told])
        .visible_to(owner)
        .values_list("pk", flat=True)
    )
    return [one for one in told if one.party.pk in seen]


def _may_hear(rule: CareRule, owner: User, key: str) -> bool:
    rights = rights_of(owner)

    def hidden(name: str) -> bool:
        return rights.field_rule(key, name) == "hidden"

    if hidden("name") or (rule.states and hidden("state")):
        return False
    if rule.what == What.NO_CONTACT:
        return sees_last_contact(owner, key, {})
    return not hidden("birthday" if rule.what == What.BIRTHDAY else "state")


def _task(rule: CareRule, owner: User, one: Wanted) -> Task:
    party = one.party
    since = getattr(party, "since", one.day)
    return Task(
        title=task_title(rule, owner, party.name, since, one.due),
        party_id=party.pk,
        company_id=party.pk if party.kind == Kind.COMPANY else party.company_id,
        due_on=one.due,
        owner=owner,
        team_id=owner.main_team_id(),
    )
