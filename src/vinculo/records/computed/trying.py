"""A formula while it is being written: what is wrong where, what comes out, and on some records."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from vinculo.kernel.errors import DomainError
from vinculo.platform.custom.columns import seen_path
from vinculo.platform.models import CustomField, CustomKind, User
from vinculo.platform.refusals import sentence
from vinculo.platform.views.common import for_administrators, found, signed_in
from vinculo.records.cells import shown
from vinculo.records.computed.defining import planned
from vinculo.records.computed.formulas.checking import FUNCTIONS
from vinculo.records.computed.formulas.tree import FormulaError
from vinculo.records.computed.formulas.types import readable
from vinculo.records.computed.plans import Plan
from vinculo.records.computed.seen import DRAFT, drafting
from vinculo.records.custom.fields import GIVEN
from vinculo.records.custom.spelling import Wish
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Label
from vinculo.records.lists.counting import TooMany, soon
from vinculo.records.lists.paging import narrow
from vinculo.records.registry import entities, entity

SHOWN = 5
#: Functions as they are put in, with what they are given.
SIGNATURES = {
    "if": "if(, , )", "if_empty": "if_empty(, )", "is_empty": "is_empty()", "min": "min(, )",
    "max": "max(, )", "round": "round(, 2)", "abs": "abs()", "length": "length()",
    "upper": "upper()", "lower": "lower()", "trim": "trim()", "left": "left(, 3)",
    "right": "right(, 3)", "concat": "concat(, )", "contains": 'contains(, "")',
    "today": "today()", "date": "date()", "year": "year()", "month": "month()", "day": "day()",
    "days_between": "days_between(, today())", "add_days": "add_days(, 30)",
}  # fmt: skip
#: What each does, in a few words.
MEANINGS: dict[str, Label] = {
    "if": _("the second value where the first holds, else the third"),
    "if_empty": _("the first value, or the second where it is empty"),
    "is_empty": _("whether nothing is there"),
    "min": _("the smallest of several values"),
    "max": _("the largest of several values"),
    "round": _("rounded to so many decimals"),
    "abs": _("without its sign"),
    "length": _("how many letters, or how many choices"),
    "upper": _("in capitals"),
    "lower": _("in small letters"),
    "trim": _("without spaces around it"),
    "left": _("so many letters from the beginning"),
    "right": _("so many letters from the end"),
    "concat": _("several values in one text, like &"),
    "contains": _("whether a text has these letters, or a list this choice"),
    "today": _("the day it is for the reader"),
    "date": _("the day of a date and time, for the reader"),
    "year": _("the year of a date"),
    "month": _("the month of a date, 1 to 12"),
    "day": _("the day of the month, 1 to 31"),
    "days_between": _("days from the first date to the second"),
    "add_days": _("a date so many days later"),
}
assert set(SIGNATURES) == set(MEANINGS) == set(FUNCTIONS)


@dataclass(frozen=True)
class Place:
    """The line of a formula in which something is wrong, and the letters that are."""

    before: str
    wrong: str
    after: str
    number: int


def place_of(source: str, error: FormulaError) -> Place:
    """Where in the text the error stands: its letters in their line; the number counts from 1."""
    at = min(error.at, len(source))
    start = source.rfind("\n", 0, at) + 1
    end = source.find("\n", at)
    end = len(source) if end < 0 else end
    last = max(min(error.end, end), at)
    return Place(source[start:at], source[at:last], source[last:end], at + 1)


@require_POST
@for_administrators
def look(request: HttpRequest, path: str) -> HttpResponse:
    """What a formula would give; nothing is saved."""
    chosen: Entity = found(next((one for one in entities() if one.path == path), None))
    pk = request.GET.get("field", "")
    made = CustomField(entity=chosen.key, slug="draft", kind=CustomKind.FORMULA)
    if pk.isdecimal() and len(pk) < 19:
        rows = CustomField.objects.visible_to(signed_in(request))
        made = found(rows.filter(pk=pk, entity=chosen.key, kind=CustomKind.FORMULA).first())
    source = request.POST.get("formula", "").replace("\x00", "").replace("\r\n", "\n")
    decimals = request.POST.get("decimals", "")
    places = int(decimals) if decimals in {"0", "1", "2", "3", "4", "5", "6"} else 2
    context = tried(signed_in(request), chosen, made, source, places)
    return render(request, "records/custom/tried.html", context)


def tried(
    user: User, chosen: Entity, made: CustomField, source: str, decimals: int
) -> dict[str, Any]:
    """What the page says about a formula: its error with the place, or what comes out of it."""
    text = source.strip()
    if not text:
        return {}
    try:
        plan = planned(made, Wish({}, formula=text))
    except FormulaError as error:
        return {"refused": sentence(error), "place": place_of(text, error)}
    except DomainError as error:
        return {"refused": sentence(error)}
    try:
        examples = values_on_some(user, chosen, plan, decimals)
    except TooMany:
        return {"type": plan.type.label, "slow": True}
    return {"type": plan.type.label, "examples": examples, "entity": chosen}


def values_on_some(user: User, chosen: Entity, plan: Plan, decimals: int) -> list[tuple[Any, Any]]:
    """The newest records with what the formula gives on each."""
    reader = drafting(user, chosen, plan, decimals)
    path = seen_path(reader.name, DRAFT)
    field = Field(
        DRAFT, kind=GIVEN[plan.type.what], currency=plan.type.currency,
        choices=tuple(plan.type.choices), custom=DRAFT, computed=True, column=path,
    )  # fmt: skip
    with soon():
        rows = narrow(chosen.visible(user).order_by("-pk"), [field], chosen)
        return [(row, shown(field, field.value(row))) for row in rows[:SHOWN]]


def editor_context(form: Any) -> dict[str, Any]:
    """What the page of a computed field offers beside its inputs."""
    if form.kind == CustomKind.ROLLUP:
        of = entity(form.way[0])
        return {"rolled": of, "rolled_by": of.all_fields[form.way[1]]}
    if form.kind != CustomKind.FORMULA:
        return {}
    own = form.custom_field.name if form.custom_field else ""
    fields = [one for one in form.entity.all_fields.values() if readable(one) and one.name != own]
    source = str(form["formula"].value() or "")
    return {
        "readable": fields,
        "functions": [(name, SIGNATURES[name], MEANINGS[name]) for name in SIGNATURES],
        "look_url": f"/settings/fields/{form.entity.path}/formula"
        + (f"?field={form.custom_field.pk}" if form.custom_field else ""),
        "place": place_of(source, form.misplaced) if form.misplaced is not None else None,
    }
