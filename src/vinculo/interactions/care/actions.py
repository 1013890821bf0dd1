"""What administrators do with rules of care, and the nightly job."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from vinculo.interactions.care.forms import MOST_DAYS
from vinculo.interactions.care.making import VERB, make_tasks
from vinculo.interactions.care.models import CareRule, What
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.parties.models import Kind, State
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS, action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import job
from vinculo.platform.models import User

PAGE = "/settings/care"
OTHER_VERBS[VERB] = gettext_lazy("Tasks made by rules of care")


@action("interactions.create_care_rule", label=gettext_lazy("Create a rule of care"), granted=False)
def create_care_rule(
    *, actor: User, what: str, days: int, party_kind: str = "", states: Sequence[str] = ()
) -> CareRule:
    """A new rule, off."""
    administrators_only(actor)
    return _filled(CareRule(), what, days, party_kind, states)


@action("interactions.change_care_rule", label=gettext_lazy("Change a rule of care"), granted=False)
def change_care_rule(
    *,
    actor: User,
    rule: CareRule,
    what: str,
    days: int,
    party_kind: str = "",
    states: Sequence[str] = (),
) -> CareRule:
    """Change a rule; tasks that it has made stay as they are."""
    administrators_only(actor)
    return _filled(_held(rule), what, days, party_kind, states)


def _filled(
    rule: CareRule, what: str, days: int, party_kind: str, states: Sequence[str]
) -> CareRule:
    if what not in What.values:
        raise DomainError(_("Choose an occasion."), field="what")
    most = MOST_DAYS[What(what)]
    least = 1 if what == What.NO_CONTACT else 0
    if not least <= days <= most:
        message = _("Choose between %(least)s and %(most)s days.")
        raise DomainError(message, field="days", least=least, most=most)
    if party_kind not in ("", *Kind.values) or not set(states) <= set(State.values):
        raise DomainError(_("Choose companies, people or both."), field="party_kind")
    rule.what, rule.days, rule.party_kind, rule.states = what, days, party_kind, list(states)
    rule.save()
    journal.relabel(str(rule))
    return rule


@action("interactions.switch_care_rule", label=gettext_lazy("Switch a rule of care"), granted=False)
def switch_care_rule(*, actor: User, rule: CareRule, active: bool) -> CareRule:
    """Switch a rule on or off; the next night makes its first tasks."""
    administrators_only(actor)
    switched = _held(rule)
    switched.active = active
    switched.save(update_fields=["active"])
    journal.relabel(str(switched))
    return switched


@action("interactions.delete_care_rule", label=gettext_lazy("Delete a rule of care"), granted=False)
def delete_care_rule(*, actor: User, rule: CareRule) -> None:
    """Delete a rule; tasks that it has made stay."""
    administrators_only(actor)
    gone = _held(rule)
    journal.relabel(str(gone))
    gone.delete()


def _held(rule: CareRule) -> CareRule:
    found = CareRule.objects.filter(pk=rule.pk).select_for_update().first()
    if found is None:
        raise NotFound(_("This is no longer there, or you may not see it."))
    return found


@job("interactions.care", every="57 1 * * *", lock="interactions.care", retry=2)
def care_nightly() -> None:
    """The tasks that rules of care make, each night after the rules of the sales cycle."""
    make_tasks()
