"""What a party's header shows: where it stands, how much it matters, how well it is known."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.parties.completeness import Missing, missing
from vinculo.parties.contacts import points_of
from vinculo.parties.facts import ContactFacts, PartyFacts
from vinculo.parties.models import Kind, Party, State
from vinculo.platform.access import rights_of
from vinculo.platform.formats import number_text
from vinculo.platform.models import User
from vinculo.platform.snippets import when
from vinculo.records.entity import Badge, Figure

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
    """State and value class."""
    rights = rights_of(user)
    key = f"parties.{party.kind}"
    shown = []
    if rights.field_rule(key, "state") != "hidden":
        state = str(party.get_state_display())
        shown.append(Badge(state, f"with-dot {TONES.get(State(party.state), '')}"))
    if party.value_class and rights.field_rule(key, "value_class") != "hidden":
        shown.append(Badge(gettext("Class %(letter)s") % {"letter": party.value_class}))
    return shown


def last_contact(user: User, party: Party) -> list[Figure]:
    """When anybody last spoke with them."""
    if rights_of(user).field_rule(f"parties.{party.kind}", "last_contact_at") == "hidden":
        return []
    return [
        Figure(
            _("Last contact"), when(party.last_contact_at, gettext("Never"), short=True), order=10
        )
    ]


def completeness(user: User, party: Party) -> list[Figure]:
    """How much of the record is known, and what is missing."""
    if rights_of(user).field_rule(f"parties.{party.kind}", "completeness") == "hidden":
        return []
    absent = ", ".join(str(item.label) for item in missing_fields(user, party))
    note = gettext("Missing: %(fields)s") % {"fields": absent} if absent else ""
    tone = "" if party.completeness >= COMPLETE_ENOUGH else "warn"
    return [Figure(_("Completeness"), f"{number_text(party.completeness)} %", note, tone, order=90)]


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
        known = missing(_facts(party))
        party._missing_fields = known  # type: ignore[attr-defined]
    return list(known)


#: What is read from elsewhere than the party's own columns.
_ELSEWHERE = ("company_name", "has_people", "contacts", "more")


def _facts(party: Party) -> PartyFacts:
    """What is known of a party that is at hand, with at most one query for its people."""
    own = {
        one.name: getattr(party, one.name)
        for one in fields(PartyFacts)
        if one.name not in _ELSEWHERE
    }
    contacts = [
        ContactFacts(**{one.name: getattr(point, one.name) for one in fields(ContactFacts)})
        for point in points_of(party)
    ]
    is_company = party.kind == Kind.COMPANY
    return PartyFacts(
        **own,
        company_name=party.company.name if party.company else "",
        has_people=is_company and Party.objects.filter(company_id=party.pk).exists(),
        contacts=contacts,
    )
