"""What single cells mean whatever file they come from: nothing, text, or an escaped formula."""

from __future__ import annotations

import re

NOTHING_WORDS = frozenset(
    {
        "NULL",
        "null",
        "(null)",
        "N/A",
        "n/a",
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "\\N",
        "NaN",
        "nan",
    }
)
"""Texts other programs write where they mean nothing. "Null" is missing on purpose: it is a
surname."""

# Also behind a line's end, and in the wide forms that spreadsheets of East Asia read alike.
_ESCAPED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")

UNDECODABLE = "\ufdd0"
"""Stands where bytes could not be read in the file's encoding: a code point no text may use."""


def escape_formula(text: str) -> str:
    """The text so that no spreadsheet runs it: an apostrophe before =, +, -, @, tab or a line's end.

    Lossless: :func:`unescape_formula` takes exactly that apostrophe away again.

    >>> escape_formula("=1+1"), escape_formula("'=1+1"), escape_formula("Ana")
    ("'=1+1", "''=1+1", 'Ana')
    """
    return "'" + text if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """The text without the apostrophe that keeps spreadsheets from running it.

    >>> unescape_formula("'=1+1"), unescape_formula("'s Avonds")
    ('=1+1', "'s Avonds")
    """
    return text[1:] if text[:1] == "'" and _ESCAPED.match(text) else text
