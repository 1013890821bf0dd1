"""Addresses are written as their country writes them and compared without abbreviations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.addresses import Address, address_lines, one_line, postal_key, street_key

SHANGHAI = Address("世纪大道100号", "15楼", "浦东新区", "200120", "上海市", "上海市", "CN")


@pytest.mark.parametrize(
    ("address", "language", "line"),
    [
        (
            Address("Calle Sol 3", "2º B", "", "41001", "Dos Hermanas", "Sevilla", "ES"), "es",
            "Calle Sol 3, 2º B, 41001 Dos Hermanas, Sevilla, España",
        ),
        (Address("1 Main St", "", "", "98052", "Redmond", "WA", "US"), "en",
         "1 Main St, Redmond, WA 98052, United States"),
        (Address("10 Downing St", "", "", "SW1A 2AA", "London", "", "GB"), "en",
         "10 Downing St, London, SW1A 2AA, United Kingdom"),
        (Address("Hauptstr. 5", "", "", "10115", "Berlin", "Berlin", "DE"), "en",
         "Hauptstr. 5, 10115 Berlin, Germany"),
        (SHANGHAI, "zh-hans", "中国上海市浦东新区世纪大道100号15楼 200120"),
        (SHANGHAI, "en", "China 上海市浦东新区世纪大道100号15楼 200120"),
        (Address("100 Century Ave", "", "Pudong", "200120", "Shanghai", "", "CN"), "en",
         "100 Century Ave, Pudong, Shanghai 200120, China"),
        (Address("信義路五段7號", "", "信義區", "110", "臺北市", "", "TW"), "zh-hant",
         "台灣臺北市信義區信義路五段7號 110"),
        (Address(city="Lima"), "es", "Lima"),
        (Address(), "en", ""),
    ],
)  # fmt: skip
def test_one_line(address: Address, language: str, line: str) -> None:
    assert one_line(address, language) == line


def test_the_home_country_is_not_written() -> None:
    assert one_line(SHANGHAI, "zh-hans", "CN") == "上海市浦东新区世纪大道100号15楼 200120"
    assert address_lines(SHANGHAI, "zh-hans") == [
        "中国 200120", "上海市浦东新区", "世纪大道100号 15楼",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C/ del Sol, 3", "Calle Sol 3"), ("Avda. Constitución nº 7", "AVENIDA DE LA CONSTITUCION, 7"),
        ("1 Main St.", "1 main street"), ("12 Sunset Blvd", "12 Sunset Boulevard"),
    ],
)  # fmt: skip
def test_same_street(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)
    assert street_key(one) != street_key(one + "9")


def test_postal_key_keeps_what_tells_codes_apart() -> None:
    assert postal_key("08013", "ES") == postal_key("8013", "ES") == "08013"
    assert postal_key("K1A 0B1", "CA") == postal_key("k1a0b1", "CA")
    assert postal_key("28013-100", "PT") == "28013100"
    assert postal_key("") == ""


parts = st.text(max_size=12)


@given(
    st.builds(
        Address, parts, parts, parts, parts, parts, parts, st.sampled_from(["", "CN", "ES", "US"])
    )
)
def test_every_part_is_written_somewhere(address: Address) -> None:
    clean = address.cleaned()
    line = one_line(clean)
    for part in (clean.street, clean.street2, clean.district, clean.postal_code, clean.city):
        assert part in line
    assert clean.is_empty() <= (line == "")
    assert clean.cleaned() == clean
