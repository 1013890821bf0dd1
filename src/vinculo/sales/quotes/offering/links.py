"""Links to a quote: made, ended, and found again by their secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.kernel.ids import token, token_digest
from vinculo.parties.confirming.links import GONE, LONGEST_SECRET
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.mail import address_of
from vinculo.platform.models import User
from vinculo.sales.quotes.document.seeing import must_see_paper
from vinculo.sales.quotes.lines import held
from vinculo.sales.quotes.models import Quote, Status
from vinculo.sales.quotes.offering.models import QuoteLink

#: What a link is for; every other word says why nothing can be answered by it any more.
OPEN = "open"
ENDED = "ended"
#: So many links of one quote, at most: one for each reader, not one for each call.
MOST_LINKS = 50


@dataclass(frozen=True)
class MadeLink:
    """A link just made, with the address that nobody can find out afterwards."""

    link: QuoteLink
    quote: Quote
    url: str


@action("sales.make_quote_link", label=_t("Make a link for the customer"), granted=False)
def make_quote_link(*, actor: User, quote: Quote) -> MadeLink:
    """Make a link by which a customer sees an issued quote and answers it, as long as it is valid.

    Raises NotAllowed for a quote that the actor may not change or not see as a whole.
    """
    found = held(actor, quote)
    must_see_paper(actor, found)
    if standing(found) != OPEN:
        raise DomainError(_("Only what was issued and is still valid can be answered by a link."))
    if QuoteLink.objects.filter(quote=found).count() >= MOST_LINKS:
        raise DomainError(_("There are too many links already. Use one of them."))
    secret = token(24)
    link = QuoteLink.objects.create(
        quote=found, digest=token_digest(secret), made_at=now(), made_by=actor
    )
    return MadeLink(link, found, address_of(f"/q/{secret}"))


@action("sales.end_quote_link", label=_t("End a link to an offer"), granted=False)
def end_quote_link(*, actor: User, link: QuoteLink) -> None:
    """Let a link work no more; its page says so."""
    held(actor, link.quote)
    mine = QuoteLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if mine.revoked_at is None:
        mine.revoked_at = now()
        mine.save(update_fields=["revoked_at"])


@action("sales.open_quote_link", label=_t("The customer opened the link"), granted=False)
def note_opened(*, actor: User | None, secret: str) -> None:
    """Note when a link was first opened by somebody who looks at it, not by a mail scanner."""
    link = find_quote_link(secret, hold=True)
    if link.opened_at is None and link.revoked_at is None:
        link.opened_at = now()
        link.save(update_fields=["opened_at"])
        journal.relabel(link.quote.name)


def find_quote_link(secret: str, *, hold: bool = False) -> QuoteLink:
    """The link with this secret, held until the transaction ends where that is wanted.

    Raises one and the same NotFound for every secret that is none.
    """
    found = None
    if len(secret) <= LONGEST_SECRET:
        links = QuoteLink.objects.select_related("quote__company", "quote__person")
        links = links.select_for_update(of=("self",)) if hold else links
        found = links.filter(digest=token_digest(secret)).first()
    if found is None:
        raise NotFound(GONE)
    return found


def standing(quote: Quote) -> str:
    """Whether a quote can be answered ("open"), else where it stands: a draft, accepted, expired…"""
    late = quote.valid_until is not None and quote.valid_until < timezone.localdate(now())
    if quote.status == Status.SENT:
        return str(Status.EXPIRED) if late else OPEN
    return str(quote.status)


def standing_of(link: QuoteLink) -> str:
    """The same of a link; one that a colleague ended says nothing else."""
    return ENDED if link.revoked_at is not None else standing(link.quote)
