"""What a customer says to a quote through a link: the first decision holds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import Conflict, DomainError, _
from vinculo.kernel.text import clean, clean_lines
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.sales.quotes.actions import decided
from vinculo.sales.quotes.derived import lines_of, reckoned, refresh
from vinculo.sales.quotes.models import Quote, QuoteLine, Status
from vinculo.sales.quotes.offering.links import OPEN, find_quote_link, standing_of
from vinculo.sales.quotes.offering.models import AnswerKind, QuoteAnswer, QuoteLink

LONGEST_NAME, LONGEST_TEXT = 120, 2000
#: So many words of customers to one quote are kept; who has more to say writes a mail.
MOST_COMMENTS = 30
OVER = _("This offer cannot be answered any more.")


@action("sales.accept_offer", label=_t("The customer accepted an offer"), granted=False)
def accept_offer(
    *,
    actor: User | None,
    secret: str,
    name: str,
    address: str,
    taken: Sequence[int] = (),
    seen: Decimal | None = None,
    text: str = "",
) -> QuoteAnswer:
    """Accept a quote with the optional lines `taken`, by whoever calls themselves `name`.

    `seen` is the total that the page showed: another one is refused, so that nobody accepts what
    they have not seen. Of two answers at once the first holds. Raises NotFound for a link that is
    none, DomainError where there is nothing to accept any more.
    """
    link, quote = _opened(secret)
    lines = with_taken(lines_of(quote), taken)
    gross = reckoned(quote, lines).gross.amount
    if seen is not None and seen != gross:
        raise Conflict(_("The total has changed with your choice. Look at it, and accept again."))
    answer = _said(link, quote, AnswerKind.ACCEPTED, name, text, address)
    QuoteLine.objects.bulk_update([line for line in lines if line.optional], ["chosen"])
    refresh([quote.pk])
    quote.refresh_from_db(fields=["net", "tax", "gross"])
    decided(quote, Status.ACCEPTED, answer.text)
    _tell(link, quote, _("%(who)s accepted “%(name)s”."), answer)
    return answer


@action("sales.reject_offer", label=_t("The customer rejected an offer"), granted=False)
def reject_offer(
    *, actor: User | None, secret: str, name: str, address: str, text: str
) -> QuoteAnswer:
    """Reject a quote and say why; see `accept_offer`."""
    link, quote = _opened(secret)
    if not clean_lines(text):
        raise DomainError(_("Say why, in a word or two."), field="text")
    answer = _said(link, quote, AnswerKind.REJECTED, name, text, address)
    decided(quote, Status.REJECTED, answer.text)
    _tell(link, quote, _("%(who)s rejected “%(name)s”."), answer)
    return answer


@action("sales.comment_offer", label=_t("The customer wrote about an offer"), granted=False)
def comment_offer(
    *, actor: User | None, secret: str, name: str, address: str, text: str
) -> QuoteAnswer:
    """Ask or say something about a quote without deciding; see `accept_offer`."""
    link, quote = _opened(secret)
    if not clean_lines(text):
        raise DomainError(_("Write what you want to ask or say."), field="text")
    there = QuoteAnswer.objects.filter(quote=quote, kind=AnswerKind.COMMENT).count()
    if there >= MOST_COMMENTS:
        raise DomainError(_("There is much to read here already. Please write a mail."))
    answer = _said(link, quote, AnswerKind.COMMENT, name, text, address)
    _tell(link, quote, _("%(who)s wrote about “%(name)s”."), answer)
    return answer


def with_taken(lines: Sequence[QuoteLine], taken: Sequence[int]) -> list[QuoteLine]:
    """Lines of a quote as the customer wants them; a line that they cannot choose is refused."""
    optional = {line.pk for line in lines if line.optional}
    if not set(taken) <= optional:
        raise DomainError(_("One of the lines cannot be chosen. Load the page again."))
    for line in lines:
        line.chosen = line.pk in taken
    return list(lines)


def _opened(secret: str) -> tuple[QuoteLink, Quote]:
    """The link and its quote, both held: who comes second waits, and is told that it is over."""
    link = find_quote_link(secret)
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=link.quote_id)
    link = find_quote_link(secret, hold=True)
    if standing_of(link) != OPEN:
        raise DomainError(OVER)
    journal.relabel(quote.name)
    return link, quote


def _said(
    link: QuoteLink, quote: Quote, kind: AnswerKind, name: str, text: str, address: str
) -> QuoteAnswer:
    who, words = clean(name), clean_lines(text)
    if not who:
        raise DomainError(_("Write your name."), field="name")
    if len(who) > LONGEST_NAME:
        raise DomainError(_("This is too much text. Write less."), field="name")
    if len(words) > LONGEST_TEXT:
        raise DomainError(_("This is too much text. Write less."), field="text")
    return QuoteAnswer.objects.create(
        quote=quote, link=link, kind=kind, name=who, text=words, at=now(), address=address
    )


def _tell(link: QuoteLink, quote: Quote, message: str, answer: QuoteAnswer) -> None:
    """Whoever looks after the quote learns of it, else who made the link."""
    owner = quote.owner if quote.owner is not None and quote.owner.is_active else None
    reader = owner or link.made_by
    if reader is not None:
        notify(
            reader,
            message,
            params={"who": answer.name, "name": quote.name},
            url=f"/quotes/{quote.pk}",
            kind="quote",
            subject=quote,
        )
