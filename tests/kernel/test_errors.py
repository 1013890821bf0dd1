"""Refusals carry their words, their parameters and the field they belong to."""

import pickle

import pytest

from vinculo.kernel.errors import Conflict, DomainError, NotAllowed, NotFound


def test_message_is_the_msgid_and_str_is_the_sentence() -> None:
    error = DomainError("%(count)s rows were refused.", field="file", count=3)
    assert error.message == "%(count)s rows were refused."
    assert error.params == {"count": 3}
    assert error.field == "file"
    assert str(error) == "3 rows were refused."


def test_percent_sign_without_parameters_is_kept() -> None:
    assert str(DomainError("A discount over 100% is a gift.")) == "A discount over 100% is a gift."


def test_a_wrong_translation_does_not_hide_the_refusal() -> None:
    error = DomainError("Hello %(name)s", name="Ana")
    assert error.interpolate("Hola %(nombre)s") == "Hola %(nombre)s"
    assert error.interpolate("Hola %(name)s") == "Hola Ana"


@pytest.mark.parametrize("kind", [Conflict, NotAllowed, NotFound])
def test_kinds_are_refusals_and_survive_a_process_boundary(kind: type[DomainError]) -> None:
    error = pickle.loads(pickle.dumps(kind("No %(x)s", field="f", x=1)))
    assert type(error) is kind
    assert isinstance(error, DomainError)
    assert (str(error), error.field) == ("No 1", "f")
