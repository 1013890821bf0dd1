"""The verbs of quotes: issue, approve, revise, and what the customer says."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import pgettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.jobs import job
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.sales.quotes.approving import tell_approvers
from vinculo.sales.quotes.derived import given_away, lines_of, refresh
from vinculo.sales.quotes.document.seller import parties_now
from vinculo.sales.quotes.forms import AnswerForm, SendBackForm
from vinculo.sales.quotes.limits import limit_of
from vinculo.sales.quotes.lines import QUOTE, held
from vinculo.sales.quotes.models import Issued, Quote, QuoteLine, Status
from vinculo.sales.quotes.numbering import next_number
from vinculo.sales.quotes.of_deals import deal_follows

#: A quote in one of these may have a next version.
REVISABLE = (Status.SENT, Status.REJECTED, Status.EXPIRED, Status.WITHDRAWN)
NOT_NOW = _("This is not possible any more: the quote has gone on meanwhile. Load the page again.")


def stands(*wanted: str) -> Any:
    """Asks of a quote whether it stands in one of these."""
    return lambda quote: quote.status in wanted


def _in(quote: Quote, *wanted: str) -> Quote:
    if quote.status not in wanted:
        raise DomainError(NOT_NOW)
    return quote


@action("sales.issue_quote", label=_t("Issue"), done=_t("Done. See where the quote stands."),
        on=QUOTE, subject="quote", icon="send", order=5, offered=stands(Status.DRAFT),
        confirm=_t("Give it a number for good? From then on it is not changed any more."))  # fmt: skip
def issue_quote(*, actor: User, quote: Quote) -> Quote:
    """Issue a draft under the next number; one that gives away more than the actor may waits for
    approval instead."""
    draft = _in(held(actor, quote), Status.DRAFT)
    _is_whole(draft)
    off = given_away(draft, lines_of(draft))
    if off > limit_of(actor):
        draft.status, draft.answer = Status.APPROVAL, ""
        draft.save(update_fields=["status", "answer", "updated_at"])
        emit("sales.quote_approval_asked", {"quote": draft.pk})
        tell_approvers(actor, draft, off)
        return draft
    return _issued(draft, actor)


def _is_whole(quote: Quote) -> None:
    if not QuoteLine.objects.filter(quote=quote, optional=False).exists():
        raise DomainError(_("Add a line first that is not optional."))
    if quote.valid_until is None or quote.valid_until < timezone.localdate(now()):
        raise DomainError(_("The quote is valid until a day that has passed. Choose a later one."))


def _issued(quote: Quote, by: User) -> Quote:
    """Issue a quote: the next number of the series is its own from now on."""
    at = now()
    today = timezone.localdate(at)
    if quote.replaces_id:
        former = Issued.objects.select_related("series").get(quote=quote.replaces_id)
        series, number = former.series, former.number
    else:
        series, number, quote.number = next_number(today)
    quote.status, quote.issued_on, quote.answer = Status.SENT, today, ""
    quote.save(update_fields=["status", "issued_on", "number", "answer", "updated_at"])
    Issued.objects.create(
        quote=quote, series=series, number=number, version=quote.version, at=at, by=by,
        parties=parties_now(quote),
    )  # fmt: skip
    refresh([quote.pk])
    emit("sales.quote_issued", {"quote": quote.pk, "number": quote.full_number})
    return quote


@action("sales.approve_quote", label=_t("Approve and issue"), done=_t("Quote approved and issued."),
        on=QUOTE, subject="quote", icon="check", order=5, offered=stands(Status.APPROVAL),
        confirm=_t("Approve the discounts, and give the quote its number?"))  # fmt: skip
def approve_quote(*, actor: User, quote: Quote) -> Quote:
    """Approve the discounts of a quote that waits, and issue it; the actor's own limit covers them."""
    waiting = _in(held(actor, quote, "view"), Status.APPROVAL)
    _may_decide(actor, waiting)
    _is_whole(waiting)
    made = _issued(waiting, actor)
    _tell_owner(actor, made, _("“%(name)s” was approved and issued."))
    return made


@action("sales.send_back_quote", label=_t("Send back"), done=_t("Quote sent back."),
        form=SendBackForm, on=QUOTE, subject="quote", icon="undo-2", order=10,
        offered=stands(Status.APPROVAL))  # fmt: skip
def send_back_quote(*, actor: User, quote: Quote, answer: str) -> Quote:
    """Send a quote that waits for approval back, and say what is to be changed."""
    waiting = _in(held(actor, quote, "view"), Status.APPROVAL)
    _may_decide(actor, waiting)
    if not clean(answer):
        raise DomainError(_("Say what is to be changed."), field="answer")
    waiting.status, waiting.answer = Status.DRAFT, clean(answer)
    waiting.save(update_fields=["status", "answer", "updated_at"])
    _tell_owner(actor, waiting, _("“%(name)s” was not approved: see what is to be changed."))
    return waiting


