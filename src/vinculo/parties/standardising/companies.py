# ruff: noqa: SIM905 - long lists of words read better as text
"""Names of companies: white space, case, and the legal form as its country writes it."""

from __future__ import annotations

import re

from vinculo.kernel.text import fold
from vinculo.parties.naming import TWO_SURNAMES
from vinculo.parties.standardising.casing import (
    cased_word,
    is_particle,
    looks_like_acronym,
    one_case,
)
from vinculo.parties.standardising.names import tidied

_SPANISH = " ".join(sorted(TWO_SURNAMES))
# A legal form without dots, spaces and commas → the countries, and how they write it. "*" is
# everywhere: what is not ambiguous. A form that another country writes in another way, or that is a
# word there ("Hotel Spa"), is only touched where the company is.
_FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "sl": (("ES AD", "S.L."),), "slu": (("ES AD", "S.L.U."),), "sll": (("ES", "S.L.L."),),
    "slp": (("ES", "S.L.P."),), "slne": (("ES", "S.L.N.E."),), "sau": (("ES AR", "S.A.U."),),
    "sal": (("ES", "S.A.L."),), "sad": (("ES", "S.A.D."),),
    "sa": ((f"{_SPANISH} AD PT BR PL GR", "S.A."), ("FR BE CH LU", "SA")),
    "srl": ((f"{_SPANISH} RO", "S.R.L."), ("IT", "S.r.l."), ("BE", "SRL")),
    "sas": (("CO AR EC UY MX DO", "S.A.S."), ("FR", "SAS"), ("IT", "S.a.s.")),
    "spa": (("IT", "S.p.A."), ("CL", "SpA")), "snc": (("IT", "S.n.c."), ("FR", "SNC")),
    "sarl": (("FR LU", "SARL"), ("CH", "Sàrl")), "sasu": (("FR", "SASU"),),
    "eurl": (("FR", "EURL"),), "ltda": (("*", "Ltda."),), "lda": (("PT AO MZ", "Lda."),),
    "eirl": (("CL PE", "E.I.R.L."),), "sc": (("ES MX", "S.C."),), "cb": (("ES", "C.B."),),
    "sadecv": (("*", "S.A. de C.V."),), "sabdecv": (("*", "S.A.B. de C.V."),),
    "sapidecv": (("*", "S.A.P.I. de C.V."),), "sderldecv": (("*", "S. de R.L. de C.V."),),
    "srldecv": (("*", "S.R.L. de C.V."),), "inc": (("*", "Inc."),), "corp": (("*", "Corp."),),
    "llc": (("*", "LLC"),), "llp": (("*", "LLP"),), "plc": (("*", "plc"),),
    "ltd": (("US CA CN TW HK JP KR TH", "Ltd."), ("*", "Ltd")), "coltd": (("*", "Co., Ltd."),),
    "ptyltd": (("*", "Pty Ltd"),), "pteltd": (("*", "Pte Ltd"),), "pvtltd": (("*", "Pvt. Ltd."),),
    "gmbh": (("*", "GmbH"),), "gmbh&cokg": (("*", "GmbH & Co. KG"),),
    "ag&cokg": (("*", "AG & Co. KG"),), "kgaa": (("*", "KGaA"),), "ag": (("DE AT CH LI", "AG"),),
    "kg": (("DE AT", "KG"),), "ohg": (("DE", "OHG"),), "ug": (("DE", "UG"),),
    "ek": (("DE", "e.K."),), "ev": (("DE", "e.V."),), "bv": (("NL", "B.V."), ("BE", "BV")),
    "nv": (("NL", "N.V."), ("BE", "NV")), "vof": (("NL", "V.O.F."),), "ab": (("SE FI", "AB"),),
    "as": (("NO", "AS"), ("DK", "A/S"), ("CZ SK", "a.s.")), "asa": (("NO", "ASA"),),
    "a/s": (("DK NO", "A/S"),), "aps": (("DK", "ApS"),), "oy": (("FI", "Oy"),),
    "oyj": (("FI", "Oyj"),), "sro": (("CZ SK", "s.r.o."),), "spzoo": (("PL", "sp. z o.o."),),
    "kft": (("HU", "Kft."),), "zrt": (("HU", "Zrt."),), "doo": (("HR RS SI BA ME", "d.o.o."),),
    "ooo": (("RU", "OOO"),), "oü": (("EE", "OÜ"),), "uab": (("LT", "UAB"),), "sia": (("LV", "SIA"),),
}  # fmt: skip
LONGEST_FORM = 6
_HAN_END = re.compile(
    "(?<=[\u3400-\u9fff])\\s+(?=(?:集团|集團)?(?:股份)?(?:有限)?(?:责任|責任)?公司$)"
)
_SHARES = re.compile(r"[(（]\s*股\s*[)）]\s*公司$")
_JAPANESE = (("㈱", "株式会社"), ("㈲", "有限会社"), ("(株)", "株式会社"), ("（株）", "株式会社"),
             ("(有)", "有限会社"), ("（有）", "有限会社"))  # fmt: skip
