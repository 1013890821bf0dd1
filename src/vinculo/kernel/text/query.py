"""What somebody typed into a search box, as a query on the search keys."""

from __future__ import annotations

import re

from vinculo.kernel.text.folding import fold
from vinculo.kernel.text.search import LONGEST_KEY
from vinculo.kernel.text.tokens import CJK, GLUED, tokens_of

_LONGEST_QUERY = 200
_MOST_TERMS = 16
_FEWEST_JOINED_DIGITS = 4

# In this order: an e-mail address or the beginning of one; digits written in groups, not followed
# by a letter; words glued by punctuation; a run of CJK characters; a word.
_PIECE = re.compile(
    f"(?P<email>[^\\s@\"'\\\\:&|!()<>*,;]+@[^\\s@\"'\\\\:&|!()<>*,;]+)"
    f"|(?P<digits>[+(]{{0,2}}\\d[\\d\\s().\\-/]*\\d(?![^\\W_{CJK}]|[-.&'/+_][^\\W\\d_]))"
    f"|(?P<glued>{GLUED})"
    f"|(?P<cjk>[{CJK}]+)"
    f"|(?P<word>[^\\W_{CJK}]+)"
)


def search_query(text: str) -> str:
    """A ``tsquery`` (cast the text with ``::tsquery``) of prefixes, all of which must be met.

    Empty when nothing in the text can be searched for. Safe for any input: only letters, digits
    and a few signs of e-mail addresses get in, always quoted.

    >>> search_query("Furt 5 55-4729")
    "'furt':* & ('5554729':* | '5':* & '55':* & '4729':*)"
    >>> search_query("远景科技")
    "'远景' & '景科' & '科技'"
    """
    terms: list[str] = []
    for piece in _PIECE.finditer(fold(text[:_LONGEST_QUERY])):
        kind, found = piece.lastgroup, piece.group()
        if kind == "email":
            terms.append(_email(found))
        elif kind == "digits":
            terms.append(_number(found))
        elif kind == "glued":
            terms.append(_glued(found))
        elif kind == "cjk":
            terms += _characters(found)
        else:
            terms.append(_word(found))
    return " & ".join([term for term in dict.fromkeys(terms) if term][:_MOST_TERMS])


def whole_below(query: str, shortest: int) -> str:
    """The query with words shorter than `shortest` asked for whole, not as beginnings.

    The beginning "lj" is met by a hundred thousand of ten million activities, all of which the
    index would gather; the word "lj" by few.

    >>> whole_below("'lj':* & 'garcia':*", 4)
    "'lj' & 'garcia':*"
    """
    if shortest <= 1:
        return query
    return re.sub(rf"('(?:[^']|''){{1,{shortest - 1}}}'):\*", r"\1", query)


_BEGINNING = re.compile(r"('(?:[^']|'')*')(:\*)")


def whole_words(query: str, *, last: bool = False) -> str:
    """The query with every word asked for whole but the one that may still be being typed, and
    with `last` that one too. Numbers stay beginnings: they are written in groups.

    Where a beginning is met by tens of thousands the index gathers them all before it compares;
    of whole words it skips from one to the next.

    >>> whole_words("'sara':* & 'jimenez':* & 'diaz':*")
    "'sara' & 'jimenez' & 'diaz':*"
    >>> whole_words("'sara':* & '4729':*", last=True)
    "'sara' & '4729':*"
    """
    found = list(_BEGINNING.finditer(query))
    for place in reversed(found if last else found[:-1]):
        if not place.group(1).strip("'").isdigit():
            query = query[: place.start(2)] + query[place.end(2) :]
    return query


def _characters(run: str) -> list[str]:
    """Every two neighbouring characters, as they are filed; one alone begins what is filed.

    Whole pairs, not prefixes: the index then skips from list to list instead of gathering the
    longest ones, and a company's full name is found a hundred times faster.
    """
    if len(run) == 1:
        return [_lexeme(run)]
    return [_lexeme(run[at : at + 2]).removesuffix(":*") for at in range(len(run) - 1)]


def _lexeme(text: str) -> str:
    quoted = text[:LONGEST_KEY].replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*" if quoted else ""


def _word(word: str) -> str:
    return _either(_digits_alone(word)) if word.isdigit() else _lexeme(word)


def _digits_alone(digits: str) -> list[str]:
    """The digits, and without the zeros that only dialling wants (trunk 0, international 00)."""
    plain = digits.lstrip("0")
    wanted = [_lexeme(digits)]
    if plain != digits and len(plain) >= _FEWEST_JOINED_DIGITS:
        wanted.append(_lexeme(plain))
    return wanted


def _number(written: str) -> str:
    """Digits in groups: one number ("5 55-4729") or several words ("2024 2025")."""
    groups = re.findall(r"\d+", written)
    joined = "".join(groups)
    if len(joined) < _FEWEST_JOINED_DIGITS:
        return " & ".join([_lexeme(group) for group in groups])
    wanted = _digits_alone(joined)
    if "(0)" in written.replace(" ", ""):
        # "+44 (0)20 …": the bracketed trunk zero is not part of the number.
        wanted += _digits_alone(re.sub(r"\D", "", re.sub(r"\(\s*0\s*\)", "", written)))
    if len(groups) > 1:
        wanted.append(" & ".join([_lexeme(group) for group in groups]))
    return _either(wanted)


def _email(text: str) -> str:
    """An address as it is filed, or its words where a name merely contains the sign."""
    words = " & ".join([_lexeme(word) for word in tokens_of(text)])
    return _either([_lexeme(text.rstrip(".-+/")), words]) if words else ""


def _glued(text: str) -> str:
    """Glued words as one word or as several: "coca-cola" is filed as both."""
    words = tokens_of(text)
    return _either([_lexeme("".join(words)), " & ".join([_lexeme(word) for word in words])])


def _either(wanted: list[str]) -> str:
    distinct = list(dict.fromkeys(wanted))
    return distinct[0] if len(distinct) == 1 else f"({' | '.join(distinct)})"
