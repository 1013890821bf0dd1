"""E-mail addresses: the fast path accepts nothing that the library refuses."""

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from vinculo.kernel.emails import Email, _parse_with_library, is_free_provider, parse_email
from vinculo.kernel.errors import DomainError


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ana@acme.es", "ana@acme.es"), ("  Ana.P+crm@ACME.ES ", "Ana.P+crm@acme.es"),
        ("用户@例子.中国", "用户@例子.中国"), ("o'brien@acme.ie", "o'brien@acme.ie"),
        ("jose@xn--espaa-rta.com", "jose@españa.com"), ("пример@почта.рф", "пример@почта.рф"),
    ],
)  # fmt: skip
def test_valid(typed: str, address: str) -> None:
    email = parse_email(typed)
    assert email.address == address
    assert email.key == address.casefold()
    assert email.domain == address.rpartition("@")[2]


@pytest.mark.parametrize(
    "typed",
    [
        "", "ana", "ana@", "@acme.es", "ana@acme", "a na@acme.es", "ana@acme..es", ".ana@acme.es",
        "ana@-acme.es", "ana@acme.es, b@acme.es", "ana@localhost", "ana@acme.invalid",
        "ana@acme.es\nBcc: b@x.es", "a" * 65 + "@acme.es", "ana@" + "a" * 64 + ".es", "ana@127.0.0.1",
        "<ana@acme.es>", "javascript:alert(1)@acme.es",
    ],
)  # fmt: skip
def test_refused(typed: str) -> None:
    with pytest.raises(DomainError):
        parse_email(typed)


@pytest.mark.parametrize(
    "typed",
    ["аna@acme.es", "ana@аcme.es", "ana@сосо.com", "an\u200ba@acme.es", "ana@ac\u00adme.es",
     "ana\u202e@acme.es"],
)  # fmt: skip
def test_look_alikes_and_invisible_characters_are_refused(typed: str) -> None:
    with pytest.raises(DomainError) as refused:
        parse_email(typed)
    assert "by hand" in str(refused.value)
    assert str(refused.value).isprintable()


@given(
    st.from_regex(r"\A[a-zA-Z0-9._+\-]{1,12}@[a-zA-Z0-9.\-]{1,16}\.[a-zA-Z]{2,6}\Z"),
)
def test_fast_path_agrees_with_the_library(typed: str) -> None:
    def outcome(parse: object) -> Email | None:
        try:
            return parse(typed)  # type: ignore[operator]
        except DomainError:
            return None

    assert outcome(parse_email) == outcome(_parse_with_library)


@given(st.text(max_size=80))
def test_any_text_is_accepted_or_refused(typed: str) -> None:
    try:
        email = parse_email(typed)
    except DomainError:
        return
    assert validate_email(email.address, check_deliverability=False).normalized == email.address
    assert parse_email(email.address) == email


def test_free_providers_say_nothing_about_the_company() -> None:
    assert is_free_provider("Gmail.com")
    assert is_free_provider("qq.com")
    assert not is_free_provider("acme.es")
