"""What lists can be asked that is no field of the record: how it came to us, what looks wrong in it.

A question is a `Field` with `asks`. Each is registered once with a function that makes it for a
record type and a reader, with the choices that this reader may ask for, or None.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vinculo.records.fields import Field

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

Maker = Callable[["Entity", "User"], Field | None]

_QUESTIONS: dict[str, Maker] = {}


def question(name: str, make: Maker) -> None:
    """Let the lists of all record types be asked this."""
    if name in _QUESTIONS:
        raise ValueError(f"There are two questions called {name}.")
    _QUESTIONS[name] = make


def question_called(entity: "Entity", user: "User", name: str) -> Field | None:
    """The question of this name, if the reader may ask it of this record type."""
    make = _QUESTIONS.get(name)
    return make(entity, user) if make is not None else None


def askable(entity: "Entity", user: "User") -> list[Field]:
    """All that a filter can be about: the fields that the reader sees, then the questions."""
    made = (make(entity, user) for make in _QUESTIONS.values())
    return [*entity.fields_for(user), *(one for one in made if one is not None)]
