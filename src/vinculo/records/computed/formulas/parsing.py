"""A formula as a tree. The grammar, from what binds least to what binds most:

    or · and · not · = != < <= > >= · & · + - · * / · -x · numbers, "texts", fields, f(x, …), (…)

Written by hand because it is one page, and because each refusal is a sentence about its place.
"""

from collections.abc import Callable
from decimal import Decimal

from vinculo.kernel.errors import _
from vinculo.records.computed.formulas.tokens import Token, tokens_of, words_in
from vinculo.records.computed.formulas.tree import (
    Call,
    FormulaError,
    Name,
    Node,
    Number,
    Text,
    Truth,
)

LONGEST = 2_000
DEEPEST = 40
LONGEST_NUMBER = 18
MOST_DECIMALS = 10
TOO_DEEP = _("Brackets and functions stand too deep in each other here.")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def parse(source: str) -> Node:
    """The tree of a formula; FormulaError with the place of what is not understood."""
    if len(source) > LONGEST:
        raise FormulaError(
            _("A formula has at most %(most)s letters."), at=LONGEST, end=len(source), most=LONGEST
        )
    reader = _Reader(tokens_of(source))
    if reader.here.kind == "end":
        raise FormulaError(_("Write a formula."))
    found = reader.either()
    left = reader.here
    if left.kind != "end":
        if left.text in COMPARISONS:
            raise FormulaError(_("Join comparisons with “and” or “or”."), at=left.at, end=left.end)
        if left.text == ")":
            raise FormulaError(_("This bracket was never opened."), at=left.at, end=left.end)
        raise FormulaError(
            _("An operator is missing before “%(text)s”."), at=left.at, end=left.end, text=left.text
        )
    return found


class _Reader:
    """Where the reading stands in the words of a formula."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        found = self.here
        self.place += 1
        return found

    def is_(self, *texts: str) -> bool:
        return self.here.kind in ("sign", "word") and self.here.text in texts

    # --- from what binds least ---

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(TOO_DEEP, at=self.here.at, end=self.here.end)
        found = self.both()
        while self.is_("or"):
            found = self._joined(found, self.both)
        self.depth -= 1
        return found

    def both(self) -> Node:
        found = self.negated()
        while self.is_("and"):
            found = self._joined(found, self.negated)
        return found

    def negated(self) -> Node:
        signs: list[Token] = []
        while self.is_("not"):
            signs.append(self.take())
        found = self.compared()
        return self._signed("not", signs, found)

    def compared(self) -> Node:
        found = self.strung()
        return self._joined(found, self.strung) if self.is_(*COMPARISONS) else found

    def strung(self) -> Node:
        found = self.added()
        while self.is_("&"):
            found = self._joined(found, self.added)
        return found

    def added(self) -> Node:
        found = self.multiplied()
        while self.is_("+", "-"):
            found = self._joined(found, self.multiplied)
        return found

    def multiplied(self) -> Node:
        found = self.signed()
        while self.is_("*", "/"):
            found = self._joined(found, self.signed)
        return found

    def signed(self) -> Node:
        signs: list[Token] = []
        while self.is_("-", "+"):
            signs.append(self.take())
        return self._signed("negative", [one for one in signs if one.text == "-"], self.single())

    # --- to what stands for itself ---

    def single(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(token.at, token.end, _number(token))
        if token.kind == "text":
            return Text(token.at, token.end, words_in(token))
        if token.kind == "label":
            return Name(token.at, token.end, token.text[1:-1].strip(), label=True)
        if token.kind == "word" and token.text in ("true", "false"):
            return Truth(token.at, token.end, token.text == "true")
        if token.kind == "name":
            if self.is_("("):
                return self._called(token)
            return Name(token.at, token.end, token.text.lower())
        if token.text == "(" and token.kind == "sign":
            found = self.either()
            self._closed(token)
            return found
        if token.kind == "end":
            raise FormulaError(_("The formula ends too early: a value is missing."), at=token.at)
        raise FormulaError(
            _("A value is missing before “%(text)s”."), at=token.at, end=token.end, text=token.text
        )

    def _called(self, name: Token) -> Call:
        opened = self.take()
        args: list[Node] = []
        if not self.is_(")"):
            args.append(self.either())
            while self.is_(","):
                self.take()
                args.append(self.either())
        end = self._closed(opened)
        return Call(name.at, end, name.text.lower(), tuple(args))

    def _closed(self, opened: Token) -> int:
        if self.is_(")"):
            return self.take().end
        if self.here.kind == "end":
            raise FormulaError(_("This bracket is never closed."), at=opened.at, end=opened.end)
        here = self.here
        raise FormulaError(
            _("An operator, a comma or a bracket is missing before “%(text)s”."),
            at=here.at, end=here.end, text=here.text,
        )  # fmt: skip

    def _joined(self, first: Node, following: Callable[[], Node]) -> Call:
        sign = self.take()
        second = following()
        return Call(first.at, second.end, sign.text, (first, second))

    def _signed(self, function: str, signs: list[Token], found: Node) -> Node:
        if len(signs) > DEEPEST:
            raise FormulaError(TOO_DEEP, at=signs[0].at, end=signs[-1].end)
        for sign in reversed(signs):
            found = Call(sign.at, found.end, function, (found,))
        return found


def _number(token: Token) -> Decimal:
    whole, _dot, decimals = token.text.partition(".")
    if len(whole) > LONGEST_NUMBER or len(decimals) > MOST_DECIMALS:
        raise FormulaError(_("This number is too long."), at=token.at, end=token.end)
    return Decimal(token.text)
