"""The comparisons each kind of field offers, and one condition as somebody chose it."""

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy as pgettext

from vinculo.records.fields import Field, Kind, Label

MOST_FILTERS = 30
MOST_GROUPS = 9
MOST_VALUES = 100
LONGEST_VALUE = 200
LONGEST_AGE = 36_500  # days: a hundred years


@dataclass(frozen=True)
class Operator:
    """One way to compare: its word in the URL, how it reads on screen, what it asks for."""

    name: str
    label: Label
    #: "one", "many", "two" (`from..to`), "dated" (`active,lost..2026-03-31`), "period", "days" or
    #: "none": what stands to its right.
    wants: str = "one"


IS = Operator("is", pgettext("filter", "is"))
NOT = Operator("not", pgettext("filter", "is not"))
IN = Operator("in", pgettext("filter", "is any of"), "many")
OUT = Operator("out", pgettext("filter", "is none of"), "many")
CONTAINS = Operator("contains", pgettext("filter", "contains"))
LACKS = Operator("lacks", pgettext("filter", "does not contain"))
STARTS = Operator("starts", pgettext("filter", "starts with"))
MIN = Operator("min", pgettext("filter", "at least"))
MAX = Operator("max", pgettext("filter", "at most"))
ABOVE = Operator("above", pgettext("filter", "more than"))
BELOW = Operator("below", pgettext("filter", "less than"))
BETWEEN = Operator("between", pgettext("filter", "between"), "two")
ON = Operator("on", pgettext("filter", "on"))
BEFORE = Operator("before", pgettext("filter", "before"))
AFTER = Operator("after", pgettext("filter", "after"))
WITHIN = Operator("within", pgettext("filter", "within"), "period")
OLDER = Operator("older", pgettext("filter", "more days ago than"), "days")
UNDER = Operator("under", pgettext("filter", "is or is part of"))
HAS = Operator("has", pgettext("filter", "has"))
ANY = Operator("any", pgettext("filter", "has any of"), "many")
NONE = Operator("none", pgettext("filter", "has none of"), "many")
EMPTY = Operator("empty", pgettext("filter", "is empty"), "none")
FILLED = Operator("filled", pgettext("filter", "is not empty"), "none")
WAS = Operator("was", pgettext("filter", "was, at the end of"), "dated")

TEXTS = (CONTAINS, LACKS, IS, NOT, STARTS, EMPTY, FILLED)
NUMBERS = (IS, NOT, MIN, MAX, ABOVE, BELOW, BETWEEN, EMPTY, FILLED)
DATES = (WITHIN, ON, BEFORE, AFTER, BETWEEN, OLDER, EMPTY, FILLED)
CHOICES = (IN, OUT, IS, NOT, EMPTY, FILLED)
REFERRED = (IS, NOT, EMPTY, FILLED)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: TEXTS,
    Kind.LONG_TEXT: (CONTAINS, LACKS, EMPTY, FILLED),
    Kind.EMAIL: TEXTS,
    Kind.PHONE: TEXTS,
    Kind.URL: TEXTS,
    Kind.NUMBER: NUMBERS,
    Kind.DECIMAL: NUMBERS,
    Kind.PERCENT: NUMBERS,
    Kind.BOOLEAN: (IS,),
    Kind.DATE: DATES,
    Kind.DATETIME: DATES,
    Kind.CHOICE: CHOICES,
    Kind.COUNTRY: CHOICES,
    Kind.TAGS: (HAS, ANY, NONE, EMPTY, FILLED),
    Kind.RELATION: REFERRED,
    Kind.USER: REFERRED,
    Kind.TEAM: (IS, UNDER, NOT, EMPTY, FILLED),
}


@dataclass(frozen=True)
class Filter:
    """One condition as somebody chose it."""

    field: Field
    operator: Operator
    value: str = ""
    #: The relation on whose record the field is; None for a field of the record itself.
    step: Field | None = None
    #: Of the conditions of one group (1 to 9) one is enough; in group 0 each must hold.
    group: int = 0

    @property
    def path(self) -> str:
        """The field as a URL names it: `city`, or `company.city` over a relation."""
        return f"{self.step.name}.{self.field.name}" if self.step else self.field.name

    @property
    def parameter(self) -> str:
        """Its name in the URL."""
        name = f"{self.path}.{self.operator.name}"
        return f"any{self.group}.{name}" if self.group else name

    @property
    def label(self) -> str:
        """What it is about, in words: `City`, or `Company: City`."""
        return f"{self.step.label}: {self.field.label}" if self.step else str(self.field.label)

    @property
    def values(self) -> list[str]:
        """The values of an operator that takes several."""
        return [part.strip() for part in self.value.split(",") if part.strip()][:MOST_VALUES]

    @property
    def ends(self) -> tuple[str, str]:
        """The two values of *between*, the smaller one first as it was written."""
        first, _dots, last = self.value.partition("..")
        return first.strip(), last.strip()


def operators_of(field: Field) -> tuple[Operator, ...]:
    """How a field can be compared; nothing for a field that is not in the database."""
    if field.asks is not None:
        return (IN, OUT) if field.kind is Kind.CHOICE else (IS, NOT)
    if field.sensitive:
        return REFERRED if field.filterable else ()
    if not field.filterable or not field.column:
        return ()
    offered = OPERATORS.get(field.kind or Kind.TEXT, ())
    return (*offered, WAS) if field.past is not None else offered
