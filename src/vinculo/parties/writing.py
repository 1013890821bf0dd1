"""What the record machinery writes through: values of a party that lie in other tables."""

from __future__ import annotations

from typing import Any

from vinculo.parties.contacts import write_contacts
from vinculo.parties.models import Party, Person
from vinculo.parties.relations import write_company, write_job_title
from vinculo.platform.models import User


def write_elsewhere(record: Party, values: dict[str, Any], actor: User) -> None:
    """Write phone, e-mail, address parts, company and job title of a party, as far as named.

    The company goes first: a person without an address is dialled from where the company is.
    """
    if isinstance(record, Person):
        if "company" in values:
            write_company(record, values["company"], actor)
        if "job_title" in values:
            write_job_title(record, values["job_title"], actor)
    write_contacts(record, values)


def write_one(name: str) -> Any:
    """The writer of a single field, for callers that have only one value."""

    def write(record: Party, value: Any, actor: User) -> None:
        write_elsewhere(record, {name: value}, actor)

    write.__doc__ = f"Writes `{name}`; see `write_elsewhere`."
    return write
