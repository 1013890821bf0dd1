"""What the verbs of a deal's lines ask for."""

from __future__ import annotations

from vinculo.sales.lines.forms import LineInputs, MoveInputs, OfOneLine


class DealLineForm(LineInputs):
    """A line: what is left empty comes from the product."""


class ChangeDealLineForm(OfOneLine, DealLineForm):
    """A line as it is to be from now on."""


class RemoveDealLineForm(OfOneLine):
    """Which line is taken out."""


class MoveDealLineForm(MoveInputs):
    """Which line goes up or down."""
