"""The record types that get scores."""

from __future__ import annotations

from vinculo.sales.scoring.of_deals import DEALS
from vinculo.sales.scoring.of_leads import LEADS
from vinculo.sales.scoring.subject import Subject

SUBJECTS: dict[str, Subject] = {one.key: one for one in (DEALS, LEADS)}
