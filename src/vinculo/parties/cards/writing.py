"""A vCard as text: version 4.0 (RFC 6350), or 3.0 (RFC 2426) for older phones and mail programs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

VERSIONS = ("4.0", "3.0")
LONGEST_LINE = 75  # octets
PRODUCT = "-//Vinculo//vCard//EN"


@dataclass(frozen=True, slots=True)
class Way:
    """A phone, e-mail address, postal address or social name; `value` is a phone's international
    number, `parts` street, town, region, postal code and country."""

    kind: str
    typed: str
    value: str = ""
    label: str = ""
    first: bool = False
    parts: tuple[str, str, str, str, str] = ("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says; whatever is empty is left out."""

    name: str
    is_company: bool = False
    given: str = ""
    family: str = ""
    prefix: str = ""
    company: str = ""
    title: str = ""
    other_name: str = ""
    website: str = ""
    birthday: date | None = None
    note: str = ""
    tags: Sequence[str] = ()
    language: str = ""
    uid: str = ""
    changed_at: datetime | None = None
    ways: Sequence[Way] = field(default_factory=tuple)
    #: A JPEG.
    picture: bytes = b""


def card_text(card: Card, version: str = "4.0") -> str:
    """The card, its lines folded at 75 octets and ended as the standard wants it.

    >>> print(card_text(Card("Ana; Ruiz", title="Line\\nbreak"), "3.0").replace("\\r", ""), end="")
    BEGIN:VCARD
    VERSION:3.0
    PRODID:-//Vinculo//vCard//EN
    N:Ana\\; Ruiz;;;;
    FN:Ana\\; Ruiz
    TITLE:Line\\nbreak
    END:VCARD
    """
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"PRODID:{PRODUCT}", *_names(card, version)]
    lines += _facts(card, version)
    for way in card.ways:
        lines += _way(way, version)
    if card.picture:
        lines.append(_picture(card.picture, version))
    lines.append("END:VCARD")
    return "".join(_folded(line) for line in lines)


def _names(card: Card, version: str) -> list[str]:
    lines = []
    if version == "4.0":
        lines.append(f"KIND:{'org' if card.is_company else 'individual'}")
    if card.is_company:
        # Version 3.0 demands a name in parts; a card without any is a company's, as Apple reads it.
        lines += [] if version == "4.0" else ["N:;;;;", "X-ABSHOWAS:COMPANY"]
        return [*lines, f"FN:{_text(card.name)}", f"ORG:{_text(card.name)}"]
    parts = (card.family, card.given) if card.family or card.given else (card.name, "")
    lines.append(f"N:{_text(parts[0])};{_text(parts[1])};;{_text(card.prefix)};")
    lines.append(f"FN:{_text(card.name)}")
    if card.company:
        lines.append(f"ORG:{_text(card.company)}")
    return lines


def _facts(card: Card, version: str) -> list[str]:
    lines = []
    if card.title:
        lines.append(f"TITLE:{_text(card.title)}")
    if card.other_name:
        lines.append(f"NICKNAME:{_text(card.other_name)}")
    if card.birthday:
        form = "%Y%m%d" if version == "4.0" else "%Y-%m-%d"
        lines.append(f"BDAY:{card.birthday.strftime(form)}")
    if card.website:
        lines.append(f"URL:{card.website}")
    if card.note:
        lines.append(f"NOTE:{_text(card.note)}")
    if card.tags:
        lines.append(f"CATEGORIES:{','.join(map(_text, card.tags))}")
    if card.language and version == "4.0":
        lines.append(f"LANG:{card.language}")
    if card.uid:
        lines.append(f"UID:{card.uid}")
    if card.changed_at:
        lines.append(f"REV:{card.changed_at.strftime('%Y%m%dT%H%M%SZ')}")
    return lines


def _way(way: Way, version: str) -> list[str]:
    if way.kind == "phone":
        return [f"TEL{_parameters(_phone_types(way.label), way.first, version)}:{_phone(way)}"]
    if way.kind == "email":
        return [f"EMAIL{_parameters(_types(way.label), way.first, version)}:{_text(way.typed)}"]
    if way.kind == "address":
        street, town, region, code, country = map(_text, way.parts)
        if not any(way.parts):
            street = _text(way.typed)
        types = _types(way.label) or ["work"]
        where = f";;{street};{town};{region};{code};{country}"
        return [f"ADR{_parameters(types, way.first, version)}:{where}"]
    if version == "4.0":
        kind = "" if "://" in way.typed else ";VALUE=text"
        return [f"SOCIALPROFILE{kind}:{way.typed if not kind else _text(way.typed)}"]
    return [f"X-SOCIALPROFILE:{_text(way.typed)}"]


def _phone(way: Way) -> str:
    """The international number, which any phone dials from anywhere; what was typed without one."""
    return way.value if way.value.startswith("+") else _text(way.typed)


# What people write on a phone or an address, and what the standard calls it.
_WORDS = {
    "cell": ("mobile", "móvil", "movil", "celular", "cell", "手机", "手機", "行動"),
    "fax": ("fax", "传真", "傳真"),
    "home": ("home", "casa", "particular", "private", "住宅", "家庭"),
    "work": ("work", "office", "trabajo", "oficina", "business", "工作", "办公", "辦公", "公司"),
}


def _types(label: str) -> list[str]:
    written = label.casefold()
    return [kind for kind in ("home", "work") if any(word in written for word in _WORDS[kind])]


def _phone_types(label: str) -> list[str]:
    written = label.casefold()
    kinds = [kind for kind in ("cell", "fax") if any(word in written for word in _WORDS[kind])]
    return [*_types(label), *(kinds or ["voice"])]


def _parameters(types: list[str], first: bool, version: str) -> str:
    if version == "4.0":
        said = [f"TYPE={one}" for one in types] + (["PREF=1"] if first else [])
    else:
        said = [f"TYPE={one.upper()}" for one in types] + (["TYPE=PREF"] if first else [])
    return "".join(f";{one}" for one in said)


def _picture(jpeg: bytes, version: str) -> str:
    coded = base64.b64encode(jpeg).decode()
    if version == "4.0":
        return f"PHOTO:data:image/jpeg;base64,{coded}"
    return f"PHOTO;ENCODING=b;TYPE=JPEG:{coded}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which cuts a character."""
    coded = line.encode()
    if len(coded) <= LONGEST_LINE:
        return f"{line}\r\n"
    pieces, start, room = [], 0, LONGEST_LINE
    while start < len(coded):
        end = min(start + room, len(coded))
        while end < len(coded) and coded[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(coded[start:end].decode())
        start, room = end, LONGEST_LINE - 1  # the blank that continues a line counts
    return "\r\n ".join(pieces) + "\r\n"
