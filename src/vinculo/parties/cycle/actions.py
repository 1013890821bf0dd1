"""The verbs: say by hand where a party stands, look after the rules, have them decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.periods import start_of_day
from vinculo.parties.cycle.forms import SetStateForm, checked
from vinculo.parties.cycle.keeping import FOR_GOOD, move, unfollowed
from vinculo.parties.cycle.kinds import SALES
from vinculo.parties.cycle.models import DatedState, StateRule
from vinculo.parties.cycle.rules import run_rules
from vinculo.parties.cycle.telling import title_of
from vinculo.parties.models import Kind, Party, State
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import enqueue, job
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.records.registry import entity
from vinculo.records.writing import tell_changed

BOTH = ("parties.company", "parties.person")
PAGE = "/settings/cycle"
LOCK = "parties.cycle"


@action(
    "parties.set_state",
    label=_t("Set the state"),
    done=_t("Saved."),
    form=SetStateForm,
    on=BOTH,
    subject="party",
    icon="flag",
    granted=False,
)
def set_state(
    *,
    actor: User,
    party: Party,
    state: str,
    until: date | None = None,
    for_good: bool = False,
    note: str = "",
) -> Party:
    """Say by hand where a customer stands, and how long rules leave that alone: to the end of the
    day `until`, or for good; else for as many days as each rule says."""
    held = _held(until, for_good)
    changed = _changeable(actor, party)
    if state not in State.values:
        raise DomainError(_("Choose a state."), field="state")
    was, changed.state, changed.updated_at = changed.state, state, now()
    with unfollowed():
        changed.save(update_fields=["state", "updated_at"])
    details = {"note": note} if note else {}
    move([changed.pk], [was], [state], at=now(), why="hand", details=details, held=held)
    tell_changed(entity(f"parties.{changed.kind}"), changed.pk, {"state": state})
    journal.relabel(changed.name)
    return changed


def _held(until: date | None, for_good: bool) -> Any:
    if for_good:
        return FOR_GOOD
    if until is None:
        return None
    if until < timezone.localdate(now()) or until.year > 8999:
        raise DomainError(_("Choose a day to come."), field="until")
    return start_of_day(until + timedelta(days=1), timezone.get_current_timezone())


def _never(_record: Any) -> bool:
    """The panel of states offers it where there is something to release."""
    return False


@action(
    "parties.release_state",
    label=_t("Let the rules decide"),
    done=_t("The rules decide again."),
    on=BOTH,
    subject="party",
    icon="flag-off",
    granted=False,
    offered=_never,
)
def release_state(*, actor: User, party: Party) -> None:
    """Have the rules decide about a customer whose state they were to leave alone."""
    changed = _changeable(actor, party)
    row = DatedState.objects.filter(party=changed.pk, kind=SALES, until__isnull=True).first()
    held = row is not None and row.held_until is not None and row.held_until > now()
    if row is None or not (held or (row.why == "hand" and row.held_until is None)):
        raise DomainError(_("The rules decide about this record already."))
    row.held_until = now()
    row.save(update_fields=["held_until"])
    journal.relabel(changed.name)


def _changeable(actor: User, party: Party) -> Party:
    """The party, held, if the actor may change its state."""
    rows = Party.objects.filter(pk=party.pk)
    found = rows.visible_to(actor, "edit").select_for_update(of=("self",), no_key=True).first()
    if found is None:
        if rows.visible_to(actor).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such record, or you may not see it."))
    field = entity(f"parties.{found.kind}").field_for(actor, "state")
    if field is None or not field.editable:
        raise NotAllowed(_("You may not change this field."), field="state")
    return found


# --- rules --------------------------------------------------------------------------------------


@action("parties.create_state_rule", label=_t("Create a rule of the sales cycle"), granted=False)
def create_state_rule(
    *,
    actor: User,
    from_states: Sequence[str],
    to_state: str,
    conditions: list[dict[str, Any]],
    name: str = "",
    party_kind: str = "",
    patience: int = 30,
) -> StateRule:
    """A new rule, off, after all others."""
    administrators_only(actor)
    last = StateRule.objects.filter(kind=SALES).order_by("-place").first()
    rule = StateRule(kind=SALES, place=last.place + 1 if last is not None else 1)
    return _filled(rule, from_states, to_state, conditions, name, party_kind, patience)


@action("parties.change_state_rule", label=_t("Change a rule of the sales cycle"), granted=False)
def change_state_rule(
    *,
    actor: User,
    rule: StateRule,
    from_states: Sequence[str],
    to_state: str,
    conditions: list[dict[str, Any]],
    name: str = "",
    party_kind: str = "",
    patience: int = 30,
) -> StateRule:
    """Change what a rule does; it stays on or off."""
    administrators_only(actor)
    held = _held_rule(rule)
    return _filled(held, from_states, to_state, conditions, name, party_kind, patience)


def _filled(
    rule: StateRule,
    from_states: Sequence[str],
    to_state: str,
    conditions: list[dict[str, Any]],
    name: str,
    party_kind: str,
    patience: int,
) -> StateRule:
    rule.name, rule.patience, rule.party_kind = name, patience, party_kind
    rule.from_states, rule.to_state = list(from_states), to_state
    if not rule.from_states or not set(rule.from_states) <= set(State.values):
        raise DomainError(_("Choose at least one state."), field="from_states")
    if rule.to_state not in State.values or rule.to_state in rule.from_states:
        raise DomainError(_("Choose a state that the rule does not come from."), field="to_state")
    if rule.party_kind not in ("", *Kind.values):
        raise DomainError(_("Choose companies, people or both."), field="party_kind")
    rule.conditions = checked(conditions)
    if not rule.conditions:
        raise DomainError(_("Say at least one thing that must hold."))
    rule.save()
    journal.relabel(title_of(rule))
    return rule


@action("parties.switch_state_rule", label=_t("Switch a rule of the sales cycle"), granted=False)
def switch_state_rule(*, actor: User, rule: StateRule, active: bool) -> StateRule:
    """Switch a rule on or off; nothing moves before the rules run."""
    administrators_only(actor)
    switched = _held_rule(rule)
    switched.active = active
    switched.save(update_fields=["active"])
    journal.relabel(title_of(switched))
    return switched


@action("parties.move_state_rule", label=_t("Move a rule of the sales cycle"), granted=False)
def move_state_rule(*, actor: User, rule: StateRule, up: bool) -> None:
    """Put a rule before the one above it, or after the one below."""
    administrators_only(actor)
    rules = list(StateRule.objects.filter(kind=SALES).select_for_update().order_by("place", "pk"))
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
    journal.relabel(title_of(rule))


@action("parties.delete_state_rule", label=_t("Delete a rule of the sales cycle"), granted=False)
def delete_state_rule(*, actor: User, rule: StateRule) -> None:
    """Delete a rule; what it has moved stays where it is, with its reason."""
    administrators_only(actor)
    gone = _held_rule(rule)
    journal.relabel(title_of(gone))
    gone.delete()


def _held_rule(rule: StateRule) -> StateRule:
    found = StateRule.objects.filter(pk=rule.pk).select_for_update().first()
    if found is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    return found


# --- running ------------------------------------------------------------------------------------


@action("parties.run_cycle", label=_t("Rules of the sales cycle"), granted=False)
def run_cycle(*, actor: User) -> None:
    """Have a worker apply the rules that are on to all customers now."""
    administrators_only(actor)
    enqueue(run_asked_for, actor=actor)


@job("parties.run_cycle_now", lock=LOCK)
def run_asked_for(*, actor: User) -> None:
    """The rules, because an administrator wanted it; they are told what came of it."""
    administrators_only(actor)
    run = run_rules(actor)
    notify(
        actor,
        _("The rules of the sales cycle moved %(n)s customers."),
        params={"n": f"{run.total:,}"},
        url=f"/undo/{run.changeset_id}" if run.changeset_id else PAGE,
        kind="cycle",
    )


@job("parties.run_cycle", every="37 1 * * *", lock=LOCK, retry=2)
def run_nightly() -> None:
    """The rules, each night."""
    run_rules(None)
