"""What the source asks to have translated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "vinculo"

Key = tuple[str | None, str]


@dataclass
class Message:
    """One msgid, with its plural and context, and the files that show it."""

    singular: str
    plural: str | None = None
    context: str | None = None
    places: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """What a catalogue files it under."""
        return self.context, self.singular


@dataclass(frozen=True)
class Problem:
    """Something to mend, with the place where."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def relative(path: Path) -> str:
    """A path as the catalogues and problems name it."""
    return path.relative_to(ROOT).as_posix()


def all_messages() -> dict[Key, Message]:
    """Every message of the source, each once."""
    from scripts.wording import borrowed, python, templates

    collected: dict[Key, Message] = {}
    for path, found in [
        *python.messages(SOURCE),
        *templates.messages(SOURCE),
        *borrowed.messages(SOURCE),
    ]:
        known = collected.setdefault(found.key, found)
        known.plural = known.plural or found.plural
        known.places.add(relative(path))
        known.comments += [line for line in found.comments if line not in known.comments]
    return collected
