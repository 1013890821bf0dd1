"""What the values of a group are called, for a reader."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from vinculo.platform.models import User as Person
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.quality import origins

if TYPE_CHECKING:
    from vinculo.platform.models import User


def names_of(by: Field, values: Sequence[str], user: "User") -> dict[str, Label]:
    """The name of each value, one question for all of them."""
    if by.name == origins.NAME:
        return origins.labels_of(list(values), user)
    if by.kind is Kind.USER:
        people = Person.objects.filter(pk__in=[int(one) for one in values if one])
        known = {str(one.pk): one.name for one in people.visible_to(user)}
        return {value: known.get(value, value) if value else gettext("Nobody") for value in values}
    return {value: by.choice_label(value) if value else gettext("Empty") for value in values}
