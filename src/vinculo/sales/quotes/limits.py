"""How much people may give away without asking, by their roles."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import rights_of
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import Role, User
from vinculo.sales.quotes.models import QuoteLimit

ALL = Decimal(100)


def limit_of(user: User) -> Decimal:
    """The most percent that a user may give away: the most of their roles; a role without a limit
    may give away anything."""
    rights = rights_of(user)
    if rights.administrator:
        return ALL
    held = dict(QuoteLimit.objects.values_list("role_id", "percent"))
    return max((held.get(role, ALL) for role in rights.role_ids), default=Decimal(0))


@action("sales.set_discount_limits", label=_t("Set discount limits"), granted=False)
def set_limits(*, actor: User, limits: Mapping[Role, Decimal | None]) -> None:
    """Say for each role how much percent its people give away on their own; None for anything."""
    administrators_only(actor)
    held = {one.role_id: one for one in QuoteLimit.objects.select_for_update(of=("self",))}
    for role, percent in limits.items():
        row = held.get(role.pk)
        if percent is None:
            if row is not None:
                row.delete()
            continue
        if not 0 <= percent <= ALL:
            raise DomainError(_("A discount is between 0 and 100 %."), field=f"role_{role.pk}")
        if row is None or row.percent != percent:
            row = row or QuoteLimit(role=role)
            row.percent = percent
            row.save()
