"""Tax identifiers are checked by the rules of their own country."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.taxids import _KINDS, _module, check_tax_id, has_tax_id_rules


@pytest.mark.parametrize(
    ("typed", "country", "formatted"),
    [
        ("b-58378431", "ES", "B58378431"), ("54362315K", "es", "54362315K"),
        ("X-2482300-W", "ES", "X2482300W"), ("91110000600037341L", "CN", "91110000600037341L"),
        ("00501503", "TW", "00501503"), ("91-1144442", "US", "91-1144442"),
        ("DE 136 695 976", "DE", "136695976"), ("GB 980 7806 84", "GB", "980 7806 84"),
        ("20-05536168-2", "AR", "20-05536168-2"), ("GODE561231GR8", "MX", "GODE 561231 GR8"),
        ("Fr 40 303 265 045", "FR", "40303265045"), ("IT 00743110157", "IT", "00743110157"),
    ],
)  # fmt: skip
def test_valid(typed: str, country: str, formatted: str) -> None:
    check = check_tax_id(typed, country)
    assert (check.verdict, check.formatted) == ("valid", formatted)
    assert check.valid


@pytest.mark.parametrize(
    ("typed", "country", "words"),
    [("B58378432", "ES", "check digit"), ("B5837", "ES", "number of characters"),
     ("hello", "CN", ""), ("B583?8431", "ES", "")],
)  # fmt: skip
def test_invalid_says_why(typed: str, country: str, words: str) -> None:
    check = check_tax_id(typed, country)
    assert check.verdict == "invalid"
    assert check.formatted == typed
    assert check.reason
    assert words in check.reason


@pytest.mark.parametrize("country", ["", "ZZ", "XK", "../es", "e", "西班"])
def test_unknown_country_is_not_judged(country: str) -> None:
    assert check_tax_id("123", country).verdict == "unknown"
    assert not has_tax_id_rules(country)


def test_every_kind_we_name_exists() -> None:
    for country, names in _KINDS.items():
        assert all(_module(country.lower(), name) for name in names), country


@given(st.text(max_size=30), st.sampled_from([*_KINDS, "AT", "BE", "IE", "NL", "XX"]))
def test_any_text_gets_a_verdict(typed: str, country: str) -> None:
    check = check_tax_id(typed, country)
    assert (check.verdict == "invalid") == bool(check.reason)
