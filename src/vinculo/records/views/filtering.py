"""The filter bar: chips for what is set, the list of fields, the small form of one filter."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vinculo.kernel.countries import country_name
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import row_id
from vinculo.kernel.periods import PERIODS
from vinculo.platform.formats import date_text
from vinculo.platform.models import Team, User
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import (
    MOST_GROUPS,
    Filter,
    Operator,
    askable,
    filter_for,
    operators_of,
    steps_of,
)
from vinculo.records.forms import input_for
from vinculo.records.lists import ListState
from vinculo.records.registry import find
from vinculo.records.views.common import Request, dialog_or_page, entity_view


@dataclass(frozen=True)
class Chip:
    """One filter as the bar shows it."""

    label: str
    operator: str
    value: str
    remove_url: str
    edit_url: str


@dataclass(frozen=True)
class Bundle:
    """Chips of which one is enough; a single one where nothing is joined with *or*."""

    chips: list[Chip]
    #: Where another one is chosen to join them; "" when there are groups enough.
    or_url: str


def bundles_of(state: ListState) -> list[Bundle]:
    """The filters of a list as chips, those joined with *or* together."""
    bundles: list[Bundle] = []
    at: dict[int, Bundle] = {}
    for chosen in state.filters:
        chip = _chip(state, chosen)
        if chosen.group in at:
            at[chosen.group].chips.append(chip)
            continue
        joined, group = state.with_or(chosen)
        url = f"/{state.entity.path}/filter?any={group}&{joined.query()}"
        bundle = Bundle([chip], url if group <= MOST_GROUPS else "")
        bundles.append(bundle)
        if chosen.group:
            at[chosen.group] = bundle
    return bundles


def _chip(state: ListState, chosen: Filter) -> Chip:
    path, rest = state.entity.path, state.beside(chosen).query()
    asked = {"field": chosen.path, "op": chosen.operator.name, "value": chosen.value}
    if chosen.group:
        asked["any"] = str(chosen.group)
    return Chip(
        label=chosen.label,
        operator=str(chosen.operator.label),
        value=value_label(chosen, state.user),
        remove_url=f"/{path}?{state.without(chosen).query()}",
        edit_url=f"/{path}/filter?{urlencode(asked)}&{rest}",
    )


def value_label(chosen: Filter, user: User) -> str:
    """A filter's value as a person reads it."""
    field, value, wants = chosen.field, chosen.value, chosen.operator.wants
    if wants == "none":
        return ""
    if wants == "period":
        return gettext(PERIODS.get(value, value))
    if wants == "two":
        first, last = (_end_label(field, end) for end in chosen.ends)
        return f"{first} – {last}" if first and last else f"≥ {first}" if first else f"≤ {last}"
    if wants == "dated":
        values, day = chosen.ends
        labels = [str(field.choice_label(one)) for one in values.split(",")]
        return f"{_end_label(replace(field, kind=Kind.DATE), day)}: {', '.join(labels)}"
    if value == "me":
        return gettext("me")
    if value == "mine":
        return gettext("my team")
    if field.kind is Kind.CHOICE or (field.kind is Kind.TAGS and field.choices):
        return ", ".join(str(field.choice_label(one)) for one in chosen.values)
    if field.kind is Kind.COUNTRY:
        return ", ".join(country_name(one, get_language() or "en") for one in chosen.values)
    if field.kind is Kind.BOOLEAN:
        return gettext("Yes") if value in ("1", "true", "yes") else gettext("No")
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return _end_label(field, value)
    return _reference_label(field, value, user) if field.is_reference else value


def _end_label(field: Field, value: str) -> str:
    """One end of a span, or a day: as the reader writes days."""
    from datetime import date

    if field.kind not in (Kind.DATE, Kind.DATETIME):
        return value
    try:
        return date_text(date.fromisoformat(value))
    except ValueError:
        return value


def _reference_label(field: Field, value: str, user: User) -> str:
    if row_id(value) is None:
        return value
    target = find(field.target)
    model: Any = {Kind.USER: User, Kind.TEAM: Team}.get(field.kind or Kind.TEXT)
    rows = target.visible(user) if target else model.objects.visible_to(user)
    named = rows.filter(pk=row_id(value)).first()
    return str(named) if named else value


