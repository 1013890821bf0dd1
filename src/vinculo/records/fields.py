"""Fields: one object per fact of a record type, from which every surface derives its part.

A declaration names a model field (`"industry"`) or says what differs (`Field("name",
sort="sort_name")`); `resolve` fills the rest from the model. List columns, filters, sorts, forms,
facts, imports, exports, API schemas and history labels all read the same object.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise

from vinculo.platform.custom.columns import MARK
from vinculo.platform.sensitive.fields import EncryptedText

if TYPE_CHECKING:
    from datetime import datetime

    from vinculo.platform.models import User

Label = str | Promise


class Kind(StrEnum):
    """What sort of value a field holds; decides its input, its cell, its filters and its type."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DECIMAL = "decimal"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    TAGS = "tags"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    COUNTRY = "country"
    ADDRESS = "address"
    RELATION = "relation"
    USER = "user"
    TEAM = "team"


NUMERIC = (Kind.NUMBER, Kind.DECIMAL, Kind.PERCENT)
REFERENCES = (Kind.RELATION, Kind.USER, Kind.TEAM)


@dataclass(frozen=True)
class Field:
    """One fact of a record type. None means: as the model says."""

    name: str
    kind: Kind | None = None
    label: Label | None = None
    #: ORM path for reading, filtering and selecting; "" for a value that is not in the database.
    column: str | None = None
    #: ORM path to sort by; "" when the field cannot be sorted.
    sort: str | None = None
    filterable: bool = True
    editable: bool | None = None
    required: bool | None = None
    max_length: int | None = None
    choices: tuple[tuple[Any, Label], ...] | None = None
    #: Entity key of the record a relation points to.
    target: str = ""
    help: Label = ""
    #: The record's search keys contain this value: a *contains* filter may use their index.
    searched: bool = False
    nullable: bool | None = None
    #: Writes a value that lives elsewhere (a phone is a contact point): (record, value, actor).
    write: "Callable[[Any, Any, User], None] | None" = None
    #: Where what a choice was in the past is kept: (values, instant) → the records that held one of
    #: them then. Lists are asked by *was* for it.
    past: "Callable[[list[str], datetime], models.Q] | None" = None
    #: What each of its choices asks of a record, where it is no value of the record at all but a
    #: question that lists can be asked: (choices) → the records for which one of them holds.
    asks: "Callable[[list[str]], models.Q] | None" = None
    #: Reads a value that is no column.
    read: Callable[[Any], Any] | None = None
    #: Where typing into its input asks for suggestions, "" for nowhere.
    suggests: str = ""
    #: Encrypted in the database: hidden without the right to read sensitive details, and masked
    #: with it until somebody asks outright. A column of `EncryptedText` is.
    sensitive: bool = False
    #: The key of a custom field's value in the record's JSON column, "" for a declared field.
    custom: str = ""
    #: The value follows from others: no record holds it, nobody types it, the journal does not know
    #: it. Whose eyes it is seen with stands in its column: `Entity.fields_for` sees to that.
    computed: bool = False
    #: ISO code of the currency of an amount, "" for a mere number.
    currency: str = ""
    #: Tells the currency of a record's amount where not all records have the same.
    currency_of: "Callable[[Any], str] | None" = None
    #: Choices that are still told but no longer offered.
    retired: frozenset[Any] = frozenset()
    #: Gives the field as it is now where a part of it is the company's to set (choices that are rows,
    #: the currency of its books), at each use: from what the process knows (`platform.versions`).
    live: "Callable[[Field], Field] | None" = None
    #: So many decimals a number may have; None: as its column or its currency says.
    most_decimals: int | None = None

    def resolve(self, model: type[models.Model]) -> "Field":
        """The field with everything filled in from the model field of the same name."""
        if self.column == "" or self.kind is Kind.ADDRESS:
            return self._virtual()
        source = model._meta.get_field(self.column or self.name)
        if not isinstance(source, models.Field):
            raise TypeError(f"{model.__name__}.{self.name} is not a column.")
        kind = self.kind or kind_of(source)
        column = self.column or source.name
        editable = source.editable if self.editable is None else self.editable
        demanded = source.editable and not source.blank and source.default is models.NOT_PROVIDED
        sensitive = isinstance(source, EncryptedText)
        if self.sensitive and not sensitive:
            raise TypeError(f"{model.__name__}.{self.name} is sensitive but not encrypted.")
        return replace(
            self,
            sensitive=sensitive,
            kind=kind,
            column=column,
            label=self.label if self.label is not None else source.verbose_name,
            sort=self.sort if self.sort is not None else default_sort(kind, column, sensitive),
            editable=editable or self.write is not None,
            required=demanded if self.required is None else self.required,
            max_length=self.max_length or source.max_length,
            choices=self.choices if self.choices is not None else choices_of(source),
            nullable=source.null if self.nullable is None else self.nullable,
            target=self.target or target_of(source),
        )

    def _virtual(self) -> "Field":
        return replace(
            self,
            kind=self.kind or Kind.TEXT,
            column="",
            label=self.label if self.label is not None else self.name.replace("_", " "),
            sort="",
            filterable=False,
            editable=self.write is not None if self.editable is None else self.editable,
            required=bool(self.required),
            choices=self.choices or (),
            nullable=True,
        )

    @property
    def is_number(self) -> bool:
        """Numbers stand right-aligned in tabular figures."""
        return self.kind in NUMERIC

    @property
    def is_reference(self) -> bool:
        """The value is another row."""
        return self.kind in REFERENCES

    @property
    def id_column(self) -> str:
        """ORM path of the number of the row that a reference points to; else the value's own."""
        column = self.column or self.name
        return f"{column}_id" if self.is_reference and not self.custom else column

    @property
    def journal_column(self) -> str:
        """What the journal calls the value, "" for one that it does not keep."""
        if self.computed:
            return ""
        if self.custom:
            return f"{MARK}{self.custom}"
        return self.id_column if self.column and "__" not in self.column else self.column or ""

    def value(self, record: Any) -> Any:
        """This field's value on a record (a related object for a reference)."""
        if self.read is not None:
            return self.read(record)
        if self.custom:
            from vinculo.records.custom.values import value_on

            return value_on(self, record)
        value = record
        for step in (self.column or self.name).split("__"):
            value = getattr(value, step, None)
        return value

    def put(self, record: Any, value: Any) -> None:
        """Set the value on a record that is not saved yet; DomainError for a custom value that
        does not fit (the rules of columns are the model's)."""
        if not self.custom:
            setattr(record, self.name, value)
            return
        from vinculo.records.custom.values import put

        put(record, self, value)

    def choice_label(self, value: Any) -> Label:
        """How a stored choice is called; the value itself when it is no longer offered."""
        for stored, label in self.choices or ():
            if stored == value:
                return label
        return "" if value in (None, "") else str(value)


