"""The cells of one row by what they fill: cleaned, read, refused or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.parties.importing.recipe import Recipe
from vinculo.records.transfer import values

T = TypeVar("T")

LONGEST = {
    "name": 200, "contact_name": 200, "company": 200, "parent": 200, "given_name": 100,
    "family_name": 100, "salutation": 30, "native_name": 200, "contact_role": 120, "role": 120,
    "website": 200, "external_id": 80,
    "company_external_id": 80, "parent_external_id": 80,
    "tax_id": 40, "street": 200, "postal_code": 20, "city": 120, "region": 120, "email": 254,
    "phone": 60, "mobile": 60, "fax": 60, "first_phone": 60,
}  # fmt: skip
# How Google's contacts write several values in one cell.
_SEVERAL = " ::: "


class Cells:
    """What a row's cells say of each target; what does not fit refuses the row or is left out."""

    def __init__(self, recipe: Recipe, cells: Sequence[str], left_out: Counter[str]) -> None:
        self.recipe = recipe
        self._left_out = left_out
        self._raw: dict[str, list[str]] = {}
        for column, target in recipe.columns:
            if text := cells[column].strip():
                texts = text.split(_SEVERAL) if _SEVERAL in text else (text,)
                self._raw.setdefault(target, []).extend(texts)

    def _text(self, target: str) -> str | None:
        """The target's text on one clean line; None when the row says nothing about it."""
        found = self._raw.get(target)
        return (self._fitting(target, clean(found[0])) or None) if found else None

    def _fitting(self, target: str, text: str) -> str:
        longest = LONGEST.get(target, 200)
        if len(text) > longest:
            raise DomainError(
                _("“%(text)s…” is too long: at most %(limit)s characters fit."),
                field=target,
                text=text[:40],
                limit=longest,
            )
        return text

    def _read(self, target: str, read: Callable[[str], T]) -> T | None:
        """A typed value; one that does not fit refuses the row, or is left out if so wished."""
        if target not in self._raw:
            return None
        try:
            text = self._text(target)
            return read(text) if text else None
        except DomainError:
            if not self.recipe.lenient:
                raise
            self._left_out[target] += 1
            return None

    def _choice(self, target: str) -> str | None:
        choices = self.recipe.choices.get(target, {})
        return self._read(target, lambda text: values.read_choice(text, choices))

    def _list(self, target: str, longest: int) -> list[str] | None:
        parts = [
            clean(part.removeprefix("* "))[:longest].strip()
            for text in self._raw.get(target, [])
            for part in values.read_list(text)
        ]
        return list(dict.fromkeys(part for part in parts if part))[:50] or None
