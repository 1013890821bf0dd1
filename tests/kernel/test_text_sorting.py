"""Names in the order a reader expects, compared byte by byte as the database does."""

import random
import runpy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.text import sort_key
from vinculo.kernel.text.pinyin import syllables
from vinculo.kernel.text.sorting import LONGEST_SORT_KEY


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: sort_key(name).encode("utf-8"))


@pytest.mark.parametrize(
    "names",
    [
        ["Álvarez", "Alvarez Hijos", "Ánima", "Anzuelo", "Ñandú", "Oria"],
        ["Sala 2", "Sala 10", "Sala 10b", "Sala 100"],
        ["3M", "20th Century", "The Apple Shop", "«Banco»", "El Corte", "Zeta"],
        ["李安", "李娜", "李强", "连战", "王芳"],
        ["安徽", "Beijing Foods", "长江", "重庆银行", "Citroën", "厦门", "行走"],
        ["丹东", "单田芳", "上海"],
    ],
)
def test_order(names: list[str]) -> None:
    shuffled = names[:]
    random.Random(7).shuffle(shuffled)
    assert in_order(shuffled) == names


def test_an_article_alone_is_a_name() -> None:
    assert sort_key("The") == "the"
    assert sort_key("Los Ángeles") == "angeles"
    assert sort_key("A Coruña") == "a coruna"


def test_only_signs_still_have_a_place() -> None:
    assert sort_key("***") == "***"
    assert sort_key("") == ""


@given(st.text())
def test_key_is_short_storable_and_blind_to_case(text: str) -> None:
    key = sort_key(text)
    assert len(key) <= LONGEST_SORT_KEY
    assert "\x00" not in key
    key.encode("utf-8")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_sort_by_value(one: int, other: int) -> None:
    by_key = sort_key(f"Sala {one}") < sort_key(f"Sala {other}")
    assert by_key == (one < other)


def test_the_pronunciation_table_is_what_the_script_writes() -> None:
    root = Path(__file__).parents[2]
    script = runpy.run_path(str(root / "scripts/make_pinyin_table.py"))
    written = (root / "src/vinculo/kernel/text/pinyin.txt").read_text(encoding="utf-8")
    assert script["table_text"]() == written


def test_characters_without_a_sound_stand_for_themselves() -> None:
    assert syllables("ノ中") == ("ノ", "zhong1")
