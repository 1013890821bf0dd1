"""How likely it is that a record ends well and why, as a part of its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import rights_of
from vinculo.platform.formats import number_text
from vinculo.records.entity import Panel
from vinculo.records.registry import entity_of
from vinculo.sales.scoring.models import SCORES
from vinculo.sales.scoring.subjects import SUBJECTS
from vinculo.sales.scoring.telling import factors_for


def score_of(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """The score of an open record with what made it; None where it has none."""
    user: Any = request.user
    declared = entity_of(record)
    subject = SUBJECTS[declared.key] if declared is not None else None
    if subject is None or record.score is None or record.status not in subject.open:
        return None
    rights = rights_of(user)
    if any(rights.field_rule(subject.key, name) == "hidden" for name in ("score", "status")):
        return None
    rows = SCORES[subject.key].objects.filter(record=record).visible_to(user)
    score: Any = rows.select_related("training").first()
    if score is None:
        return None
    share = number_text(round(100 * score.training.report.get("won", 0)))
    return {
        "percent": score.percent,
        "factors": factors_for(user, subject, score),
        "training": score.training,
        "explained": str(subject.explained) % {"share": share},
    }


SCORE = Panel(
    "score", pgettext_lazy("a chance", "Score"), "sales/scoring/panel.html", score_of, order=25
)