# --- the form ----------------------------------------------------------------------------------


@entity_view()
def filter_form(request: Request, entity: Entity) -> HttpResponse:
    """The fields to filter by, or the form of the one that was picked: operator and value."""
    params = request.GET.copy()
    path, step = params.pop("field", [""])[-1], params.pop("step", [""])[-1]
    group = params.pop("any", [""])[-1]
    group = group if group in {str(number) for number in range(1, MOST_GROUPS + 1)} else ""
    if not path:
        return _fields(request, entity, step, group, params)
    chosen_op = params.pop("op", [""])[-1]
    value = params.pop("value", [""])[-1]
    field, operators, label = _asked(entity, request.user, path)
    operator = next((op for op in operators if op.name == chosen_op), operators[0])
    context = {
        "entity": entity,
        "heading": gettext("Filter"),
        "path": path,
        "label": label,
        "operators": operators,
        "operator": operator,
        "input": value_input(field, operator, value, request.user),
        "options": _options(field, operator, value, request.user),
        "group": group,
        "hidden_inputs": list(params.lists()),
        "query": params.urlencode(),
    }
    return dialog_or_page(request, "records/filter_form.html", context)


def _asked(entity: Entity, user: User, path: str) -> tuple[Field, tuple[Operator, ...], str]:
    """The field at a path with its comparisons and its name; refused where there is none."""
    for owner, prefix, label in _owners(entity, user):
        for field in askable(owner, user):
            if f"{prefix}{field.name}" == path and _askable(field):
                return field, operators_of(field), f"{label}{field.label}"
    raise DomainError(_("There is no filter called “%(name)s” here."), name=path[:60])


def _owners(entity: Entity, user: User) -> list[tuple[Entity, str, str]]:
    """The record type itself and those one step away: (type, prefix of paths, prefix of names)."""
    found = [(entity, "", "")]
    for step in steps_of(entity, user):
        target = find(step.target)
        if target is not None:
            found.append((target, f"{step.name}.", f"{step.label}: "))
    return found


def _askable(field: Field) -> bool:
    """Whether the filter form can ask for the field: what is no record type has no input."""
    known = field.kind is not Kind.RELATION or find(field.target) is not None
    return known and bool(operators_of(field))


def _fields(
    request: Request, entity: Entity, step: str, group: str, params: QueryDict
) -> HttpResponse:
    """What can be asked: the record's own fields, and a way to those of related records."""
    user, rest = request.user, params.urlencode()
    known = {field.name: field for field in steps_of(entity, user)}
    if step and step not in known:
        raise DomainError(_("There is no filter called “%(name)s” here."), name=step[:60])
    owner = (find(known[step].target) if step else None) or entity
    prefix = f"{step}." if step else ""

    def url(**asked: str) -> str:
        chosen = urlencode({name: value for name, value in asked.items() if value})
        return f"/{entity.path}/filter?{chosen}&{rest}"

    fields = [field for field in askable(owner, user) if _askable(field)]
    context = {
        "entity": entity,
        "heading": gettext("Filter"),
        "asked": [(url(field=f"{prefix}{f.name}", any=group), f.label) for f in fields],
        "steps": [] if step else [(url(step=n, any=group), f.label) for n, f in known.items()],
        "back": url(any=group) if step else "",
        "step_label": known[step].label if step else "",
    }
    return dialog_or_page(request, "records/filter_fields.html", context)


def _options(
    field: Field, operator: Operator, value: str, user: User
) -> list[tuple[str, Any, bool]]:
    """The boxes to tick of an operator that takes several of known values."""
    if operator.wants != "many" or _words(field):
        return []
    form_field: Any = input_for(replace(field, required=False, help=""), user)
    ticked = value.split(",")
    return [
        (str(stored), label, str(stored) in ticked)
        for stored, label in form_field.choices
        if stored != ""
    ]


