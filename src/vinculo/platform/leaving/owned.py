"""What somebody is responsible for, and what they looked at and took away."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum

from vinculo.kernel.clock import now
from vinculo.platform.models import AccessEvent, User
from vinculo.platform.types import TypeDescription, describe_types, record_types

#: How far back the report of a leaver looks.
LOOKED_BACK = timedelta(days=90)


def owned_types() -> list[TypeDescription]:
    """The record types whose records have an owner."""
    return [item for item in describe_types() if item.model is not None and _has_owner(item.model)]


def _has_owner(model: Any) -> bool:
    return any(column.name == "owner" for column in model._meta.fields)


def owned_rows(item: TypeDescription, user: User) -> Any:
    """The records of this type that `user` is responsible for."""
    model: Any = item.model
    return model._default_manager.filter(record_types(model)[item.key], owner=user)


def accesses_of(user: User) -> Any:
    """What `user` opened, downloaded and exported in the last ninety days."""
    return AccessEvent.objects.filter(user=user, at__gte=now() - LOOKED_BACK)


def summed(user: User) -> list[dict[str, Any]]:
    """Per door: how often, and how many rows of lists. `how` is a word for people."""
    labels = dict(AccessEvent.How.choices)
    found = accesses_of(user).values("how").annotate(times=Count("id"), taken=Sum("rows"))
    return [{**row, "label": labels[row["how"]]} for row in found.order_by("how")]
