"""Countries are understood in every one of our languages and in the usual shorthand."""

import pytest

from vinculo.kernel.countries import (
    LANGUAGES,
    country_choices,
    country_code,
    country_name,
    is_country,
)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("USA", "US"), ("u.s.a.", "US"), ("United States", "US"), ("EE. UU.", "US"), ("美國", "US"),
        ("UK", "GB"), ("England", "GB"), ("Reino Unido", "GB"), ("Alemania", "DE"), ("德国", "DE"),
        ("德國", "DE"), ("GERMANY", "DE"), ("deu", "DE"), ("de", "DE"), ("España", "ES"),
        ("espana", "ES"), ("724", "ES"), ("中国", "CN"), ("P.R. China", "CN"), ("中华人民共和国", "CN"),
        ("台灣", "TW"), ("臺灣", "TW"), ("Taiwan", "TW"), ("香港", "HK"), ("South Korea", "KR"),
        ("Corea del Sur", "KR"), ("Holanda", "NL"), ("México", "MX"), ("Côte d’Ivoire", "CI"),
        ("  Turkey ", "TR"), ("Türkiye", "TR"), ("Czech Republic", "CZ"),
    ],
)  # fmt: skip
def test_country_code(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("written", ["", "Atlantis", "??", "EU", "ZZ", "999"])
def test_no_country(written: str) -> None:
    assert country_code(written) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_leads_back_to_its_code(language: str) -> None:
    choices = country_choices(language)
    assert 240 < len(choices) < 275
    for code, name in choices:
        assert is_country(code)
        assert country_code(name) == country_code(code) == code


def test_unknown_code_is_its_own_name() -> None:
    assert country_name("XX", "es") == "XX"
    assert country_name("fr", "zh-hans") == "法国"


def test_choices_are_in_the_order_of_the_language() -> None:
    spanish = [code for code, _name in country_choices("es")]
    assert spanish.index("DE") < spanish.index("ES") < spanish.index("ZW")
    chinese = [code for code, _name in country_choices("zh-hans")]
    assert chinese.index("DE") < chinese.index("FR") < chinese.index("CN")
