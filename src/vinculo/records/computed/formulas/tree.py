"""What a formula is made of once it is read, and how one is refused: with the place of the error."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from vinculo.kernel.errors import DomainError


class FormulaError(DomainError):
    """A formula that is not understood; `at` and `end` are the letters it is about, from 0."""

    def __init__(
        self,
        message: str,
        field: str | None = "formula",
        *,
        at: int = 0,
        end: int = 0,
        **params: Any,
    ) -> None:
        super().__init__(message, field, at=at, end=end, **params)
        self.at, self.end = at, max(end, at + 1)

    def moved(self, at: int, end: int) -> "FormulaError":
        """The same refusal about another place."""
        return type(self)(self.message, self.field, **{**self.params, "at": at, "end": end})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Node:
    """A part of a formula and where it stands in the text."""

    at: int
    end: int


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written."""

    value: Decimal


@dataclass(frozen=True)
class Text(Node):
    """Words between quotes."""

    value: str


@dataclass(frozen=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Name(Node):
    """A field, by its name or (between braces) by its label."""

    name: str
    label: bool = False


@dataclass(frozen=True)
class Call(Node):
    """A function with what it is given; an operator is one, too (`+`, `and`)."""

    function: str
    args: tuple[Node, ...]
