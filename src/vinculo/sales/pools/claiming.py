"""The verbs of whoever takes from a pool: look, claim."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotFound, _
from vinculo.platform import journal
from vinculo.platform.access import recheck, require
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.records.registry import entity_of
from vinculo.records.writing import tell_changed
from vinculo.sales.pools.membership import lying_in, pool_for
from vinculo.sales.pools.models import Pool, PoolUse
from vinculo.sales.pools.quotas import check_claim, check_look, one_at_a_time

#: One sentence for a record that was claimed, that never lay in the pool, and that never was.
GONE = _("This is no longer in the pool: somebody else was faster, or it no longer belongs there.")


@action("sales.look_into_pool", label=_t("Look at a record of a pool"), granted=False)
def look_into_pool(*, actor: User, pool: Pool, row_id: int) -> Any:
    """A record of a pool, for its masked page; counts against the day's quota once."""
    member_pool = pool_for(actor, pool.pk)
    one_at_a_time(actor)
    record = lying_in(member_pool).filter(pk=row_id).first()
    if record is None:
        raise NotFound(GONE)
    check_look(actor, member_pool, row_id)
    PoolUse.objects.create(
        pool=member_pool, user=actor, what=PoolUse.What.LOOK, row_id=row_id, at=now()
    )
    return record


@action("sales.claim", label=_t("Claim from a pool"))
def claim(*, actor: User, pool: Pool, row_id: int) -> Any:
    """Take a record of a pool: it is the actor's and their main team's from now on. Of several who
    claim it at once one gets it; DomainError says which quota is used up and when it frees."""
    taken_from = pool_for(actor, pool.pk)
    require(actor, taken_from.entity, "edit")
    one_at_a_time(actor)
    rows = lying_in(taken_from).filter(pk=row_id)
    # Whoever waits here for another's claim finds the record no longer there.
    record = rows.select_for_update(of=("self",), no_key=True).first()
    if record is None:
        raise NotFound(GONE)
    check_claim(actor, taken_from, row_id)
    give(record, actor)
    recheck(record, actor, "view")
    PoolUse.objects.create(
        pool=taken_from, user=actor, what=PoolUse.What.CLAIM, row_id=row_id, at=now()
    )
    return record


def give(record: Any, owner: User | None) -> None:
    """Write whose a record is, and tell of it."""
    declared = entity_of(record)
    record.owner = owner
    record.team_id = owner.main_team_id() if owner is not None else None
    record.updated_at = now()
    record.save(update_fields=["owner", "team", "updated_at"])
    journal.relabel(declared.title_of(record) if declared is not None else str(record))
    if declared is not None:
        tell_changed(declared, record.pk, {"owner": owner, "team": record.team_id})
