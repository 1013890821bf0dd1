"""Configuration from the environment: typed, and loud about a value it cannot use."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from vinculo.config.problems import SetupProblem

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def _raw(name: str) -> str | None:
    # An empty variable means "not set": that is how `make run PORT=` and compose files pass it.
    value = os.environ.get(name, "").strip()
    return value or None


def text(name: str, default: str = "") -> str:
    """The variable as text, or the default when it is unset or empty."""
    return _raw(name) or default


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """The variable split at commas, blanks dropped; or the default."""
    value = _raw(name)
    if value is None:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no; SetupProblem on anything else."""
    value = _raw(name)
    if value is None:
        return default
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise SetupProblem(f"{name} is {value!r}; use 1 or 0.")


def number(name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
    """The variable as a whole number within its bounds (inclusive); SetupProblem otherwise."""
    value = _raw(name)
    if value is None:
        return default
    try:
        found = int(value)
    except ValueError:
        raise SetupProblem(f"{name} is {value!r}; use a whole number.") from None
    if (least is not None and found < least) or (most is not None and found > most):
        bounds = f"between {least} and {most}" if most is not None else f"of at least {least}"
        raise SetupProblem(f"{name} is {value}; use a number {bounds}.")
    return found


def choice(name: str, options: Iterable[str], default: str) -> str:
    """The variable as one of the options; SetupProblem naming them otherwise."""
    value = _raw(name)
    if value is None:
        return default
    allowed = list(options)
    if value not in allowed:
        raise SetupProblem(f"{name} is {value!r}; use one of: {', '.join(allowed)}.")
    return value


def path(name: str, default: Path) -> Path:
    """The variable as an absolute path (~ expanded, links resolved), or the default."""
    value = _raw(name)
    return (Path(value).expanduser() if value else default).resolve()


def port() -> int:
    """The port the web server listens on: PORT, or 8000."""
    return number("PORT", 8000, least=1, most=65535)
