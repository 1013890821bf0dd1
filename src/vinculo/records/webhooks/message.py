"""What an endpoint is told of an event: only what its owner, narrowed to its role, may see now."""

from dataclasses import dataclass
from typing import Any

from vinculo.platform.access import Scope, combine, rights_of
from vinculo.platform.key_actions import may_carry
from vinculo.platform.models import Team, User
from vinculo.records.api.values import raw_row as raw_row_of
from vinculo.records.api.values import represent
from vinculo.records.entity import Entity
from vinculo.records.registry import entities
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True)
class Named:
    """A record that an event names: `record` is None when it is gone."""

    entity: Entity
    pk: int
    record: Any
    visible: bool


def reader_of(endpoint: WebhookEndpoint) -> User | None:
    """The user as whom the endpoint reads: its owner with its role alone; None when they left or
    do not have the role any more."""
    owner = endpoint.owner
    if not owner.is_active or not may_carry(owner, endpoint.role):
        return None
    reader: User = User.objects.get(pk=owner.pk)
    reader._roles = [endpoint.role]  # type: ignore[attr-defined]
    reader._rights = combine(owner.pk, owner.team_ids_below(), [endpoint.role])  # type: ignore[attr-defined]
    return reader


def message_for(delivery: WebhookDelivery) -> dict[str, Any] | None:
    """The message of a delivery as its endpoint may be told it now; None when it may not.

    The event's own record must be one that the endpoint may see. Other records that the event
    names are left out where it may not see them, and values whose field is hidden as well. Of a
    record that is gone nobody can say whose it was: only who sees all of its kind is told.
    """
    reader = reader_of(delivery.endpoint)
    if reader is None:
        return None
    told: dict[str, Any] = {"type": delivery.event, "timestamp": delivery.at.isoformat()}
    named = {
        name: found
        for name, value in delivery.payload.items()
        if isinstance(value, int) and (found := _named(name, value, reader)) is not None
    }
    subject = next(iter(named.values()), None)
    if subject is None:
        return {**told, "data": dict(delivery.payload)} if delivery.event == TEST else None
    if not subject.visible:
        return None
    data = {
        name: _told(name, value, named.get(name), subject, reader)
        for name, value in delivery.payload.items()
        if _may_tell(name, value, named.get(name), subject, reader)
    }
    if subject.record is not None:
        fields = subject.entity.fields_for(reader)
        row = raw_row_of(subject.record, fields)
        data["record"] = {
            "type": subject.entity.key,
            **represent(subject.entity, reader, fields, [row])[0],
        }
    return {**told, "data": data}


#: The event of the button *Send a test*.
TEST = "vinculo.test"


def _named(name: str, pk: int, reader: User) -> Named | None:
    """The record behind a number in an event, by the name it has there: `company`, `task`; `party`
    is a company or a person."""
    noun = ALSO.get(name, name)
    candidates = [entity for entity in entities() if noun in _names(entity)]
    if not candidates:
        return None
    for entity in candidates:
        if entity.queryset().filter(pk=pk).exists():
            record = entity.visible(reader).filter(pk=pk).first()
            return Named(entity, pk, record, record is not None)
    entity = candidates[0]
    seen = all(rights_of(reader).scope(one.key) is Scope.ALL for one in candidates)
    return Named(entity, pk, None, seen)


#: Names that events give to records beside the ones of their kinds.
ALSO = {"follow_up": "task"}


def _names(entity: Entity) -> set[str]:
    meta = entity.model._meta
    concrete = meta.concrete_model
    found = {meta.model_name or "", entity.key.rpartition(".")[2]}
    return found | ({concrete._meta.model_name or ""} if concrete is not None else set())


def _may_tell(name: str, value: Any, named: Named | None, subject: Named, reader: User) -> bool:
    if named is not None and not named.visible:
        return False
    if isinstance(value, int) and name in ("owner", "team"):
        model: Any = User if name == "owner" else Team
        if not model.objects.visible_to(reader).filter(pk=value).exists():
            return False
    declared = name in subject.entity.all_fields and named is not subject
    return not declared or subject.entity.field_for(reader, name) is not None


def _told(name: str, value: Any, named: Named | None, subject: Named, reader: User) -> Any:
    if name == "fields" and isinstance(value, list):
        return [one for one in value if subject.entity.field_for(reader, str(one)) is not None]
    return value
