"""A customer's answer: consent at once, corrections at once where a rule says so, else as proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.confirming import consent
from vinculo.parties.confirming.asking import DIRECT, SHOW, channels_of, still_asked
from vinculo.parties.confirming.links import find_link
from vinculo.parties.confirming.models import ConfirmLink, Proposal
from vinculo.parties.confirming.values import frozen, present
from vinculo.parties.contacts import points_of
from vinculo.parties.derived import refresh
from vinculo.parties.models import Party
from vinculo.parties.registry.origins import CUSTOMER, note_origins
from vinculo.platform import journal
from vinculo.platform.actions import action
from vinculo.platform.events import emit
from vinculo.platform.models import User
from vinculo.platform.notifications import notify
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record


@action("parties.answer_confirm_link", label=_t("The customer answered"), granted=False)
def answer(
    *, actor: User | None, secret: str, corrected: Mapping[str, Any], said: Mapping[str, bool]
) -> None:
    """Take what a customer says about their data; the link works no more after that.

    `corrected` is field → clean new value, `said` channel → whether they may be reached by it; what
    the link does not ask is left out. Consent holds at once. Fields that go in directly do so with
    the rights that the link's maker has today; what is refused waits as a proposal like the rest.
    Raises NotFound for a link that does not work.
    """
    link = find_link(secret, hold=True)
    party, at = _held(link.party), now()
    link.party = party
    asked = still_asked(link)
    wanted = {
        name: value
        for name, value in corrected.items()
        if name in asked
        and asked[name][1] != SHOW
        and frozen(value) != present(asked[name][0], party)
    }
    consent.say(party, _asked_channels(link, party, said), at)
    direct = {name: value for name, value in wanted.items() if asked[name][1] == DIRECT}
    written = _written(link, party, direct, at)
    left = {name: value for name, value in wanted.items() if name not in written}
    proposal = _proposed(link, party, left, at)
    link.answered_at = at
    link.opened_at = link.opened_at or at
    link.save(update_fields=["answered_at", "opened_at"])
    if proposal is None:
        confirm(party, at)
    refresh([party.pk])
    journal.relabel(party.name)
    _tell(link, party, proposal, changed=bool(written or said))


def confirm(party: Party, at: datetime) -> None:
    """Note that a customer has confirmed their data; what is older than a later word stays unsaid."""
    if party.confirmed_at is None or party.confirmed_at < at:
        Party.objects.filter(pk=party.pk).update(confirmed_at=at)


def _held(party: Party) -> Party:
    return Party.objects.select_for_update(of=("self",)).defer("search").get(pk=party.pk)


def _asked_channels(link: ConfirmLink, party: Party, said: Mapping[str, bool]) -> dict[str, bool]:
    asked = channels_of(link, points_of(party))
    return {channel: yes for channel, yes in said.items() if channel in asked}


def _written(
    link: ConfirmLink, party: Party, values: Mapping[str, Any], at: datetime
) -> Mapping[str, Any]:
    """Write values into the record as its maker could; none of them where that is refused."""
    if not values or link.made_by is None:
        return {}
    try:
        with transaction.atomic():
            write_told(link.made_by, party, values, at)
    except DomainError:
        return {}
    return values


def write_told(actor: User, party: Party, values: Mapping[str, Any], at: datetime) -> None:
    """Change a record as `actor` may to what its customer said, and note that it comes from them.

    `at` is when they said it. Raises what `edit_record` raises.
    """
    declared = entity(f"parties.{party.kind}")
    record = declared.model._default_manager.get(pk=party.pk)
    edit_record(actor=actor, entity=declared, record=record, data=dict(values))
    fresh = declared.model._default_manager.get(pk=party.pk)
    kept = {name: str(declared.all_fields[name].value(fresh) or "") for name in values}
    note_origins(party, CUSTOMER, "", kept, at)


def _proposed(
    link: ConfirmLink, party: Party, values: Mapping[str, Any], at: datetime
) -> Proposal | None:
    if not values:
        return None
    fields = still_asked(link)
    return Proposal.objects.create(
        party=party,
        at=at,
        values={
            name: {
                "old": present(fields[name][0], party),
                "new": frozen(value),
                "state": "open",
            }
            for name, value in values.items()
        },
    )


def _tell(link: ConfirmLink, party: Party, proposal: Proposal | None, *, changed: bool) -> None:
    """Tell whoever looks after the customer, and other programs."""
    emit("parties.data_confirmed", {"party": party.pk, "proposal": proposal and proposal.pk})
    reader = party.owner if party.owner is not None and party.owner.is_active else link.made_by
    if reader is None:
        return
    message = _("“%(name)s” has looked at their data: all is right.")
    if proposal is not None:
        message = _("“%(name)s” has corrected their data. Decide what is taken over.")
    elif changed:
        message = _("“%(name)s” has corrected their data.")
    page = f"/{'companies' if party.kind == 'company' else 'people'}/{party.pk}"
    notify(
        reader,
        message,
        params={"name": party.name},
        url=f"/proposed/{proposal.pk}" if proposal is not None else page,
        kind="confirmed",
        subject=party,
    )
