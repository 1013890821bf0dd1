"""What a company of ours would get from a register, beside what it says already."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from vinculo.kernel.countries import country_name
from vinculo.kernel.errors import DomainError
from vinculo.kernel.taxids import check_tax_id
from vinculo.kernel.text import fold
from vinculo.kernel.urls import parse_website
from vinculo.parties.models import Company
from vinculo.parties.registry.finding import Entry
from vinculo.platform.models import User
from vinculo.records.fields import Field
from vinculo.records.registry import entity

KEY = "parties.company"
#: In the order in which they are shown.
FILLED = (
    "name", "legal_name", "tax_id", "website", "street", "postal_code", "city", "region", "country",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filling:
    """One field: what it says now, and what the register says."""

    field: Field
    now: str
    told: str
    #: How both look, where that is not how they are written (a country).
    now_shown: str
    told_shown: str

    @property
    def empty(self) -> bool:
        """Nothing is lost by taking it."""
        return not self.now

    @property
    def differs(self) -> bool:
        """The register says something else than what stands there."""
        return bool(self.now) and fold(self.now) != fold(self.told)


def values_of(entry: Entry) -> dict[str, str]:
    """What the register says, as a company of ours would keep it; without what it does not say.

    A number of a commercial register is no tax id: it is one only where the rules of its country
    say so.
    """
    told = {
        "name": entry.name,
        "legal_name": entry.name,
        "street": entry.street,
        "postal_code": entry.postal_code,
        "city": entry.city,
        "region": entry.region,
        "country": entry.country,
    }
    checked = check_tax_id(entry.tax_id, entry.country) if entry.tax_id else None
    if checked is not None and checked.valid:
        told["tax_id"] = checked.formatted[:40]
    if entry.website:
        with suppress(DomainError):  # to what is no address nobody should be led
            told["website"] = parse_website(entry.website).url[:200]
    return {name: told[name] for name in FILLED if told.get(name)}


def fillings(
    user: User, entry: Entry, now: Mapping[str, str], language: str = "en"
) -> list[Filling]:
    """Field by field what is said now and what the register says; only fields the user may write,
    and only where the register says anything that is not there already."""
    told = values_of(entry)
    found = []
    for field in entity(KEY).fields_for(user, tuple(told)):
        if not field.editable:
            continue
        present, said = now.get(field.name, ""), told[field.name]
        if fold(present) == fold(said):
            continue
        if (
            field.name == "legal_name"
            and not present
            and fold(now.get("name") or said) == fold(said)
        ):
            continue  # it is called, or will be, by its legal name
        shown = [
            country_name(one, language) if field.name == "country" and one else one
            for one in (present, said)
        ]
        found.append(Filling(field, present, said, *shown))
    return found


def present_values(company: Company) -> dict[str, str]:
    """What a company says now in the fields that a register may fill."""
    fields = entity(KEY).all_fields
    return {name: str(fields[name].value(company) or "") for name in FILLED}
