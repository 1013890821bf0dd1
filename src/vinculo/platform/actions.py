"""Actions: the verbs of the business, each one ordinary keyword-only function.

    @action("interactions.log_call", label=_("Log call"), form=LogCallForm, on="parties.company")
    def log_call(*, actor: User, party: Party, at: datetime, …) -> Interaction:
        \"\"\"Record a call that took place, and promise a follow-up.\"\"\"

The decorator checks the right, opens a transaction with a change-set, and registers the function
for screens, API, automation and command line. An action called inside an action joins the outer
change-set and is not asked for its right again: the outer verb is what the person was allowed.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.utils.functional import Promise

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.modules.known import action_is_on

if TYPE_CHECKING:
    from vinculo.platform.models import User

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Action:
    """A registered verb."""

    name: str
    label: "str | Promise"
    function: Callable[..., Any]
    form: Any = None
    on: tuple[str, ...] = ()
    subject: str = ""
    icon: str = "play"
    key: str = ""
    granted: bool = True
    confirm: "str | Promise" = ""
    order: int = 50
    done: "str | Promise" = ""
    offered: "Callable[[Any], bool] | None" = None

    @property
    def summary(self) -> str:
        """The first line of the function's docstring, for the reference documents."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    def allowed(self, user: "User") -> bool:
        """Whether the user may call this at all; nobody may what belongs to a module that is off."""
        return action_is_on(self.name) and (not self.granted or rights_of(user).may(self.name))

    def offered_on(self, record: Any) -> bool:
        """Whether the page of this record offers it (what is done cannot be cancelled)."""
        return self.offered is None or self.offered(record)


_ACTIONS: dict[str, Action] = {}


def action(
    name: str,
    *,
    label: "str | Promise",
    form: Any = None,
    on: "tuple[str, ...] | str" = (),
    subject: str = "",
    icon: str = "play",
    key: str = "",
    granted: bool = True,
    confirm: "str | Promise" = "",
    order: int = 50,
    done: "str | Promise" = "",
    offered: "Callable[[Any], bool] | None" = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action.

    `on`: entity keys whose records offer it; `subject`: the parameter that takes that record;
    `granted=False`: needs no grant of its own because the record's rights decide (a generic edit);
    `order`: its place among a record's actions, the smallest first;
    `done`: what is said once it has worked;
    `offered`: asked with a record whether its page offers the action.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = cast("User | None", kwargs.get("actor"))
            if journal.current() is None and actor is not None and not entry.allowed(actor):
                raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
            with journal.change_set(actor=actor, verb=name):
                return function(*args, **kwargs)

        places = (on,) if isinstance(on, str) else on
        entry = Action(
            name,
            label,
            run,
            form,
            places,
            subject,
            icon,
            key,
            granted,
            confirm,
            order,
            done,
            offered,
        )
        if name in _ACTIONS:
            raise ValueError(f"There are two actions called {name}.")
        _ACTIONS[name] = entry
        return run

    return register


def actions() -> dict[str, Action]:
    """Every registered action by name."""
    return dict(sorted(_ACTIONS.items()))


def get_action(name: str) -> Action | None:
    """The action called `name`, if there is one."""
    return _ACTIONS.get(name)


def verb_label(verb: str) -> "str | Promise":
    """What a change-set's verb is called on screens."""
    entry = _ACTIONS.get(verb)
    return entry.label if entry else OTHER_VERBS.get(verb, verb)


#: Verbs of the journal that are not actions; filled by the rooms that write them.
OTHER_VERBS: "dict[str, str | Promise]" = {}
