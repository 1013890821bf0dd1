"""Names of people, in the ways of their languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.people import PersonName, display_name, initials, split_name


@pytest.mark.parametrize(
    ("full", "given_name", "family", "title"),
    [
        ("Ana Pérez", "Ana", "Pérez", ""),
        ("Pérez García, Ana María", "Ana María", "Pérez García", ""),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven", ""),
        ("Juan de la Cruz", "Juan", "de la Cruz", ""),
        ("Mr. John Q. Smith Jr.", "John Q.", "Smith", "Mr."),
        ("Martin King, Jr.", "Martin", "King", ""),
        ("Dr Prof Ada Lovelace", "Ada", "Lovelace", "Dr Prof"),
        ("Cher", "Cher", "", ""), ("", "", "", ""), ("Dr", "Dr", "", ""),
        ("王小明", "小明", "王", ""), ("欧阳娜娜", "娜娜", "欧阳", ""), ("李娜", "娜", "李", ""),
        ("諸葛亮", "亮", "諸葛", ""), ("山田 太郎", "太郎", "山田", ""), ("山田太郎", "太郎", "山田", ""),
        ("김민수", "민수", "김", ""), ("约翰·史密斯", "约翰", "史密斯", ""), ("さくら", "さくら", "", ""),
    ],
)  # fmt: skip
def test_split(full: str, given_name: str, family: str, title: str) -> None:
    assert split_name(full) == PersonName(given_name, family, title)


@pytest.mark.parametrize(
    ("full", "given_name", "family"),
    [
        ("Ana Pérez García", "Ana", "Pérez García"),
        ("Ana Pérez", "Ana", "Pérez"),
        ("María José Ruiz", "María José", "Ruiz"),
        ("José Luis Ruiz Gil", "José Luis", "Ruiz Gil"),
        ("Ana Maria Ruiz", "Ana Maria", "Ruiz"),
        ("Ana de la Torre y Gil", "Ana", "de la Torre y Gil"),
        ("Carmen Ruiz de la Prada", "Carmen", "Ruiz de la Prada"),
    ],
)
def test_two_surnames(full: str, given_name: str, family: str) -> None:
    assert split_name(full, two_surnames=True) == PersonName(given_name, family)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ana Pérez", "AP"), ("ana de la cruz", "AC"), ("Northwind Traders", "NT"), ("x", "X"),
        ("王小明", "小明"), ("李娜", "李娜"), ("上海远景科技", "上海"), ("***", ""), ("ßa", "SS"),
    ],
)  # fmt: skip
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_display_name() -> None:
    assert display_name("Zoltán", "Nagy", family_first=True) == "Nagy Zoltán"
    assert display_name("小明", "王") == "王小明"
    assert display_name("Ana", "") == "Ana"
    assert display_name("", " Pérez ") == "Pérez"


@given(st.lists(st.text("abcdeñá", min_size=2, max_size=8), min_size=1, max_size=6), st.booleans())
def test_no_word_of_a_name_is_lost(words: list[str], two_surnames: bool) -> None:
    name = split_name(" ".join(words), two_surnames=two_surnames)
    assert f"{name.title} {name.given} {name.family}".split() == words


@given(st.text(max_size=60))
def test_any_text_is_a_name(text: str) -> None:
    split_name(text)
    assert len(initials(text)) <= 2
