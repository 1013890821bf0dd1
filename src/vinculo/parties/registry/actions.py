"""The verb: take over what a register says of a company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.parties.models import Company
from vinculo.parties.registry.filling import KEY, values_of
from vinculo.parties.registry.finding import entry_called
from vinculo.parties.registry.origins import note_origins
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


@action("parties.fill_from_register", label=_t("Fill in from the register"), granted=False)
def fill_from_register(
    *, actor: User, company: Company, reference: str, fields: Sequence[str]
) -> Company:
    """Take these fields over from the company of a register that `reference` names, and note where
    they came from. Raises NotFound where the register has it no more, DomainError where nothing
    was chosen, NotAllowed for a field the actor may not write."""
    entry = entry_called(reference)
    if entry is None:
        raise NotFound(_("The register has no such company any more. Look it up again."))
    told = values_of(entry)
    chosen = {name: told[name] for name in fields if name in told}
    if not chosen:
        raise DomainError(_("Choose at least one value to take over."))
    filled: Company = edit_record(
        actor=actor, entity=entity(KEY), record=company, data=dict(chosen)
    )
    note_origins(filled, entry.source, entry.number, chosen, now())
    journal.relabel(filled.name)
    return filled


def note_form_origins(user: User, company: Company, query: Any, values: dict[str, Any]) -> None:
    """A new company whose form was filled in from a register: note it of the values that were
    left as the register has them. Called in the transaction that makes the company."""
    entry = entry_called(query.get("register", ""))
    if entry is None:
        return
    told = values_of(entry)
    same = {name: value for name, value in told.items() if str(values.get(name) or "") == value}
    if same:
        note_origins(company, entry.source, entry.number, same, now())
