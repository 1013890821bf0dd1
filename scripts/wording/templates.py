"""Messages in templates, and the words there that no translation would reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    context_re,
    endblock_re,
    inline_re,
    plural_re,
)

from scripts.wording.found import Message, Problem, relative

NOTE = re.compile(r"^Translators:\s*(.*)", re.DOTALL)
# Words passed to a component that shows them: {% include "…" with title="…" %}.
PASSED = re.compile(
    r"""(?<![\w.])(\w*(?:title|label|text|hint|placeholder|message|action))=(["'])(.*?)\2"""
)
ATTRIBUTES = {"title", "aria-label", "placeholder", "alt", "aria-description", "hx-confirm"}
# Where words are not for reading, or are the same in every language.
SILENT = {"script", "style", "code", "kbd", "pre", "svg"}
WORDS = re.compile(r"[^\W\d_]{2,}")
NAMES = {
    "Vinculo",
    "Aurora",
    "Trading",
    "CSV",
    "XLSX",
    "VCF",
    "JSON",
    "API",
    "HTTP",
    "Ctrl",
    "Esc",
    "Enter",
}
# Class names and file names.
TECHNICAL = re.compile(r"[a-z]+(-[a-z]+)+|[\w-]+\.[a-z]+")
TAG, VALUE = "\ue000", "\ue001"


def files(root: Path) -> Iterator[Path]:
    """The templates of all rooms."""
    for path in sorted(root.rglob("*")):
        if "templates" in path.parts and path.suffix in {".html", ".txt"}:
            yield path


def messages(root: Path) -> Iterator[tuple[Path, Message]]:
    """Every message in the templates below root."""
    for path in files(root):
        for message in _of_text(path.read_text(encoding="utf-8")):
            yield path, message


def _of_text(text: str) -> Iterator[Message]:
    block: _Block | None = None
    note: list[str] = []
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.COMMENT:
            said = NOTE.match(token.contents)
            note = [said[1].strip()] if said else note
        elif block is not None:
            if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
                yield block.message(note)
                block, note = None, []
            else:
                block.take(token)
        elif token.token_type == TokenType.BLOCK:
            if opened := block_re.match(token.contents):
                block = _Block(token.contents, _context(opened[1]))
            elif found := inline_re.match(token.contents):
                singular = _unquoted(found[1]).replace("%", "%%")
                yield Message(singular, context=_context(found[2]), comments=note)
                note = []
            yield from _constants(token.contents)
        elif token.token_type == TokenType.VAR:
            yield from _constants(token.contents)


class _Block:
    """One {% blocktranslate %} while it is read."""

    def __init__(self, contents: str, context: str | None) -> None:
        self.context = context
        self.trimmed = " trimmed" in contents
        self.parts: list[list[str]] = [[]]

    def take(self, token: Token) -> None:
        """Add a piece of the text between the tags."""
        if token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
            self.parts.append([])
        elif token.token_type == TokenType.VAR:
            self.parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            self.parts[-1].append(token.contents.replace("%", "%%"))

    def message(self, note: list[str]) -> Message:
        """What the block asks to have translated."""
        texts = ["".join(part) for part in self.parts]
        if self.trimmed:
            texts = [trim_whitespace(text) for text in texts]
        return Message(texts[0], texts[1] if len(texts) > 1 else None, self.context, set(), note)


def _constants(contents: str) -> Iterator[Message]:
    for found in constant_re.findall(contents):
        yield Message(_unquoted(found).replace("%", "%%"))


def _context(said: str | None) -> str | None:
    found = context_re.match(said) if said else None
    return _unquoted(found[1]) if found else None


def _unquoted(literal: str) -> str:
    literal = literal.strip()
    quote = literal[0]
    return literal[1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")


def problems(root: Path) -> Iterator[Problem]:
    """Words in templates that would stay English in every language."""
    for path in files(root):
        text = path.read_text(encoding="utf-8")
        for token in Lexer(text).tokenize():
            if token.token_type == TokenType.BLOCK and not inline_re.match(token.contents):
                for name, _quote, words in PASSED.findall(token.contents):
                    if " " in words or words[:1].isupper():
                        yield Problem(relative(path), f"{name}={words!r} is shown but not marked")
        page = _Page()
        page.feed(_without_tags(text))
        page.close()
        for words in page.words:
            yield Problem(relative(path), f"{words!r} is shown but not marked")


def _without_tags(text: str) -> str:
    """The text with each template tag and each translated passage replaced by one character."""
    kept: list[str] = []
    inside = False
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            if block_re.match(token.contents) or token.contents.startswith("comment"):
                inside = True
            elif endblock_re.match(token.contents) or token.contents == "endcomment":
                inside = False
            kept.append(TAG)
        elif token.token_type == TokenType.VAR:
            kept.append(VALUE)
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    # An element whose name a tag chooses.
    return "".join(kept).replace(f"<{TAG}", "<x ")


class _Page(HTMLParser):
    """Collects the words of a page that a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what attributes say, and where nothing is said."""
        self.silent += tag in SILENT
        for name, value in attrs:
            if name in ATTRIBUTES:
                self._note(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content silences nothing."""
        self.handle_starttag(tag, attrs)
        self.silent -= tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        """Note the words between elements."""
        if not self.silent:
            self._note(data)

    def _note(self, text: str) -> None:
        for words in re.split(f"[{TAG}{VALUE}\n]", text):
            if TECHNICAL.fullmatch(words.strip()):
                continue
            if any(word not in NAMES for word in WORDS.findall(words)):
                self.words.append(words.strip())
