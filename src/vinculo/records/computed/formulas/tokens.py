"""The words of a formula. Full-width signs, as a Chinese keyboard writes them, count like others."""

import re
from dataclasses import dataclass

from vinculo.kernel.errors import _
from vinculo.records.computed.formulas.tree import FormulaError

WORDS = ("and", "or", "not", "true", "false")
#: Signs that mean the same as the ones of the language.
SAME = {"（": "(", "）": ")", "，": ",", "、": ",", "；": ",", ";": ",", "＋": "+", "－": "-",
        "−": "-", "×": "*", "＊": "*", "÷": "/", "／": "/", "＝": "=", "==": "=", "＜": "<",
        "＞": ">", "≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "＆": "&"}  # fmt: skip
TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*'|“[^”]*”)
    | (?P<label>\{[^{}]*\})
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign><=|>=|<>|!=|==|[-+*/=<>&(),;（），、；＋－−×＊÷／＝＜＞≤≥≠＆])
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class Token:
    """One word: its kind (`number`, `text`, `name`, `label`, `word`, `sign` or `end`)."""

    kind: str
    text: str
    at: int
    end: int


def tokens_of(source: str) -> list[Token]:
    """The words of a formula, the last one an `end`; FormulaError at a sign that is none of ours."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        if match is None:
            if source[at] in "\"'“":
                raise FormulaError(
                    _("This text has no end: a quote is missing."), at=at, end=len(source)
                )
            if source[at].isspace():
                at += 1
                continue
            raise FormulaError(_("“%(sign)s” means nothing in a formula."), at=at, sign=source[at])
        kind, text = match.lastgroup or "", match[0]
        if kind == "name" and text.lower() in WORDS:
            kind, text = "word", text.lower()
        if kind == "sign":
            text = SAME.get(text, text)
        if kind != "space":
            found.append(Token(kind, text, at, match.end()))
        at = match.end()
    return [*found, Token("end", "", len(source), len(source))]


def words_in(token: Token) -> str:
    """What a text between quotes says: two quotes in it are one."""
    quote, inner = token.text[0], token.text[1:-1]
    return inner if quote == "“" else inner.replace(quote * 2, quote)
