"""A definition becomes the same `Field` that a declaration makes, and stands beside those."""

from functools import partial
from typing import Any

from django.utils.functional import lazy

from vinculo.platform.custom.columns import SEEN, path_of, seen_path
from vinculo.platform.custom.known import known
from vinculo.platform.models.custom import CustomField, CustomKind, said_in
from vinculo.platform.modules.known import is_on
from vinculo.records.computed.formulas.types import What
from vinculo.records.fields import Field, Kind, Label

#: What a custom field is to the machinery, and how its value lies in the database.
KINDS: dict[str, tuple[Kind, str]] = {
    CustomKind.TEXT: (Kind.TEXT, "text"),
    CustomKind.LONG_TEXT: (Kind.LONG_TEXT, "text"),
    CustomKind.NUMBER: (Kind.NUMBER, "whole"),
    CustomKind.MONEY: (Kind.DECIMAL, "number"),
    CustomKind.DATE: (Kind.DATE, "day"),
    CustomKind.DATETIME: (Kind.DATETIME, "instant"),
    CustomKind.BOOLEAN: (Kind.BOOLEAN, "truth"),
    CustomKind.CHOICE: (Kind.CHOICE, "text"),
    CustomKind.CHOICES: (Kind.TAGS, "list"),
    CustomKind.RELATION: (Kind.RELATION, "ref"),
    CustomKind.EMAIL: (Kind.EMAIL, "text"),
    CustomKind.PHONE: (Kind.PHONE, "text"),
    CustomKind.URL: (Kind.URL, "text"),
}
#: What a computed field is to the machinery, by the sort of value that comes out.
GIVEN: dict[str, Kind] = {
    What.NUMBER: Kind.DECIMAL,
    What.MONEY: Kind.DECIMAL,
    What.TEXT: Kind.TEXT,
    What.CHOICE: Kind.CHOICE,
    What.DATE: Kind.DATE,
    What.MOMENT: Kind.DATETIME,
    What.TRUTH: Kind.BOOLEAN,
}
NEVER_EMPTY = (What.TEXT, What.CHOICE, What.TRUTH)
#: A computed value that nobody in particular looks at: such a path is refused when it is used.
NOBODY = "r0"
#: Kinds whose words the search can find.
SEARCHABLE = (CustomKind.TEXT, CustomKind.LONG_TEXT, CustomKind.EMAIL, CustomKind.PHONE,
              CustomKind.URL)  # fmt: skip
UNSORTED = (CustomKind.LONG_TEXT, CustomKind.CHOICES, CustomKind.RELATION)
#: Kinds whose value may be missing; a text without words is "", a list is empty, a box not ticked.
NULLABLE = ("whole", "number", "day", "instant", "ref")
LONGEST_TEXT = 500
PREFIX = "custom_"

_said = lazy(said_in, str)


def shape_of(definition: CustomField) -> str:
    """How the value lies in the database."""
    if definition.computed:
        return SEEN
    shape = KINDS[definition.kind][1]
    return "number" if shape == "whole" and definition.decimals else shape


def field_of(definition: CustomField, *, searchable: bool) -> Field:
    """The field of a definition; `searchable` where its record type has search keys at all."""
    if definition.computed:
        return _computed(definition, searchable=searchable)
    kind, _shape = KINDS[definition.kind]
    shape = shape_of(definition)
    if shape == "number":
        kind = Kind.DECIMAL
    path = path_of(shape, definition.slug)
    return Field(
        definition.name,
        kind=kind,
        label=_said(definition.labels),
        column=path,
        sort="" if definition.kind in UNSORTED else path,
        editable=True,
        required=definition.required and kind is not Kind.BOOLEAN,
        max_length=LONGEST_TEXT if shape == "text" and kind is not Kind.LONG_TEXT else None,
        choices=_offered(definition),
        target=definition.target,
        help=_said(definition.help),
        searched=searchable and definition.searched and definition.search_ready,
        nullable=shape in NULLABLE,
        custom=definition.slug,
        currency=definition.currency if definition.kind == CustomKind.MONEY else "",
        retired=frozenset(one["key"] for one in definition.choices if one.get("retired")),
        most_decimals=definition.decimals
        if shape == "number" and not definition.currency
        else None,
    )


def _computed(definition: CustomField, *, searchable: bool) -> Field:
    """The field of a formula or a roll-up, as nobody in particular sees it: `fields_for` gives it
    its reader."""
    path = seen_path(NOBODY, definition.slug)
    kind = GIVEN.get(definition.gives, Kind.TEXT)
    number = definition.gives == What.NUMBER
    return Field(
        definition.name,
        kind=kind,
        label=_said(definition.labels),
        column=path,
        sort=path,
        editable=False,
        required=False,
        choices=_choices_of_related(definition) if kind is Kind.CHOICE else (),
        help=_said(definition.help),
        searched=searchable and definition.searched and definition.search_ready,
        nullable=definition.gives not in NEVER_EMPTY,
        custom=definition.slug,
        computed=True,
        currency=definition.currency,
        most_decimals=definition.decimals if number else None,
    )


def _choices_of_related(definition: CustomField) -> tuple[tuple[Any, Label], ...]:
    """The choices of the field whose last value a roll-up tells."""
    from vinculo.records.registry import find

    entity, name = find(str(definition.rollup.get("of"))), str(definition.rollup.get("field"))
    if entity is None:
        return ()
    if name in entity.declared_fields:
        return tuple(entity.declared_fields[name].choices or ())
    own = (one for one in known().of(entity.key) if one.name == name)
    return next((_offered(one) for one in own), ())


def _offered(definition: CustomField) -> tuple[tuple[Any, Label], ...]:
    return tuple((one["key"], _said(one["labels"])) for one in definition.choices)


def custom_fields(entity_key: str, *, searchable: bool) -> dict[str, Field]:
    """The custom fields of a record type by their names; made once per version."""
    if not is_on("fields"):
        return {}
    memo = known().memo
    if entity_key not in memo:
        memo[entity_key] = {
            one.name: field_of(one, searchable=searchable) for one in known().of(entity_key)
        }
    found: dict[str, Field] = memo[entity_key]
    return found


def names_on_form(entity_key: str) -> tuple[str, ...]:
    """The custom fields that the form of a new record asks for."""
    if not is_on("fields"):
        return ()
    return tuple(
        one.name
        for one in known().of(entity_key)
        if not one.computed and (one.on_form or one.required)
    )


def all_names(entity_key: str) -> tuple[str, ...]:
    """All custom fields of a record type, in their order."""
    if not is_on("fields"):
        return ()
    return tuple(one.name for one in known().of(entity_key))


def words_of(entity_key: str, held: dict[str, Any] | None) -> tuple[str, ...]:
    """What a record's custom values add to its search keys."""
    if not held:
        return ()
    return tuple(
        str(held[one.slug])
        for one in known().of(entity_key)
        if one.searched and one.slug in held and one.kind in SEARCHABLE
    )


def searched_keys(entity_key: str) -> tuple[str, ...]:
    """The keys whose words the search finds: for writers that make search keys elsewhere."""
    keep = partial(filter, lambda one: one.searched and one.kind in SEARCHABLE)
    return tuple(one.slug for one in keep(known().of(entity_key)))
