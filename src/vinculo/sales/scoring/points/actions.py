"""The verbs: look after the rules of points."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User
from vinculo.platform.models.custom import new_stamp
from vinculo.sales.scoring.points.counting import KEYS, count_again, filters_of
from vinculo.sales.scoring.points.models import MOST_POINTS, PointRule

PAGE = "/settings/points"
MOST_RULES = 50


@action("sales.save_point_rule", label=_t("Change a rule of points"), granted=False)
def save_point_rule(
    *,
    actor: User,
    rule: PointRule | None = None,
    entity: str,
    where: str,
    points: int,
    reason: str,
    is_active: bool = True,
) -> PointRule:
    """A new rule, or another one: records that `where` (filters as a list's address has them)
    finds, with the actor's eyes, get `points`."""
    administrators_only(actor)
    said = clean(reason)[:120]
    if not said:
        raise DomainError(_("Write the reason."), field="reason")
    if entity not in KEYS:
        raise DomainError(_("Choose a record type from the list."), field="entity")
    if not points or abs(points) > MOST_POINTS:
        message = _("Give between 1 and %(most)s points, or take as many away.")
        raise DomainError(message, field="points", most=MOST_POINTS)
    _fits(actor, entity, where)
    if rule is None and PointRule.objects.filter(entity=entity).count() >= MOST_RULES:
        raise DomainError(_("There are at most %(most)s rules for a record type."), most=MOST_RULES)
    made = rule or PointRule()
    made.entity, made.where, made.points, made.reason = entity, where, points, said
    made.is_active, made.author, made.stamp = is_active, actor, new_stamp()
    made.save()
    count_again()
    journal.relabel(said)
    return made


def _fits(actor: User, entity: str, where: str) -> None:
    try:
        found = filters_of(entity, where, actor)
    except DomainError as error:
        raise DomainError(error.message, "where", **error.params) from None
    if not found:
        raise DomainError(_("Say which records get the points."), field="where")
    if any(one.field.name == "points" for one in found):
        raise DomainError(_("Points cannot follow from points."), field="where")


@action("sales.delete_point_rule", label=_t("Delete a rule of points"), granted=False)
def delete_point_rule(*, actor: User, rule: PointRule) -> None:
    """Delete a rule; its points go."""
    administrators_only(actor)
    journal.relabel(rule.reason)
    rule.delete()
    count_again()
