"""Links to customers: made for one or many, ended, and found again by their secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.ids import token, token_digest
from vinculo.parties.confirming.asking import asked_by, asking, channels_asked_by
from vinculo.parties.confirming.models import ConfirmLink
from vinculo.parties.models import Party
from vinculo.parties.naming import TWO_SURNAMES
from vinculo.platform import journal
from vinculo.platform.access import require
from vinculo.platform.actions import action
from vinculo.platform.labels import of_many
from vinculo.platform.mail import address_of
from vinculo.platform.models import User

#: Longer than any secret of ours: nothing of that length is looked for.
LONGEST_SECRET = 64
#: So many links are made in one go: their secrets are in no other place than the answer.
MOST_AT_ONCE = 5_000
CHINESE = {"CN": "zh-hans", "SG": "zh-hans", "TW": "zh-hant", "HK": "zh-hant", "MO": "zh-hant"}


@dataclass(frozen=True)
class MadeLink:
    """A link just made, with the address that nobody can find out afterwards."""

    link: ConfirmLink
    party: Party
    url: str


def language_of(party: Party) -> str:
    """The language of ours that a customer is written to in: the one they are noted with, else
    that of their country, else English where they speak none of ours."""
    ours = dict(settings.LANGUAGES)
    if party.language:
        return party.language if party.language in ours else "en"
    if party.country in TWO_SURNAMES:
        return "es"
    if party.country:
        return CHINESE.get(party.country, "en")
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in ours else "en"


@action("parties.ask_to_confirm", label=_t("Ask to confirm data"), granted=False)
def ask_to_confirm(*, actor: User, party: Party, language: str = "") -> MadeLink:
    """Make a link by which a customer looks at their data and corrects it.

    `language` is one of ours, "" for the customer's. Raises NotAllowed for a record that the actor
    may not change, DomainError where there is nothing to ask.
    """
    if not Party.objects.visible_to(actor, "edit").filter(pk=party.pk).exists():
        if Party.objects.visible_to(actor).filter(pk=party.pk).exists():
            raise NotAllowed(_("You may see this record but not change it."))
        raise NotFound(_("There is no such record, or you may not see it."))
    made = _drafted(actor, [party], language)
    journal.relabel(party.name)
    return _kept(made)[0]


@action("parties.ask_many_to_confirm", label=_t("Ask many to confirm data"), granted=False)
def ask_many(*, actor: User, kind: str, ids: Sequence[int]) -> list[MadeLink]:
    """Make a link for each of these companies or people that the actor may change and take away;
    the others are left out."""
    require(actor, f"parties.{kind}", "export")
    if len(ids) > MOST_AT_ONCE:
        raise DomainError(
            _("At most %(most)s links are made at once. Narrow the list with a filter."),
            most=f"{MOST_AT_ONCE:,}",
        )
    rows = Party.objects.filter(kind=kind, pk__among=list(ids)).visible_to(actor, "edit")
    takable = Party.objects.filter(kind=kind, pk__among=list(ids)).visible_to(actor, "export")
    taken = set(takable.values_list("pk", flat=True))
    parties = [party for party in rows.defer("search").order_by("pk") if party.pk in taken]
    if not parties:
        raise NotAllowed(_("There is none among these that you may both change and export."))
    made = _drafted(actor, parties, "")
    journal.relabel(of_many(f"parties.{kind}", len(made)))
    return _kept(made)


def _drafted(actor: User, parties: Sequence[Party], language: str) -> list[MadeLink]:
    at, kind = now(), parties[0].kind
    asked, channels = asked_by(actor, parties[0]), channels_asked_by(actor, parties[0])
    if not asked and not channels:
        raise DomainError(
            _("There is nothing to ask. An administrator chooses the fields under “Confirm data”.")
        )
    expires = at + timedelta(days=asking(kind).days)
    made = []
    for party in parties:
        secret = token(24)
        link = ConfirmLink(
            party=party,
            digest=token_digest(secret),
            asked=asked,
            channels=channels,
            language=language if language in dict(settings.LANGUAGES) else language_of(party),
            made_at=at,
            made_by=actor,
            expires_at=expires,
        )
        made.append(MadeLink(link, party, address_of(f"/confirm/{secret}")))
    return made


def _kept(made: list[MadeLink]) -> list[MadeLink]:
    ConfirmLink.objects.bulk_create([one.link for one in made])
    return made


@action("parties.end_confirm_link", label=_t("End a link to confirm data"), granted=False)
def end_link(*, actor: User, link: ConfirmLink) -> None:
    """Let a link work no more. Raises NotFound for one of a record that the actor may not change."""
    held = ConfirmLink.objects.select_for_update(of=("self",)).visible_to(actor, "edit")
    mine = held.filter(pk=link.pk).select_related("party").first()
    if mine is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    if mine.answered_at is None and mine.revoked_at is None:
        mine.revoked_at = now()
        mine.save(update_fields=["revoked_at"])
    journal.relabel(mine.party.name)


@action("parties.open_confirm_link", label=_t("The customer opened the link"), granted=False)
def note_opened(*, actor: User | None, secret: str) -> None:
    """Note when a link was first opened by somebody who looks at it, not by a mail scanner."""
    link = find_link(secret, hold=True)
    if link.opened_at is None:
        link.opened_at = now()
        link.save(update_fields=["opened_at"])
        journal.relabel(link.party.name)


def find_link(secret: str, *, hold: bool = False) -> ConfirmLink:
    """The link with this secret, held until the transaction ends where that is wanted.

    Raises one and the same NotFound for a link that never was, was used, ended or is too old.
    """
    found = None
    if len(secret) <= LONGEST_SECRET:
        links = ConfirmLink.objects.select_related("party").defer("party__search")
        if hold:
            links = links.select_for_update(of=("self",))
        found = links.filter(
            digest=token_digest(secret),
            answered_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now(),
        ).first()
    if found is None:
        raise NotFound(GONE)
    return found


GONE = _("This link does not work any more. If you want to tell us something, write to us.")
