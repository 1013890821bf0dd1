"""Every address of Vinculo, read from the URL configuration: what suites over all pages walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

#: A part of an address that stands for a value: `<int:pk>` or `(?P<token>…)`.
BLANK = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its pattern as written, and where it leads."""

    pattern: str
    callback: Any
    kwargs: tuple[tuple[str, Any], ...]

    @property
    def blanks(self) -> list[str]:
        """The names of its values."""
        return [match["name"] for match in BLANK.finditer(self.pattern)]

    @property
    def is_api(self) -> bool:
        """Whether it answers in JSON, with API keys."""
        return self.pattern.startswith("api/") and not self.pattern.endswith("docs")

    @property
    def of_a_library(self) -> bool:
        """Whether allauth answers it."""
        return self.pattern.startswith("accounts/")

    @property
    def key(self) -> str:
        """The record type it belongs to, if any."""
        known = dict(self.kwargs)
        return str(known.get("key") or getattr(known.get("entity"), "key", ""))

    def url(self, **values: Any) -> str:
        """The address with its blanks filled; a blank without a value stays 1 or `x`."""

        def fill(match: re.Match[str]) -> str:
            given = values.get(match["name"])
            if given is not None:
                return str(given)
            return "1" if match["kind"] == "int" else "x" * 24

        return "/" + BLANK.sub(fill, self.pattern)


def routes() -> list[Route]:
    """Every address, in the order in which they are tried."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for one in patterns:
        here = before + _written(one)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, here)
        else:
            yield Route(here, one.callback, tuple(sorted(one.default_args.items())))


def _written(one: URLPattern | URLResolver) -> str:
    text = str(one.pattern)
    if not isinstance(one.pattern, RegexPattern):
        return text
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", text)
    text = re.sub(r"\(\?:([^|()]*)\|?[^()]*\)\??", r"\1", text)
    return text.strip("^$").replace("\\", "")
