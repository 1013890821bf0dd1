"""What is to be sold and what managers expect: read for a period, set by those who lead the team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound, _
from vinculo.kernel.money import Money
from vinculo.kernel.text import clean
from vinculo.platform import journal
from vinculo.platform.access import Scope, rights_of
from vinculo.platform.actions import action
from vinculo.platform.models import Membership, Team, User
from vinculo.products.currency import books_currency
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.sales.forecast.models import Adjustment, Target
from vinculo.sales.forecast.periods import Period

DEAL = "sales.deal"
LARGEST = Decimal(10) ** 12
MOST_TARGETS = 5_000
LOCK = "SELECT pg_advisory_xact_lock(hashtext('vinculo.sales.targets'))"


@dataclass(frozen=True)
class Wish:
    """A person (or a team) is to sell so much in a period, in the books' currency."""

    of: User | Team
    period: Period
    amount: Decimal
    #: Of what: a product, or a family of them; neither is everything.
    product: Product | None = None
    family: str = ""


# --- whose --------------------------------------------------------------------------------------


def leads_somebody(user: User, name: str = "sales.set_targets") -> bool:
    """Whether `user` edits the deals of a whole team, and so may say what it is to sell."""
    rights = rights_of(user)
    return rights.may(name) and rights.scope(DEAL, "edit") >= Scope.TEAM


def led_teams(user: User) -> list[Team]:
    """The teams whose deals `user` may edit."""
    rights = rights_of(user)
    rows = Team.objects.visible_to(user).order_by("name", "pk")
    if rights.scope(DEAL, "edit") is not Scope.ALL:
        rows = rows.filter(pk__in=sorted(rights.team_ids))
    return list(rows)


def led_people(user: User) -> list[User]:
    """The colleagues who work in them, and may sign in."""
    rights = rights_of(user)
    rows = User.objects.visible_to(user).filter(is_active=True)
    if rights.scope(DEAL, "edit") is not Scope.ALL:
        rows = rows.filter(memberships__team__in=sorted(rights.team_ids))
    return list(rows.order_by("name", "pk").distinct())


def main_teams(people: Iterable[int]) -> dict[int, int]:
    """The team each of these people mainly works in."""
    rows = Membership.objects.filter(user__in=list(people)).order_by("user_id", "-main", "pk")
    found: dict[int, int] = {}
    for user, team in rows.values_list("user_id", "team_id"):
        found.setdefault(user, team)
    return found


# --- read ---------------------------------------------------------------------------------------


def _shown(user: User) -> Q:
    """What is said of the reader is theirs to know, whatever they see of the team."""
    return Q(pk__in=Target.objects.visible_to(user).values("pk")) | Q(person=user.pk)


def targets_of(user: User, period: Period) -> dict[tuple[str, int], Decimal]:
    """Targets for a period by ("person" or "team", number).

    Where none was set for the period itself, those of all the shorter ones in it make one: three
    months a quarter, four quarters or twelve months a year.
    """
    codes = {period.code: "", **_codes_of_parts(period)}
    rows = Target.objects.filter(
        _shown(user), period__in=list(codes), product__isnull=True, family=""
    )
    told: dict[tuple[str, int], dict[str, Decimal]] = {}
    for row in rows:
        kind, number = ("person", row.person_id) if row.person_id else ("team", row.team_id)
        told.setdefault((kind, number or 0), {})[row.period] = row.amount
    found = {key: _amount(period, amounts) for key, amounts in told.items()}
    return {key: amount for key, amount in found.items() if amount is not None}


@dataclass(frozen=True, order=True)
class Piece:
    """Whose target it is, and of what: a product by its number, or a family."""

    kind: str  # "person" or "team"
    number: int
    product: int | None = None
    family: str = ""


def product_targets_of(user: User, period: Period) -> dict[Piece, Decimal]:
    """Targets of products and families for a period, made out of shorter ones as `targets_of` does."""
    codes = {period.code: "", **_codes_of_parts(period)}
    rows = Target.objects.filter(_shown(user), period__in=list(codes)).exclude(
        product__isnull=True, family=""
    )
    told: dict[Piece, dict[str, Decimal]] = {}
    for row in rows:
        kind, number = ("person", row.person_id) if row.person_id else ("team", row.team_id)
        piece = Piece(kind, number or 0, row.product_id, row.family)
        told.setdefault(piece, {})[row.period] = row.amount
    found = {piece: _amount(period, amounts) for piece, amounts in told.items()}
    return {piece: amount for piece, amount in found.items() if amount is not None}


def _codes_of_parts(period: Period) -> dict[str, str]:
    return {part.code: kind for kind in period.shorter for part in period.parts(kind)}


