"""The verbs of the settings: rules in their order, and what colleagues can take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.text import clean, fold
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import Team, User
from vinculo.sales.assigning.models import Absence, AssignRule, Colleague, Match, Skill, Way
from vinculo.sales.assigning.seating import KEY
from vinculo.sales.conditions import checked_condition

MOST_SKILLS = 100


@action("sales.save_assign_rule", label=_t("Change an assignment rule"), granted=False)
def save_assign_rule(
    *,
    actor: User,
    rule: AssignRule | None = None,
    name: str,
    query: str = "",
    team: Team | None = None,
    person: User | None = None,
    way: str = Way.ROUND_ROBIN,
    match: str = "",
    untouched_hours: int | None = None,
    rounds: int = 3,
    is_active: bool = False,
) -> AssignRule:
    """A new rule, after all others, or another one in its place."""
    administrators_only(actor)
    called = clean(name)[:80]
    if not called:
        raise DomainError(_("Write a name."), field="name")
    if (team is None) == (person is None):
        raise DomainError(_("Choose either a team or a colleague."), field="team")
    if way not in Way.values or match not in Match.values:
        raise DomainError(_("Choose one from the list."), field="way")
    saved = rule
    if saved is None:
        last = AssignRule.objects.order_by("-place").first()
        saved = AssignRule(place=last.place + 1 if last is not None else 1)
    saved.name, saved.query = called, checked_condition(KEY, query)
    saved.team, saved.person, saved.way, saved.match = team, person, way, match
    saved.untouched_hours, saved.rounds = untouched_hours, max(rounds, 1)
    saved.is_active = is_active
    saved.save()
    journal.relabel(called)
    return saved


@action("sales.move_assign_rule", label=_t("Move an assignment rule"), granted=False)
def move_assign_rule(*, actor: User, rule: AssignRule, up: bool) -> None:
    """Put a rule before the one above it, or after the one below."""
    administrators_only(actor)
    rules = list(AssignRule.objects.select_for_update(of=("self",)).order_by("place", "pk"))
    at = next((n for n, one in enumerate(rules) if one.pk == rule.pk), None)
    if at is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    to = at - 1 if up else at + 1
    if 0 <= to < len(rules):
        rules[at], rules[to] = rules[to], rules[at]
    for place, one in enumerate(rules, 1):
        if one.place != place:
            one.place = place
            one.save(update_fields=["place"])
    journal.relabel(rule.name)


@action("sales.delete_assign_rule", label=_t("Delete an assignment rule"), granted=False)
def delete_assign_rule(*, actor: User, rule: AssignRule) -> None:
    """Delete a rule; whoever was given a lead by it keeps it."""
    administrators_only(actor)
    journal.relabel(rule.name)
    rule.delete()


@action("sales.save_colleague", label=_t("Change a colleague in the assignment"), granted=False)
def save_colleague(
    *,
    actor: User,
    user: User,
    most_open: int | None = None,
    skills: Mapping[str, Sequence[str]],
    absences: Sequence[tuple[date, date]] = (),
) -> Colleague:
    """Say what a colleague is good at (what is matched → words), how many open leads they take, and
    when they are away."""
    administrators_only(actor)
    for first, last in absences:
        if last < first:
            raise DomainError(_("An absence ends after it begins."), field="last_0")
    held, _made = Colleague.objects.get_or_create(user=user)
    if held.most_open != most_open:
        held.most_open = most_open
        held.save()
    wanted = {
        (kind, fold(clean(word))[:120])
        for kind, words in skills.items()
        if kind in Match.values
        for word in words
        if clean(word)
    }
    if len(wanted) > MOST_SKILLS:
        raise DomainError(_("At most %(most)s of them can be noted."), most=MOST_SKILLS)
    known = {(row.kind, row.value): row for row in Skill.objects.filter(user=user)}
    for key, row in known.items():
        if key not in wanted:
            row.delete()
    for kind, value in sorted(wanted - set(known)):
        Skill.objects.create(user=user, kind=kind, value=value)
    spans = {(row.first, row.last): row for row in Absence.objects.filter(user=user)}
    for span, gone in spans.items():
        if span not in absences:
            gone.delete()
    for span in dict.fromkeys(absences):
        if span not in spans:
            Absence.objects.create(user=user, first=span[0], last=span[1])
    journal.relabel(user.name)
    return held