def _words(field: Field) -> bool:
    """Whether the values are words that nobody has listed."""
    return field.kind is Kind.TAGS and not field.choices


def value_input(field: Field, operator: Operator, value: str, user: User) -> SafeString | str:
    """The input for a filter's value, drawn by the widget of the field's own kind; "" where
    there is nothing to fill in, or boxes to tick."""
    attrs = {"id": "filter-value", "class": "input", "aria-label": gettext("Value")}
    if operator.wants == "none" or (operator.wants == "many" and not _words(field)):
        return ""
    if operator.wants == "period":
        names = [(name, gettext(label)) for name, label in PERIODS.items()]
        return forms.Select(choices=names).render("v", value, attrs)
    if operator.wants == "many":
        return forms.TextInput().render("v", value, attrs)
    if operator.wants == "days":
        return forms.NumberInput({"min": 0}).render("v", value or "30", attrs)
    if operator.wants == "two":
        return _two_inputs(field, value, attrs)
    if field.kind is Kind.TAGS and field.choices:
        return forms.Select(choices=field.choices).render("v", value, attrs)
    form_field = input_for(replace(field, required=False, help=""), user)
    if operator.wants == "dated":
        return _dated_inputs(form_field, value, attrs)
    offered: Any = getattr(form_field, "choices", ())
    if field.kind is Kind.DATETIME:
        return forms.DateInput(attrs={"type": "date"}).render("v", value, attrs)
    if field.kind is Kind.BOOLEAN:
        answers = [("1", gettext("Yes")), ("0", gettext("No"))]
        return forms.Select(choices=answers).render("v", value or "1", attrs)
    if field.kind in (Kind.USER, Kind.TEAM):
        own = [("mine", gettext("my team"))]
        if field.kind is Kind.USER:
            own.insert(0, ("me", gettext("me")))
        choices = [*own, *(pair for pair in offered if pair[0] != "")]
        return forms.Select(choices=choices).render("v", value or own[0][0], attrs)
    return form_field.widget.render("v", value, attrs)


def _two_inputs(field: Field, value: str, attrs: dict[str, str]) -> SafeString:
    """From and to; one of them may stay empty."""
    days = field.kind in (Kind.DATE, Kind.DATETIME)
    widget = forms.TextInput({"type": "date" if days else "number", "step": "any"})
    first, _dots, last = value.partition("..")
    until = {**attrs, "id": "filter-until", "aria-label": gettext("Up to")}
    return SafeString(
        widget.render("v1", first, {**attrs, "aria-label": gettext("From")})
        + widget.render("v2", last, until)
    )


def _dated_inputs(form_field: Any, value: str, attrs: dict[str, str]) -> SafeString:
    """A choice, and the day at whose end it stood."""
    chosen, _dots, day = value.partition("..")
    known = [pair for pair in form_field.choices if pair[0] != ""]
    choice = forms.Select(choices=known).render("v1", chosen.partition(",")[0], attrs)
    on = {
        "id": "filter-until",
        "class": "input",
        "aria-label": gettext("Day"),
        "required": "required",
    }
    return SafeString(choice + forms.TextInput({"type": "date"}).render("v2", day, on))


def with_new_filter(request: Request, entity: Entity) -> str:
    """The canonical URL after the filter form: `f` (field), `op`, `v` become `field.op=v`."""
    params = request.GET.copy()
    path, operator = params.pop("f")[-1], (params.pop("op", None) or [""])[-1]
    group = (params.pop("any", None) or [""])[-1]
    value = ",".join(part for part in params.pop("v", []) if part)
    first, last = (params.pop(name, [""])[-1].strip() for name in ("v1", "v2"))
    value = f"{first}..{last}" if first or last else value
    for gone in ("after", "before"):
        params.pop(gone, None)
    name = f"any{group}.{path}.{operator}" if group else f"{path}.{operator}"
    chosen = filter_for(entity, request.user, name, value)
    if chosen.operator.wants == "none":
        value = "1"
    if value and value not in params.getlist(name):
        params.appendlist(name, value)
    return f"/{entity.path}?{params.urlencode()}"
