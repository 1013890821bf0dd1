"""Files of colleagues and the teams they work in, for administrators.

A team stands within the office that the row names; whoever leads it works in it, too. Nobody gets
rights by a file, and nobody is told: see `platform.people_actions.bring_colleague`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean
from vinculo.platform.access import rights_of
from vinculo.platform.models import Team, User
from vinculo.platform.people_actions import bring_colleague, join_team
from vinculo.platform.team_actions import add_team
from vinculo.records.fields import Label
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.held import Holding, declare_holding
from vinculo.records.transfer.rowwise import Outcome, RowWriter, staged

if TYPE_CHECKING:
    from vinculo.records.transfer.plan import Plan

LONGEST = 120

TARGETS = (
    Target("name", _t("Name"), "text", ("person_name", "name", "owner"), required=True),
    Target("email", _t("E-mail"), "email", ("email",)),
    Target("team", _t("Team"), "text", ("team",)),
    Target("manager", _t("Who leads the team"), "text", ("manager",)),
)


class ColleagueWriter(RowWriter):
    """Writes files of colleagues: known ones by their address, else by their name."""

    entity_key = "platform.colleague"

    def targets(self, user: User) -> Sequence[Target]:
        """Who they are and where they work; what they may do is in no file."""
        return TARGETS

    def keys(self, user: User) -> Sequence[tuple[str, Label]]:
        """Address or name."""
        return [("email", TARGETS[1].label), ("name", TARGETS[0].label)]

    def complete(self, plan: Plan, user: User) -> str:
        """New colleagues need a name."""
        return (
            ""
            if plan.column_of("name") is not None
            else _("Choose the column that holds the name.")
        )

    def each(self, cursor: Any, plan: Plan, user: User, *, rehearsal: bool) -> Iterator[Outcome]:
        """Bring the colleague of every row, and the teams that it names."""
        for row, texts in staged(cursor):
            try:
                with transaction.atomic():
                    outcome, reason = _one(texts, plan, user)
            except DomainError as error:
                yield row, "refused", None, error
            else:
                yield row, outcome, reason, None


def _one(texts: dict[str, str], plan: Plan, user: User) -> tuple[str, str | None]:
    name, email = clean(texts.get("name", ""))[:LONGEST], texts.get("email", "").strip().lower()
    known = _known(plan.key, name, email)
    if known is None and plan.mode == "update":
        return "skipped", "unknown"
    if known is not None and plan.mode == "create":
        return "skipped", "exists"
    if known is None and not name:
        raise DomainError(_("Write a name."), field="name")
    if email:
        _check_address(email)
    team = _team(user, clean(texts.get("team", "")), clean(texts.get("manager", "")))
    if known is None:
        bring_colleague(actor=user, name=name, email=email, team=team)
        return "created", None
    moved = team is not None and join_team(actor=user, user=known, team=team)
    return ("updated", None) if moved else ("skipped", "same")


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise DomainError(_("“%(text)s” is not an e-mail address."), text=email[:80]) from None


def _known(key: str, name: str, email: str) -> User | None:
    """The colleague whom the row means; DomainError where several are of that name."""
    value = {"email": email, "name": name}.get(key, "")
    if not value:
        return None
    found = list(User.objects.filter(**{f"{key}__iexact": value})[:2])
    if len(found) > 1:
        raise DomainError(
            _("Several records match this row. Choose another field to recognise them by.")
        )
    return found[0] if found else None


def _team(user: User, office: str, manager: str) -> Team | None:
    """The team of whoever leads it, within the office; the office itself where nobody does."""
    place = _team_called(user, office, None) if office else None
    if not manager:
        return place
    team = _team_called(user, manager, place)
    leader = _known("name", manager[:LONGEST], "")
    if leader is None:
        bring_colleague(actor=user, name=manager[:LONGEST], team=team)
    elif not leader.memberships.filter(team=team).exists():
        join_team(actor=user, user=leader, team=team)
    return team


def _team_called(user: User, name: str, parent: Team | None) -> Team:
    found = Team.objects.filter(name__iexact=name[:LONGEST], parent=parent).first()
    return found or add_team(actor=user, name=name[:LONGEST], parent=parent)


COLLEAGUES = declare_holding(
    Holding(
        ColleagueWriter.entity_key,
        _t("Colleagues"),
        "users",
        "settings/users",
        ColleagueWriter(),
        lambda user: rights_of(user).administrator,
    )
)
