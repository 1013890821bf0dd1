"""What a rule may ask of a party: each condition one object, registered by the room that knows.

    condition(Condition("interactions.no_contact", _("…"), inputs, where, says, told_to))

`inputs` are the parameters a form asks for (the condition counts where the first is filled),
`where` is the database condition at an instant, `says` the condition in the reader's words, and
`told_to` whether a reader may hear of it: a reason must not tell what its reader may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vinculo.parties.cycle.keeping import in_state_since
from vinculo.platform.access import rights_of
from vinculo.platform.clean_text import CleanText
from vinculo.platform.formats import number_text
from vinculo.platform.models import User

LONGEST = 36_500  # days
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """One thing a rule may ask; see the module."""

    name: str
    label: Any
    inputs: Callable[[], dict[str, forms.Field]]
    where: Callable[[Said, datetime], Q]
    says: Callable[[Said], str]
    #: (reader, record type, parameters)
    told_to: Callable[[User, str, Said], bool]
    order: int = 50


_CONDITIONS: dict[str, Condition] = {}


def condition(made: Condition) -> Condition:
    """Let rules ask this."""
    if made.name in _CONDITIONS:
        raise ValueError(f"There are two conditions called {made.name}.")
    _CONDITIONS[made.name] = made
    return made


def conditions() -> list[Condition]:
    """All that rules may ask, in the order of forms."""
    return sorted(_CONDITIONS.values(), key=lambda one: (one.order, one.name))


def condition_called(name: str) -> Condition | None:
    """The condition of this name; None where the room that knew it is gone."""
    return _CONDITIONS.get(name)


def where_all(said: list[dict[str, Any]], at: datetime) -> Q:
    """All of a rule's conditions; one that nobody knows any more holds for nobody."""
    found = Q()
    for one in said:
        known = condition_called(one["is"])
        found &= known.where(one, at) if known is not None else Q(pk__in=[])
    return found


def days_ago(said: Said, at: datetime, name: str = "days") -> datetime:
    """The instant so many days before."""
    return at - timedelta(days=int(said[name]))


def days_input() -> forms.Field:
    """The input of a number of days."""
    return forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST, required=False)


def in_days(count: int) -> str:
    """“180 days”, as the reader writes numbers."""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": number_text(count)}


def sees(field: str) -> Callable[[User, str, Said], bool]:
    """Told to who sees this field of the record."""
    return lambda user, key, _said: rights_of(user).field_rule(key, field) != "hidden"


# --- what this room knows -----------------------------------------------------------------------

#: Fields of which a rule may ask whether they are filled in.
FILLABLE = ("phone", "email", "city", "country", "tax_id", "website", "industry", "value_class",
            "source", "owner")  # fmt: skip


def _fields() -> list[tuple[str, Any]]:
    from vinculo.parties.models import Party

    named = [(name, Party._meta.get_field(name).verbose_name) for name in FILLABLE]  # type: ignore[union-attr]
    return [("", "—"), *named]


def _field_input() -> dict[str, forms.Field]:
    return {"field": forms.ChoiceField(label=_("Field"), choices=_fields, required=False)}


def _filled(said: Said) -> Q:
    name = said["field"] if said["field"] in FILLABLE else FILLABLE[0]
    return Q(owner__isnull=False) if name == "owner" else ~Q(**{name: ""})


def _field_label(said: Said) -> str:
    return str(dict(_fields()).get(said["field"], said["field"]))


def _tag_input() -> dict[str, forms.Field]:
    return {"tag": CleanText(label=_("Tag"), max_length=40, required=False)}


condition(
    Condition(
        "parties.in_state",
        _("In this state for so many days"),
        lambda: {"days": days_input()},
        lambda said, at: in_state_since(days_ago(said, at)),
        lambda said: gettext("in this state for %(days)s") % {"days": in_days(said["days"])},
        sees("state"),
        order=10,
    )
)
condition(
    Condition(
        "parties.made_before",
        _("Created more than so many days ago"),
        lambda: {"days": days_input()},
        lambda said, at: Q(created_at__lt=days_ago(said, at)),
        lambda said: gettext("created more than %(days)s ago") % {"days": in_days(said["days"])},
        sees("created_at"),
        order=50,
    )
)
condition(
    Condition(
        "parties.filled",
        _("Has this field filled in"),
        _field_input,
        lambda said, _at: _filled(said),
        lambda said: gettext("%(field)s is filled in") % {"field": _field_label(said)},
        lambda user, key, said: sees(said["field"])(user, key, said),
        order=60,
    )
)
condition(
    Condition(
        "parties.empty",
        _("Has this field empty"),
        _field_input,
        lambda said, _at: ~_filled(said),
        lambda said: gettext("%(field)s is empty") % {"field": _field_label(said)},
        lambda user, key, said: sees(said["field"])(user, key, said),
        order=70,
    )
)
condition(
    Condition(
        "parties.tagged",
        _("Has this tag"),
        _tag_input,
        lambda said, _at: Q(tags__contains=[said["tag"]]),
        lambda said: gettext("has the tag “%(tag)s”") % {"tag": said["tag"]},
        sees("tags"),
        order=80,
    )
)
condition(
    Condition(
        "parties.untagged",
        _("Does not have this tag"),
        _tag_input,
        lambda said, _at: ~Q(tags__contains=[said["tag"]]),
        lambda said: gettext("does not have the tag “%(tag)s”") % {"tag": said["tag"]},
        sees("tags"),
        order=90,
    )
)
