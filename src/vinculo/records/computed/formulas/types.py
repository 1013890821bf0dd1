"""What sorts of values a formula knows, and which fields give them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import pgettext_lazy

from vinculo.records.fields import Field, Kind, Label


class What(StrEnum):
    """A sort of value. All but texts, yes/no and lists can be empty; an empty text has no letters."""

    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    DATE = "date"
    MOMENT = "datetime"
    TRUTH = "boolean"
    CHOICE = "choice"
    LIST = "list"
    RECORD = "record"


NAMES: dict[What, Label] = {
    What.NUMBER: pgettext_lazy("sort of value", "a number"),
    What.MONEY: pgettext_lazy("sort of value", "an amount"),
    What.TEXT: pgettext_lazy("sort of value", "a text"),
    What.DATE: pgettext_lazy("sort of value", "a date"),
    What.MOMENT: pgettext_lazy("sort of value", "a date and time"),
    What.TRUTH: pgettext_lazy("sort of value", "yes or no"),
    What.CHOICE: pgettext_lazy("sort of value", "a choice"),
    What.LIST: pgettext_lazy("sort of value", "several choices"),
    What.RECORD: pgettext_lazy("sort of value", "a record"),
}


@dataclass(frozen=True)
class Type:
    """A sort of value: an amount in its currency; `written` is a number as it stands in the text,
    which is an amount beside an amount."""

    what: What
    currency: str = ""
    choices: tuple[tuple[Any, Label], ...] = ()
    written: bool = False

    @property
    def label(self) -> Label:
        """What it is called in a sentence."""
        return f"{NAMES[self.what]} ({self.currency})" if self.currency else NAMES[self.what]

    @property
    def is_number(self) -> bool:
        """Numbers and amounts are reckoned with."""
        return self.what in (What.NUMBER, What.MONEY)


NUMBER, TEXT, DATE, MOMENT, TRUTH = (
    Type(one) for one in (What.NUMBER, What.TEXT, What.DATE, What.MOMENT, What.TRUTH)
)
OF_KIND: dict[Kind, What] = {
    Kind.NUMBER: What.NUMBER, Kind.DECIMAL: What.NUMBER, Kind.PERCENT: What.NUMBER,
    Kind.DATE: What.DATE, Kind.DATETIME: What.MOMENT, Kind.BOOLEAN: What.TRUTH,
    Kind.CHOICE: What.CHOICE, Kind.TAGS: What.LIST,
    Kind.RELATION: What.RECORD, Kind.USER: What.RECORD, Kind.TEAM: What.RECORD,
}  # fmt: skip


def type_of(field: Field) -> Type:
    """The sort of value that a field gives to a formula."""
    what = OF_KIND.get(field.kind or Kind.TEXT, What.TEXT)
    if what is What.NUMBER and field.currency:
        return Type(What.MONEY, field.currency)
    if what in (What.CHOICE, What.LIST):
        if any(isinstance(value, int) for value, _label in field.choices or ()):
            return Type(What.NUMBER)
        return Type(what, choices=tuple(field.choices or ()))
    return Type(what)


def readable(field: Field) -> bool:
    """Whether a formula can read a field: it is in the record's own row, and no secret."""
    return bool(field.column) and not field.sensitive and (
        bool(field.custom) or "__" not in (field.column or "")
    )  # fmt: skip
