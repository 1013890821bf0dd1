"""The quiet words under the facts of a company or person: where a value came from, what was typed."""

from __future__ import annotations

from django.utils.translation import gettext

from vinculo.parties.contacts import points_of
from vinculo.parties.models import ContactKind, Party
from vinculo.parties.registry import origins
from vinculo.parties.standardising.keeping import typed_of
from vinculo.platform.models import User


def remarks(user: User, party: Party) -> dict[str, str]:
    """Field → what is to be known of its value; whoever draws the facts leaves fields out that the
    reader may not see."""
    found = dict(origins.notes(user, party))
    for name, typed in _typed(party).items():
        said = gettext("Typed: %(value)s") % {"value": typed}
        found[name] = f"{found[name]} · {said}" if name in found else said
    return found


def _typed(party: Party) -> dict[str, str]:
    """What was typed, of values that a rule has written otherwise; of several ways to reach a
    party those that come first."""
    held = {
        name: typed_of(party.as_typed, name, getattr(party, name, "")) for name in party.as_typed
    }
    for point in points_of(party):
        for name in point.as_typed if point.is_primary else ():
            field = name if point.kind == ContactKind.ADDRESS else point.kind
            held[field] = typed_of(point.as_typed, name, getattr(point, name, ""))
    return {name: typed for name, typed in held.items() if typed}