def _amount(period: Period, amounts: dict[str, Decimal]) -> Decimal | None:
    if period.code in amounts:
        return amounts[period.code]
    for kind in reversed(period.shorter):
        codes = [part.code for part in period.parts(kind)]
        if all(code in amounts for code in codes):
            return sum((amounts[code] for code in codes), Decimal(0))
    return None


def adjustments_of(user: User, period: Period) -> dict[int, Adjustment]:
    """What managers expect in a period, by person."""
    rows = Adjustment.objects.filter(
        Q(pk__in=Adjustment.objects.visible_to(user).values("pk")) | Q(person=user.pk),
        period=period.code,
    )
    return {row.person_id or 0: row for row in rows.select_related("made_by")}


# --- set ----------------------------------------------------------------------------------------


@action("sales.set_targets", label=_t("Set sales targets"))
def set_targets(*, actor: User, wishes: list[Wish]) -> int:
    """Set what people and teams are to sell; how many are new or other ones now. Refuses all of
    them where one cannot be."""
    _leads(actor, "sales.set_targets")
    if len(wishes) > MOST_TARGETS:
        raise DomainError(_("These are too many targets at once."))
    people, teams = {one.pk for one in led_people(actor)}, {one.pk for one in led_teams(actor)}
    _one_at_a_time()
    main = main_teams(one.of.pk for one in wishes if isinstance(one.of, User))
    changed = 0
    _of_what(actor, wishes)
    for one in wishes:
        is_person = isinstance(one.of, User)
        if one.of.pk not in (people if is_person else teams):
            raise NotAllowed(
                _("You set targets for the teams you lead only, and %(name)s is in none of them."),
                name=str(one.of),
            )
        team = main.get(one.of.pk) if is_person else one.of.pk
        changed += _set_target(one, one.of.pk if is_person else None, team)
    journal.relabel(", ".join(f"{one.of} {one.period.code}" for one in wishes[:3]))
    return changed


def _of_what(actor: User, wishes: list[Wish]) -> None:
    """Refuse targets of products that the actor does not see, and of families without any."""
    seen = entity("products.product").visible(actor)
    products = {one.product.pk for one in wishes if one.product is not None}
    if seen.filter(pk__in=products).count() != len(products):
        raise NotFound(_("There is no such record, or you may not see it."))
    families = {one.family for one in wishes if one.family}
    known = set(seen.filter(family__in=families).values_list("family", flat=True))
    if families - known:
        raise DomainError(_("There is no such record, or you may not see it."))


def _set_target(wish: Wish, person: int | None, team: int | None) -> bool:
    amount = _checked(wish.amount)
    whose = {"person_id": person} if person is not None else {"person": None, "team_id": team}
    of = {"product": wish.product, "family": "" if wish.product else wish.family}
    row = Target.objects.filter(**whose, **of, period=wish.period.code).first()
    if row is not None and (row.amount, row.team_id) == (amount, team):
        return False
    row = row or Target(person_id=person, period=wish.period.code, **of)
    row.amount, row.team_id = amount, team
    row.save()
    return True


@action("sales.delete_target", label=_t("Delete a sales target"))
def delete_target(*, actor: User, target: Target) -> None:
    """Take a target away."""
    _leads(actor, "sales.delete_target")
    if not Target.objects.visible_to(actor, "edit").filter(pk=target.pk).exists():
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    journal.relabel(str(target))
    target.delete()


@action("sales.adjust_forecast", label=_t("Adjust a forecast"))
def adjust_forecast(
    *, actor: User, person: User, period: Period, amount: Decimal | None, note: str = ""
) -> Adjustment | None:
    """Say what a colleague is going to close in a period, beside what is computed, and why; no
    amount takes it back."""
    _leads(actor, "sales.adjust_forecast")
    if person.pk not in {one.pk for one in led_people(actor)}:
        raise NotAllowed(
            _("You adjust forecasts of the teams you lead only, and %(name)s is in none of them."),
            name=str(person),
        )
    journal.relabel(f"{person} {period.code}")
    _one_at_a_time()
    row = Adjustment.objects.filter(person=person, period=period.code).first()
    if amount is None:
        if row is not None:
            row.delete()
        return None
    row = row or Adjustment(person=person, period=period.code)
    row.team_id = main_teams([person.pk]).get(person.pk)
    row.amount, row.note = _checked(amount), clean(note)[:500]
    row.made_by, row.made_at = actor, now()
    row.save()
    return row


def _one_at_a_time() -> None:
    """Who says the same thing at the same moment finds what the other has said, and changes that."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _leads(actor: User, name: str) -> None:
    if not leads_somebody(actor, name):
        raise NotAllowed(_("Only who leads a team sets its targets and adjusts its forecast."))


def _checked(amount: Decimal) -> Decimal:
    if amount < 0:
        raise DomainError(_("An amount is not negative."), field="amount")
    if amount > LARGEST:
        raise DomainError(_("This amount cannot be right."), field="amount")
    return Money(amount, books_currency()).rounded().amount