def _may_decide(actor: User, quote: Quote) -> None:
    if given_away(quote, lines_of(quote)) > limit_of(actor):
        raise NotAllowed(_("This discount is more than you may approve. Ask somebody who may."))


def _tell_owner(actor: User, quote: Quote, message: str) -> None:
    if quote.owner is not None and quote.owner_id != actor.pk:
        notify(quote.owner, message, params={"name": quote.name}, url=f"/quotes/{quote.pk}",
               kind="quote", subject=quote)  # fmt: skip


@action("sales.withdraw_quote", label=_t("Withdraw"), done=_t("Quote withdrawn."), on=QUOTE,
        subject="quote", icon="undo-2", order=40, offered=stands(Status.APPROVAL, Status.SENT),
        confirm=_t("Withdraw the quote? An issued one keeps its number."))  # fmt: skip
def withdraw_quote(*, actor: User, quote: Quote) -> Quote:
    """Take a quote back: one that waits for approval is a draft again, an issued one is offered no
    more."""
    found = _in(held(actor, quote), Status.APPROVAL, Status.SENT)
    if found.status == Status.APPROVAL:
        found.status = Status.DRAFT
        found.save(update_fields=["status", "updated_at"])
        return found
    return decided(found, Status.WITHDRAWN, "")


@action("sales.reject_quote", label=pgettext_lazy("the customer", "Reject"),
        done=_t("Quote rejected."), form=AnswerForm, on=QUOTE, subject="quote", icon="circle-x",
        order=20, offered=stands(Status.SENT))  # fmt: skip
def reject_quote(*, actor: User, quote: Quote, answer: str = "") -> Quote:
    """Note that the customer does not want an issued quote."""
    return decided(_in(held(actor, quote), Status.SENT), Status.REJECTED, answer)


@action("sales.accept_quote", label=pgettext_lazy("the customer", "Accept"),
        done=_t("Quote accepted."), form=AnswerForm, on=QUOTE, subject="quote", icon="circle-check",
        order=10, offered=stands(Status.SENT))  # fmt: skip
def accept_quote(*, actor: User, quote: Quote, answer: str = "") -> Quote:
    """Note that the customer wants an issued quote; its open deal is worth what the quote is."""
    found = _in(held(actor, quote), Status.SENT)
    if found.valid_until is not None and found.valid_until < timezone.localdate(now()):
        raise DomainError(_("This quote is valid no more. Make its next version."))
    return decided(found, Status.ACCEPTED, answer)


def decided(quote: Quote, status: Status, answer: str) -> Quote:
    """Note what the customer decided about a quote; an accepted one is what its deal is worth."""
    quote.status, quote.answer = status, clean(answer)
    quote.decided_on = timezone.localdate(now())
    quote.save(update_fields=["status", "answer", "decided_on", "updated_at"])
    told = {"quote": quote.pk, "deal": quote.deal_id}
    if status == Status.ACCEPTED:
        deal_follows(quote)
        emit("sales.quote_accepted", told)
    else:
        emit("sales.quote_rejected", told)
    return quote


@action("sales.revise_quote", label=_t("Next version"), done=_t("The next version is a draft."),
        on=QUOTE, subject="quote", icon="copy-plus", order=30, offered=stands(*REVISABLE),
        confirm=_t("Make a draft of the next version? This one is replaced."))  # fmt: skip
def revise_quote(*, actor: User, quote: Quote) -> Quote:
    """Make the next version of an issued quote as a draft, with the same number; the former one is
    replaced and offered no more."""
    former = _in(held(actor, quote), *REVISABLE)
    lines = lines_of(former)
    former.status = Status.REPLACED
    former.save(update_fields=["status", "updated_at"])
    fresh = Quote.objects.get(pk=former.pk)
    fresh.pk = None
    fresh._state.adding = True
    fresh.status, fresh.version, fresh.replaces = Status.DRAFT, former.version + 1, former
    fresh.issued_on = fresh.decided_on = None
    fresh.answer = ""
    fresh.save()
    for line in lines:
        line.pk, line.quote, line.chosen = None, fresh, False
        line._state.adding = True
    QuoteLine.objects.bulk_create(lines)
    refresh([fresh.pk])
    emit("sales.quote_revised", {"quote": fresh.pk, "replaces": former.pk})
    return fresh


@action("sales.expire_quotes", label=_t("Quotes expired"), granted=False)
def expire_quotes(*, actor: User | None) -> int:
    """Let issued quotes expire whose last day has passed; how many."""
    rows = Quote.objects.select_for_update(of=("self",))
    late = list(rows.filter(status=Status.SENT, valid_until__lt=timezone.localdate(now())))
    for quote in late:
        quote.status = Status.EXPIRED
        quote.save(update_fields=["status", "updated_at"])
        emit("sales.quote_expired", {"quote": quote.pk, "deal": quote.deal_id})
    journal.relabel("")
    return len(late)


@job("sales.expire_quotes", every="7 0 * * *", lock="sales.expire_quotes", retry=2)
def expire_nightly() -> None:
    """See `expire_quotes`."""
    expire_quotes(actor=None)
