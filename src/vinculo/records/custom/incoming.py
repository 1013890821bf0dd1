"""Custom values out of the cells of a file: needs neither database nor settings, like all that
prepares rows in processes of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from vinculo.kernel.text import clean, clean_lines
from vinculo.records.custom.stored import Rules, stored
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import Style


@dataclass(frozen=True, slots=True)
class Incoming:
    """How the cells of one custom field are read; a reference stays the name it is called by."""

    key: str
    rules: Rules
    style: Style
    zone: str
    #: Label in any language → choice.
    choices: Mapping[str, str]
    searched: bool = False

    @property
    def names_records(self) -> bool:
        """Whether the cells name other records, which the database has to find."""
        return self.rules.shape == "ref"

    def read(self, text: str) -> Any:
        """The cell as its value is stored; DomainError when it does not fit."""
        return stored(self.rules, self._value(text))

    def _value(self, text: str) -> Any:
        shape, rules = self.rules.shape, self.rules
        if shape == "whole":
            return values.read_integer(text, self.style)
        if shape == "number":
            return values.read_money(text, self.style)[0] if rules.currency else (
                values.read_number(text, self.style)
            )  # fmt: skip
        if shape == "day":
            return values.read_date(text, self.style)
        if shape == "instant":
            return values.read_datetime(text, self.style, ZoneInfo(self.zone))
        if shape == "truth":
            return values.read_boolean(text)
        if shape == "list":
            return [values.read_choice(part, self.choices) for part in values.read_list(text)]
        if rules.keys:
            return values.read_choice(text, self.choices)
        return clean_lines(text) if rules.kind == "long_text" else clean(text)
