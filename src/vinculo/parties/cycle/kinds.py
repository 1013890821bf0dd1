"""Which kinds of states there are: now the sales cycle alone.

Another kind (risk, profit) is another entry here, a column of the party that lists show, and one
more line in the trigger that follows such columns; rows, rules, undo and pages ask this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

SALES = "sales"


@dataclass(frozen=True)
class StateKind:
    """One kind of states: its name, the party's column that holds the open one, the choices."""

    name: str
    label: Any
    column: str
    choices: Callable[[], list[tuple[str, Any]]]

    def label_of(self, state: str) -> Any:
        """How a state is called."""
        return dict(self.choices()).get(state, state)


def _sales() -> list[tuple[str, Any]]:
    from vinculo.parties.models import State

    return list(State.choices)


KINDS = {SALES: StateKind(SALES, _("Sales cycle"), "state", _sales)}


def kind_called(name: str) -> StateKind:
    """The kind of this name."""
    return KINDS[name]
