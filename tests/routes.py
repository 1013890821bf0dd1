"""Every address of Vinculo, read from the URL configuration: what suites over all pages walk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from vinculo.records.registry import entity

#: A part of an address that stands for a value: `<int:pk>` or `(?P<token>…)`.
BLANK = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


T = TypeVar("T")


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

    @property
    def shape(self) -> str:
        """The pattern without the record type: the same for addresses that the same code answers."""
        if not self.key:
            return self.pattern
        path = entity(self.key).path
        return "/".join("*" if part == path else part for part in self.pattern.split("/"))

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


def dealt(among: list[Route], values: Sequence[T]) -> Iterator[tuple[Route, list[T]]]:
    """Each address with its share of `values`: what is tried on every address, once per shape.

    The pages of all record types are the same code, so that the work may not grow with the number
    of types: addresses of one shape share the values out among them. Each shape still takes every
    value, and each address at least one; an address that no other is like takes all.
    """
    shapes = _by_shape(among)
    for route in among:
        alike = shapes[route.shape]
        place, count = alike.index(route), len(alike)
        if count <= len(values):
            yield route, list(values[place::count])
        else:
            yield route, [values[place % len(values)]]


def one_of_each(among: list[Route]) -> list[Route]:
    """One address of each shape, of one record type after the other."""
    return [alike[turn % len(alike)] for turn, alike in enumerate(_by_shape(among).values())]


def _by_shape(among: list[Route]) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in among:
        found.setdefault(route.shape, []).append(route)
    return found
