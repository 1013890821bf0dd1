"""The settings: every environment variable that the code reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scripts.reference.table import SOURCE, code, modules, table

NAME = re.compile(r"VINCULO_[A-Z0-9_]+|PORT|DATABASE_URL")
#: For our own tests and measurements only.
INTERNAL = {"VINCULO_DATABASE_THROWAWAY"}
#: Functions of vinculo.config.env → what they take.
TYPES = {
    "text": "text",
    "words": "words, with commas",
    "flag": "1 or 0",
    "number": "whole number",
    "choice": "one of",
    "path": "path",
}
HEAD = """# Settings

Every environment variable that Vinculo reads; what they are for stands in
[Operations](../operations.md#settings). An empty one counts as not set. A value that does not fit
ends the start with a sentence that names the variable.
"""


@dataclass(frozen=True)
class Variable:
    """One environment variable as it is read at one place."""

    name: str
    takes: str
    default: str
    where: str


def page() -> str:
    """The page of environment variables."""
    rows = (
        (code(one.name), one.takes, code(one.default), code(one.where))
        for one in sorted(variables(), key=lambda one: one.name)
    )
    return f"{HEAD}\n{table(('variable', 'takes', 'default, as written', 'read in'), rows)}"


@cache
def variables() -> tuple[Variable, ...]:
    """Each variable once, from where it is read with its default."""
    found: dict[str, Variable] = {}
    for one in _reads():
        known = found.get(one.name)
        if known is None or (one.default and not known.default):
            found[one.name] = one
    return tuple(one for name, one in found.items() if name not in INTERNAL)


def _reads() -> Iterator[Variable]:
    for path, tree in modules():
        where = str(path.relative_to(SOURCE))
        if "bench" in path.parts:  # it sets variables for the server it measures
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
                name = node.args[0]
                known = isinstance(name, ast.Constant) and NAME.fullmatch(str(name.value))
                if known and node.func.attr in TYPES:
                    yield _typed(str(known[0]), node, where)


def _typed(name: str, call: ast.Call, where: str) -> Variable:
    """How `vinculo.config.env` is asked for it."""
    asked = call.func.attr  # type: ignore[attr-defined]
    given = {word.arg: ast.unparse(word.value) for word in call.keywords}
    rest = [ast.unparse(argument) for argument in call.args[1:]]
    takes = TYPES[asked]
    if asked == "choice":
        takes += f" {', '.join(ast.literal_eval(rest.pop(0)))}"
    if "least" in given:
        takes += (
            f", {given['least']} to {given['most']}"
            if "most" in given
            else (f", at least {given['least']}")
        )
    default = given.get("default") or (rest[0] if rest else "")
    return Variable(name, takes, default, where)
