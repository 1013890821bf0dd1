"""The part of a company's name that tells it apart: without its legal form."""

from __future__ import annotations

import re

from vinculo.kernel.text.folding import fold
from vinculo.kernel.text.tokens import tokens_of

# Legal forms, folded and without signs, as they end a name.
_LEGAL_FORMS = frozenset(
    """
    sl slu sll slne sa sau sad sal sas srl srls sca scl scoop coop cb aie ute sapi sc spa sapa snc
    inc incorporated corp corporation co company ltd limited llc llp lp plc pllc pc pty pte
    gmbh ag kg kgaa ohg ug ev mbh sarl eurl sasu bv nv vof cv oy oyj ab as asa aps ltda ei eireli
    me cia dba kk yk doo zrt kft bt sro zao oao ooo pao ehf hf se sp oo zoo bvba sprl sab rl de
    """.split()  # noqa: SIM905 - a long list of words reads better as text
)
_LONGEST_NAME = 400
_CHINESE_FORM = re.compile(
    "(?:集团|集團)?(?:股份|有限责任|有限責任)?(?:有限)?(?:公司|合伙企业|合夥企業)$|株式会社$|有限会社$"
)
_CHINESE_FORM_BEFORE = re.compile("^(?:株式会社|有限会社)")


def company_core(name: str) -> str:
    """A company's folded name without its legal form, for finding the same company again.

    >>> company_core("Furtado e Hijos, S.L.U."), company_core("Acme Co., Ltd."), company_core("S.A.")
    ('furtado e hijos', 'acme', 'sa')
    >>> company_core("上海远景科技股份有限公司"), company_core("Grupo Bimbo S.A.B. de C.V.")
    ('上海远景科技', 'grupo bimbo')
    """
    folded = fold(name[:_LONGEST_NAME])
    words = tokens_of(re.sub(r"(?<=\w)[.'](?=\w\b)|(?<=\b\w)\.", "", folded))
    kept = words[:]
    while len(kept) > 1 and kept[-1] in _LEGAL_FORMS:
        kept.pop()
    core = " ".join(kept)
    shorter = _CHINESE_FORM_BEFORE.sub("", _CHINESE_FORM.sub("", core)).strip()
    return shorter or core
