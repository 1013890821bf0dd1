"""JSON schemas: of fields by their kind, of records, and of what actions ask for by their forms."""

from typing import Any

from django import forms
from django.db import models

from vinculo.platform.models import User
from vinculo.records.api.doing import takes_files
from vinculo.records.api.parts import columns_of
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import BIGGEST_TEXT, ReferenceField, RowChoice, TagsField
from vinculo.records.parts import Parts

Schema = dict[str, Any]

ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
#: An enumeration longer than this (countries) is not written out.
LONGEST_ENUM = 100


def name_of(entity: Entity) -> str:
    """What an entity's schemas are called: `Company`."""
    return entity.model.__name__


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def read_schema(field: Field) -> Schema:
    """What a field looks like in an answer."""
    if field.is_reference:
        return _described(field, {"oneOf": [ref("Reference"), {"type": "null"}]})
    schema = _base(field)
    if "enum" in schema:
        # A stored choice that is no longer offered is still told.
        schema = {"type": schema["type"], "examples": schema["enum"][:3]}
    schema.pop("maxLength", None)
    schema.pop("minLength", None)
    if field.kind is Kind.DECIMAL:
        schema = {"type": "string", "format": "decimal"}
    return _described(field, _nullable(schema) if _may_be_null(field) else schema)


def write_schema(field: Field) -> Schema:
    """What a field takes in a body."""
    if field.is_reference:
        schema: Schema = dict(ID)
    else:
        schema = _base(field)
    if not field.required:
        if schema["type"] == "string" and "" not in schema.get("enum", [""]):
            schema = {**schema, "enum": ["", *schema["enum"]]}
        schema = _nullable(schema)
    return _described(field, schema)


def part_schema(parts: Parts, user: User) -> Schema:
    """What a row that a record is made of looks like in an answer."""
    told: dict[str, Schema] = {"id": {"type": "integer"}}
    for name in columns_of(parts, user):
        column = parts.model._meta.get_field(name)
        schema = _of_column(column)
        told[name] = {**_nullable(schema), "description": str(column.verbose_name)}  # type: ignore[union-attr]
    for name in parts.leads_to:
        told[name] = {"oneOf": [ref("Reference"), {"type": "null"}]}
    return {"type": "object", "properties": told, "required": list(told)}


