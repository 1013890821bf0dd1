"""Ask the owner of a customer whom one does not see: they learn who asks and what for, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.parties.collisions.models import OwnerAsked
from vinculo.parties.duplicates import possible_matches
from vinculo.parties.models import Party
from vinculo.platform.access import require
from vinculo.platform.actions import action
from vinculo.platform.models import User
from vinculo.platform.notifications import notify

LONGEST = 300
#: What a customer without an owner, or with one who has left, is asked of.
ADMINISTRATORS = {"is_active": True, "role_assignments__role__administrator": True}


@action("parties.ask_owner", label=_t("Ask the owner"), granted=False)
def ask_owner(*, actor: User, kind: str, said: Mapping[str, Any], what_for: str) -> None:
    """Ask whoever has the customer that `said` is about; who that is stays unsaid.

    The customer is found again by what was typed, so that nothing about it ever travels. Raises
    DomainError when there is none, when the actor has asked before or does not say what for.
    """
    require(actor, f"parties.{kind}", "add")
    about = clean(what_for)[:LONGEST]
    if not about:
        raise DomainError(_("Write what you want to ask."), field="what_for")
    hidden = [match for match in possible_matches(actor, kind, said) if match.party is None]
    if not hidden:
        raise DomainError(_("No colleague has this customer any more."))
    fresh = [pk for pk in sorted(match.party_id for match in hidden) if _note(actor, pk, about)]
    if not fresh:
        raise DomainError(_("You have asked already. The owner knows of it."))
    for party in Party.objects.filter(pk__in=fresh).select_related("owner").defer("search"):
        for owner in _owners(party):
            notify(
                owner,
                _("%(who)s asks about “%(name)s”: %(what)s"),
                params={"who": actor.name, "name": party.name, "what": about},
                url=f"/{'companies' if party.kind == 'company' else 'people'}/{party.pk}",
                kind="question",
                subject=party,
            )


def _note(actor: User, party_id: int, about: str) -> bool:
    """Note the question; False when it was asked before."""
    _row, made = OwnerAsked.objects.get_or_create(
        asker=actor, party_id=party_id, defaults={"about": about, "at": now()}
    )
    return made


def _owners(party: Party) -> list[User]:
    if party.owner is not None and party.owner.is_active:
        return [party.owner]
    return list(User.objects.filter(**ADMINISTRATORS).distinct())
