"""A deal's stays in stages follow its stage: one open stay, in the stage it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from vinculo.platform.events import emit
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends

LEAVE = """
UPDATE sales_stagevisit v SET left_at = d.stage_since
FROM sales_deal d
WHERE v.deal_id = d.id AND d.id = ANY(%s) AND v.left_at IS NULL AND v.stage_id <> d.stage_id
RETURNING v.deal_id, v.stage_id
"""

ENTER = """
INSERT INTO sales_stagevisit (deal_id, stage_id, entered_at)
SELECT d.id, d.stage_id, d.stage_since FROM sales_deal d
WHERE d.id = ANY(%s)
AND NOT EXISTS (SELECT FROM sales_stagevisit v WHERE v.deal_id = d.id AND v.left_at IS NULL)
RETURNING deal_id, stage_id
"""


def follow_stages(ids: Sequence[int]) -> None:
    """End the stays of deals that stand elsewhere now and begin the new ones; tell of each move."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [list(ids)])
        left = dict(cursor.fetchall())
        cursor.execute(ENTER, [list(ids)])
        entered = dict(cursor.fetchall())
    stages = known().stages
    for deal, stage in entered.items():
        if deal not in left:
            continue  # a new deal
        told = {"deal": deal, "from": left[deal], "to": stage}
        before, after = stages.get(left[deal]), stages.get(stage)
        emit("sales.deal_moved", told)
        if after is not None and after.ends == Ends.WON:
            emit("sales.deal_won", told)
        elif after is not None and after.ends == Ends.LOST:
            emit("sales.deal_lost", told)
        elif before is not None and before.ends != Ends.OPEN:
            emit("sales.deal_reopened", told)
