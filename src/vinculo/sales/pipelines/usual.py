"""The pipeline, the reasons and the checklist of leads that a new installation begins with, in its language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import translation
from django.utils.translation import pgettext

from vinculo.platform.usual import ensure_usual
from vinculo.sales.deals.models import CloseReason
from vinculo.sales.leads.models import Criterion
from vinculo.sales.pipelines.models import Category, Ends, Pipeline, Stage


def _stages() -> list[tuple[str, Ends, int, Category, int | None, list[str]]]:
    return [
        (pgettext("stage", "Qualified"), Ends.OPEN, 10, Category.PIPELINE, 14, []),
        (pgettext("stage", "Needs understood"), Ends.OPEN, 25, Category.PIPELINE, 21, []),
        (pgettext("stage", "Proposal"), Ends.OPEN, 50, Category.BEST_CASE, 21,
         ["amount", "close_on"]),
        (pgettext("stage", "Negotiation"), Ends.OPEN, 75, Category.COMMIT, 14,
         ["amount", "close_on"]),
        (pgettext("of a deal", "Won"), Ends.WON, 100, Category.CLOSED, None, []),
        (pgettext("of a deal", "Lost"), Ends.LOST, 0, Category.OMITTED, None, ["reason"]),
    ]  # fmt: skip


def _reasons() -> list[tuple[str, Ends]]:
    return [
        (pgettext("reason", "Best offer"), Ends.WON),
        (pgettext("reason", "Trust in us"), Ends.WON),
        (pgettext("reason", "Price"), Ends.LOST),
        (pgettext("reason", "A competitor"), Ends.LOST),
        (pgettext("reason", "No budget"), Ends.LOST),
        (pgettext("reason", "No answer"), Ends.LOST),
        (pgettext("reason", "Does not fit"), Ends.LOST),
    ]


def _criteria() -> list[str]:
    return [
        pgettext("criterion", "Has a budget"),
        pgettext("criterion", "Decides, or brings whoever does"),
        pgettext("criterion", "Needs what we offer"),
        pgettext("criterion", "Wants it within a foreseeable time"),
    ]


def ensure_usual_pipeline(using: str) -> None:
    """Give a new installation a pipeline with its stages, reasons, and what leads are asked, once."""
    if Pipeline._meta.db_table not in connections[using].introspection.table_names():
        return
    with translation.override(settings.LANGUAGE_CODE):
        ensure_usual(Pipeline, [{"name": pgettext("pipeline", "Sales"), "place": 1}], using)
        first = Pipeline.objects.using(using).order_by("pk").first()
        if first is not None:
            ensure_usual(Stage, _rows(first), using)
        reasons = [
            {"name": name, "ends": ends, "place": place}
            for place, (name, ends) in enumerate(_reasons())
        ]
        ensure_usual(CloseReason, reasons, using)
        criteria = [{"name": name, "place": place} for place, name in enumerate(_criteria())]
        ensure_usual(Criterion, criteria, using)


def _rows(pipeline: Pipeline) -> list[dict[str, Any]]:
    return [
        {
            "pipeline": pipeline,
            "place": place,
            "name": name,
            "ends": ends,
            "probability": probability,
            "category": category,
            "rotten_days": days,
            "required": required,
        }
        for place, (name, ends, probability, category, days, required) in enumerate(_stages())
    ]