def kind_of(source: "models.Field[Any, Any]") -> Kind:
    """The kind of field that a model field naturally is."""
    if isinstance(source, models.ForeignKey):
        name = source.related_model._meta.label if source.related_model else ""
        return {"platform.User": Kind.USER, "platform.Team": Kind.TEAM}.get(name, Kind.RELATION)
    if isinstance(source, ArrayField):
        return Kind.TAGS
    if source.choices:
        return Kind.CHOICE
    for model_field, kind in KINDS:
        if isinstance(source, model_field):
            return kind
    return Kind.TEXT


KINDS: tuple[tuple[type["models.Field[Any, Any]"], Kind], ...] = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.DateTimeField, Kind.DATETIME),
    (models.DateField, Kind.DATE),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.NUMBER),
    (models.EmailField, Kind.EMAIL),
    (models.URLField, Kind.URL),
    (EncryptedText, Kind.TEXT),
    (models.TextField, Kind.LONG_TEXT),
)


def default_sort(kind: Kind, column: str, sensitive: bool = False) -> str:
    """What a column is sorted by: itself, a person or team by name; lists, texts and what is
    encrypted not at all."""
    if sensitive or kind in (Kind.TAGS, Kind.LONG_TEXT, Kind.RELATION):
        return ""
    if kind in (Kind.USER, Kind.TEAM):
        return f"{column}__name"
    return column


def choices_of(source: "models.Field[Any, Any]") -> tuple[tuple[Any, Label], ...]:
    """The model field's choices as a tuple."""
    return tuple((value, label) for value, label in (source.choices or ()))  # type: ignore[misc]


def target_of(source: "models.Field[Any, Any]") -> str:
    """The model a reference points to, as `app.model`: also its entity's key."""
    if isinstance(source, models.ForeignKey) and source.related_model:
        return str(source.related_model._meta.label_lower)
    return ""
