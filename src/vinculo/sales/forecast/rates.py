"""How often deals were won from each stage: what the model-based forecast multiplies by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

#: From fewer closed deals nothing can be told of a stage.
ENOUGH = 30
#: Only what closed in so many days counts: how a company sold before tells little.
DAYS = 365
_PLACES = Decimal(1).scaleb(-8)

# Over the company's whole history, whoever asks: it tells of a stage, not of a deal.
PASSED = """
SELECT passed.stage_id, count(*), count(*) FILTER (WHERE d.status = 'won')
FROM (SELECT DISTINCT v.stage_id, v.deal_id FROM sales_stagevisit v) passed
JOIN sales_deal d ON d.id = passed.deal_id
JOIN sales_stage s ON s.id = passed.stage_id AND s.ends = 'open'
WHERE d.status <> 'open' AND d.closed_on > %s AND d.closed_on <= %s
GROUP BY passed.stage_id
"""


@dataclass(frozen=True)
class StageRate:
    """Of so many deals that passed a stage and were closed, so many were won."""

    closed: int = 0
    won: int = 0

    @property
    def rate(self) -> Decimal | None:
        """The share that was won (0 to 1); None where too few were closed."""
        if self.closed < ENOUGH:
            return None
        return (Decimal(self.won) / self.closed).quantize(_PLACES)


def stage_rates(today: date) -> dict[int, StageRate]:
    """Per stage, what became of the deals that passed it and closed in the last twelve months."""
    with connection.cursor() as cursor:
        cursor.execute(PASSED, [today - timedelta(days=DAYS), today])
        return {stage: StageRate(closed, won) for stage, closed, won in cursor.fetchall()}
