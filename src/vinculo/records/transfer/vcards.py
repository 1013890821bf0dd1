"""vCards (2.1, 3.0 and 4.0) as a table of people: one row a card, one column a kind of value.

What a contact is reached by is read, and a picture that is inside the card; one that lies at an
address is never fetched. Keys and sounds are passed over.
"""

from __future__ import annotations

import quopri
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer.sources import open_text

VCARD = "vcard"
"""Stands where other tables have their delimiter."""

SEVERAL = " ::: "
"""Between several values of one cell, as other address books write them."""

HEADERS = [
    "Full name", "Given name", "Middle name", "Family name", "Company", "Job title", "E-mail",
    "Phone", "Mobile", "Fax", "Street", "Street 2", "City", "Region", "Postal code", "Country",
    "Birthday", "Website", "Description", "Tags", "External ID", "vCard photo", "Salutation",
    "Name in another script", "Language", "Social network", "Phone to call first",
]  # fmt: skip
_SOCIAL = ("SOCIALPROFILE", "X-SOCIALPROFILE", "IMPP")
_LONGEST_CARD = 8_000_000
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.I)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.I)
_PLAIN_PARTS = re.compile(r"(?<!\\);")
_ESCAPE = re.compile(r"\\([\\,;:nN])")


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: its name, the words of its parameters, and its value as written."""

    name: str
    words: frozenset[str]
    value: str


def is_vcards(head: bytes) -> bool:
    """Whether a file that starts so holds vCards."""
    start = head.replace(b"\0", b"")[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return re.match(rb"BEGIN\s*:\s*VCARD", start, re.I) is not None


def read_cards(path: Path, encoding: str) -> Iterator[tuple[int, list[str] | DomainError]]:
    """The headers as row 0, then each card under the number of the line it begins on."""
    yield 0, list(HEADERS)
    for number, lines in _cards(path, encoding):
        if lines is None:
            yield number, DomainError(_("The card has no end, or is far too long."))
        else:
            row = _row([found for line in _unfolded(lines) if (found := _property(line))])
            yield number, row if any(row) else DomainError(_("The card says nothing of anybody."))


def _cards(path: Path, encoding: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each card's lines between its BEGIN and its END; a card within a card is passed over."""
    depth, began, size = 0, 0, 0
    lines: list[str] = []
    with open_text(path, encoding, "replace", newline=None) as file:
        for number, line in enumerate(file, start=1):
            if _BEGIN.fullmatch(line):
                depth += 1
                if depth == 1:
                    began, size, lines = number, 0, []
            elif _END.fullmatch(line) and depth:
                depth -= 1
                if depth == 0:
                    yield began, lines if size <= _LONGEST_CARD else None
            elif depth == 1:
                size += len(line)
                if size <= _LONGEST_CARD:
                    lines.append(line.rstrip("\n"))
    if depth:
        yield began, None


def _unfolded(lines: list[str]) -> Iterator[str]:
    """Lines put together again: continued by a blank, or by "=" in quoted-printable."""
    whole = ""
    for line in lines:
        soft = whole.endswith("=") and "QUOTED-PRINTABLE" in whole.split(":", 1)[0].upper()
        if soft:
            whole = whole[:-1] + line
        elif line[:1] in (" ", "\t"):
            whole += line[1:]
        else:
            if whole:
                yield whole
            whole = line
    if whole:
        yield whole


def _property(line: str) -> Property | None:
    head, colon, value = _split_head(line)
    if not colon:
        return None
    name, *parameters = head.split(";")
    words: set[str] = set()
    charset = "utf-8"
    for parameter in parameters:
        key, sign, given = parameter.partition("=")
        if key.strip().upper() == "CHARSET":
            charset = given.strip(' "')
        words.update(word.strip(' "').upper() for word in (given if sign else key).split(","))
    if "QUOTED-PRINTABLE" in words:
        value = _decoded(value, charset)
    return Property(name.rpartition(".")[2].strip().upper(), frozenset(words), value)


