"""What a deal's header shows: where it stands, what it is worth, what wants attention."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.clock import now
from vinculo.platform.access import rights_of
from vinculo.platform.formats import money_text, number_text
from vinculo.platform.models import User
from vinculo.platform.snippets import when
from vinculo.products.currency import books_currency
from vinculo.products.entities import currency_of
from vinculo.records.entity import Badge, Figure
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.known import known
from vinculo.sales.pipelines.models import Ends

KEY = "sales.deal"
TONES = {Ends.OPEN: "is-info", Ends.WON: "is-ok", Ends.LOST: "is-bad"}


def _sees(user: User, name: str) -> bool:
    return rights_of(user).field_rule(KEY, name) != "hidden"


def badges(user: User, deal: Deal) -> list[Badge]:
    """Stage, and what wants attention about an open deal."""
    stage = known().stages.get(deal.stage_id)
    shown = []
    if stage is not None and _sees(user, "stage"):
        shown.append(Badge(stage.name, f"with-dot {TONES[Ends(deal.status)]}"))
    if deal.status != Ends.OPEN or not _sees(user, "status"):
        return shown
    days = stale_for(deal)
    if days is not None and _sees(user, "stage"):
        said = ngettext("%(days)s day in this stage", "%(days)s days in this stage", days)
        shown.append(Badge(gettext("Stale"), "is-warn", said % {"days": number_text(days)}))
    if deal.next_step_on is None and _sees(user, "next_step_on"):
        shown.append(
            Badge(gettext("No next step"), "is-warn", gettext("Nobody knows what happens next."))
        )
    if is_overdue(deal) and _sees(user, "close_on"):
        shown.append(
            Badge(gettext("Overdue"), "is-bad", gettext("The day it was to be closed has passed."))
        )
    return shown


def notes(user: User, deal: Deal) -> dict[str, str]:
    """Where an amount is from that nobody types."""
    return {"amount": gettext("The sum of the lines, without taxes")} if deal.by_lines else {}


def stale_for(deal: Deal) -> int | None:
    """How many days a deal has stood in its stage, where that is longer than it should; else None."""
    stage = known().stages.get(deal.stage_id)
    if stage is None or stage.rotten_days is None or deal.status != Ends.OPEN:
        return None
    stood = now() - deal.stage_since
    return stood.days if stood > timedelta(days=stage.rotten_days) else None


def is_overdue(deal: Deal) -> bool:
    """It is open, and the day it was to be closed has passed."""
    if deal.status != Ends.OPEN or deal.close_on is None:
        return False
    return bool(deal.close_on < timezone.localdate(now()))


def figures(user: User, deal: Deal) -> list[Figure]:
    """What it is worth, how likely that is, and until when."""
    found = []
    if deal.amount is not None and _sees(user, "amount"):
        currency = currency_of(deal)
        note = ""
        if currency != books_currency() and _sees(user, "value"):
            note = (
                gettext("No rate for %(code)s") % {"code": currency}
                if deal.value is None
                else money_text(deal.value, books_currency())
            )
        tone = "warn" if deal.value is None else ""
        found.append(
            Figure(_("Amount"), money_text(deal.amount, currency), note, tone if note else "",
                   order=10)
        )  # fmt: skip
    is_open = deal.status == Ends.OPEN
    if (is_open or not _sees(user, "status")) and _sees(user, "probability"):
        found.append(Figure(_("Probability"), f"{number_text(deal.probability)} %", order=20))
    if (is_open or not _sees(user, "closed_on")) and deal.close_on and _sees(user, "close_on"):
        found.append(Figure(_("Close date"), when(deal.close_on, short=True), order=30))
    if deal.closed_on and _sees(user, "closed_on"):
        days = (deal.closed_on - deal.opened_on).days
        said = ngettext("after %(days)s day", "after %(days)s days", days)
        note = said % {"days": number_text(days)} if _sees(user, "opened_on") else ""
        found.append(Figure(_("Closed"), when(deal.closed_on, short=True), note, order=30))
    return found
