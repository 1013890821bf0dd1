"""The actions: what people, programs and jobs can do."""

from __future__ import annotations

import inspect
from itertools import groupby
from typing import Any

from scripts.reference.table import code, first_paragraph, table
from vinculo.platform.actions import Action, actions

HEAD = """# Actions

Every verb of Vinculo: one function each, called by screens, API, command line and jobs alike
([how to add one](../how-to-add-an-action.md)). *Right*: `named` needs the action in one of the
person's roles; `record` is decided by what they may do with the record, or inside the action.
*Offered on* are the record types whose pages and API (`POST /api/v1/…/do/<name>`) have it.
*Takes* names the parameters besides the actor.
"""


def page() -> str:
    """The page of actions, grouped by room."""
    parts = [HEAD]
    ours = (one for one in actions().values() if one.function.__module__.startswith("vinculo."))
    for room, entries in groupby(ours, key=lambda entry: entry.name.split(".")[0]):
        parts.append(f"## {room}\n")
        parts.append(table(("name", "does", "takes", "offered on", "right"), map(_row, entries)))
    return "\n".join(parts)


def _row(entry: Action) -> tuple[str, ...]:
    return (
        code(entry.name),
        first_paragraph(inspect.getdoc(entry.function)),
        ", ".join(_takes(entry.function)),
        ", ".join(code(key) for key in entry.on),
        "named" if entry.granted else "record",
    )


def _takes(function: Any) -> list[str]:
    found = []
    for parameter in inspect.signature(inspect.unwrap(function)).parameters.values():
        if parameter.name != "actor":
            optional = parameter.default is not inspect.Parameter.empty
            found.append(code(parameter.name) + (" (optional)" if optional else ""))
    return found
