"""The five people every surface is tried with, in a small tree of teams.

Company
├── North (owner, teammate; manager leads Company)
└── South (stranger)
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from vinculo.platform.models import Membership, Role, RoleAssignment, Team, User

PASSWORD = "correct horse battery"  # long enough for the validators

EVERYTHING = ("parties.company", "parties.person", "interactions.interaction",
              "interactions.task", "interactions.file", "products.product",
              "products.pricelist", "products.listedprice",
              "sales.deal", "sales.lead", "sales.quote")  # fmt: skip


@dataclass
class People:
    """The personas and their teams."""

    owner: User
    teammate: User
    stranger: User
    manager: User
    admin: User
    company: Team
    north: Team
    south: Team

    def all(self) -> dict[str, User]:
        """Every persona by name."""
        return {
            name: getattr(self, name)
            for name in ("owner", "teammate", "stranger", "manager", "admin")
        }

    def manager_as_admin(self) -> User:
        """The manager, given the right to administer as well."""
        RoleAssignment.objects.create(
            user=self.manager, role=Role.objects.get(name="Chief", administrator=True)
        )
        self.manager.forget_rights()
        return self.manager


def make_role(name: str, scope: str, *, administrator: bool = False) -> Role:
    """A role whose every verb on every record type reaches as far as `scope`."""
    verbs = dict.fromkeys(("view", "add", "edit", "delete", "export"), scope)
    return Role.objects.create(
        name=name,
        administrator=administrator,
        grants={key: dict(verbs) for key in EVERYTHING},
        actions=["parties.*", "interactions.*", "products.*", "sales.*", "records.*"],
    )


def make_user(name: str, *roles: Role, team: Team | None = None, password: str = "") -> User:
    """A user who may sign in, with these roles, working in `team`."""
    user = User.objects.create_user(f"{name}@example.com", name.title(), password or None)
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role)
    if team is not None:
        Membership.objects.create(user=user, team=team)
    return user


def make_people() -> People:
    """The five personas, their teams and roles."""
    company = Team.objects.create(name="Company")
    north = Team.objects.create(name="North", parent=company)
    south = Team.objects.create(name="South", parent=company)
    own, team = make_role("Own rows", "own"), make_role("Team rows", "team")
    chief = make_role("Chief", "none", administrator=True)
    return People(
        owner=make_user("owner", own, team=north),
        teammate=make_user("teammate", own, team=north),
        stranger=make_user("stranger", own, team=south),
        manager=make_user("manager", team, team=company),
        admin=make_user("admin", chief),
        company=company,
        north=north,
        south=south,
    )


@pytest.fixture
def people(db: None) -> People:
    """The five personas."""
    return make_people()
