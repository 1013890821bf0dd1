"""Make a customer and a deal of a lead: one verb, one change-set, nothing typed twice.

What the lead holds goes where it belongs, as far as the actor may see it and may write it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.parties.models import Company, Person
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.handing import may_give
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.registry import entity
from vinculo.records.writing import create_record, edit_record
from vinculo.sales.deals.models import Deal
from vinculo.sales.leads.actions import LEAD, held, is_alive
from vinculo.sales.leads.contacts.handing import tell_customer
from vinculo.sales.leads.converting_form import NEW, ConvertForm
from vinculo.sales.leads.models import Lead, Status
from vinculo.sales.leads.rules import as_company, as_person, values_seen

COMPANY, PERSON, DEAL = "parties.company", "parties.person", "sales.deal"


@action(
    "sales.convert_lead",
    label=_t("Convert"),
    done=_t("Converted."),
    form=ConvertForm,
    on=LEAD,
    subject="lead",
    icon="arrow-right-left",
    order=5,
    offered=is_alive,
)
def convert_lead(
    *,
    actor: User,
    lead: Lead,
    company: str = NEW,
    known_company: Company | None = None,
    person: str = NEW,
    known_person: Person | None = None,
    name: str = "",
    pipeline: int | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    close_on: date | None = None,
) -> Deal:
    """Make a company, a person and a deal of a lead, or use those that are here already.

    `company` and `person` are "new", the number of a record, or "" for none; a `known_…` goes before
    them. Raises DomainError, NotAllowed, or the refusal of a collision rule, and then has written
    nothing.
    """
    if rights_of(actor).field_rule(LEAD, "status"):
        raise NotAllowed(_("You may not change this field."), field="status")
    found = held(actor, lead)
    said = values_seen(actor, found)
    at = _customer(actor, found, COMPANY, company, known_company, as_company(said))
    whom = _customer(actor, found, PERSON, person, known_person, {**as_person(said), "company": at})
    if at is None and whom is None:
        raise DomainError(_("Say who the customer is: choose a record or make one."), "company")
    asked = {"name": clean(name), "pipeline": pipeline, "amount": amount, "currency": currency,
             "close_on": close_on}  # fmt: skip
    deal = _made(actor, found, DEAL, {
        "company": at, "person": whom, "source": said.get("source"),
        "campaign": said.get("campaign"), "description": _told(said),
        **asked, "name": asked["name"] or said.get("interest") or said.get("name"),
    })  # fmt: skip
    tell_customer(actor, found, whom if whom is not None else at)
    _close(found, at, whom, deal)
    return deal


def _customer(
    actor: User, lead: Lead, key: str, chosen: str, known: Any, data: Mapping[str, Any]
) -> Any:
    """The company or the person that was chosen, made if need be; None for none."""
    field = key.rpartition(".")[2]
    if known is None and chosen == NEW:
        named = ("name",) if key == COMPANY else ("given_name", "family_name")
        return _made(actor, lead, key, data) if any(data.get(one) for one in named) else None
    number = known.pk if known is not None else chosen
    if not number:
        return None
    rows = entity(key).visible(actor)
    found = rows.filter(pk=number).first() if str(number).isdecimal() else None
    if found is None:
        raise NotFound(_("There is no such record, or you may not see it."), field=field)
    return _completed(actor, entity(key), found, data)


def _completed(actor: User, declared: Entity, record: Any, data: Mapping[str, Any]) -> Any:
    """A customer who was here before, told what only the lead knew; nothing is written over."""
    if not declared.visible(actor, "edit").filter(pk=record.pk).exists():
        return record
    seen = {one.name: one for one in declared.fields_for(actor) if one.editable}
    fresh = {
        name: value
        for name, value in data.items()
        if value and name in seen and not seen[name].value(record)
    }
    return edit_record(actor=actor, entity=declared, record=record, data=fresh) if fresh else record


def _made(actor: User, lead: Lead, key: str, data: Mapping[str, Any]) -> Any:
    """A new record of what the actor may write of `data`; it belongs to whom the lead belongs to,
    where the actor may give it to them, else to the actor."""
    declared = entity(key)
    editable = {one.name for one in declared.fields_for(actor) if one.editable}
    told = {name: value for name, value in data.items() if value and name in editable}
    owner = lead.owner if lead.owner_id and "owner" in editable else None
    if owner is not None and may_give(actor, key, owner):
        told["owner"] = owner
    return create_record(actor=actor, entity=declared, data=told)


def _told(said: Mapping[str, Any]) -> str:
    """What the lead wants, for the deal."""
    lines = (said.get("interest"), said.get("notes"))
    return "\n\n".join(str(one) for one in lines if one)


def _close(lead: Lead, company: Any, person: Any, deal: Deal) -> None:
    """The lead remembers what became of it, and changes no more."""
    lead.status, lead.converted_at, lead.why, lead.why_note = Status.CONVERTED, now(), "", ""
    lead.converted_company, lead.converted_person, lead.converted_deal = company, person, deal
    lead.save(update_fields=["status", "converted_at", "why", "why_note", "converted_company",
                             "converted_person", "converted_deal", "updated_at"])  # fmt: skip
    emit(
        "sales.lead_converted",
        {
            "lead": lead.pk,
            "company": company.pk if company is not None else None,
            "person": person.pk if person is not None else None,
            "deal": deal.pk,
        },
    )
