"""Who is told that a quote waits for approval: whoever may give it, sees the quote, and is not the
one who asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q

from vinculo.kernel.errors import _
from vinculo.platform.access import rights_of
from vinculo.platform.models import Role, User
from vinculo.platform.notifications import notify
from vinculo.sales.quotes.limits import limit_of
from vinculo.sales.quotes.models import Quote, QuoteLimit

APPROVE = "sales.approve_quote"
#: So many are told at most, the ones with the least rights first: a chief, not every administrator.
MOST_TOLD = 5
#: So many are looked at for it: one who may see the quote is usually among the first.
MOST_ASKED = 200


def tell_approvers(actor: User, quote: Quote, off: Decimal) -> None:
    """Tell those who may approve a quote that gives away so much percent that it waits for them."""
    told = 0
    for user in _candidates(actor, off):
        row = notify(
            user,
            _("%(who)s asks you to approve “%(name)s”."),
            params={"who": str(actor), "name": quote.name},
            url=f"/quotes/{quote.pk}",
            kind="quote",
            subject=quote,
        )
        told += row is not None
        if told == MOST_TOLD:
            return


def _candidates(actor: User, off: Decimal) -> Iterator[User]:
    """Colleagues with a role that may give away so much, administrators last."""
    too_little = QuoteLimit.objects.filter(percent__lt=off).values_list("role_id", flat=True)
    enough = Q(administrator=True) | ~Q(pk__in=list(too_little))
    roles = list(Role.objects.filter(enough).values_list("pk", flat=True))
    users = User.objects.filter(is_active=True, role_assignments__role__in=roles)
    asked = users.exclude(pk=actor.pk).distinct().order_by("pk")[:MOST_ASKED]
    able = [one for one in asked if rights_of(one).may(APPROVE) and limit_of(one) >= off]
    yield from sorted(able, key=lambda one: (rights_of(one).administrator, one.pk))
