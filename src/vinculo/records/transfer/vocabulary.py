"""What headers are called in four languages, read once from ``vocabulary.csv``.

A concept ("city") is what a header means; each target of an import says which concepts it takes.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")
_NOT_WORD = re.compile(r"[\W_]+")
_ASIDE = re.compile(
    r"\((?:do not modify|read.?only|required|optional|opcional|必填|选填|選填)\)", re.I
)
_EMAIL = re.compile(r"\be mail\b")


@lru_cache(maxsize=8192)
def plain(header: str) -> str:
    """A header as bare words: no case, accents, punctuation; camel case taken apart.

    >>> plain("BillingPostalCode"), plain("E-mail 1 - Value"), plain(" País/Región *")
    ('billing postal code', 'email 1 value', 'pais region')
    """
    wide = unicodedata.normalize("NFKC", _ASIDE.sub(" ", header))
    apart = _CAMEL.sub(" ", wide)
    letters = unicodedata.normalize("NFD", apart.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _EMAIL.sub("email", _NOT_WORD.sub(" ", bare).strip())


@cache
def concepts_by_phrase() -> dict[str, tuple[str, ...]]:
    """Each known phrase, made plain → the concepts it may stand for, likeliest first."""
    found: dict[str, list[str]] = {}
    with Path(__file__).with_name("vocabulary.csv").open(encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            concept = entry.pop("concept")
            for words in entry.values():
                for word in words.split("|"):
                    if (phrase := plain(word)) and concept not in found.setdefault(phrase, []):
                        found[phrase].append(concept)
    return {phrase: tuple(concepts) for phrase, concepts in found.items()}


BETTER_SCOPES = frozenset(
    [
        "billing",
        "mailing",
        "business",
        "work",
        "primary",
        "main",
        "reg",
        "registered",
        "office",
        "person",
        "contact",
        "organization",
        "organisation",
        "company",
        "account",
        "entity",
        "lead",
        "customer",
        "client",
        "vendor",
        "supplier",
        "address",
        "correspondence",
        "empresa",
        "cliente",
        "contacto",
        "trabajo",
        "oficina",
        "principal",
        "facturacion",
        "fiscal",
        "postal",
        "personal",
        "contact",
        "person",
        "regaddress",
    ]
)
"""Words before a header that only say whose it is: "Billing city" is a city."""

LESSER_SCOPES = frozenset(
    [
        "home",
        "other",
        "shipping",
        "delivery",
        "secondary",
        "alternate",
        "alternative",
        "additional",
        "old",
        "previous",
        "private",
        "casa",
        "otro",
        "otra",
        "envio",
        "entrega",
        "secundario",
        "particular",
        "car",
        "callback",
        "radio",
        "parent",
    ]
)
"""Words before a header that make it a second choice: "Home city" when no other city is there."""

FOREIGN_SCOPES = frozenset(
    [
        "deal",
        "assistant",
        "manager",
        "spouse",
        "children",
        "activity",
        "note",
        "product",
        "opportunity",
        "campaign",
        "case",
        "task",
        "order",
        "invoice",
        "quote",
        "potential",
        "event",
        "ticket",
        "previous",
        "maiden",
        "yomi",
        "nickname",
        "negocio",
        "actividad",
        "producto",
        "pedido",
        "factura",
    ]
)
"""Words that make a header belong to something else: the title of a deal names no person."""

CHINESE_SCOPES = (
    "公司",
    "客户",
    "客戶",
    "联系人",
    "聯絡人",
    "聯繫人",
    "单位",
    "單位",
    "企业",
    "企業",
    "主要",
    "办公",
    "辦公",
)
"""The same for Chinese, which writes no space after them."""
