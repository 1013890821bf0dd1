"""What is doubtful about a record: declared once for its record types, by the room that knows.

    check(Check("phone_invalid", _("Phone number not valid"), _("…"), where, needs=("phone",)),
          "parties.company", "parties.person")

A check can be asked of any list (`doubts.in=phone_invalid`) by whoever sees all fields it `needs`:
what is hidden from somebody is not told of by a doubt about it either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.filters import question

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

NAME = "doubts"
#: A date of the company's business lies between this year and so many years from now.
EARLIEST_YEAR = 1900
LATEST_YEARS = 50


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong; see the module.

    `where` is the condition at an instant. `part` says where the page tells it: "reach" (ways to
    reach somebody) or "doubt". `among` names the field that a record must have for the check to say
    anything: the share is of those records. `wide` is a check that looks into other tables.
    """

    name: str
    label: Label
    why: Label
    where: Callable[[datetime], Q]
    needs: tuple[str, ...]
    part: str = "doubt"
    among: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Declared:
    """What rooms have said about the quality of one record type."""

    checks: tuple[Check, ...] = ()
    #: Fields by which figures are broken down, beside owner and origin.
    by: tuple[str, ...] = ()
    #: Instants of which the latest says when somebody last had to do with the record.
    touched: tuple[str, ...] = ()


_DECLARED: dict[str, Declared] = {}


def declare(
    key: str,
    checks: Sequence[Check] = (),
    *,
    by: Sequence[str] = (),
    touched: Sequence[str] = (),
) -> None:
    """Say what quality means for a record type, beside what follows from its fields."""
    known = declared_for(key)
    names = {one.name for one in known.checks}
    if any(one.name in names for one in checks):
        raise ValueError(f"There are two checks of one name for {key}.")
    _DECLARED[key] = Declared(
        (*known.checks, *checks), (*known.by, *by), (*known.touched, *touched)
    )


def declared_for(key: str) -> Declared:
    """What was declared for a record type."""
    return _DECLARED.get(key, Declared())


def checks_of(entity: "Entity") -> list[Check]:
    """All checks of a record type: the declared ones, then one for each date people write."""
    own = declared_for(entity.key).checks
    looked_at = {name for one in own for name in one.needs}
    dates = [
        _odd_date(field)
        for field in entity.all_fields.values()
        if field.kind in (Kind.DATE, Kind.DATETIME)
        and field.editable
        and field.column
        and field.name not in looked_at
    ]
    return [*own, *dates]


def checks_for(entity: "Entity", user: "User") -> list[Check]:
    """The checks that may be told to a reader."""
    seen = {field.name for field in entity.fields_for(user)}
    return [one for one in checks_of(entity) if seen.issuperset(one.needs)]


def _odd_date(field: Field) -> Check:
    path = field.column or field.name

    def where(at: datetime) -> Q:
        first = at.replace(year=EARLIEST_YEAR, month=1, day=1)
        last = at.replace(year=at.year + LATEST_YEARS, month=1, day=1)
        ends = (first, last) if field.kind is Kind.DATETIME else (first.date(), last.date())
        return Q(**{f"{path}__lt": ends[0]}) | Q(**{f"{path}__gt": ends[1]})

    return Check(
        f"odd_{field.name}",
        format_lazy(_("{field}: unlikely date"), field=field.label or field.name),
        _("Before 1900, or more than fifty years from now: most often a slip of the pen."),
        where,
        needs=(field.name,),
        among=field.name,
    )


def doubts(entity: "Entity", user: "User") -> Field | None:
    """The question: for which records does one of these checks say something?"""
    known = checks_for(entity, user)
    return question_about(known) if known else None


def question_about(checks: Sequence[Check]) -> Field:
    """The question with these checks to choose from."""
    known = {one.name: one for one in checks}

    def asks(names: list[str]) -> Q:
        found = Q(pk__in=[])
        for name in names:
            if name in known:
                found |= known[name].where(now())
        return found

    return Field(
        NAME,
        kind=Kind.CHOICE,
        label=_("Doubtful"),
        column="pk",
        sort="",
        editable=False,
        choices=tuple((one.name, one.label) for one in known.values()),
        asks=asks,
    )


question(NAME, doubts)
