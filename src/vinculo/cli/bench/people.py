"""The colleagues of the bench: an administrator, a manager of a team, salespeople."""

from __future__ import annotations

from dataclasses import dataclass

from vinculo.demo.customers import Seller
from vinculo.platform import journal
from vinculo.platform.models import Membership, Role, RoleAssignment, Team, User

CUSTOMERS_EACH = 2_500
FEWEST, MOST = 8, 400
TEAM_SIZE = 10
EVERYTHING = ("parties.company", "parties.person", "interactions.interaction",
              "interactions.task", "interactions.file")  # fmt: skip
DEALS = "sales.deal"
VERBS = ("view", "add", "edit", "delete", "export")
ACTIONS = ["parties.*", "interactions.*", "records.*"]
ADMIN, MANAGER, SELLER = "admin", "manager", "salesperson"
MAILBOX = "{name}@bench.example"


@dataclass(frozen=True, slots=True)
class BenchPeople:
    """Who looks after customers, and the three whose pages are measured."""

    sellers: list[Seller]
    admin_id: int


def make_people(customers: int, least: int = 0) -> BenchPeople:
    """As many salespeople as so many customers need, ten to a team, two teams to a region."""
    with journal.change_set(actor=None, verb="demo.create", label="bench"):
        admin = _user(ADMIN, _role("Bench administrator", "all", administrator=True), None)
        manager_role, own_role = _role("Bench manager", "team"), _role("Bench seller", "own")
        amount = min(MOST, max(FEWEST, least, customers // CUSTOMERS_EACH))
        top = Team.objects.create(name="Bench")
        region = Team.objects.create(name="Region 1", parent=top)
        _user(MANAGER, manager_role, region)
        sellers = []
        for place in range(amount):
            if place % TEAM_SIZE == 0:
                number = place // TEAM_SIZE
                if number and number % 2 == 0:
                    region = Team.objects.create(name=f"Region {number // 2 + 1}", parent=top)
                team = Team.objects.create(name=f"Team {number + 1}", parent=region)
            name = SELLER if place == 0 else f"{SELLER}-{place}"
            user = _user(name, own_role, team)
            sellers.append(Seller(user.pk, team.pk, frozenset()))
    return BenchPeople(sellers, admin.pk)


def let_sell() -> None:
    """The colleagues of the bench have deals too, with the rights that they have to all else."""
    for role in Role.objects.filter(assignments__user__email__endswith=MAILBOX[6:]).distinct():
        scopes = role.grants["parties.company"]
        role.grants = {**role.grants, DEALS: scopes, "products.product": scopes}
        role.actions = [*ACTIONS, "sales.*"]
        role.save()


def persona(name: str) -> User:
    """One of the three, by role."""
    return User.objects.get(email=MAILBOX.format(name=name))


def _user(name: str, role: Role, team: Team | None) -> User:
    user = User(email=MAILBOX.format(name=name), name=name.title())
    user.set_unusable_password()
    user.save()
    RoleAssignment.objects.create(user=user, role=role)
    if team is not None:
        Membership.objects.create(user=user, team=team)
    return user


def _role(name: str, scope: str, *, administrator: bool = False) -> Role:
    grants = {key: dict.fromkeys(VERBS, scope) for key in EVERYTHING}
    return Role.objects.create(
        name=name, administrator=administrator, grants=grants, actions=ACTIONS
    )
