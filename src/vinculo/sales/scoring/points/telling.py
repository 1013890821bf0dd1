"""A record's points and the reasons for them, as far as the reader may know."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.errors import DomainError
from vinculo.platform.access import rights_of
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.records.entity import Panel
from vinculo.records.registry import entity_of
from vinculo.sales.scoring.points.counting import filters_of
from vinculo.sales.scoring.points.known import known
from vinculo.sales.scoring.points.models import PointRule


class Given(NamedTuple):
    """Points that a rule gave."""

    reason: str
    points: int

    @property
    def said(self) -> str:
        """The points with their sign."""
        return signed(self.points)


def signed(points: int) -> str:
    """A number with its sign."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{number_text(abs(points))}"


def may_be_told(user: User, rule: PointRule) -> bool:
    """Whether the reader may ask what the rule asks: its reason tells as much."""
    try:
        return bool(filters_of(rule.entity, rule.where, user))
    except DomainError:
        return False


def points_of(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """The points of a record with their reasons; None where there are no rules."""
    user: Any = request.user
    declared = entity_of(record)
    key = declared.key if declared is not None else ""
    if record.points is None or rights_of(user).field_rule(key, "points") == "hidden":
        return None
    rules = [known().rules[pk] for pk in record.point_rules if pk in known().rules]
    told = [one for one in rules if may_be_told(user, one)]
    given = [Given(one.reason, one.points) for one in told]
    return {
        "total": number_text(record.points),
        "given": sorted(given, key=lambda one: -abs(one.points)),
        "unsaid": len(rules) - len(told),
    }


POINTS = Panel("points", _("Points"), "sales/points/panel.html", points_of, order=27)
