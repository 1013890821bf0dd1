"""The verbs of leads: work on one, say that it is none, take that back, tick what it meets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record
from vinculo.sales.leads.forms import DisqualifyForm
from vinculo.sales.leads.models import Lead, Status, Why
from vinculo.sales.pipelines.known import known

LEAD = "sales.lead"


def is_new(lead: Lead) -> bool:
    """Nobody has done anything about it."""
    return lead.status == Status.NEW


def is_alive(lead: Lead) -> bool:
    """Something has still to be done about it."""
    return lead.is_alive


def is_disqualified(lead: Lead) -> bool:
    """It was found to be none."""
    return lead.status == Status.DISQUALIFIED


@action(
    "sales.work_lead",
    label=_t("Begin work"),
    done=_t("You are working on it."),
    on=LEAD,
    subject="lead",
    icon="circle-play",
    order=10,
    offered=is_new,
)
def work_lead(*, actor: User, lead: Lead) -> Lead:
    """Say that somebody is working on a lead."""
    return change(actor, lead, {"status": Status.WORKING})


@action(
    "sales.disqualify_lead",
    label=_t("Disqualify"),
    done=_t("Disqualified."),
    form=DisqualifyForm,
    on=LEAD,
    subject="lead",
    icon="circle-x",
    order=30,
    offered=is_alive,
)
def disqualify_lead(*, actor: User, lead: Lead, why: str, note: str = "") -> Lead:
    """Say that a lead is none, and why."""
    if why not in Why.values:
        raise DomainError(_("Choose one from the list."), field="why")
    told = {"status": Status.DISQUALIFIED, "why": why}
    return change(actor, lead, {**told, "why_note": clean(note)[:500]} if note else told)


@action(
    "sales.reopen_lead",
    label=_t("Work on it again"),
    done=_t("Reopened."),
    on=LEAD,
    subject="lead",
    icon="rotate-ccw",
    order=20,
    offered=is_disqualified,
)
def reopen_lead(*, actor: User, lead: Lead) -> Lead:
    """Work on a disqualified lead again; why it was one is forgotten, the history keeps it."""
    if lead.status != Status.DISQUALIFIED:
        raise DomainError(_("This lead is not disqualified."))
    return change(actor, lead, {"status": Status.WORKING})


def change(actor: User, lead: Lead, data: dict[str, Any]) -> Lead:
    """Change a lead by the rules of its record type."""
    declared = entity(LEAD)
    if not declared.visible(actor).filter(pk=lead.pk).exists():
        raise NotFound(_("There is no such lead, or you may not see it."))
    made: Lead = edit_record(actor=actor, entity=declared, record=lead, data=data)
    return made


def held(actor: User, lead: Lead) -> Lead:
    """The lead, held, if the actor may change it and it was not converted."""
    declared = entity(LEAD)
    rows = declared.visible(actor, "edit").select_for_update(of=("self",)).filter(pk=lead.pk)
    found: Lead | None = rows.first()
    if found is None:
        if declared.visible(actor).filter(pk=lead.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such lead, or you may not see it."))
    if found.status == Status.CONVERTED:
        raise DomainError(_("This lead was converted and is changed no more."))
    journal.relabel(found.name)
    return found


@action("sales.tick_criterion", label=_t("Tick what a lead meets"), granted=False)
def tick_criterion(*, actor: User, lead: Lead, criterion: int) -> bool:
    """Note that a lead meets what is asked of it, or take that back."""
    if rights_of(actor).field_rule(LEAD, "rating"):
        raise NotAllowed(_("You may not change this field."), field="rating")
    found = held(actor, lead)
    asked = {one.pk for one in known().criteria}
    if criterion not in asked:
        raise NotFound(_("This entry is no longer on the checklist."))
    met = set(found.met) & asked
    ticked = criterion not in met
    met = met | {criterion} if ticked else met - {criterion}
    found.met, found.rating = sorted(met), round(100 * len(met) / len(asked))
    found.save(update_fields=["met", "rating", "updated_at"])
    return ticked