_LINKING = frozenset("and of the for und für et en para por con with a an in on at & e y".split())


def spaces(text: str, _country: str) -> str | None:
    """White space and invisible signs."""
    new = tidied(text)
    return new if new and new != text else None


def form(text: str, country: str) -> str | None:
    """The legal form at the end of a name as its country writes it."""
    new = _chinese_form(text)
    core, found = split_form(new, country)
    if found:
        new = f"{core} {found}"
    return new if new != text else None


def split_form(text: str, country: str) -> tuple[str, str]:
    """A company's name without its legal form (a comma stays), and the form as it is written.

    >>> split_form("Furtado e Hijos, s. l. u.", "ES"), split_form("Hotel Spa", "ES")
    (('Furtado e Hijos,', 'S.L.U.'), ('Hotel Spa', ''))
    """
    words = text.split()
    for count in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        tail = words[-count:]
        core = " ".join(words[:-count])
        key = re.sub(r"[.,\s]", "", "".join(tail)).lower()
        found = _written(key, country)
        if found and any(sign.isalnum() for sign in core) and not core.endswith("&"):
            return core, found
    return text, ""


def _written(key: str, country: str) -> str:
    for countries, written in _FORMS.get(key, ()):
        if countries == "*" or (country and country in countries.split()):
            return written
    return ""


def _chinese_form(text: str) -> str:
    text = _HAN_END.sub("", text)
    if _SHARES.search(text) and len(text) > len("(股)公司"):
        return _SHARES.sub("股份有限公司", text)
    for sign, full in _JAPANESE:
        if text.startswith(sign) and len(text) > len(sign):
            return f"{full}{text.removeprefix(sign).lstrip()}"
        if text.endswith(sign) and len(text) > len(sign):
            return f"{text.removesuffix(sign).rstrip()}{full}"
    return text


def case(text: str, country: str) -> str | None:
    """Names of several words in capitals or small letters; abbreviations and forms stay."""
    core, found = split_form(text, country)
    words = core.split()
    if len(words) < 2 or not one_case(core):
        return None
    shouting = not core.islower()
    done = []
    for at, word in enumerate(words):
        bare = word.strip(".,;()\"'“”")
        if any(sign.isdigit() for sign in bare) or "&" in bare or "." in bare:
            done.append(word)
        elif at and (bare.lower() in _LINKING or is_particle(bare, country)):
            done.append(word.lower())
        elif shouting and looks_like_acronym(bare):
            done.append(word)
        else:
            done.append(cased_word(word))
    # Only the name: its form is another rule's.
    new = " ".join(done) + text[len(core) :] if found else " ".join(done)
    return new if new != text and fold(new) == fold(text) else None
