"""What a party's header shows: where it stands, how much it matters, how complete it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from vinculo.parties.completeness import Missing, missing
from vinculo.parties.derived import facts_of
from vinculo.parties.models import Party, State
from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.records.entity import Badge

TONES = {
    State.LEAD: "is-violet",
    State.PROSPECT: "is-info",
    State.ACTIVE: "is-ok",
    State.WON_BACK: "is-ok",
    State.DORMANT: "is-warn",
    State.LOST: "is-bad",
}
COMPLETE_ENOUGH = 80
#: A missing address is filled in through its parts.
_FIELD_OF = {"address": "city", "people": ""}


def badges(user: User, party: Party) -> list[Badge]:
    """State, value class and completeness (with the list of missing fields as its title)."""
    rights = rights_of(user)
    key = f"parties.{party.kind}"
    shown = []
    if rights.field_rule(key, "state") != "hidden":
        state = str(party.get_state_display())
        shown.append(Badge(state, f"with-dot {TONES.get(State(party.state), '')}"))
    if party.value_class and rights.field_rule(key, "value_class") != "hidden":
        shown.append(Badge(gettext("Class %(letter)s") % {"letter": party.value_class}))
    if rights.field_rule(key, "completeness") != "hidden":
        shown.append(_completeness_badge(user, party))
    return shown


def _completeness_badge(user: User, party: Party) -> Badge:
    absent = missing_fields(user, party)
    title = ""
    if absent:
        names = ", ".join(str(item.label) for item in absent)
        title = gettext("Missing: %(fields)s") % {"fields": names}
    tone = "is-ok" if party.completeness >= COMPLETE_ENOUGH else "is-warn"
    label = gettext("%(percent)d %% complete") % {"percent": party.completeness}
    return Badge(label, tone, title)


def missing_fields(user: User, party: Party) -> list[Missing]:
    """The fields nobody has filled in, without those that the user may not see."""
    rights = rights_of(user)
    key = f"parties.{party.kind}"
    return [
        item
        for item in _missing(party)
        if rights.field_rule(key, _FIELD_OF.get(item.field, item.field)) != "hidden"
    ]


def _missing(party: Party) -> list[Missing]:
    """Read once per record object: the header and the facts both ask."""
    known: Any = getattr(party, "_missing_fields", None)
    if known is None:
        facts = facts_of([party.pk]).get(party.pk)
        known = missing(facts) if facts else []
        party._missing_fields = known  # type: ignore[attr-defined]
    return list(known)
