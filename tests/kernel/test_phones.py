"""Phone numbers: whatever was typed is kept; the fast path says what the library says."""

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from vinculo.kernel.phones import (
    Phone,
    _parse_plain,
    _parse_with_library,
    display_phone,
    parse_phone,
)


@pytest.mark.parametrize(
    ("typed", "country", "e164", "belongs_to"),
    [
        ("+34 955 47 29 12", None, "+34955472912", "ES"),
        ("955-47-29-12", "ES", "+34955472912", "ES"),
        ("0034 955 472 912", "ES", "+34955472912", "ES"),
        ("0034 955 472 912", None, "+34955472912", "ES"),
        ("34 955 472 912", "ES", "+34955472912", "ES"),
        ("(212) 555-0123", "US", "+12125550123", "US"),
        ("1-800-FLOWERS", "US", "+18003569377", "US"),
        ("+1 416 555 0123", "ES", "+14165550123", "CA"),
        ("020 7946 0018", "GB", "+442079460018", "GB"),
        ("+44 (0)20 7946 0018", None, "+442079460018", "GB"),
        ("02 1234 5678", "IT", "+390212345678", "IT"),
        ("010-6888 1234", "CN", "+861068881234", "CN"),
        ("＋８６　138 0013 8000", None, "+8613800138000", "CN"),
        ("02-2345-6789", "TW", "+886223456789", "TW"),
        ("011 15 2345 6789", "AR", "+5491123456789", "AR"),
        ("+800 1234 5678", None, "+80012345678", ""),
    ],
)
def test_valid_numbers(typed: str, country: str | None, e164: str, belongs_to: str) -> None:
    phone = parse_phone(typed, country)
    assert (phone.e164, phone.country, phone.valid) == (e164, belongs_to, True)
    assert e164.endswith(phone.national)


@pytest.mark.parametrize(
    ("typed", "extension"),
    [
        ("+34 955 47 29 12 ext. 21", "21"), ("+34955472912x21", "21"),
        ("+34955472912转21", "21"), ("+34955472912 分機 21", "21"), ("+34955472912 anexo 21", "21"),
        ("+34955472912 int. 21", "21"), ("+34955472912 extensión 21", "21"),
    ],
)  # fmt: skip
def test_extensions(typed: str, extension: str) -> None:
    phone = parse_phone(typed)
    assert (phone.e164, phone.extension) == ("+34955472912", extension)


@pytest.mark.parametrize("typed", ["", "n/a", "12", "955472912", "+99912345678", "+34 123"])
def test_what_cannot_be_read_is_kept(typed: str) -> None:
    phone = parse_phone(typed)
    assert (phone.typed, phone.valid, phone.e164) == (typed, False, None)
    assert phone.national == "".join(filter(str.isdigit, typed))


@given(st.text(max_size=300), st.sampled_from([None, "ES", "CN", "US", "XX", "e", "西"]))
def test_nothing_typed_makes_it_fail(typed: str, country: str | None) -> None:
    phone = parse_phone(typed, country)
    assert phone.valid == (phone.e164 is not None)


def written(region: str, rng: random.Random) -> list[str]:
    """Numbers of a region in several spellings: its examples, and these with digits changed."""
    metadata = PhoneMetadata.metadata_for_region(region)
    code = metadata.country_code
    spellings = []
    for kind in range(11):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        digits = list(phonenumbers.national_significant_number(example))
        for _again in range(2):
            national = "".join(digits)
            spellings += [
                national, f"+{code}{national}", f"+{code}(0){national}", f"{code}{national}",
                f"{metadata.national_prefix or 0}{national}", f"00{code}{national}", national[:-1],
                f"{national}3",
            ]  # fmt: skip
            digits[rng.randrange(len(digits))] = rng.choice("0123456789")
    return spellings


def test_fast_path_says_what_the_library_says_in_every_region() -> None:
    rng = random.Random(20)
    fast = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for typed in written(region, rng):
            quick = _parse_plain(typed, typed, region)
            if quick is not None:
                fast += 1
                assert quick == _parse_with_library(typed, typed, region)
    assert fast > 2000


@given(
    st.sampled_from(["ES", "US", "GB", "CN", "TW", "MX", "AR", "DE", "IT", "BR", "FR", "KZ", "CA"]),
    st.from_regex(r"\A\+?[0-9]{6,14}\Z"),
)
def test_fast_path_says_what_the_library_says_of_any_digits(region: str, typed: str) -> None:
    quick = _parse_plain(typed, typed, region)
    assert quick is None or quick == _parse_with_library(typed, typed, region)


def test_display() -> None:
    assert display_phone("+12125550123", "US") == "(212) 555-0123"
    assert display_phone("+12125550123", "es") == "+1 212-555-0123"
    assert display_phone("nonsense") == "nonsense"


def test_a_phone_is_a_value() -> None:
    assert parse_phone("+34955472912") == Phone(
        "+34955472912", "+34955472912", "955472912", "ES", valid=True
    )
