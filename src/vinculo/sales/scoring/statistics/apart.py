"""The door of the other process: it knows no Django, and it alone loads numpy and the like."""

from __future__ import annotations

from vinculo.sales.scoring.statistics.sheet import Learned, Sheet


def learn_there(decided: Sheet, waiting: Sheet) -> Learned:
    """See `training.learn`."""
    from vinculo.sales.scoring.statistics.training import learn

    return learn(decided, waiting)
