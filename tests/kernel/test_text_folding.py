"""Cleaning keeps what a reader sees; folding keeps what a comparison needs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.text import clean, clean_lines, fold


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana   Pérez ", "Ana Pérez"),
        ("Pe\u0301rez", "Pérez"),
        ("Evil\u202egnp.exe", "Evilgnp.exe"),
        ("Ac\u200bme\ufeff\u00ad", "Acme"),
        ("a\x00b\x07c\td\u3000e", "abc d e"),
        ("\u2066left\u2069", "left"),
        ("重庆", "重庆"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("PEÑA", "pena"), ("Straße", "strasse"), ("Ørsted", "orsted"), ("Łódź", "lodz"),
        ("ＡＢＣ　１２", "abc 12"), ("Ærø", "aero"), ("İstanbul", "istanbul"), ("ﬁn", "fin"),
        ("Ёлка", "елка"), ("한국", "한국"), ("ガス", "ガス"), ("ｶﾞｽ", "ガス"), ("O’Brien", "o'brien"),
        ("हिन्दी", "हिन्दी"), ("臺灣長榮", "台湾长荣"), ("高島屋", "高岛屋"),
    ],
)  # fmt: skip
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_prose_keeps_its_lines_and_emoji() -> None:
    family = "👩\u200d👧"
    assert clean_lines(f"\n a \r\n\u202e  b {family}\x00\n\n") == f" a\n  b {family}"


@given(st.text())
def test_clean_is_stable_and_harmless(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in once)
    assert "\n" not in once
    once.encode("utf-8")


@given(st.text())
def test_fold_is_stable_and_ignores_cleaning_and_case(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(clean(text)) == folded


@given(st.text("abcñÁéß øŁ"))
def test_fold_ignores_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
