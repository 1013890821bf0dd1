"""Mappings kept under a name, so that next month's file of the same source is read the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import Role, Team, User
from vinculo.records.saved.forms import shares
from vinculo.records.transfer.models import ImportMapping
from vinculo.records.transfer.plan import Plan
from vinculo.records.transfer.transforms import Step
from vinculo.records.transfer.vocabulary import plain

MOST_MAPPINGS = 100
_OPTIONS = ("mode", "key", "system", "lenient", "date_order", "decimal", "country", "makes")


@action("records.save_mapping", label=gettext_lazy("Save an import's mapping"), granted=False)
def save_mapping(
    *,
    actor: User,
    entity: str,
    name: str,
    headers: Sequence[str],
    plan: Plan,
    role: Role | None = None,
    team: Team | None = None,
) -> ImportMapping:
    """Keep what the columns mean under a name; one's own mapping of that name is replaced.

    Raises DomainError without a name or past 100 mappings, NotAllowed for sharing without the
    right to.
    """
    called = clean(name)[:80]
    if not called:
        raise DomainError(_("Give the mapping a name."), field="mapping_name")
    if (role or team) and not rights_of(actor).may("records.share_view"):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    mine = ImportMapping.objects.filter(owner=actor)
    kept = mine.filter(entity=entity, name__iexact=called).first()
    if kept is None:
        if mine.count() >= MOST_MAPPINGS:
            raise DomainError(
                _("You have %(most)s mappings. Delete some first."), most=MOST_MAPPINGS
            )
        kept = ImportMapping(owner=actor, entity=entity)
    kept.name, kept.role, kept.team = called, role, team
    kept.settings = _remembered(headers, plan)
    kept.save()
    journal.relabel(called)
    return kept


@action("records.delete_mapping", label=gettext_lazy("Delete an import's mapping"), granted=False)
def delete_mapping(*, actor: User, mapping: ImportMapping) -> None:
    """Delete a mapping, for everybody it was shared with; it can be undone."""
    found = ImportMapping.objects.filter(pk=mapping.pk).visible_to(actor, "edit").first()
    if found is None:
        raise NotFound(_("There is no such mapping, or it is not yours to change."))
    journal.relabel(found.name)
    found.delete()


def shared_with(user: User, wanted: str) -> tuple[Role | None, Team | None]:
    """The role or team that "role:1" or "team:2" means, as far as the user may share with it."""
    kind, _colon, pk = wanted.partition(":")
    if not kind or wanted not in dict(shares(user)):
        return None, None
    if kind == "role":
        return Role.objects.get(pk=int(pk)), None
    return None, Team.objects.get(pk=int(pk))


def _remembered(headers: Sequence[str], plan: Plan) -> dict[str, Any]:
    """The decisions by the headers' names: columns may stand elsewhere in the next file."""
    return {
        "columns": {headers[at]: target for at, target in plan.columns},
        "transforms": {
            headers[at]: [asdict(step) for step in steps] for at, steps in plan.transforms.items()
        },
        **{name: getattr(plan, name) for name in _OPTIONS},
    }


def fitting_mappings(user: User, entity: str, headers: Sequence[str]) -> list[ImportMapping]:
    """The mappings the user has whose columns are all in a file, those of most columns first."""
    present = {plain(header) for header in headers}
    rows = ImportMapping.objects.visible_to(user).filter(entity=entity)
    fitting = [
        mapping
        for mapping in rows.select_related("owner", "role", "team").order_by("name", "pk")
        if {plain(header) for header in mapping.settings.get("columns", {})} <= present
    ]
    return sorted(fitting, key=lambda mapping: -len(mapping.settings.get("columns", {})))


def mapped_by(plan: Plan, mapping: ImportMapping, headers: Sequence[str]) -> Plan:
    """The plan with the columns, changes and decisions of a saved mapping."""
    kept = mapping.settings
    columns = {plain(header): target for header, target in kept.get("columns", {}).items()}
    transforms = {plain(header): steps for header, steps in kept.get("transforms", {}).items()}
    known = [(at, plain(header)) for at, header in enumerate(headers)]
    return replace(
        plan,
        columns=tuple((at, columns[header]) for at, header in known if header in columns),
        transforms={
            at: tuple(Step(**step) for step in transforms[header])
            for at, header in known
            if header in transforms
        },
        mapping=mapping.name,
        **{name: kept[name] for name in _OPTIONS if name in kept},
    )
