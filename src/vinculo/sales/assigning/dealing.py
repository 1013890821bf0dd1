"""Leads that nobody has are given out, by several workers at once; what stays untouched goes on to
somebody else.

A worker holds a batch of leads that no other worker holds, then waits for its turn to choose: the
choice sees what the others have given by then, so that a thousand leads are spread as one would.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.kernel.text import fold
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.events import emit
from vinculo.platform.jobs import job
from vinculo.platform.labels import of_many
from vinculo.platform.models import Membership, User
from vinculo.platform.notifications import notify
from vinculo.sales.assigning.choosing import Table, Wish
from vinculo.sales.assigning.models import AssignRule, Given, Match
from vinculo.sales.assigning.seating import KEY, table_for, wishes_of
from vinculo.sales.conditions import rows_of
from vinculo.sales.leads.models import Lead, Status
from vinculo.sales.pools.membership import outside_pools

VERB, AGAIN = "sales.assign", "sales.assign_again"
OTHER_VERBS[VERB] = _t("Assigned by rules")
OTHER_VERBS[AGAIN] = _t("Passed on by rules")
BATCH = 200
#: Under this lock one worker after the other chooses.
LOCK = 77_042
MATCHED = tuple(one.value for one in Match if one.value)


@job("sales.assign", every="* * * * *", atomic=False)
def assign_waiting() -> None:
    """Give out what nobody has; safe to run twice, and in several workers at once."""
    assign()


def assign(at: datetime | None = None) -> Counter[int]:
    """Give every lead that nobody has to whom the rules say; person → how many they got."""
    instant, last, is_full = at or now(), 0, False
    given: Counter[int] = Counter()
    rules = active_rules()
    while rules and not is_full:
        with transaction.atomic():
            leads = _held(last, rules)
            if not leads:
                break
            last = leads[-1].pk
            got, is_full = _give_out(leads, rules, instant)
            given.update(got)
    _tell(given)
    return given


def _held(after: int, rules: Sequence[AssignRule]) -> list[Lead]:
    """The next leads that nobody has and that a rule is about, held; those that lie in a pool are
    left to its members, and those that another worker holds are left to it."""
    waiting = outside_pools(KEY, Lead.objects.filter(owner__isnull=True, status=Status.NEW))
    waiting = waiting.filter(pk__gt=after)
    if all(rule.query for rule in rules):
        about = (Q(pk__in=rows_of(KEY, rule.query).values("pk")) for rule in rules)
        waiting = waiting.filter(reduce(or_, about))
    held = waiting.order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(held.defer("search")[:BATCH])


def _one_after_the_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _give_out(
    leads: Sequence[Lead], rules: Sequence[AssignRule], at: datetime
) -> tuple[Counter[int], bool]:
    """Person → how many of these leads they got, and whether nobody takes any more."""
    _one_after_the_other()
    wishes = wishes_of(rules)
    table = table_for(wishes, at)
    chosen = plan(leads, rules, wishes, table)
    if chosen:
        with journal.change_set(actor=None, verb=VERB, label=of_many(KEY, len(chosen), ["owner"])):
            _write(chosen, at)
    return Counter(user_id for _lead, user_id, _rule in chosen), table.is_full


def active_rules() -> list[AssignRule]:
    """The rules that are on, in their order."""
    return list(AssignRule.objects.filter(is_active=True).order_by("place", "pk"))


#: A lead's number, whoever gets it, and the rule that says so.
Choice = tuple[int, int, int]


def plan(
    leads: Sequence[Lead], rules: Sequence[AssignRule], wishes: Sequence[Wish], table: Table
) -> list[Choice]:
    """Who at the table gets which of these leads; the first rule that fits and finds somebody
    decides. Leads that no rule gives to anybody are left out."""
    fits = _fitting(leads, rules)
    found: list[Choice] = []
    for lead in leads:
        values = values_of(lead)
        for wish in wishes:
            if lead.pk in fits[wish.pk]:
                user_id = table.deal(wish, values)
                if user_id is not None:
                    found.append((lead.pk, user_id, wish.pk))
                    break
    return found


def _fitting(leads: Sequence[Lead], rules: Sequence[AssignRule]) -> dict[int, set[int]]:
    ids = [lead.pk for lead in leads]
    return {
        rule.pk: set(ids)
        if not rule.query
        else set(rows_of(KEY, rule.query).filter(pk__in=ids).values_list("pk", flat=True))
        for rule in rules
    }


def values_of(lead: Lead) -> dict[str, str]:
    """What of a lead is held against what colleagues are good at."""
    return {name: fold(getattr(lead, name)) for name in MATCHED}


def _write(chosen: Sequence[Choice], at: datetime) -> None:
    """Give the leads, and note who was given what, for the so-manieth time."""
    mine: dict[int, list[int]] = defaultdict(list)
    for lead_id, user_id, _rule in chosen:
        mine[user_id].append(lead_id)
    for user in User.objects.filter(pk__in=mine):
        rows = Lead.objects.filter(pk__in=mine[user.pk])
        rows.update(owner=user, team_id=user.main_team_id(), updated_at=at)
    had = Given.objects.filter(lead__in=[lead_id for lead_id, _user, _rule in chosen])
    turns = dict(had.values("lead").annotate(last=Max("turn")).values_list("lead", "last"))
    Given.objects.bulk_create(
        Given(
            lead_id=lead_id, user_id=user_id, rule_id=rule_id, at=at,
            turn=turns.get(lead_id, 0) + 1,
        )
        for lead_id, user_id, rule_id in chosen
    )  # fmt: skip
    emit("sales.leads_assigned", {"leads": [lead_id for lead_id, _user, _rule in chosen]})


def _tell(given: Counter[int]) -> None:
    """Everybody learns, once a run, how many they were given."""
    for user in User.objects.filter(pk__in=given):
        number = given[user.pk]
        notify(
            user,
            _("You were given a new lead.")
            if number == 1
            else _("You were given %(n)s new leads."),
            params={"n": number},
            url="/leads?owner.is=me&status.is=new",
            kind="assigned",
        )


# --- untouched ---------------------------------------------------------------------------------


@job("sales.assign_again", every="*/15 * * * *", lock=AGAIN)
def assign_again_regularly() -> None:
    """Pass on what nobody has taken up."""
    assign_again()


def assign_again(at: datetime | None = None) -> int:
    """Pass leads on that stayed untouched for the hours of their rule; how many went on. After the
    last round, or where nobody else is left, the lead of the team is told, once."""
    instant, told, passed = at or now(), [], []
    with transaction.atomic():
        _one_after_the_other()
        rules = [rule for rule in active_rules() if rule.untouched_hours is not None]
        wishes = {wish.pk: wish for wish in wishes_of(rules)}
        table = table_for(wishes.values(), instant)
        for rule in rules:
            lying = _untouched(rule, instant)
            had = _had_before(lying)
            for given in lying:
                chosen = None
                if given.turn < rule.rounds:
                    chosen = table.deal(wishes[rule.pk], values_of(given.lead), had[given.lead_id])
                if chosen is None:
                    told.append((rule, given))
                else:
                    passed.append((given.lead_id, chosen, rule.pk))
        if passed or told:
            label = of_many(KEY, len(passed), ["owner"])
            with journal.change_set(actor=None, verb=AGAIN, label=label):
                if passed:
                    _write(passed, instant)
                lain = [given.pk for _rule, given in told]
                Given.objects.filter(pk__in=lain).update(escalated_at=instant)
        _tell(Counter(user_id for _lead, user_id, _rule in passed))
        _escalate(told)
    return len(passed)


def _untouched(rule: AssignRule, at: datetime) -> list[Given]:
    """The latest givings by a rule after which nothing happened with the lead."""
    later = Given.objects.filter(lead=OuterRef("lead"), turn__gt=OuterRef("turn"))
    since = at - timedelta(hours=rule.untouched_hours or 0)
    rows = Given.objects.filter(
        ~Exists(later),
        rule=rule,
        at__lte=since,
        escalated_at__isnull=True,
        lead__status=Status.NEW,
        lead__owner=F("user"),
        lead__updated_at__lte=F("at"),
    )
    return list(rows.select_related("lead").select_for_update(of=("lead",)).order_by("pk")[:1000])


def _had_before(lying: Sequence[Given]) -> dict[int, set[int]]:
    """Lead → everybody who was given it so far."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Given.objects.filter(lead__in=[given.lead_id for given in lying])
    for lead_id, user_id in rows.values_list("lead", "user"):
        found[lead_id].add(user_id)
    return found


def _escalate(told: Sequence[tuple[AssignRule, Given]]) -> None:
    """Tell those who lead the team how many leads nobody took up: the people of the team above it,
    else the administrators."""
    count: Counter[int] = Counter()
    for rule, _given in told:
        for pk in _leads_of(rule):
            count[pk] += 1
    for user in User.objects.filter(pk__in=count):
        number = count[user.pk]
        notify(
            user,
            _("A lead was taken up by nobody. Look after it.")
            if number == 1
            else _("%(n)s leads were taken up by nobody. Look after them."),
            params={"n": number},
            url="/leads?status.is=new",
            kind="escalated",
        )


def _leads_of(rule: AssignRule) -> list[int]:
    parent = rule.team.parent_id if rule.team is not None else None
    above = Membership.objects.filter(team=parent, user__is_active=True) if parent else None
    found = list(above.values_list("user_id", flat=True)) if above is not None else []
    if found:
        return found
    able = User.objects.filter(is_active=True, role_assignments__role__administrator=True)
    return list(able.distinct().values_list("pk", flat=True))
