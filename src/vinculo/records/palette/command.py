"""One line of the palette that does something, and whether typed letters mean it."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import override

from vinculo.kernel.text import SearchValues, fold, search_keys

#: How well typed letters meet a command; smaller is better.
WHOLE, BEGINNING, WORD, INSIDE, SOUND = range(5)


@dataclass(frozen=True)
class Command:
    """Something the palette offers.

    `url` is a page to go to, or with `dialog` the form to open; `press` names the control of the
    page that is clicked instead (a CSS selector: what is not there is not offered). `key` is the
    shortcut that does the same.
    """

    label: "str | Promise"
    icon: str
    url: str = ""
    key: str = ""
    dialog: bool = False
    press: str = ""
    note: "str | Promise" = ""
    also: "tuple[str | Promise, ...]" = ()
    #: The action that it stands for, where the page has a quicker way to it than its dialog.
    does: str = ""

    def rank(self, typed: str) -> int | None:
        """How well folded letters mean this: by its name here, in English, or as it sounds."""
        names = [self.label, *self.also]
        local = {str(name) for name in names}
        with override("en"):
            local |= {str(name) for name in names}
        found = [place for name in local if (place := _place(name, typed)) is not None]
        return min(found, default=None)


def _place(name: str, typed: str) -> int | None:
    folded = fold(name)
    if folded == typed:
        return WHOLE
    if folded.startswith(typed):
        return BEGINNING
    if f" {typed}" in folded:
        return WORD
    if typed in folded:
        return INSIDE
    keys = _keys(name)
    sounds = all(any(key.startswith(word) for key in keys) for word in typed.split())
    return SOUND if sounds else None


@lru_cache(maxsize=4096)
def _keys(name: str) -> tuple[str, ...]:
    return tuple(search_keys(SearchValues(names=[name])))


def matching(commands: list[Command], typed: str, most: int) -> list[tuple[int, Command]]:
    """The commands that the folded letters mean, the best first; all when nothing is typed."""
    if not typed:
        return [(WHOLE, one) for one in commands]
    ranked = [(rank, one) for one in commands if (rank := one.rank(typed)) is not None]
    return sorted(ranked, key=lambda found: found[0])[:most]
