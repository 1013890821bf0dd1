"""The two models, and their calibration. Both say log odds, and what each column adds to them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import lightgbm
import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from vinculo.sales.scoring.statistics.measures import SEED, Floats, losses
from vinculo.sales.scoring.statistics.shaping import Shape
from vinculo.sales.scoring.statistics.sheet import Sheet

#: Of the deals learned from, the latest fifth says when more trees only learn by heart.
STOPPING = 0.8
MOST_TREES = 300


class Model(Protocol):
    """What was learned."""

    name: str

    def parts(self, sheet: Sheet) -> Floats:
        """Row by row what each column adds to the log odds; the last one is what all begin with."""


class Logistic:
    """Logistic regression, its weights drawn to zero."""

    name = "logistic"

    def __init__(self, sheet: Sheet, shapes: Sequence[Shape], won: Floats, rows: list[int]) -> None:
        self.shapes = shapes
        spread, self.owner = self._spread(sheet)
        self.means = spread[rows].mean(axis=0)
        model = LogisticRegression(C=0.3, max_iter=1000)
        model.fit(spread[rows] - self.means, won[rows])
        self.weights, self.begin = model.coef_[0], float(model.intercept_[0])

    def _spread(self, sheet: Sheet) -> tuple[Floats, Any]:
        pieces = [s.spread(c) for s, c in zip(self.shapes, sheet.columns, strict=True)]
        owner = np.concatenate([[at] * piece.shape[1] for at, piece in enumerate(pieces)])
        return np.hstack(pieces), owner

    def parts(self, sheet: Sheet) -> Floats:
        """See `Model`."""
        spread, _owner = self._spread(sheet)
        added = (spread - self.means) * self.weights
        columns = [added[:, self.owner == at].sum(axis=1) for at in range(len(self.shapes))]
        return np.column_stack([*columns, np.full(len(added), self.begin)])


class Trees:
    """Boosted trees of lightgbm, few and small."""

    name = "lightgbm"

    def __init__(self, sheet: Sheet, shapes: Sequence[Shape], won: Floats, rows: list[int]) -> None:
        self.shapes = shapes
        coded = self._coded(sheet)
        self.words = [at for at, shape in enumerate(shapes) if not shape.is_number]
        self.options = {
            "objective": "binary",
            "num_leaves": 15,
            "learning_rate": 0.05,
            "min_data_in_leaf": max(15, len(rows) // 100),
            "feature_fraction": 0.8,
            "lambda_l2": 5.0,
            "cat_smooth": 20.0,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": SEED,
            "verbosity": -1,
        }
        early = rows[: int(len(rows) * STOPPING)]
        late = rows[len(early) :]
        trees = self._best(coded, won, early, late)
        self.model = self._fit(coded[rows], won[rows], trees)

    def _fit(self, coded: Floats, won: Floats, trees: int) -> lightgbm.Booster:
        data = lightgbm.Dataset(coded, won, categorical_feature=self.words)
        return lightgbm.train(self.options, data, num_boost_round=trees)

    def _best(self, coded: Floats, won: Floats, early: list[int], late: list[int]) -> int:
        model = self._fit(coded[early], won[early], MOST_TREES)
        counts = range(5, MOST_TREES + 1, 5)
        costs = {
            trees: float(losses(won[late], self._told(model, coded[late], trees)).mean())
            for trees in counts
        }
        return min(counts, key=lambda trees: (costs[trees], trees))

    def _told(self, model: lightgbm.Booster, coded: Floats, trees: int) -> Floats:
        return np.asarray(model.predict(coded, num_iteration=trees))

    def _coded(self, sheet: Sheet) -> Floats:
        return np.column_stack(
            [s.coded(c) for s, c in zip(self.shapes, sheet.columns, strict=True)]
        )

    def parts(self, sheet: Sheet) -> Floats:
        """See `Model`."""
        found: Floats = np.asarray(self.model.predict(self._coded(sheet), pred_contrib=True))
        return found


class Calibrated:
    """A model whose log odds are stretched and shifted so that chances come true (Platt), by deals
    that it has not learned from."""

    def __init__(self, model: Model, sheet: Sheet, won: Floats, rows: list[int]) -> None:
        self.model = model
        odds = model.parts(sheet).sum(axis=1)
        # Drawn a little to the base rate: few deals to calibrate by must not make chances sure.
        platt = LogisticRegression(C=1.0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            platt.fit(odds[rows, None], won[rows])
        # A model that orders deals the wrong way round has learned nothing.
        self.stretch, self.shift = max(0.0, float(platt.coef_[0][0])), float(platt.intercept_[0])
        if self.stretch == 0.0:
            share = float(won[rows].mean())
            self.shift = float(np.log(share / (1 - share)))

    def odds(self, parts: Floats) -> Floats:
        """The calibrated log odds of a model's parts."""
        found: Floats = parts.sum(axis=1) * self.stretch + self.shift
        return found

    def chances(self, sheet: Sheet) -> Floats:
        """How likely each deal is won."""
        found: Floats = expit(self.odds(self.model.parts(sheet)))
        return found

    def points(self, parts: Floats) -> Floats:
        """Row by row by how many hundredths the chance would be less without each column."""
        odds = self.odds(parts)
        without = odds[:, None] - parts[:, :-1] * self.stretch
        found: Floats = 100 * (expit(odds)[:, None] - expit(without))
        return found
