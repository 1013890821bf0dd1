"""The reports there are, and what of records each is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.sales.reports import funnel, winloss
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.tables import Table


@dataclass(frozen=True)
class Tab:
    """A report: whoever may not see the fields it is made of is not shown it."""

    name: str
    label: Any
    tables: Callable[[User, Asked], list[Table]]
    fields: tuple[str, ...]

    def shown(self, user: User) -> bool:
        """Whether it has anything to show to `user`."""
        return sees(user, DEAL, *self.fields)


TABS = (
    Tab("funnel", pgettext_lazy("sales report", "Funnel"), funnel.tables,
        ("pipeline", "stage", "status", "opened_on")),
    Tab("outcome", pgettext_lazy("sales report", "Won and lost"), winloss.tables,
        ("status", "closed_on")),
)  # fmt: skip


def tabs_for(user: User) -> dict[str, Tab]:
    """The reports that `user` may see, by name."""
    return {tab.name: tab for tab in TABS if tab.shown(user)}


def may_report(user: User) -> bool:
    """Whether there is one."""
    return bool(tabs_for(user))


def may_take_away(user: User) -> bool:
    """Whether `user` may take figures along as a file: who may export all that they see of deals."""
    rights = rights_of(user)
    return rights.scope(DEAL, "export") >= rights.scope(DEAL)
