"""How good chances were, now that the outcomes are known. Chances are between 0 and 1."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from scipy.stats import rankdata

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

SEED = 7
RESAMPLES = 1000
#: Chances are told no surer than this: a single surprise would cost without end.
SUREST = 0.01


def kept_unsure(chances: Floats) -> Floats:
    """The chances, none nearer to 0 or 1 than `SUREST`."""
    return np.clip(chances, SUREST, 1 - SUREST)


def losses(won: Floats, chances: Floats) -> Floats:
    """The log loss of each deal, in nats: 0 for a sure and right chance, more the further off."""
    sure = kept_unsure(chances)
    found: Floats = -(won * np.log(sure) + (1 - won) * np.log(1 - sure))
    return found


def brier(won: Floats, chances: Floats) -> float:
    """The mean squared distance of chance and outcome, 0 to 1, less is better."""
    return float(np.mean((chances - won) ** 2))


def auc(won: Floats, chances: Floats) -> float:
    """How often a won deal had the higher chance than a lost one, ties counting half; 0.5 is
    guessing, and what is returned where all were won or all lost."""
    positive = int(won.sum())
    negative = len(won) - positive
    if not positive or not negative:
        return 0.5
    ranks = rankdata(chances)[won > 0.5].sum()
    return float((ranks - positive * (positive + 1) / 2) / (positive * negative))


def gain(won: Floats, base: Floats, chances: Floats) -> tuple[float, float, float]:
    """By how much log loss is less with these chances than with the base rate, and between what
    bounds that lies 95 times of 100, were other deals of the kind judged."""
    better = losses(won, base) - losses(won, chances)
    means = np.empty(RESAMPLES)
    dice = np.random.default_rng(SEED)
    for at in range(RESAMPLES):
        means[at] = better[dice.integers(0, len(better), len(better))].mean()
    low, high = np.quantile(means, [0.025, 0.975])
    return float(better.mean()), float(low), float(high)


def auc_bounds(won: Floats, chances: Floats, resamples: int = 300) -> tuple[float, float]:
    """Between what bounds the AUC lies 95 times of 100, were other deals of the kind judged."""
    dice = np.random.default_rng(SEED)
    found = []
    for _turn in range(resamples):
        rows = dice.integers(0, len(won), len(won))
        found.append(auc(won[rows], chances[rows]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def reliability(won: Floats, chances: Floats, most: int = 5) -> list[dict[str, float]]:
    """What was said and what came: deals in groups of about equal size by their chance, the mean
    chance of each (`said`), the share won (`came`) and how many they were (`deals`)."""
    order = np.argsort(chances, kind="stable")
    groups = [rows for rows in np.array_split(order, min(most, len(order))) if len(rows)]
    return [
        {
            "said": float(chances[rows].mean()),
            "came": float(won[rows].mean()),
            "deals": len(rows),
        }
        for rows in groups
    ]
