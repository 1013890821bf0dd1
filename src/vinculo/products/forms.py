"""What the pages of currencies ask for."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.money import is_currency
from vinculo.platform.clean_text import CleanText
from vinculo.products.currency import books_currency
from vinculo.products.rates import MOST_RATES, Rate, read_rates
from vinculo.records.transfer.reading import open_table

LARGEST_FILE = 20 * 1024 * 1024


class CurrencyForm(forms.Form):
    """The currency of the books."""

    code = CleanText(label=_("Currency of the books"), max_length=3, min_length=3)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"code": books_currency()})

    def clean_code(self) -> str:
        """An ISO code in capitals."""
        code = str(self.cleaned_data["code"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("Write the code of a currency, like EUR."))
        return code


class RatesForm(forms.Form):
    """Rates typed or pasted, one in a line, or a file of them."""

    typed = CleanText(
        label=_("Rates"),
        many_lines=True,
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "USD 2026-01-31 0.9215"}),
        help_text=_("One in a line: currency, first day, and what one unit is worth in the"
                    " currency of the books."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV or XLSX with the same columns.")
    )

    def clean(self) -> dict[str, Any]:
        """The rates of the file, else those typed; DomainError goes on to the view."""
        data = super().clean() or {}
        file = data.get("file")
        if not file and not data.get("typed"):
            raise forms.ValidationError(_("Type a rate, or choose a file."))
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large."))
        return data

    def rates(self) -> list[Rate]:
        """What was brought; DomainError where it cannot be read."""
        file = self.cleaned_data.get("file")
        return read_rates(_rows_of(file) if file else _lines_of(self.cleaned_data["typed"]))


def _lines_of(text: str) -> list[Sequence[str]]:
    """Lines typed with spaces, or pasted with tabs, commas or semicolons between the parts."""
    found: list[Sequence[str]] = []
    for line in text.splitlines():
        mark = next((one for one in ("\t", ";") if one in line), None)
        if mark is None and line.count(",") >= 2:
            mark = ","
        found.append(next(csv.reader([line], delimiter=mark)) if mark else line.split())
    return found


def _rows_of(file: Any) -> list[Sequence[str]]:
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        table = open_table(Path(kept.name), name=file.name)
        rows: list[Sequence[str]] = [table.headers]
        for row in table.rows():
            if row.error is not None:
                raise row.error
            rows.append(row.cells)
            if len(rows) > MOST_RATES + 1:
                break
    return rows
