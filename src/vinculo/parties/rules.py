"""What is checked and completed before a company or person is saved, and what is worth a warning.

Called by the record machinery: forms, inline edit, API and import of single records pass here.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from vinculo.kernel.countries import country_name
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.phones import parse_phone
from vinculo.kernel.taxids import check_tax_id
from vinculo.kernel.urls import parse_website
from vinculo.parties import hierarchy
from vinculo.parties.collisions.vocabulary import READ
from vinculo.parties.duplicates import Match, possible_matches
from vinculo.parties.models import Company, Kind, Party, Person
from vinculo.parties.naming import full_name, name_parts
from vinculo.parties.standardising.incoming import standardise_company, standardise_person
from vinculo.parties.understanding import country_of, default_country
from vinculo.platform.events import emit
from vinculo.platform.models import User


def prepare_company(user: User, record: Company, data: dict[str, Any]) -> None:
    """Bring a company's new values into their standard form.

    Raises DomainError on `website` for what is no web address and on `parent` for a circle.
    """
    _prepare_shared(record, data)
    parent = data.get("parent")
    if parent is not None:
        hierarchy.refuse_cycle(record.pk, parent.pk)
    standardise_company(record, data, lambda: _country(record, data))


def prepare_person(user: User, record: Person, data: dict[str, Any]) -> None:
    """Let a person's name follow its parts, or the parts follow the name.

    Raises DomainError on `given_name` when there is no name at all.
    """
    _prepare_shared(record, data)
    country = _country(record, data)
    _complete_name(record, data, country)
    standardise_person(record, data, lambda: country)


def _complete_name(record: Person, data: dict[str, Any], country: str) -> None:
    if "given_name" in data or "family_name" in data:
        given = data.get("given_name", record.given_name) or ""
        family = data.get("family_name", record.family_name) or ""
        if not (given or family) and not data.get("name"):
            raise DomainError(_("Write the person's name."), field="given_name")
        if given or family:
            data["name"] = full_name(given, family)
            return
    if data.get("name"):
        parts = name_parts(data["name"], country)
        data["given_name"], data["family_name"] = parts.given[:100], parts.family[:100]
        if parts.title and not record.salutation:
            data.setdefault("salutation", parts.title[:30])


def _prepare_shared(record: Party, data: dict[str, Any]) -> None:
    if data.get("website"):
        try:
            data["website"] = parse_website(data["website"]).url
        except DomainError as error:
            raise DomainError(error.message, field="website", **error.params) from error
    if data.get("tax_id"):
        checked = check_tax_id(data["tax_id"], _country(record, data))
        data["tax_id"] = checked.formatted if checked.valid else data["tax_id"]


def _country(record: Party | None, data: dict[str, Any]) -> str:
    """The country the values belong to: the one being saved, else the record's."""
    if data.get("country"):
        return str(data["country"])
    if record is not None and (record.pk or record.company_id):
        return country_of(record)
    company = data.get("company")
    return country_of(company) if isinstance(company, Party) else default_country()


def company_created(user: User, record: Company) -> None:
    """Tell the other rooms of a new company."""
    emit("parties.company_created", {"party": record.pk, "owner": record.owner_id})


def person_created(user: User, record: Person) -> None:
    """Tell the other rooms of a new person."""
    payload = {"party": record.pk, "owner": record.owner_id, "company": record.company_id}
    emit("parties.person_created", payload)


def neighbours(record: Party) -> list[int]:
    """The people of a company, the company of a person: what they are found by follows from it."""
    if record.kind == Kind.PERSON:
        return [record.company_id] if record.company_id else []
    return list(Party.objects.filter(company_id=record.pk).values_list("pk", flat=True))


def company_warnings(user: User, record: Company | None, data: dict[str, Any]) -> list[str]:
    """Sentences about a company that a person may override: odd numbers, possible duplicates."""
    return _warnings(user, Kind.COMPANY, record, data)


def person_warnings(user: User, record: Person | None, data: dict[str, Any]) -> list[str]:
    """Sentences about a person that a person may override: odd numbers, possible duplicates."""
    return _warnings(user, Kind.PERSON, record, data)


def _warnings(user: User, kind: str, record: Party | None, data: dict[str, Any]) -> list[str]:
    country = _country(record, data)
    found = [*_tax_id_warning(data, country), *_phone_warning(data, country)]
    changed = [name for name in READ if data.get(name)]
    if changed:
        beside = {"city": data.get("city") or (record.city if record else ""), "country": country}
        besides = record.pk if record is not None else None
        matches = possible_matches(user, kind, {**beside, **data}, besides=besides, changed=changed)
        if any(match.refuses for match in matches):
            # Nobody can save this anyway: the refusal says so, at the field.
            return found
        found += [sentence_about(match) for match in matches]
    return found


def _tax_id_warning(data: dict[str, Any], country: str) -> list[str]:
    if not data.get("tax_id"):
        return []
    checked = check_tax_id(data["tax_id"], country)
    if checked.verdict != "invalid":
        return []
    place = country_name(country, get_language() or "en")
    said = gettext("“%(tax_id)s” does not look like a tax id of %(country)s.")
    reason = f" {gettext(checked.reason)}" if checked.reason else ""
    return [said % {"tax_id": data["tax_id"], "country": place} + reason]


def _phone_warning(data: dict[str, Any], country: str) -> list[str]:
    if not data.get("phone") or parse_phone(data["phone"], country).valid:
        return []
    if not country and not data["phone"].lstrip("( ").startswith(("+", "00")):
        return []  # nobody can tell without a country
    said = gettext("“%(phone)s” is not a valid phone number. It will be kept as it is typed.")
    return [said % {"phone": data["phone"]}]


def sentence_about(match: Match) -> str:
    """A possible duplicate in one sentence; one that the reader may not see stays unnamed."""
    if match.party is None:
        return gettext("A colleague already has this customer.")
    said = gettext("“%(name)s” may be the same (%(reasons)s).")
    return said % {"name": match.party.name, "reasons": ", ".join(match.why)}


def headline_about(matches: list[Match]) -> str:
    """How many possible duplicates there are, in a few words."""
    said = ngettext("%(count)d possible match", "%(count)d possible matches", len(matches))
    return said % {"count": len(matches)}
