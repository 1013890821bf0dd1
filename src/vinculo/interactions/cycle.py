"""What rules of the sales cycle may ask about interactions, and to whom a reason may tell it."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.models import Interaction, Kind, Status
from vinculo.interactions.sight import placed
from vinculo.parties.cycle.conditions import (
    Condition,
    Said,
    condition,
    days_ago,
    days_input,
    in_days,
)
from vinculo.parties.models import Kind as PartyKind
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.formats import number_text
from vinculo.platform.models import User

INTERACTION = "interactions.interaction"
MOST = 1_000


def sees_last_contact(user: User, key: str, _said: Said) -> bool:
    """Who sees interactions at all, and when the last contact was."""
    rights = rights_of(user)
    return (
        rights.scope(INTERACTION) is not Scope.NONE
        and rights.field_rule(key, "last_contact_at") != "hidden"
    )


def sees_all(user: User, key: str, said: Said) -> bool:
    """Who sees the interactions of everybody: what is counted may be of any colleague."""
    rights = rights_of(user)
    everything = rights.scope(INTERACTION) is Scope.ALL and placed(user, INTERACTION)
    return everything and sees_last_contact(user, key, said)


def no_contact(at: datetime) -> Q:
    """Nobody has been in contact since then; who was not there yet cannot have been silent."""
    never = Q(last_contact_at__isnull=True, created_at__lt=at)
    return never | Q(last_contact_at__lt=at)


def _took_place() -> QuerySet[Interaction]:
    return Interaction.objects.filter(status=Status.DONE).exclude(kind=Kind.NOTE)


def _of_each(rows: QuerySet[Interaction], first: int = 0) -> Q:
    """Parties with more than `first` of these rows: a company has those that roll up on it."""
    found = Q()
    for kind, column in ((PartyKind.COMPANY, "company"), (PartyKind.PERSON, "party")):
        theirs = rows.filter(**{f"{column}_id": OuterRef("pk")})
        found |= Q(Exists(theirs[first : first + 1]), kind=kind)
    return found


def _none_of_kind(said: Said, at: datetime) -> Q:
    since = days_ago(said, at)
    rows = Interaction.objects.filter(status=Status.DONE, kind=said["kind"], at__gte=since)
    return Q(created_at__lt=since) & ~_of_each(rows)


def _at_least(said: Said, at: datetime) -> Q:
    rows = _took_place()
    if said.get("days"):
        rows = rows.filter(at__gte=days_ago(said, at))
    return Q(last_contact_at__isnull=False) & _of_each(rows, int(said["count"]) - 1)


def _kind_input() -> forms.Field:
    return forms.ChoiceField(label=_("Kind"), choices=Kind.choices, required=False)


def _says_none_of_kind(said: Said) -> str:
    kind = str(dict(Kind.choices).get(said["kind"], said["kind"]))
    return gettext("nothing of the kind “%(kind)s” for %(days)s") % {
        "kind": kind, "days": in_days(said["days"]),
    }  # fmt: skip


def _says_at_least(said: Said) -> str:
    count = int(said["count"])
    many = ngettext("at least %(n)s interaction", "at least %(n)s interactions", count)
    words: Any = many % {"n": number_text(count)}
    if not said.get("days"):
        return str(words)
    return gettext("%(many)s within %(days)s") % {"many": words, "days": in_days(said["days"])}


condition(
    Condition(
        "interactions.no_contact",
        _("No contact for so many days"),
        lambda: {"days": days_input()},
        lambda said, at: no_contact(days_ago(said, at)),
        lambda said: gettext("no contact for %(days)s") % {"days": in_days(said["days"])},
        sees_last_contact,
        order=20,
    )
)
condition(
    Condition(
        "interactions.contact_within",
        _("Last contact within so many days"),
        lambda: {"days": days_input()},
        lambda said, at: Q(last_contact_at__gte=days_ago(said, at)),
        lambda said: gettext("contact within %(days)s") % {"days": in_days(said["days"])},
        sees_last_contact,
        order=25,
    )
)
condition(
    Condition(
        "interactions.none_of_kind",
        _("No interaction of a kind for so many days"),
        lambda: {"days": days_input(), "kind": _kind_input()},
        _none_of_kind,
        _says_none_of_kind,
        sees_all,
        order=30,
    )
)
condition(
    Condition(
        "interactions.at_least",
        _("At least so many interactions"),
        lambda: {
            "count": forms.IntegerField(
                label=_("Number"), min_value=1, max_value=MOST, required=False
            ),
            "days": forms.IntegerField(
                label=_("Within so many days"), min_value=1, max_value=36_500, required=False
            ),
        },
        _at_least,
        _says_at_least,
        sees_all,
        order=40,
    )
)
