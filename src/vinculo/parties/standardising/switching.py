"""Which rules are on, as this process knows it."""

from __future__ import annotations

import time

from vinculo.parties.standardising.applying import Standards
from vinculo.parties.standardising.catalogue import RULES, Rule
from vinculo.parties.standardising.models import RuleSwitch
from vinculo.platform.modules.known import is_on

#: Whether rules are applied to what is saved is asked once in so many seconds: most installations
#: change it once a year. Whoever switches a rule has it at once.
REMEMBERED = 2.0
_known: tuple[float, Standards] | None = None


def switches() -> dict[str, RuleSwitch]:
    """Every rule's switch, by its key; what nobody has switched is as the catalogue says."""
    found = {one.key: one for one in RuleSwitch.objects.all()}
    return {
        key: found.get(key) or RuleSwitch(key=key, active=rule.usual) for key, rule in RULES.items()
    }


def active_rules() -> list[Rule]:
    """The rules that are applied by looks and runs, in their order."""
    return [RULES[key] for key, one in switches().items() if one.active]


def incoming_keys() -> list[str]:
    """The rules that are applied to what is saved; none while the module is off."""
    if not is_on("standardising"):
        return []
    found = RuleSwitch.objects.filter(active=True, incoming=True).values_list("key", flat=True)
    chosen = set(found)
    return [key for key in RULES if key in chosen]


def incoming() -> Standards:
    """The same, remembered for a moment."""
    global _known
    if _known is None or _known[0] < time.monotonic():
        rules = [RULES[key] for key in incoming_keys()]
        _known = time.monotonic() + REMEMBERED, Standards(rules)
    return _known[1]


def look_again() -> None:
    """Ask anew which rules are on."""
    global _known
    _known = None
