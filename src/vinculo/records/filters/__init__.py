"""Typed filters: what a list, the API and an export can be narrowed by, from the field's kind.

In a URL a filter reads `city.contains=Berlin`, `state.in=active,prospect`, `owner.is=me`,
`last_contact_at.within=last_30_days`, `tags.any=vip,fair`, `website.empty=1`. One step along a
relation asks about the other record: `company.city.contains=Berlin`. All filters must hold, except
that of those that begin with the same `any1.` (to `any9.`) one is enough:
`any1.city.is=Berlin&any1.state.is=active&owner.is=me`.
"""

from vinculo.records.filters.conditions import condition, is_empty, midnight, narrowing
from vinculo.records.filters.operators import (
    LONGEST_AGE,
    LONGEST_VALUE,
    MOST_FILTERS,
    MOST_GROUPS,
    MOST_VALUES,
    Filter,
    Operator,
    operators_of,
)
from vinculo.records.filters.parsing import filter_for, grouped, parse_filters, steps_of
from vinculo.records.filters.questions import askable, question

__all__ = [
    "LONGEST_AGE",
    "LONGEST_VALUE",
    "MOST_FILTERS",
    "MOST_GROUPS",
    "MOST_VALUES",
    "Filter",
    "Operator",
    "askable",
    "condition",
    "filter_for",
    "grouped",
    "is_empty",
    "midnight",
    "narrowing",
    "operators_of",
    "parse_filters",
    "question",
    "steps_of",
]
