"""Importing a file in a test, without browser or job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.transfer.pipeline import Result, import_table
from vinculo.records.transfer.plan import Plan, first_plan, with_styles
from vinculo.records.transfer.reading import open_table
from vinculo.records.transfer.writer import writer_of


@dataclass
class Imported:
    """What came of a file."""

    result: Result
    refused: list[tuple[int, str, dict[str, Any]]]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """created, updated, skipped, refused; checked to add up."""
        counts = self.result.counts
        parts = tuple(counts[name] for name in ("created", "updated", "skipped", "refused"))
        assert sum(parts) == counts["seen"]
        return parts  # type: ignore[return-value]


def import_file(
    user: User,
    entity_key: str,
    path: Path,
    *,
    mode: str = "create",
    key: str | None = None,
    columns: tuple[tuple[int, str], ...] | None = None,
    lenient: bool = False,
    dry_run: bool = False,
    country: str = "",
    system: str = "",
) -> Imported:
    """Import a file as `user` with the suggested mapping, or `columns`."""
    table = open_table(path, path.name)
    writer = writer_of(entity(entity_key))
    sample = table.sample(200)
    targets = writer.targets(user)
    plan, _guesses = first_plan(table, sample, targets, writer, user)
    plan = replace(plan, mode=mode, lenient=lenient, country=country, system=system)
    plan = replace(plan, key=plan.key if key is None else key, columns=columns or plan.columns)
    plan = Plan.from_json(with_styles(plan, targets, sample).as_json())
    refused: list[tuple[int, str, dict[str, Any]]] = []

    def keep(rows: Iterator[tuple[int, str, dict[str, Any]]]) -> None:
        refused.extend(rows)

    result = import_table(
        user=user,
        entity_key=entity_key,
        table=table,
        plan=plan,
        writer=writer,
        dry_run=dry_run,
        label=path.name,
        progress=lambda stage, rows: None,
        refused_to=keep,
    )
    return Imported(result, refused)


def import_text(user: User, entity_key: str, folder: Path, text: str, **options: Any) -> Imported:
    """Import the text of a CSV file."""
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return import_file(user, entity_key, path, **options)
