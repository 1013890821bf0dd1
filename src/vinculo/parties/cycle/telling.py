"""States and their reasons in the reader's words, as far as the reader may hear them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from vinculo.parties.cycle.conditions import condition_called
from vinculo.parties.cycle.keeping import FOR_GOOD
from vinculo.parties.cycle.kinds import kind_called
from vinculo.parties.cycle.models import DatedState, StateRule
from vinculo.platform.access import rights_of
from vinculo.platform.formats import date_text
from vinculo.platform.models import User


def title_of(rule: StateRule) -> str:
    """What a rule is called: its name, or what it does."""
    if rule.name:
        return rule.name
    label = kind_called(rule.kind).label_of
    before = ", ".join(str(label(state)) for state in rule.from_states)
    return gettext("%(before)s → %(after)s: %(when)s") % {
        "before": before, "after": label(rule.to_state), "when": words_of(rule.conditions),
    }  # fmt: skip


def words_of(conditions: list[dict[str, Any]]) -> str:
    """A rule's conditions in words, one after the other."""
    return ", ".join(_words(one) for one in conditions)


def _words(said: dict[str, Any]) -> str:
    known = condition_called(said["is"])
    return known.says(said) if known is not None else said["is"]


def reason(row: DatedState, user: User, key: str) -> str:
    """Why a party came into this state, for a reader of records of the type `key`.

    A rule is named, with its conditions, only to who may hear of every one of them: “no contact for
    180 days” tells of interactions, and so would the rule's name.
    """
    if row.why == "rule":
        said = row.details.get("conditions", [])
        if not all(_told(one, user, key) for one in said):
            return gettext("By a rule")
        name, words = row.details.get("name", ""), words_of(said)
        if name:
            return gettext("By the rule “%(name)s”: %(when)s") % {"name": name, "when": words}
        return gettext("By a rule: %(when)s") % {"when": words}
    if row.why == "hand":
        return _by_hand(row)
    if row.why == "merge":
        return gettext("When records were merged")
    if row.why == "undo":
        return gettext("A change was undone")
    return gettext("Since the record was made")


def _told(said: dict[str, Any], user: User, key: str) -> bool:
    known = condition_called(said["is"])
    return known is not None and known.told_to(user, key, said)


def _by_hand(row: DatedState) -> str:
    via = row.details.get("via", "")
    if row.details.get("verb") == "records.import":
        said = gettext("By an import")
    elif via == "api":
        said = gettext("By a program")
    else:
        said = gettext("By hand")
    if row.by is not None:
        said = gettext("%(how)s, %(who)s") % {"how": said, "who": row.by.name}
    note = row.details.get("note", "")
    return gettext("%(how)s: %(note)s") % {"how": said, "note": note} if note else said


def held(row: DatedState, at: Any) -> str:
    """How long rules leave a state alone; "" where nothing was said of it."""
    if row.until is not None or row.held_until is None or row.held_until <= at:
        return ""
    if row.held_until >= FOR_GOOD:
        return gettext("Rules leave it alone until somebody says otherwise")
    # The last day of it, which ends with the instant.
    last = timezone.localtime(row.held_until - timedelta(microseconds=1)).date()
    return gettext("Rules leave it alone until %(day)s") % {"day": date_text(last)}


def columns_for(row: DatedState, user: User) -> tuple[str, ...]:
    """The columns of a dated state that may be told; its party may be gone."""
    from vinculo.parties.telling import _party

    party = _party(row.party_id, user)
    kinds = [party.kind] if party is not None else ["company", "person"]
    rights = rights_of(user)
    if any(rights.field_rule(f"parties.{kind}", "state") == "hidden" for kind in kinds):
        return ()
    return ("began", "until", "held_until")


def name_for(row: DatedState, user: User) -> str:
    """Which state, and whose; only whose, where the state is hidden."""
    from vinculo.parties.telling import _party

    party = _party(row.party_id, user)
    said = str(row) if columns_for(row, user) else ""
    return " · ".join(part for part in (said, party.name if party is not None else "") if part)
