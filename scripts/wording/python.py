"""Messages in Python: the calls of gettext and its kin, and words that no such call surrounds."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from scripts.wording.found import Message, Problem, relative

# Which argument is what, for each function that asks for a translation.
SHAPES: dict[str, tuple[str, ...]] = {
    "gettext": ("singular",),
    "gettext_lazy": ("singular",),
    "gettext_noop": ("singular",),
    "ngettext": ("singular", "plural"),
    "ngettext_lazy": ("singular", "plural"),
    "pgettext": ("context", "singular"),
    "pgettext_lazy": ("context", "singular"),
    "npgettext": ("context", "singular", "plural"),
    "npgettext_lazy": ("context", "singular", "plural"),
}
MARKERS = {"django.utils.translation": SHAPES, "vinculo.kernel.errors": {"_": ("singular",)}}

# Arguments that a reader gets to see, wherever they are passed.
SHOWN = {"label", "label_plural", "help_text", "message", "title", "hint", "description"}
# What shows its first argument.
SPEAKERS = {"DomainError", "Conflict", "NotAllowed", "NotFound", "ValidationError"}
# A comment with this word says that the words of a line are not for a reader of the screen.
EXEMPT = "not translated:"


def files(root: Path) -> Iterator[Path]:
    """The Python files that may speak to a reader of the screen."""
    for path in sorted(root.rglob("*.py")):
        # The command line and the API's description speak English only.
        if not {"migrations", "cli", "openapi"} & set(path.parts):
            yield path


def messages(root: Path) -> Iterator[tuple[Path, Message]]:
    """Every message in the Python files below root."""
    for path in files(root):
        text = path.read_text(encoding="utf-8")
        if "translation" not in text and "kernel.errors" not in text and "def _(" not in text:
            continue
        notes = _notes(path)
        for node, message in _calls(ast.parse(text, str(path))):
            for line in (node.lineno - 1, node.lineno):
                message.comments += [notes[line]] if line in notes else []
            yield path, message


def _notes(path: Path) -> dict[int, str]:
    """What is said to translators, by line."""
    with path.open("rb") as handle:
        return {
            token.start[0]: token.string.lstrip("# ").removeprefix("Translators:").strip()
            for token in tokenize.tokenize(handle.readline)
            if token.type == tokenize.COMMENT and "Translators:" in token.string
        }


def _markers(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """The shape of each marking function under the name this file knows it by."""
    known: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in MARKERS:
            shapes = MARKERS[node.module]
            for name in node.names:
                if name.name in shapes:
                    known[name.asname or name.name] = shapes[name.name]
        elif isinstance(node, ast.FunctionDef) and node.name == "_":
            known["_"] = ("singular",)
    return known


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Message]]:
    markers = _markers(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "translation":
            shape = SHAPES.get(node.func.attr)
        else:
            shape = markers.get(name)
        if not shape:
            continue
        parts = dict(zip(shape, map(_literal, node.args), strict=False))
        if parts.get("singular"):
            singular = str(parts["singular"])
            yield node, Message(singular, parts.get("plural"), parts.get("context"))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def problems(root: Path) -> Iterator[Problem]:
    """Words shown to a reader that nothing marks, and messages that no catalogue can hold."""
    for path in files(root):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, str(path))
        lines = text.splitlines()
        markers = _markers(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id in markers:
                if any(isinstance(word, ast.JoinedStr) for word in node.args):
                    place = f"{relative(path)}:{node.lineno}"
                    yield Problem(place, "an f-string cannot be translated")
                continue
            for word in _shown(node):
                around = lines[max(word.lineno - 2, 0) : word.lineno]
                if not any(EXEMPT in line for line in around):
                    place = f"{relative(path)}:{word.lineno}"
                    yield Problem(place, f"{ast.unparse(word)} is shown but not marked")


def _shown(node: ast.Call) -> Iterator[ast.expr]:
    """The literal words this call shows to a reader."""
    words = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in SPEAKERS and node.args:
        words.append(node.args[0])
    for word in words:
        text = _literal(word)
        if isinstance(word, ast.JoinedStr):
            text = "".join(_literal(part) or "" for part in word.values)
        # Lower-case words without a space are names of things, not words of the screen.
        if text and re.search(r"[A-Za-z]{2}", text) and (" " in text or text[:1].isupper()):
            yield word
