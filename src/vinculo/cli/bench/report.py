"""The figures of a run: as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Figure:
    """One measurement. `budget` is a most for times and sizes, a least for rates (`per_second`)."""

    name: str
    role: str
    unit: str
    measured: float
    budget: float | None = None
    p50: float | None = None
    most: float | None = None
    #: Processor time of server and database per request, milliseconds.
    cpu: float | None = None
    per_second: bool = False
    floor: str = ""
    ratio: float | None = None
    queries: int | None = None

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None where there is none."""
        if self.budget is None:
            return None
        return self.measured >= self.budget if self.per_second else self.measured <= self.budget


@dataclass(slots=True)
class Report:
    """Everything a run found out."""

    machine: dict[str, Any]
    data: dict[str, Any]
    floors: dict[str, float] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        """Keep a figure and say it at once: a long run is watched."""
        self.figures.append(figure)
        print(line_of(figure), flush=True)


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = ""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "processor": model,
        "memory_gb": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def line_of(figure: Figure) -> str:
    """One line of the table."""
    mark = {True: "met", False: "MISSED", None: ""}[figure.met]
    budget = f"{figure.budget:,.0f}" if figure.budget is not None else ""
    cpu = f"{figure.cpu:.1f}" if figure.cpu is not None else ""
    middle = f"{figure.p50:.1f}" if figure.p50 is not None else ""
    ratio = f"{figure.ratio:.2f}×" if figure.ratio is not None else ""
    queries = str(figure.queries) if figure.queries is not None else ""
    measured = f"{figure.measured:,.1f}" if figure.measured < 1000 else f"{figure.measured:,.0f}"
    return (
        f"{figure.name:<46.46} {figure.role:<12.12} {cpu:>7} {middle:>8} {measured:>10} {figure.unit:<7} "
        f"{budget:>7} {mark:<7} {ratio:>8} {queries:>4}"
    )


HEAD = (
    f"{'':<46} {'role':<12} {'cpu':>7} {'p50':>8} {'p95/rate':>10} {'unit':<7} {'budget':>7} {'':<7} "
    f"{'floor':>8} {'SQL':>4}"
)


def print_report(report: Report) -> None:
    """The summary after the table that was printed while measuring."""
    missed = [figure for figure in report.figures if figure.met is False]
    kept = sum(figure.met is True for figure in report.figures)
    print(f"\nmachine {report.machine}\ndata    {report.data}\nfloors  {report.floors}")
    print(f"{kept} budgets met, {len(missed)} missed.")
    for figure in missed:
        print(f"  {line_of(figure)}")
    for failure in report.failed:
        print(f"  not measured: {failure}")


def write_json(report: Report, file: Path) -> None:
    """The report as JSON."""
    whole = asdict(report)
    for figure, found in zip(report.figures, whole["figures"], strict=True):
        found["met"] = figure.met
    file.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
