# ruff: noqa: SIM905 - long lists of words read better as text
"""Words that were typed all in capitals or all in small letters, in the writing of names."""

from __future__ import annotations

import re

#: Small words inside a name, in small letters wherever they stand but at the beginning of it.
_PARTICLES = frozenset(
    """
    de del la las los y e i da das do dos di du des der den dem zu zum zur bin ibn bint
    """.split()
)
#: These are written small where people come from, and large where their grandchildren live.
_DUTCH = frozenset("van von ter ten te op".split())
_LARGE_VAN = frozenset({"US", "CA", "GB", "IE", "AU", "NZ", "ZA", "BE"})
#: Where "Do", "Van" and "Le" are names.
_NO_PARTICLES = frozenset({"VN", "CN", "TW", "HK", "MO", "SG", "KR", "JP", "MY", "TH"})
_ROMAN = frozenset("II III IV VI VII VIII IX".split())
_MAC = frozenset(
    """
    macdonald macgregor macleod macarthur macmillan macintyre macpherson macneil maclean
    macdougall macfarlane macallister maccarthy macrae macdonnell macnamara
    """.split()
)
_VOWELS = frozenset("AEIOUYÁÉÍÓÚÀÈÌÒÙÄËÏÖÜÂÊÎÔÛÃÕÅÆØŒ")
_PARTS = re.compile(r"([-‐/(])")
_ORDINALS = re.compile("[ªº]")
_TYPED_MC = re.compile(r"\b(?:Mc|Mac|O['’]|D['’])(?=[^\W\d_]{2})")


def one_case(text: str) -> bool:
    """Whether nobody chose the case of these words: all in capitals, or all in small letters.

    Small particles and a "Mc" among capitals do not count as a choice.

    >>> one_case("McDONALD"), one_case("van der BERG"), one_case("deGrasse"), one_case("Ana")
    (True, True, False, False)
    """
    words = [
        word
        for word in _TYPED_MC.sub("", text).split()
        if not (word.islower() and word in (_PARTICLES | _DUTCH))
        and not any(sign.isdigit() for sign in word)
    ]
    kept = _ORDINALS.sub("", " ".join(words))
    return kept.isupper() or (bool(kept) and text.islower())


def name_case(text: str, country: str = "", *, inside: bool = False) -> str | None:
    """A person's name in its usual case; None where somebody has chosen the case.

    `inside` for a family name, which may begin with a particle.

    >>> name_case("MARÍA DEL CARMEN"), name_case("DE LA CRUZ", inside=True), name_case("MCDONALD")
    ('María del Carmen', 'de la Cruz', 'McDonald')
    >>> name_case("O'BRIEN-LÓPEZ III"), name_case("DiCaprio"), name_case("J.R.")
    ("O'Brien-López III", None, None)
    """
    if not one_case(text):
        return None
    words = text.split()
    done = []
    for at, word in enumerate(words):
        first = at == 0 and not (inside and len(words) > 1)
        if not first and is_particle(word, country):
            done.append(word.lower())
        elif at and at == len(words) - 1 and word.upper() in _ROMAN:
            done.append(word.upper())
        else:
            done.append(cased_word(word))
    new = " ".join(done)
    return new if new != text else None


def is_particle(word: str, country: str) -> bool:
    """Whether a word is written small inside a name."""
    small = word.lower()
    if country in _NO_PARTICLES:
        return False
    return small in _PARTICLES or (small in _DUTCH and country not in _LARGE_VAN)


def cased_word(word: str) -> str:
    """One word of a name; initials and what could be an abbreviation stay as they are.

    >>> cased_word("GARCÍA"), cased_word("d'angelo"), cased_word("JM"), cased_word("LI")
    ('García', "D'Angelo", 'JM', 'Li')
    """
    return "".join(_part(part) for part in _PARTS.split(word))


def _part(part: str) -> str:
    if not part or (part.isupper() and _is_short(part)):
        return part
    for sign in ("'", "’"):
        before, found, after = part.partition(sign)
        if found and len(before) <= 1 and len(after) > 1:
            return f"{before.upper()}{sign}{_titled(after)}"
        if found:
            return f"{_titled(before)}{sign}{after.lower()}"
    return _titled(part)


def _is_short(part: str) -> bool:
    """Initials ("J.", "J.R.", "JM"), and syllables that may be some: nobody knows better."""
    letters = [sign for sign in part if sign.isalpha()]
    if "." in part.rstrip(".") or len(letters) < 2:
        return True
    if not _VOWELS.intersection(letters):
        return True
    return len(letters) == 2 and letters[0] in _VOWELS


def _titled(part: str) -> str:
    small = part.lower()
    if small.startswith("mc") and len(small) > 4:
        return f"Mc{small[2:].capitalize()}"
    if small in _MAC:
        return f"Mac{small[3:].capitalize()}"
    at = next((n for n, sign in enumerate(small) if sign.isalpha()), 0)
    return small[:at] + small[at : at + 1].upper() + small[at + 1 :]


def words_case(text: str, country: str = "", *, small: frozenset[str] = frozenset()) -> str | None:
    """A street, a place or the name of a company in its usual case; None where it was chosen.

    Words with a digit, abbreviations and words of `small` letters are left as their kind asks.

    >>> words_case("CALLE DE LA PAZ 3, 2ºB"), words_case("LAS PALMAS"), words_case("Madrid")
    ('Calle de la Paz 3, 2ºB', 'Las Palmas', None)
    """
    if not one_case(text):
        return None
    done = []
    for at, word in enumerate(text.split()):
        bare = word.strip(".,;()").lower()
        if any(sign.isdigit() for sign in word):
            done.append(word)
        elif at and (bare in small or is_particle(bare, country)):
            done.append(word.lower())
        elif word.strip(".,;()").upper() in _ROMAN:
            done.append(word.upper())
        else:
            done.append(cased_word(word))
    new = " ".join(done)
    return new if new != text else None


def looks_like_acronym(word: str) -> bool:
    """Whether a word in capitals reads like letters that are spelled out.

    >>> looks_like_acronym("IBM"), looks_like_acronym("BBVA"), looks_like_acronym("SOLUCIONES")
    (True, True, False)
    """
    letters = "".join(sign for sign in word if sign.isalpha()).upper()
    if len(letters) < 2:
        return True
    if not _VOWELS.intersection(letters):
        return True
    if len(letters) == 3:
        return letters.lower() not in _THREE
    if len(letters) < 3:
        return letters[0] in _VOWELS or letters.lower() not in {"de", "la", "le", "no", "si", "yo"}
    return letters[0] not in _VOWELS and letters[1] not in _VOWELS and letters[:2] not in _ONSETS


#: What words of European languages begin with.
_ONSETS = frozenset(
    """
    BL BR CH CL CR DR FL FR GH GL GN GR KL KN KR PF PH PL PN PR PS QU RH SC SH SK SL SM SN SP SQ
    ST SV SW TH TR TS TW VL VR WH WR ZH ZW SZ CZ LL DZ ZB
    """.split()
)
#: Words of three letters that are no abbreviations.
_THREE = frozenset(
    """
    sol mar sur río rio oro luz paz rey san pan uno dos red big new old sun sea bay art car pet
    tea box eco bio pro top van ana eva leo day way one two six ten air all bar bus gas oil ice hot
    fun key web zoo and the for por con del las los sin más mas fin gran hoy ala ser ver tu
    sky fox owl bee log ink map pen cup cat dog wine our out its der die das und les des sur
    """.split()
)
