"""Tokens cannot be guessed, repeated or compared by the clock."""

import re

import pytest

from vinculo.kernel.ids import same_token, token, token_digest


def test_tokens_are_safe_in_addresses_and_distinct() -> None:
    made = {token() for _n in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{27}", one) for one in made)


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        token(8)


def test_comparing() -> None:
    one = token()
    assert same_token(one, one)
    assert not same_token(one, one[:-1])
    assert not same_token("ñ", one)


def test_digest_says_nothing_of_the_token() -> None:
    assert re.fullmatch("[0-9a-f]{64}", token_digest("x"))
    assert token_digest("x") == token_digest("x") != token_digest("y")
