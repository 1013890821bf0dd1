"""What is filed is found: keys and queries meet, whatever was typed."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vinculo.kernel.text import SearchValues, search_keys, search_query, whole_below
from vinculo.kernel.text.search import LONGEST_KEY, MOST_KEYS

TERM = re.compile(r"'((?:[^'\\]|''|\\\\)+)'(:\*)?")


def found(query: str, keys: list[str]) -> bool:
    """Evaluate a query on keys as PostgreSQL does: lexemes, prefixes, &, | and brackets."""

    def meets(term: re.Match[str]) -> str:
        wanted = unquoted(term.group(1))
        if term.group(2):
            return str(any(key.startswith(wanted) for key in keys))
        return str(wanted in keys)

    verdict = TERM.sub(meets, query)
    assert re.fullmatch(r"(True|False|[ &|()])+", verdict), query
    return bool(eval(verdict.replace("&", "and").replace("|", "or")))


def unquoted(lexeme: str) -> str:
    return lexeme.replace("''", "'").replace("\\\\", "\\")


NORTHWIND = search_keys(
    SearchValues(
        names=["Northwind Traders Ibérica, S.L.", "Coca-Cola O'Brien"],
        phones=["+34 955 47 29 12", "+442079460018"],
        emails=["Ana.Pérez+crm@furtado-hijos.es"],
        codes=["B-12345678", "00042"],
        words=["Sevilla", "https://www.furtado.es"],
    )
)
YUANJING = search_keys(
    SearchValues(names=["上海远景信息技术有限公司"], phones=["021-6888 1234"], words=["吕梁"])
)


@pytest.mark.parametrize(
    "typed",
    [
        "north", "wind", "THWIND", "iberica", "Ibérica trad", "sl", "s.l.", "S.L",
        "cocacola", "coca-cola", "coca cola", "obrien", "o'brien", "O’Brien", "o brien",
        "2912", "729", "955472912", "955 47 29", "47-29 12", "+34955472912", "0034 955 472 912",
        "020 7946 0018", "+44 (0)20 7946 0018", "02079460018", "7946",
        "ana.perez", "furtado", "hijos", "@furtado-hijos.es", "ana.perez+crm@furt", "furtado.es",
        "b12345678", "B-12345678", "5678", "12.345.678", "00042", "42", "sevi", "ｎｏｒｔｈ",
    ],
)  # fmt: skip
def test_latin_record_is_found_by(typed: str) -> None:
    assert found(search_query(typed), NORTHWIND), search_query(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "上海", "远景", "景信息", "远", "有限公司", "shanghai", "yuanjing", "yuanj", "shyj", "yjxx",
        "shanghai yuanjing", "shang hai", "68881234", "6888", "021 6888", "luliang", "lvliang",
        "上海远景 xinxi",
    ],
)  # fmt: skip
def test_chinese_record_is_found_by(typed: str) -> None:
    assert found(search_query(typed), YUANJING), search_query(typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("臺灣銀行", "台湾银行"), ("华为", "華為"), ("廈門", "xiamen"), ("重慶", "chongqing")],
)
def test_traditional_and_simplified_characters_meet(name: str, typed: str) -> None:
    assert found(search_query(typed), search_keys(SearchValues(names=[name])))


@pytest.mark.parametrize("typed", ["northwest", "9999", "远海", "north madrid", "beijing"])
def test_others_are_not_found(typed: str) -> None:
    assert not found(search_query(typed), NORTHWIND)
    assert not found(search_query(typed), YUANJING)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("重庆银行", "chongqing"), ("重庆银行", "yinhang"), ("厦门航空", "xiamen"), ("单田芳", "shan"),
     ("单田芳", "dantianfang"), ("長江實業", "changjiang"), ("Xi'an 西安", "xian")],
)  # fmt: skip
def test_sounds_that_depend_on_the_phrase(name: str, typed: str) -> None:
    assert found(search_query(typed), search_keys(SearchValues(names=[name])))


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "' | \\ & :* ()", "\x00", "\u200b"])
def test_nothing_to_search_for(typed: str) -> None:
    assert search_query(typed) == ""


@given(st.text(max_size=300))
@example("a'b\\c:*&|!()<->")
@example("@@@ a@b@c '@' \\@\\")
@example("(12) 34 - 5(0)6")
def test_any_input_is_a_safe_query(typed: str) -> None:
    query = search_query(typed)
    assert "\x00" not in query
    if query:
        found(query, [])  # asserts that nothing but quoted lexemes and operators got in


names = st.text(
    st.one_of(
        st.sampled_from("abzñøßÁ '.-&@0123456789()/"),
        st.sampled_from("上海远景重庆银行单吕ノート안녕"),
        st.characters(max_codepoint=0x24F),
    ),
    min_size=1,
    max_size=40,
)


@given(names)
@example("0x@")
@example("0/0Ɠ")
@example("1-2-3 a")
@example("00123 (0) 45")
def test_a_record_is_found_by_its_own_name(name: str) -> None:
    query = search_query(name)
    assert not query or found(query, search_keys(SearchValues(names=[name]))), query


@given(st.text("abcdefgñé", min_size=3, max_size=20), st.data())
def test_a_word_is_found_by_any_three_letters_inside(word: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(word) - 3))
    end = data.draw(st.integers(start + 3, len(word)))
    keys = search_keys(SearchValues(names=[f"Casa {word} SA"]))
    assert found(search_query(word[start:end]), keys)


@given(st.text("0123456789", min_size=7, max_size=15), st.data())
def test_a_phone_is_found_by_any_four_digits_inside(digits: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(digits) - 4))
    end = data.draw(st.integers(start + 4, len(digits)))
    keys = search_keys(SearchValues(phones=[f"+{digits}"]))
    assert found(search_query(digits[start:end]), keys)


@given(
    st.lists(st.text(max_size=200), max_size=3),
    st.lists(st.text(max_size=60), max_size=3),
    st.lists(st.text(max_size=60), max_size=3),
)
def test_keys_are_bounded_distinct_and_storable(
    names: list[str], phones: list[str], emails: list[str]
) -> None:
    keys = search_keys(SearchValues(names=names, phones=phones, emails=emails, codes=phones))
    assert len(keys) == len(set(keys)) <= MOST_KEYS
    # PostgreSQL refuses an empty lexeme, a NUL and anything that is not UTF-8.
    assert all(0 < len(key) <= LONGEST_KEY and "\x00" not in key for key in keys)
    assert all(key.encode("utf-8") for key in keys)


def test_a_flood_of_text_keeps_the_most_telling_keys() -> None:
    keys = search_keys(SearchValues(names=["Furtado"], words=["abcdefghijklmnop " * 500] * 20))
    assert keys[0] == "furtado"
    assert len(keys) <= MOST_KEYS


def test_short_words_can_be_asked_for_whole() -> None:
    assert whole_below(search_query("lj García 远景 4729"), 4) == (
        "'lj' & 'garcia':* & '远景' & '4729':*"
    )
    assert whole_below(search_query("d'a"), 1) == search_query("d'a")
