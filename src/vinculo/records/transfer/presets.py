"""Exports of other programs that we know by their headers, read once from ``presets.csv``.

A preset only says what the headers do not tell by themselves: which column is the record's number,
which one links to another file, and what had better be left out. All else is guessed as ever.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from vinculo.records.transfer.vocabulary import plain


@dataclass(frozen=True, slots=True)
class Preset:
    """One export: its name, what its rows are ("" for nothing we keep), and what is known of its
    columns: header made plain → target's key, "" to leave it out. ``signature`` are the headers
    that give it away, made plain; ``translations`` what its values are called here (header made
    plain → pairs as the step "Translate values" has them), ``makes`` what it had better make for
    itself: see `Plan.makes`.
    """

    name: str
    entity: str
    signature: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, str] = field(default_factory=dict)
    makes: str = ""


@cache
def presets() -> tuple[Preset, ...]:
    """Every export we know."""
    with Path(__file__).with_name("presets.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_preset(row) for row in csv.DictReader(file))


def preset_called(name: str) -> Preset | None:
    """The export of that name, as a plan keeps it."""
    return next((preset for preset in presets() if preset.name == name), None)


def _preset(row: Mapping[str, str]) -> Preset:
    columns = dict.fromkeys(map(plain, _parts(row["leaves"])), "")
    for pair in _parts(row["fills"]):
        header, _sign, target = pair.rpartition("=")
        columns[plain(header)] = target
    signature = frozenset(map(plain, _parts(row["signature"])))
    translated = (part.partition(":") for part in _parts(row["translates"]))
    translations = {plain(header): words.strip() for header, _colon, words in translated}
    return Preset(
        row["name"], row["entity"], signature, columns, translations, row["makes"].strip()
    )


def _parts(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def recognise(headers: Sequence[str]) -> Preset | None:
    """The export these headers come from; of several the one that is known by most of them.

    >>> recognise(["LEI", "Entity.LegalName", "Anything"]).name
    'GLEIF: legal entities'
    """
    present = {plain(header) for header in headers}
    fitting = [preset for preset in presets() if preset.signature <= present]
    return max(fitting, key=lambda preset: len(preset.signature), default=None)