def _split_head(line: str) -> tuple[str, str, str]:
    """The line at its first colon that stands in no quotes."""
    quoted = False
    for at, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:at], sign, line[at + 1 :]
    return line, "", ""


def _decoded(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


def _text(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _parts(value: str, count: int) -> list[str]:
    parts = [_text(part) for part in _PLAIN_PARTS.split(value)]
    return (parts + [""] * count)[:count]


def _row(card: list[Property]) -> list[str]:
    """The card as the cells of `HEADERS`."""
    family, given, middle, prefix = _parts(_first(card, "N"), 4)
    name, company = _text(_first(card, "FN")), _parts(_first(card, "ORG"), 1)[0]
    if _of_company(card):
        name, company = "", company or name
    _box, extended, street, city, region, code, country = _parts(_best_address(card), 7)
    phones = [one for one in card if one.name == "TEL"]
    faxes = [one for one in phones if "FAX" in one.words]
    mobiles = [one for one in phones if one not in faxes and one.words & {"CELL", "IPHONE"}]
    fixed = [one for one in phones if one not in faxes and one not in mobiles]
    birthday = _text(_first(card, "BDAY"))
    return [
        name,
        given,
        middle,
        family,
        company,
        _text(_first(card, "TITLE") or _first(card, "ROLE")),
        _several([one for one in card if one.name == "EMAIL"]),
        _several(fixed),
        _several(mobiles),
        _several(faxes),
        street.replace("\n", ", "),
        extended.replace("\n", ", "),
        city,
        region,
        code,
        country,
        "" if birthday.startswith("--") else birthday,
        next((_text(one.value) for one in card if one.name == "URL"), ""),
        "\n\n".join(_text(one.value) for one in card if one.name == "NOTE"),
        ";".join(_text(one.value) for one in card if one.name == "CATEGORIES"),
        _text(_first(card, "UID"))[:80],
        _picture(card),
        prefix,
        _in_another_script(name, _text(_first(card, "NICKNAME"))),
        _text(_first(card, "LANG")),
        _several([one for one in card if one.name in _SOCIAL]),
        _several([one for one in phones if _preferred(one)][:1]),
    ]


def _of_company(card: list[Property]) -> bool:
    """Whether the card is of a company and not of somebody in it."""
    kinds = {one.value.strip().upper() for one in card if one.name in ("KIND", "X-ABSHOWAS")}
    return bool(kinds & {"ORG", "COMPANY"})


def _in_another_script(name: str, nickname: str) -> str:
    """A nickname that is the name in other letters: 安娜 for Ana, but not Annie."""
    return nickname if nickname and not _scripts(nickname) & _scripts(name) else ""


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(sign, "").split(" ")[0] for sign in text if sign.isalpha()}


def _picture(card: list[Property]) -> str:
    """The first picture that is inside the card, as a data address; "" for none."""
    for one in card:
        if one.name in ("PHOTO", "LOGO") and one.value.strip():
            if one.words & {"B", "BASE64"}:
                return "data:;base64," + "".join(one.value.split())
            if one.value[:5].lower() == "data:":
                return _text(one.value)
    return ""


def _first(card: list[Property], name: str) -> str:
    """The first value of that name that says something."""
    values = (one.value for one in card if one.name == name)
    return next((value for value in values if value.strip("; \t")), "")


def _best_address(card: list[Property]) -> str:
    found = [one for one in card if one.name == "ADR" and one.value.strip("; \t")]
    found.sort(key=lambda one: ("PREF" not in one.words, "WORK" not in one.words))
    return found[0].value if found else ""


def _preferred(line: Property) -> bool:
    return bool(line.words & {"PREF", "1"})


def _several(lines: list[Property]) -> str:
    """All values, the preferred one first, each once."""
    ordered = sorted(lines, key=lambda one: not _preferred(one))
    values = (re.sub(r"^(?:tel|mailto):", "", _text(one.value), flags=re.I) for one in ordered)
    return SEVERAL.join(dict.fromkeys(value for value in values if value))
