# ruff: noqa: SIM905 - long lists of words read better as text
"""Names of people: split, put together and shortened in the way of their language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vinculo.kernel.text import clean, fold

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005"
_EAST_ASIAN = re.compile(f"[{_HAN}\u3040-\u30ff\uac00-\ud7af·・\\s]+")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
# Chinese surnames of two characters.
_COMPOUND_SURNAMES = frozenset(
    """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容
    令狐 宇文 长孙 長孫 司徒 司空 夏侯 端木 独孤 獨孤 南宫 南宮 闻人 聞人 万俟
    澹台 公冶 宗政 濮阳 濮陽 淳于 单于 單于 太叔 申屠 轩辕 軒轅 钟离 鍾離 呼延
    赫连 赫連 百里 东郭 東郭 西门 西門 拓跋 第五 羊舌 梁丘 左丘 公羊 谷梁
    """.split()
)
# Words that belong to the surname after them ("de la Cruz", "van der Berg").
_PARTICLES = frozenset(
    """
    de del la las los y i e da das do dos di du des le van von der den ter ten zu zum zur
    bin ibn ben el al st. san santa mac mc af av o'
    """.split()
)
_TITLES = frozenset(
    """
    mr mrs ms miss mx dr dra prof sir dame sr sra srta d don doña dña ing lic arq abg herr
    frau mme mlle m
    """.split()
)
#: What stands behind a Chinese name and is no part of it.
CHINESE_TITLES = ("先生", "女士", "小姐", "太太", "夫人")
_SUFFIXES = frozenset(
    """
    jr sr ii iii iv phd md esq mba cpa
    """.split()
)
# What comes second in the doubled given names of Spanish ("Ana María Ruiz", "José Luis Ruiz");
# any other second word of three is the first surname ("Ana Pérez García").
_SECOND_GIVEN = frozenset(
    """
    maria jose luis luisa jesus angel angeles carmen pilar antonio manuel carlos isabel teresa
    javier alberto miguel belen ignacio ramon andres josefa rosa mercedes dolores francisco
    fernando enrique eduardo pablo elena eugenia victoria cristina paz
    """.split()
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in two parts; ``title`` holds "Dr", "Sra." and the like."""

    given: str
    family: str
    title: str = ""


def split_name(full: str, *, two_surnames: bool = False) -> PersonName:
    """Split a full name into given and family name.

    ``two_surnames`` for Spanish-speaking countries: of three words or more the last two are
    surnames. "Family, Given" is understood everywhere; Chinese, Japanese and Korean names put the
    family first. When in doubt a single word is the given name.

    >>> split_name("Dr. Ana de la Cruz")
    PersonName(given='Ana', family='de la Cruz', title='Dr.')
    >>> split_name("María José García Pérez", two_surnames=True).family
    'García Pérez'
    >>> split_name("欧阳娜娜")
    PersonName(given='娜娜', family='欧阳', title='')
    >>> split_name("王小明先生")
    PersonName(given='小明', family='王', title='先生')
    """
    text = clean(full)
    if text and _EAST_ASIAN.fullmatch(text):
        return _split_east_asian(text)
    family, comma, given = text.partition(",")
    if comma and given.strip().lower().rstrip(".") in _SUFFIXES:
        text, comma = family, ""
    title, words = _without_title(text.split())
    if comma:
        title, given_words = _without_title(given.split())
        return PersonName(" ".join(given_words), family.strip(), title)
    if len(words) > 1 and words[-1].lower().strip(".") in _SUFFIXES:
        words = words[:-1]
    if len(words) < 2:
        return PersonName(" ".join(words), "", title)
    at = _family_start(words, two_surnames)
    return PersonName(" ".join(words[:at]), " ".join(words[at:]), title)


def display_name(given: str, family: str, *, family_first: bool = False) -> str:
    """The name as one says it: family first and unspaced in Chinese and Japanese characters.

    >>> display_name("Ana", "Pérez"), display_name("娜娜", "欧阳")
    ('Ana Pérez', '欧阳娜娜')
    """
    given, family = clean(given), clean(family)
    if given and family and _EAST_ASIAN.fullmatch(given + family):
        return f"{family}{given}"
    first, second = (family, given) if family_first else (given, family)
    return f"{first} {second}".strip()


def initials(name: str) -> str:
    """One or two characters for an avatar: of a person or of a company.

    >>> initials("Ana de la Cruz"), initials("欧阳娜娜"), initials("northwind"), initials("")
    ('AC', '娜娜', 'NO', '')
    """
    text = clean(name)
    if text and _EAST_ASIAN.fullmatch(text):
        together = re.sub(r"[·・\s]", "", text)
        # People are told apart by their given names, companies by how they begin.
        return together[-2:] if len(together) <= 4 else together[:2]
    all_words: list[str] = re.findall(r"[^\W_]+", text)
    words = [word for word in all_words if word.lower() not in _PARTICLES] or all_words
    if not words:
        return ""
    if len(words) == 1:
        return words[0][:2].upper()[:2]
    return f"{words[0][0]}{words[-1][0]}".upper()[:2]


def _split_east_asian(text: str) -> PersonName:
    for title in CHINESE_TITLES:
        if text.endswith(title) and len(text) > len(title) + 1:
            name = _split_east_asian(text.removesuffix(title).rstrip())
            return PersonName(name.given, name.family, title)
    if "·" in text or "・" in text:
        # A foreign name in their characters keeps its own order: 约翰·史密斯.
        given, _dot, family = re.sub("・", "·", text).rpartition("·")
        return PersonName(given.strip(), family.strip())
    family, space, given = text.partition(" ")
    if space:
        return PersonName(given.replace(" ", ""), family)
    if len(text) == 1 or _KANA.search(text[0]):
        return PersonName(text, "")
    length = 2 if text[:2] in _COMPOUND_SURNAMES and len(text) > 2 else 1
    if length == 1 and len(text) >= 4 and not _HANGUL.search(text):
        # Four characters: two surnames (a married name) or a Japanese name.
        length = 2
    return PersonName(text[length:], text[:length])


def _without_title(words: list[str]) -> tuple[str, list[str]]:
    count = 0
    while count < len(words) - 1 and words[count].lower().rstrip(".ª") in _TITLES:
        count += 1
    return " ".join(words[:count]), words[count:]


def _family_start(words: list[str], two_surnames: bool) -> int:
    """Where the surname begins: its particles belong to it, the first word never does."""
    at = _with_particles(words, len(words) - 1)
    if two_surnames and at > 1:
        doubled = at == 2 and fold(words[1]) in _SECOND_GIVEN
        if not doubled:
            at = _with_particles(words, at - 1)
    return max(at, 1)


def _with_particles(words: list[str], at: int) -> int:
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return at
