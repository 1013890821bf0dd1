"""The query parameters of lists: search, order, page, and one for each filter of each field."""

from typing import Any

from vinculo.kernel.periods import PERIODS
from vinculo.platform.models import User
from vinculo.records.api.openapi.schemas import ID
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.filters import LONGEST_AGE, LONGEST_VALUE, Operator, askable, operators_of
from vinculo.records.lists import LARGEST_PAGE, MOST_SORTS, PAGE

Parameter = dict[str, Any]


def of_list(entity: Entity, user: User) -> list[Parameter]:
    """Everything the list of an entity can be asked with, as `user` may."""
    fields = entity.fields_for(user)
    found = []
    if entity.search:
        found.append(query_parameter("q", {"type": "string", "maxLength": 200}, SEARCH))
    found += [
        query_parameter("view", ID, VIEW),
        _sort(entity, fields),
        *PAGES,
        fields_of([field for field in fields if field.column]),
        query_parameter("count", {"type": "string", "enum": ["0", "1"]}, COUNT),
    ]
    for field in askable(entity, user):
        found += [_filter(field, operator) for operator in operators_of(field)]
    return found


SEARCH = "Words in any script, parts of names, pinyin, e-mail addresses, last digits of a phone."
VIEW = "A saved view of these records: what it asks must hold, too, and its order is the usual one."
SORT = "The first decides, the next settle what it leaves equal. With a minus: the largest first."
COUNT = "1: also tell how many match; exactly up to 10,000, an estimate beyond."


def query_parameter(name: str, schema: dict[str, Any], description: str = "") -> Parameter:
    """A parameter in the query."""
    told = {"name": name, "in": "query", "schema": schema}
    return {**told, "description": description} if description else told


PAGES = [
    query_parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    ),
    query_parameter("after", {"type": "string"}, "A page's cursor: take it from `next`."),
    query_parameter("before", {"type": "string"}, "A page's cursor: take it from `previous`."),
]


def fields_of(fields: list[Field]) -> Parameter:
    """The parameter that chooses among fields."""
    names = {"type": "string", "enum": [field.name for field in fields]}
    told = query_parameter(
        "fields", {"type": "array", "items": names}, "Only these, separated by commas."
    )
    return {**told, "style": "form", "explode": False}


def _sort(entity: Entity, fields: list[Field]) -> Parameter:
    names = [field.name for field in fields if field.sort]
    both = [*names, *(f"-{name}" for name in names)]
    one = {"type": "string", "enum": both}
    schema: dict[str, Any] = {"type": "array", "items": one, "maxItems": MOST_SORTS}
    if entity.default_sort in both:
        schema["default"] = [entity.default_sort]
    return {**query_parameter("sort", schema, SORT), "style": "form", "explode": False}


def _filter(field: Field, operator: Operator) -> Parameter:
    told = query_parameter(f"{field.name}.{operator.name}", _value_schema(field, operator))
    if operator.wants == "many":
        told |= {"style": "form", "explode": False}
    ends = ENDS.get(operator.wants, "")
    return {**told, "description": f"{field.label} {operator.label}{ends}"}


ENDS = {
    "two": ": from..to, one of them may be left out",
    "dated": " a day: values, separated by commas, then .. and the day",
}


def _value_schema(field: Field, operator: Operator) -> dict[str, Any]:
    if operator.wants == "none":
        return {"type": "string", "enum": ["1"]}
    if operator.wants == "period":
        return {"type": "string", "enum": list(PERIODS)}
    if operator.wants == "two":
        return {"type": "string", "pattern": r"^[^.]*(\.[^.]+)?\.\.", "maxLength": LONGEST_VALUE}
    if operator.wants == "dated":
        return {"type": "string", "pattern": r"^.+\.\.\d{4}-\d\d-\d\d$", "maxLength": LONGEST_VALUE}
    if operator.wants == "days":
        return {"type": "integer", "minimum": 0, "maximum": LONGEST_AGE}
    one = _one_value(field)
    return {"type": "array", "items": one} if operator.wants == "many" else one


def _one_value(field: Field) -> dict[str, Any]:
    if field.kind is Kind.CHOICE and field.live is not None:
        return {"type": "integer"}
    if field.kind is Kind.CHOICE:
        values = [getattr(value, "value", value) for value, _label in field.choices or ()]
        return {"type": "integer" if isinstance(values[0], int) else "string", "enum": values}
    if field.kind in (Kind.NUMBER, Kind.PERCENT, Kind.RELATION):
        return {"type": "integer"}
    if field.kind is Kind.DECIMAL:
        return {"type": "number"}
    if field.kind in (Kind.USER, Kind.TEAM):
        own = ["me", "mine"] if field.kind is Kind.USER else ["mine"]
        return {"oneOf": [{"type": "integer"}, {"type": "string", "enum": own}]}
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return {"type": "string", "format": "date"}
    if field.kind is Kind.BOOLEAN:
        return {"type": "string", "enum": ["1", "0"]}
    return {"type": "string", "maxLength": LONGEST_VALUE}
