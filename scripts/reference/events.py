"""The events: what happened, as other rooms and later webhooks hear of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from scripts.reference.table import SOURCE, code, first_paragraph, modules, table

HEAD = """# Events

Written in the transaction that did it, delivered after commit by the worker, at least once and with
a key by which a receiver recognises a repeat (`vinculo/platform/events.py`). Ids are those of the
records; *when* is the function that writes it.
"""


@dataclass
class Found:
    """One event: what it carries, and where it is written."""

    payload: tuple[str, ...] = ()
    when: list[str] = field(default_factory=list)


def page() -> str:
    """The page of events by name."""
    rows = (
        (code(name), "; ".join(found.when), ", ".join(map(code, found.payload)))
        for name, found in sorted(events().items())
    )
    return f"{HEAD}\n{table(('event', 'when', 'carries'), rows)}"


def events() -> dict[str, Found]:
    """Every event that some function writes, by name; `<…>` stands for a kind."""
    known: dict[str, Found] = {}
    for path, tree in modules():
        if path == SOURCE / "platform" / "events.py":
            continue
        for function in _functions(tree):
            for name, payload in _written_by(function, _tellers(path.parts[-2], tree)):
                found = known.setdefault(name, Found(payload))
                summary = first_paragraph(ast.get_docstring(function)).rstrip(".")
                if summary not in found.when:
                    found.when.append(summary)
    return known


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _tellers(room: str, tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """Functions that emit an event whose name they are given → what it carries: those of this
    module, and those of the same folder that it imports."""
    found = _tellers_in(tree)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and f".{room}." in f"{node.module}.":
            path = SOURCE.parent / (node.module.replace(".", "/") + ".py")
            if path.exists():
                inside = _tellers_in(ast.parse(path.read_text()))
                found |= {a.name: inside[a.name] for a in node.names if a.name in inside}
    return found


def _tellers_in(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    found = {}
    for function in _functions(tree):
        first = function.args.args[0].arg if function.args.args else ""
        for call in _calls(function, {"emit"}):
            if isinstance(call.args[0], ast.Name) and call.args[0].id == first:
                found[function.name] = _payload(function, call)
    return found


def _written_by(
    function: ast.FunctionDef, tellers: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for call in _calls(function, {"emit", *tellers}):
        called = call.func.id if isinstance(call.func, ast.Name) else ""
        payload = tellers[called] if called in tellers else _payload(function, call)
        for name in _names(function, call.args[0]):
            yield name, payload


def _calls(function: ast.FunctionDef, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and node.args and node.func.id in names:  # type: ignore[attr-defined]
            yield node  # type: ignore[misc]


def _names(function: ast.FunctionDef, given: ast.expr) -> list[str]:
    """The names an expression stands for: itself, either of two, or one with a kind in it."""
    if isinstance(given, ast.Constant):
        return [str(given.value)]
    if isinstance(given, ast.IfExp):
        return _names(function, given.body) + _names(function, given.orelse)
    if isinstance(given, ast.JoinedStr):
        parts = (
            str(part.value)
            if isinstance(part, ast.Constant)
            else f"<{ast.unparse(part.value).split('.')[-1]}>"  # type: ignore[attr-defined]
            for part in given.values
        )
        return ["".join(parts)]
    value = _assigned(function, given)
    return _names(function, value) if value is not None else []


def _payload(function: ast.FunctionDef, call: ast.Call) -> tuple[str, ...]:
    """The keys of what an event carries."""
    given: ast.expr | None = call.args[1]
    if not isinstance(given, ast.Dict):
        given = _assigned(function, call.args[1])
    if not isinstance(given, ast.Dict):
        return ()
    return tuple(str(key.value) for key in given.keys if isinstance(key, ast.Constant))


def _assigned(function: ast.FunctionDef, given: ast.expr) -> ast.expr | None:
    """What a local name was last set to."""
    if not isinstance(given, ast.Name):
        return None
    for node in reversed(list(ast.walk(function))):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == given.id:
                return node.value
    return None