def _of_column(column: Any) -> Schema:
    if isinstance(column, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(column, models.DecimalField):
        return {"type": "string", "format": "decimal"}
    if isinstance(column, models.DateTimeField):
        return {"type": "string", "format": "date-time"}
    return {"type": "string"}


def _may_be_null(field: Field) -> bool:
    texts = (Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.COUNTRY, Kind.TAGS)
    return bool(field.nullable) and field.kind not in texts


def _nullable(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [*(kind if isinstance(kind, list) else [kind]), "null"]}


def _base(field: Field) -> Schema:
    kind = field.kind
    if kind is Kind.CHOICE and field.live is not None:
        return {"type": "integer", "description": OF_THE_COMPANY}
    if kind is Kind.CHOICE:
        values = [getattr(value, "value", value) for value, _label in field.choices or ()]
        return {"type": "integer" if isinstance(values[0], int) else "string", "enum": values}
    if kind is Kind.COUNTRY:
        return {"type": "string", "pattern": "^([A-Z]{2})?$", "description": "ISO 3166 code."}
    if kind is Kind.TAGS:
        word: Schema = {"type": "string", "maxLength": 40}
        if field.choices:
            word = {"type": "string", "enum": [value for value, _label in field.choices]}
        return {"type": "array", "items": word, "maxItems": 50}
    if kind is Kind.DECIMAL:
        return {"type": ["string", "number"], "format": "decimal"}
    if kind in SIMPLE:
        return dict(SIMPLE[kind])
    longest = BIGGEST_TEXT if kind is Kind.LONG_TEXT else field.max_length or 200
    return {"type": "string", "maxLength": longest}


OF_THE_COMPANY = "The number of one of the company's own rows, as a record that has it tells it."

SIMPLE: dict[Kind, Schema] = {
    Kind.NUMBER: {"type": "integer"},
    Kind.PERCENT: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
}


def _described(field: Field, schema: Schema) -> Schema:
    told = {"title": str(field.label or field.name), **schema}
    words = [schema["description"]] if "description" in schema else []
    words += [str(field.help)] if field.help else []
    if field.kind is Kind.CHOICE and field.live is None:
        words.append("; ".join(_meaning(value, label) for value, label in field.choices or ()))
    if field.kind is Kind.RELATION and field.target:
        words.append(f"Points to {field.target}.")
    if words:
        told["description"] = " ".join(words)
    return told


def _meaning(value: Any, label: Any) -> str:
    code = str(getattr(value, "value", value))
    return code if code == str(label) else f"{code}: {label}"


def record_schema(entity: Entity, fields: list[Field]) -> Schema:
    """A record in an answer: with `fields=` only those that were asked for."""
    return {
        "type": "object",
        "title": str(entity.label),
        "description": _summary(entity),
        "properties": {
            "id": ID,
            "url": {"type": "string", "description": "Where the API has the record."},
            **{field.name: read_schema(field) for field in fields},
        },
        "required": ["id", "url"],
        "additionalProperties": False,
    }


def input_schema(entity: Entity, fields: list[Field], required: list[str]) -> Schema:
    """The body that makes a record (`required` filled) or changes one (nothing required)."""
    schema: Schema = {
        "type": "object",
        "title": str(entity.label),
        "properties": {field.name: write_schema(field) for field in fields if field.editable},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _summary(entity: Entity) -> str:
    return (entity.model.__doc__ or "").strip().split("\n", 1)[0]


# --- forms -------------------------------------------------------------------------------------


def form_schema(form: forms.Form | None, known: dict[str, Any]) -> Schema:
    """What an action asks for; `known` are the inputs it can fill itself."""
    if form is None:
        return {"type": "object", "properties": {}, "additionalProperties": False}
    schema: Schema = {
        "type": "object",
        "properties": {name: input_field_schema(item) for name, item in form.fields.items()},
        "additionalProperties": False,
    }
    needed = [n for n, item in form.fields.items() if item.required and n not in known]
    return {**schema, "required": needed} if needed else schema


def form_content(form: forms.Form | None, known: dict[str, Any]) -> dict[str, Any]:
    """The media types in which an action takes its input."""
    kind = "multipart/form-data" if takes_files(form) else "application/json"
    return {kind: {"schema": form_schema(form, known)}}


def input_field_schema(item: forms.Field) -> Schema:
    """One input of a form as JSON schema."""
    schema = _form_base(item)
    if not item.required and not isinstance(item, forms.BooleanField | forms.FileField):
        schema = _nullable(schema)
    told: Schema = {"title": str(item.label)} if item.label else {}
    if item.help_text:
        told["description"] = str(item.help_text)
    return {**told, **schema}


def _form_base(item: forms.Field) -> Schema:
    if isinstance(item, forms.FileField):
        return {"type": "string", "format": "binary"}
    if isinstance(item, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(item, TagsField):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(item, forms.ModelMultipleChoiceField):
        return {"type": "array", "items": ID}
    if isinstance(item, forms.ModelChoiceField):
        if not isinstance(item, ReferenceField):
            return dict(ID)
        return {**ID, "description": f"Points to {item.entity.key}."}
    if isinstance(item, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string", "enum": _values(item)}}
    if isinstance(item, RowChoice):
        return {"type": "integer", "description": OF_THE_COMPANY}
    if isinstance(item, forms.ChoiceField):
        values = _values(item)
        if len(values) > LONGEST_ENUM:
            return {"type": "string"}
        whole = all(isinstance(value, int) for value in values if value != "")
        return {"type": "integer" if whole and values else "string", "enum": values}
    if isinstance(item, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(item, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(item, forms.DecimalField | forms.FloatField):
        return {"type": ["string", "number"]}
    if isinstance(item, forms.IntegerField):
        return _bounded({"type": "integer"}, item)
    longest = getattr(item, "max_length", None)
    return {"type": "string", **({"maxLength": longest} if longest else {})}


def _bounded(schema: Schema, item: forms.IntegerField) -> Schema:
    least = {"minimum": item.min_value} if item.min_value is not None else {}
    most = {"maximum": item.max_value} if item.max_value is not None else {}
    return {**schema, **least, **most}


def _values(item: Any) -> list[Any]:
    return [getattr(value, "value", value) for value, _label in item.choices]
