"""Learn from decided deals, judge by later ones, and score the open ones if that is worth anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from vinculo.sales.scoring.statistics.fitting import Calibrated, Logistic, Trees
from vinculo.sales.scoring.statistics.guarding import SUSPICIOUS, alone, says_nothing
from vinculo.sales.scoring.statistics.measures import (
    Floats,
    auc,
    auc_bounds,
    brier,
    gain,
    kept_unsure,
    losses,
    reliability,
)
from vinculo.sales.scoring.statistics.shaping import Shape, shape_of
from vinculo.sales.scoring.statistics.sheet import LEAST_IN_PART, Column, Learned, Sheet, cut

#: So many factors are kept for each deal, the weightiest, and none below a hundredth.
MOST_FACTORS = 6


def learn(decided: Sheet, waiting: Sheet) -> Learned:
    """Learn from decided deals and score the waiting ones, whose columns are the same."""
    won = np.array(decided.won, dtype=float)
    parts = cut(decided.days)
    report: dict[str, Any] = {
        "won": float(won.mean()),
        "deals": [len(part) for part in parts],
        "days": [[decided.days[part[0]], decided.days[part[-1]]] if part else [] for part in parts],
    }
    if any(len(part) < LEAST_IN_PART or len(set(won[part])) < 2 for part in parts):
        return Learned("split", report)
    learning, calibrating, judging = parts
    chosen, report["left_out"] = _guarded(decided, won, learning, calibrating)
    report["used"] = [decided.columns[at].name for at in chosen]
    if not chosen:
        return Learned("none", report)
    sheet = Sheet([decided.columns[at] for at in chosen])
    shapes = [shape_of(column, learning) for column in sheet.columns]
    models = [
        Calibrated(kind(sheet, shapes, won, learning), sheet, won, calibrating)
        for kind in (Logistic, Trees)
    ]
    chances = {one.model.name: kept_unsure(one.chances(sheet)) for one in models}
    # Which of the two is asked is settled before they are judged.
    best = min(
        models,
        key=lambda one: losses(won[calibrating], chances[one.model.name][calibrating]).mean(),
    )
    name = best.model.name
    base = np.full(len(won), won[calibrating].mean())
    report["judged"] = {
        "base": _judged(won[judging], base[judging], base[judging]),
        **{
            key: _judged(won[judging], base[judging], said[judging])
            for key, said in chances.items()
        },
    }
    report["chosen"] = name
    report["reliability"] = reliability(won[judging], chances[name][judging])
    judged = report["judged"][name]
    if judged["gain_low"] <= 0 or judged["auc_low"] <= 0.5:
        return Learned("none", report)
    report["weights"] = _weights(best, sheet, judging)
    return Learned("signal", report, _scored(best, shapes, [waiting.columns[at] for at in chosen]))


def _guarded(
    sheet: Sheet, won: Floats, learning: list[int], check: list[int]
) -> tuple[list[int], list[dict[str, Any]]]:
    """The places of the columns to learn from, and which are left out, and why."""
    kept: list[int] = []
    out: list[dict[str, Any]] = []
    for at, column in enumerate(sheet.columns):
        if says_nothing(column, learning):
            out.append({"column": column.name, "why": "same"})
            continue
        separates = alone(column, won, learning, check)
        if separates > SUSPICIOUS:
            out.append({"column": column.name, "why": "alone", "auc": round(separates, 3)})
        else:
            kept.append(at)
    return kept, out


def _judged(won: Floats, base: Floats, chances: Floats) -> dict[str, float]:
    better, low, high = gain(won, base, chances)
    auc_low, auc_high = auc_bounds(won, chances)
    return {
        "log_loss": float(losses(won, chances).mean()),
        "brier": brier(won, chances),
        "auc": auc(won, chances),
        "auc_low": auc_low,
        "auc_high": auc_high,
        "gain": better,
        "gain_low": low,
        "gain_high": high,
    }


def _weights(model: Calibrated, sheet: Sheet, rows: list[int]) -> list[list[Any]]:
    """By how many hundredths each column moves a chance on average, the weightiest first."""
    moved = np.abs(model.points(model.model.parts(sheet)[rows])).mean(axis=0)
    found = [[c.name, round(float(m), 1)] for c, m in zip(sheet.columns, moved, strict=True)]
    return sorted(found, key=lambda one: -one[1])


def _scored(
    model: Calibrated, shapes: list[Shape], columns: list[Column]
) -> list[tuple[int, list[list[Any]]]]:
    sheet = Sheet(columns)
    if not len(sheet):
        return []
    parts = model.model.parts(sheet)
    chances = kept_unsure(1 / (1 + np.exp(-model.odds(parts))))
    points = np.rint(model.points(parts)).astype(int)
    found = []
    for at, chance in enumerate(chances):
        order = sorted(range(len(shapes)), key=lambda col: -abs(points[at][col]))
        factors = [
            [shapes[col].name, int(points[at][col]), shapes[col].said(columns[col], at)]
            for col in order[:MOST_FACTORS]
            if points[at][col]
        ]
        found.append((round(100 * float(chance)), factors))
    return found
