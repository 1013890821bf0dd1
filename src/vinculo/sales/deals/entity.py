"""What a deal is, declared once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import tells
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.products.currency import books_currency
from vinculo.products.entities import currency_field, currency_of
from vinculo.records.entity import Board, Calendar, Entity, Section
from vinculo.records.external.panel import ELSEWHERE
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.parts import Parts
from vinculo.records.registry import register
from vinculo.sales.deals.board import action_for, lanes_of
from vinculo.sales.deals.derived import refresh
from vinculo.sales.deals.following import follow_stages
from vinculo.sales.deals.header import badges, figures, notes
from vinculo.sales.deals.importing import DealWriter
from vinculo.sales.deals.line_panel import LINES
from vinculo.sales.deals.models import Deal, DealLine, StageVisit
from vinculo.sales.deals.panels import CHECKLIST, TIMELINE, WAY
from vinculo.sales.deals.rules import fixed_of, prepare_deal
from vinculo.sales.pipelines.known import (
    default_pipeline,
    known,
    pipeline_choices,
    reason_choices,
    stage_choices,
)
from vinculo.sales.scoring.points.counting import count_points


def among(
    choices: Callable[[], tuple[tuple[int, Label], ...]], retired: Callable[[], frozenset[int]]
) -> Callable[[Field], Field]:
    """What makes a field one whose choices are rows of the company, by their numbers, of which some
    are told but no longer offered; the same field until they are others."""
    kept: dict[str, Any] = {}

    def live(item: Field) -> Field:
        offered = choices()
        if kept.get("offered") is not offered:
            now = replace(item, choices=offered, retired=retired())
            kept.update(offered=offered, field=now)
        found: Field = kept["field"]
        return found

    return live


@cache
def _in(item: Field, currency: str) -> Field:
    return replace(item, currency=currency)


def in_books(item: Field) -> Field:
    """An amount in the currency of the books."""
    return _in(item, books_currency())


def derive(ids: Sequence[int]) -> None:
    """Stays in stages, search keys, values and points follow a deal."""
    follow_stages(ids)
    refresh(ids)
    count_points("sales.deal", ids)


def beginning(user: User) -> dict[str, Any]:
    """A new deal goes the usual way, and is in the currency of the books."""
    usual = default_pipeline(user)
    return {"currency": books_currency(), **({"pipeline": usual.pk} if usual else {})}


def created(user: User, deal: Deal) -> None:
    """Tell of a new deal."""
    emit("sales.deal_created", {"deal": deal.pk, "company": deal.company_id})


DEAL = register(
    Entity(
        key="sales.deal",
        model=Deal,
        path="deals",
        icon="handshake",
        nav="sales",
        nav_order=20,
        nav_filter="status.is=open",
        add_label=_("New deal"),
        fields=(
            Field("name", searched=True, required=False),
            Field("company", searched=True, required=False),
            Field("person", searched=True),
            Field("product"),
            Field("pipeline", kind=Kind.CHOICE, column="pipeline_id", choices=(), required=False,
                  live=among(pipeline_choices, lambda: known().out_of_use), sort="pipeline__place"),
            Field("stage", kind=Kind.CHOICE, column="stage_id", choices=(), required=False,
                  live=among(stage_choices, lambda: known().stages_out_of_use), sort="stage__place"),
            Field("status", editable=False),
            Field("amount", currency_of=currency_of),
            currency_field(),
            Field("value", editable=False, live=in_books),
            Field("probability", kind=Kind.PERCENT, required=False),
            Field("weighted", editable=False, live=in_books),
            Field("score", kind=Kind.PERCENT, editable=False),
            Field("points", editable=False),
            "category",
            Field("close_on"),
            Field("opened_on", required=False),
            "closed_on",
            Field("cycle_days", editable=False),
            Field("stage_since", editable=False),
            Field("next_step", searched=True),
            "next_step_on",
            "owner",
            "team",
            "source",
            Field("campaign", searched=True),
            Field("reason", kind=Kind.CHOICE, column="reason_id", choices=(), required=False,
                  live=among(reason_choices, lambda: known().reasons_out_of_use), sort="reason__name"),
            "close_note",
            "lesson",
            "tags",
            Field("external_id", searched=True),
            "description",
            "created_at",
            Field("updated_at", editable=False),
        ),
        columns=("name", "company", "stage", "value", "close_on", "next_step_on", "owner"),
        form=("name", "company", "person", "product", "pipeline", "amount", "currency", "close_on", "source",
              "owner"),
        sections=(
            Section(_("Facts"), ("company", "person", "product", "amount", "currency", "close_on",
                                 "next_step", "next_step_on", "owner", "team")),
            Section(_("Pipeline"),
                    ("pipeline", "stage", "probability", "category", "opened_on", "source",
                     "campaign")),
            Section(_("How it ended"), ("closed_on", "cycle_days", "reason", "close_note", "lesson")),
            Section(_("More"), ("tags", "external_id", "description")),
        ),
        subtitle=("company", "person"),
        needs=("currency", "status", "stage", "stage_since", "close_on", "next_step_on", "value",
               "probability"),
        default_sort="close_on",
        beginning=beginning,
        mark="sales/mark_deal.html",
        search="search",
        search_late=True,
        derive=derive,
        prepare=prepare_deal,
        fixed=fixed_of,
        notes=notes,
        created=created,
        badges=badges,
        figures=[figures],
        history=((StageVisit, "deal_id"), (DealLine, "deal_id")),
        panels=[LINES, CHECKLIST, TIMELINE, WAY, ELSEWHERE],
        parts=(Parts("lines", LINES.label, DealLine, "deal", leads_to={"product": "products.product"}),),
        board=Board(
            "stage",
            facts=("company", "value", "close_on"),
            total="value",
            columns=lanes_of,
            action_for=action_for,
        ),
        calendar=Calendar("close_on", facts=("company", "value"), tone="status"),
    )
)  # fmt: skip

# What follows from a fact tells it: hidden wherever that one is.
for told, of in (
    ("value", "amount"),
    ("weighted", "value"),
    ("status", "stage"),
    ("stage_since", "stage"),
):
    tells(DEAL.key, told, of=(DEAL.key, of))

DEAL.bulk_writer = DealWriter(DEAL)
