"""Write the pronunciation table of Chinese characters that the kernel reads.

The library pypinyin knows far more than we need and costs every process 50 MB; we keep one
reading per character and those short phrases that are read differently ("重庆", "银行").
Run it again when pypinyin is upgraded: python scripts/make_pinyin_table.py
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pypinyin.contrib.tone_convert import tone_to_tone3
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

TABLE = Path(__file__).parent.parent / "src/vinculo/kernel/text/pinyin.txt"
# In the names of companies and places these are read the other way more often.
BUSINESS_READING = {"长": "chang2", "都": "du1"}
LONGEST_PHRASE = 3


def numbered(reading: str) -> str:
    """'lǚ' → 'lv3'; the neutral tone is 5, so every syllable ends in one digit."""
    return tone_to_tone3(reading, v_to_u=False, neutral_tone_with_five=True).replace("ü", "v")


def characters() -> dict[str, str]:
    """One reading per character, the most common one first in the library."""
    table = {chr(code): numbered(all_.split(",")[0]) for code, all_ in pinyin_dict.items()}
    table = {char: syllable for char, syllable in table.items() if syllable[:-1].isascii()}
    return {c: s for c, s in (table | BUSINESS_READING).items() if s[:-1].isalpha()}


def irregular_phrases(table: dict[str, str]) -> dict[str, list[str]]:
    """Phrases whose sound (tones aside) does not follow from their characters."""
    found = {}
    for phrase, readings in phrases_dict.items():
        if not 2 <= len(phrase) <= LONGEST_PHRASE or len(readings) != len(phrase):
            continue
        if not all(char in table for char in phrase):
            continue
        syllables = [numbered(options[0]) for options in readings]
        plain = [table[char] for char in phrase]
        if any(s[:-1] != p[:-1] for s, p in zip(syllables, plain, strict=True)):
            found[phrase] = syllables
    return found


def table_text() -> str:
    """The whole file: 'syllable characters' lines, an empty line, 'phrase syllables' lines."""
    table = characters()
    by_syllable = defaultdict(list)
    for char, syllable in table.items():
        by_syllable[syllable].append(char)
    lines = [f"{s} {''.join(sorted(chars))}" for s, chars in sorted(by_syllable.items())]
    phrases = irregular_phrases(table)
    lines += ["", *(f"{p} {' '.join(s)}" for p, s in sorted(phrases.items()))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table_text(), encoding="utf-8")
