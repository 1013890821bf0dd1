"""What members see: their pools, what lies in one without its contact facts, and the claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError
from vinculo.platform.access import rights_of
from vinculo.platform.access_events import note_record
from vinculo.platform.models import User
from vinculo.platform.views.common import done, signed_in
from vinculo.records.cells import cell
from vinculo.records.fields import Field
from vinculo.records.lists.counting import count_of
from vinculo.records.lists.paging import page_of
from vinculo.records.registry import entity
from vinculo.sales.pools.claiming import claim, look_into_pool
from vinculo.sales.pools.membership import (
    CONTACTS,
    list_of,
    may_tell,
    pool_for,
    pools_for,
    shown_to,
    title_for,
)
from vinculo.sales.pools.models import Pool
from vinculo.sales.pools.quotas import claimed, held, looked_at, waits_until
from vinculo.sales.pools.recycling import leaving

#: So many of the shown fields stand in the list; the page of a record has them all.
COLUMNS = 5
MASKED = SafeString("••••••")


@dataclass(frozen=True)
class Lying:
    """One record of a pool as its members see it before the claim."""

    pk: int
    title: str
    cells: list[tuple[Any, SafeString]]
    #: The day from which its former owner may claim it again.
    waits: date | None


@login_required
@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """The reader's pools, and what of theirs goes back to one soon."""
    user = signed_in(request)
    context = {
        "pools": [_standing(user, pool) for pool in pools_for(user)],
        "leaving": leaving(user),
        "administrator": rights_of(user).administrator,
    }
    return render(request, "sales/pools/pools.html", context)


def _standing(user: User, pool: Pool) -> dict[str, Any]:
    """A pool, and how much of its quotas is used."""
    at = now()
    return {
        "pool": pool,
        "label": entity(pool.entity).label_plural,
        "icon": entity(pool.entity).icon,
        "claimed": claimed(user, pool, at),
        "held": held(user, pool),
        "looked": looked_at(user, pool, at),
    }


@login_required
@require_safe
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies in a pool, a page at a time."""
    user, one = signed_in(request), pool_for(signed_in(request), pk)
    shown = shown_to(user, one)
    try:
        state = list_of(one, _place(request))
        page, count = page_of(state), count_of(state)
    except DomainError:
        page, count = None, None
    records = page.records if page is not None else []
    columns = [field for field in shown if field.name != "name"][:COLUMNS]
    waits = waits_until(user, one, [record.pk for record in records], now())
    context = {
        **_standing(user, one),
        "columns": columns,
        "rows": [_lying(one, record, shown, columns, waits) for record in records],
        "count": count,
        "next": page.next if page is not None else "",
        "previous": page.previous if page is not None else "",
        "unreadable": page is None,
    }
    return render(request, "sales/pools/pool.html", context)


def _place(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "") for name in ("after", "before")}
    return {name: value for name, value in given.items() if value}


def _lying(
    one: Pool, record: Any, shown: list[Field], columns: list[Field], waits: dict[int, date]
) -> Lying:
    return Lying(
        record.pk,
        title_for(shown, one, record),
        [
            (field.label, cell(field, record) if may_tell(field, shown, one, record) else MASKED)
            for field in columns
        ],
        waits.get(record.pk),
    )


@login_required
@require_POST
def look(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A record before it is claimed: what is shown of it, and what is known but masked. Posted,
    since it counts."""
    user, one = signed_in(request), pool_for(signed_in(request), pk)
    record = look_into_pool(actor=user, pool=one, row_id=row)
    note_record(user, "page", one.entity, record.pk)
    shown = shown_to(user, one)
    names = {field.name for field in shown}
    masked = [
        (field.label, bool(field.value(record)))
        for field in entity(one.entity).fields_for(user, CONTACTS)
        if field.name not in names
    ]
    waits = waits_until(user, one, [record.pk], now())
    context = {
        **_standing(user, one),
        "row": _lying(one, record, shown, shown, waits),
        "masked": masked,
    }
    return render(request, "sales/pools/record.html", context)


@login_required
@require_POST
def take(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Claim a record, and go to its page."""
    user, one = signed_in(request), pool_for(signed_in(request), pk)
    record = claim(actor=user, pool=one, row_id=row)
    return done(request, entity(one.entity).url(record), gettext("Claimed. It is yours now."))
