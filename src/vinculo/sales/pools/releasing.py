"""The verbs of whoever gives a record up, for members of a pool to claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.parties.models import Party
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.registry import entity, entity_of
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.models import Lead
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.pools.claiming import give
from vinculo.sales.pools.known import known
from vinculo.sales.pools.membership import lying_in
from vinculo.sales.pools.models import Pool


class ReleaseForm(forms.Form):
    """Why a record goes back."""

    note = CleanText(label=_t("Why"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, user: User, record: Any = None
    ) -> None:
        super().__init__(data, files)


def may_go(record: Any) -> bool:
    """Only what belongs to somebody can be released, and only where there is a pool for its type."""
    declared = entity_of(record)
    return record.owner_id is not None and declared is not None and declared.key in known().types


def lead_may_go(lead: Lead) -> bool:
    """The same of a lead, and only while something has to be done about it."""
    return lead.is_alive and may_go(lead)


@action(
    "sales.release",
    label=_t("Release to the pool"),
    done=_t("Released."),
    form=ReleaseForm,
    on=("parties.company", "parties.person"),
    subject="party",
    icon="waves-horizontal",
    order=80,
    offered=may_go,
)
def release(*, actor: User, party: Party, note: str = "") -> None:
    """Give up a customer, for members of a pool to claim.

    Refused with open deals, and where no pool would have it: then nobody would see it any more.
    """
    held = _held(actor, entity(f"parties.{party.kind}"), party)
    deals = Deal.objects.filter(status=Ends.OPEN)
    if deals.filter(company=held.pk).exists() or deals.filter(person=held.pk).exists():
        raise DomainError(
            _("There are open deals with this customer. Close them or hand the customer over.")
        )
    if not _taken_up(held):
        raise DomainError(_("No pool takes this customer. Hand it to a colleague instead."))
    _say(held, note)


@action(
    "sales.release_lead",
    label=_t("Release to the pool"),
    done=_t("Released."),
    form=ReleaseForm,
    on="sales.lead",
    subject="lead",
    icon="waves-horizontal",
    order=80,
    offered=lead_may_go,
)
def release_lead(*, actor: User, lead: Lead, note: str = "") -> None:
    """Give up a lead, for members of a pool to claim; refused where no pool would have it."""
    held = _held(actor, entity("sales.lead"), lead)
    if not _taken_up(held):
        raise DomainError(_("No pool takes this lead. Hand it to a colleague instead."))
    _say(held, note)


def _held(actor: User, declared: Entity, record: Any) -> Any:
    """The record, held, if the actor may change it and it belongs to somebody."""
    rows = declared.visible(actor, "edit").filter(pk=record.pk)
    held = rows.select_for_update(of=("self",), no_key=True).first()
    if held is None:
        if declared.visible(actor).filter(pk=record.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such record, or you may not see it."))
    if held.owner_id is None:
        raise DomainError(_("This belongs to nobody already."))
    return held


def _taken_up(held: Any) -> bool:
    """Take a record off its owner; whether it lies in a pool then."""
    declared = entity_of(held)
    give(held, None)
    pools = Pool.objects.filter(entity=declared.key if declared else "", is_active=True)
    return any(lying_in(pool).filter(pk=held.pk).exists() for pool in pools)


def _say(held: Any, note: str) -> None:
    declared = entity_of(held)
    title = declared.title_of(held) if declared is not None else str(held)
    journal.relabel(f"{title}: {clean(note)}" if clean(note) else title)
