"""What a person is called, from the parts of the name; what a company's name says about it."""

from __future__ import annotations

import re
from functools import lru_cache

from vinculo.kernel.people import PersonName, display_name, split_name
from vinculo.kernel.text import fold

#: Countries whose people carry two surnames.
TWO_SURNAMES = frozenset(
    {"ES", "MX", "AR", "CO", "PE", "CL", "EC", "GT", "CU", "BO", "DO", "HN", "PY", "SV", "NI", "CR",
     "PA", "UY", "VE"}
)  # fmt: skip

# Words that say what a company is in law, not who it is. Compared folded, without dots.
LEGAL_FORMS = frozenset(
    {"sa", "sau", "sl", "slu", "sll", "sc", "scoop", "sapi", "sapicv", "sade", "cv", "de", "rl",
     "sas", "srl", "spa", "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "ltd", "limited", "llc",
     "llp", "lp", "inc", "incorporated", "corp", "corporation", "co", "company", "plc", "pty",
     "pte", "bv", "nv", "vof", "ab", "as", "asa", "aps", "oy", "oyj", "sarl", "eurl", "sasu", "sci",
     "cia", "compania", "holding", "group", "grupo", "the", "and", "y"}
)  # fmt: skip
_CHINESE_FORMS = re.compile(
    "(股份有限公司|有限责任公司|有限責任公司|有限公司|股份公司|集团公司|集團公司|集团|集團|公司|商行|企業社)"
)
_SEPARATED = re.compile(r"[^\w]+")


def full_name(given: str, family: str) -> str:
    """The name as one says it: family first in Chinese and Japanese characters."""
    return display_name(given, family)


def name_parts(full: str, country: str = "") -> PersonName:
    """A full name split into given and family name; two surnames where `country` has them."""
    return split_name(full, two_surnames=country in TWO_SURNAMES)


@lru_cache(maxsize=4096)
def telling_name(name: str) -> str:
    """A company's name as far as it tells companies apart: folded, without its legal form.

    >>> telling_name("Añejos del Sur, S.L."), telling_name("远景科技有限公司")
    ('anejos del sur', '远景科技')
    """
    folded = _CHINESE_FORMS.sub("", fold(name)).replace(".", "")
    words = [word for word in _SEPARATED.split(folded) if word]
    telling = [word for word in words if word not in LEGAL_FORMS]
    if telling and len(telling) < len(words):
        # "del" and the like between telling words stay: only what surrounds the name goes.
        first = words.index(telling[0])
        last = len(words) - 1 - words[::-1].index(telling[-1])
        return " ".join(words[first : last + 1])
    return " ".join(telling or words) or folded
