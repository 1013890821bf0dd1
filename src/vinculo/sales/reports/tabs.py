"""The reports there are, and what of records each is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.sales.reports import activity, cohorts, funnel, velocity, winloss
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.tables import Table


@dataclass(frozen=True)
class Tab:
    """A report: whoever may not see the fields it is made of is not shown it."""

    name: str
    label: Any
    tables: Callable[[User, Asked], list[Table]]
    fields: tuple[str, ...]
    #: The record types that it counts.
    counts: tuple[str, ...] = (DEAL,)

    def shown(self, user: User) -> bool:
        """Whether it has anything to show to `user`."""
        return sees(user, DEAL, *self.fields)


TABS = (
    Tab("funnel", pgettext_lazy("sales report", "Funnel"), funnel.tables,
        ("pipeline", "stage", "status", "opened_on")),
    Tab("velocity", pgettext_lazy("sales report", "Velocity"), velocity.tables,
        ("pipeline", "stage", "stage_since", "status", "opened_on", "closed_on", "cycle_days")),
    Tab("cohorts", pgettext_lazy("sales report", "Cohorts"), cohorts.tables,
        ("status", "opened_on", "closed_on", "cycle_days")),
    Tab("outcome", pgettext_lazy("sales report", "Won and lost"), winloss.tables,
        ("status", "closed_on")),
    Tab("activity", pgettext_lazy("sales report", "Activities"), activity.tables, ("owner",), activity.COUNTS),
)  # fmt: skip


def tabs_for(user: User) -> dict[str, Tab]:
    """The reports that `user` may see, by name."""
    return {tab.name: tab for tab in TABS if tab.shown(user)}


def may_report(user: User) -> bool:
    """Whether there is one."""
    return bool(tabs_for(user))


def may_take_away(user: User, tab: Tab) -> bool:
    """Whether `user` may take figures along as a file: who may export all that they see of what
    the report counts."""
    rights = rights_of(user)
    return all(rights.scope(key, "export") >= rights.scope(key) for key in tab.counts)
