"""Markdown tables, and the source they are read from."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "vinculo"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A markdown table; bars inside cells are escaped."""
    lines = [head, tuple("---" for _name in head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: str) -> str:
    """As code, or nothing when there is nothing."""
    return f"`{text}`" if text else ""


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of ours with its syntax tree; migrations are Django's. Read once."""
    return tuple(
        (path, ast.parse(path.read_text()))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    )


def first_paragraph(docstring: str | None) -> str:
    """What a docstring says first, on one line."""
    return " ".join((docstring or "").split("\n\n", 1)[0].split())
