"""What is checked and completed before a lead is saved, and how leads are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vinculo.kernel.errors import DomainError, MoreNeeded, _
from vinculo.kernel.text import SearchValues, search_keys
from vinculo.kernel.urls import parse_website
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.models import ContactKind, Kind
from vinculo.parties.naming import full_name
from vinculo.parties.rules import sentence_about
from vinculo.parties.understanding import default_country, understand
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.platform.search_keys import write_keys
from vinculo.records.custom.fields import words_of
from vinculo.records.registry import entity
from vinculo.sales.leads.models import Lead, Status

CHUNK = 2000
CONVERTED = _("This lead was converted and is changed no more.")


def prepare_lead(user: User, record: Lead, data: dict[str, Any]) -> None:
    """Bring a lead's new values into order; a converted one is changed no more."""
    if record.pk and record.status == Status.CONVERTED:
        raise DomainError(CONVERTED)
    _status(record, data)
    complete(record, data)


def fixed_of(lead: Lead) -> dict[str, str]:
    """What is not typed on this lead: nothing, once it was converted."""
    if lead.status != Status.CONVERTED:
        return {}
    return dict.fromkeys(entity("sales.lead").all_fields, CONVERTED)


def complete(record: Lead, data: dict[str, Any]) -> None:
    """Read how the lead is reached, and call it something; DomainError for what cannot be read."""
    read_contacts(data, str(data.get("country") or record.country or ""))
    if not data.get("name", record.name):
        data["name"] = _called(record, data)


def _status(record: Lead, data: dict[str, Any]) -> None:
    wanted = data.get("status") or record.status
    if "status" in data:
        data["status"] = wanted
    if wanted == Status.CONVERTED and record.status != Status.CONVERTED:
        raise DomainError(_("Use “Convert” on the lead's page for that."), field="status")
    if wanted != Status.DISQUALIFIED:
        if "status" in data and record.why:
            data.setdefault("why", "")
            data.setdefault("why_note", "")
    elif not data.get("why", record.why):
        raise MoreNeeded(_("Say why it is disqualified."), fields=("why",), field="why")


def read_contacts(data: dict[str, Any], country: str) -> None:
    """Phone, e-mail and website as they are understood; a phone that cannot be stays as typed."""
    for name, kind in (("email", ContactKind.EMAIL), ("phone", ContactKind.PHONE)):
        if data.get(name):
            try:
                read = understand(kind, data[name], country or default_country())
            except DomainError as error:
                raise DomainError(error.message, field=name, **error.params) from error
            plain = kind == ContactKind.PHONE and read.is_valid
            data[name] = read.value if plain else read.typed
    if data.get("website"):
        try:
            data["website"] = parse_website(data["website"]).url
        except DomainError as error:
            raise DomainError(error.message, field="website", **error.params) from error


def _called(record: Lead, data: dict[str, Any]) -> str:
    """What a lead is called that nobody named: whoever it is, else how they are reached."""

    def said(name: str) -> str:
        return str(data.get(name, getattr(record, name)) or "")

    person = full_name(said("given_name"), said("family_name"))
    found = ", ".join(one for one in (person, said("company_name")) if one)
    found = found or said("email") or said("phone")
    if not found:
        raise DomainError(_("Write who it is or what it is about."), field="name")
    return found[:200]


def values_seen(user: User, lead: Lead) -> dict[str, Any]:
    """What a lead holds, as far as the user may see it: field name → value."""
    return {one.name: one.value(lead) for one in entity("sales.lead").fields_for(user)}


def as_company(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a lead's values say of a company: how it is reached where nobody in it is named."""
    names = ["website", "city", "country", "source"]
    if not (said.get("given_name") or said.get("family_name")):
        names += ["email", "phone"]
    return {"name": said.get("company_name"), **{name: said.get(name) for name in names}}


def as_person(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a lead's values say of a person; the place is the company's where there is one."""
    names = ["given_name", "family_name", "email", "phone", "language", "source"]
    if not said.get("company_name"):
        names += ["city", "country"]
    return {name: said.get(name) for name in names}


def warnings(user: User, record: Lead | None, data: dict[str, Any]) -> list[str]:
    """Sentences about customers that may be who a lead is about; said when it is new."""
    if record is not None:
        return []
    found = []
    if data.get("company_name"):
        found += possible_matches(user, Kind.COMPANY, as_company(data))
    if data.get("family_name") or data.get("email") or data.get("phone"):
        found += possible_matches(user, Kind.PERSON, as_person(data))
    return [sentence_about(match) for match in found]


def created(user: User, lead: Lead) -> None:
    """Tell of a new lead."""
    emit("sales.lead_created", {"lead": lead.pk})


def refresh(ids: Sequence[int]) -> None:
    """Bring the search keys of the leads `ids` up to date."""
    for start in range(0, len(ids), CHUNK):
        rows = Lead.objects.filter(pk__among=list(ids[start : start + CHUNK])).values_list(
            "pk", "name", "given_name", "family_name", "company_name", "email", "phone",
            "campaign", "interest", "tags", "external_id", "custom",
        )  # fmt: skip
        keys = []
        for pk, name, given, family, company, email, phone, *rest, tags, external, custom in rows:
            words = (*rest, external, *tags, *words_of("sales.lead", custom))
            values = SearchValues(
                names=(name, full_name(given, family), company),
                words=words,
                emails=(email,) if email else (),
                phones=(phone,) if phone else (),
            )
            keys.append((pk, search_keys(values)))
        write_keys(Lead, keys)
