"""What it takes to learn the chances of a record type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from vinculo.records.fields import Label

#: What was read of one record: see `Subject.read`.
Facts = dict[str, Any]


@dataclass(frozen=True)
class Feature:
    """Something known when a record begins. `tells` are the fields (record type and name) that it
    follows from, its own last: who may not see one of them is not told of it."""

    name: str
    label: Label
    tells: tuple[tuple[str, str], ...]
    is_number: bool = False
    #: The record's column that the journal takes back to its first value, if it is one.
    column: str = ""
    #: Only whether it is filled in counts.
    only_given: bool = False


@dataclass(frozen=True)
class Subject:
    """A record type whose open records get scores from its decided ones."""

    key: str
    features: tuple[Feature, ...]
    #: Fields that are never learned from: the end fills them in, or they change on the way.
    ended: tuple[str, ...]
    on_the_way: tuple[str, ...]
    #: What `status` says of those that ended well, that did not, and that are open.
    good: str
    bad: str
    open: tuple[str, ...]
    #: Decided ones, the latest first.
    latest: tuple[str, ...]
    #: What is known of these records as they began, in any order: beside the features `id`,
    #: `status`, `ended` (the day it was decided, None for open ones), and `changed`, the days on
    #: which each feature was changed.
    read: Callable[[Sequence[int]], list[Facts]]
    #: What a score says, with the share that ended well in percent: `%(share)s`.
    explained: Label
    by_name: dict[str, Feature] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.features})

    @cached_property
    def rewound(self) -> dict[str, str]:
        """Column, as the journal calls it → the feature that it is."""
        return {one.column: one.name for one in self.features if one.column}
