"""The input for names and texts that people type."""

from typing import Any

from django import forms

from vinculo.kernel.text import clean, clean_lines


class CleanText(forms.CharField):
    """Text without control, zero-width and direction-changing characters."""

    def __init__(self, *, many_lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.many_lines = many_lines

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return clean_lines(text) if self.many_lines else clean(text)
