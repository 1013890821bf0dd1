"""The checklist by which leads are qualified: the administrators' alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.models import User
from vinculo.platform.models.custom import new_stamp
from vinculo.sales.leads.models import Criterion
from vinculo.sales.pipelines.known import forget

MOST = 20


@action("sales.save_criteria", label=_t("Change what leads are asked"), granted=False)
def save_criteria(*, actor: User, names: Sequence[str]) -> list[Criterion]:
    """What every lead is asked, in this order.

    An entry that is called as before keeps its ticks, also in another place; so does one that is
    called something else in the place of one that is gone.
    """
    administrators_only(actor)
    wanted = list(dict.fromkeys(text for text in (clean(name)[:120] for name in names) if text))
    if len(wanted) > MOST:
        raise DomainError(_("A checklist has at most %(most)s entries."), "names", most=MOST)
    held = list(Criterion.objects.order_by("place", "pk").select_for_update())
    kept = {one.name: one for one in held if one.name in wanted}
    free = [one for one in held if one.name not in kept]
    found = []
    for place, name in enumerate(wanted):
        row = kept.get(name) or _renamed(free, held, place) or Criterion()
        row.name, row.place, row.stamp = name, place, new_stamp()
        row.save()
        found.append(row)
    for row in free:
        row.delete()
    forget()
    return found


def _renamed(free: list[Criterion], held: list[Criterion], place: int) -> Criterion | None:
    """The entry that stood in this place and is called so no more."""
    row = held[place] if place < len(held) else None
    if row is None or row not in free:
        return None
    free.remove(row)
    return row
