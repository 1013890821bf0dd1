"""Aurora Trading's own people: its tree of teams and the personas a visitor may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from vinculo.demo.customers import Seller
from vinculo.platform.default_roles import ROLES, spelled
from vinculo.platform.installation import DEMO_COMPANY as COMPANY
from vinculo.platform.models import Membership, Role, RoleAssignment, Team, User

#: Team → the team it is part of.
TEAMS = {
    COMPANY: "",
    "Sales": COMPANY,
    "Iberia": "Sales",
    "Americas": "Sales",
    "North": "Sales",
    "Asia": "Sales",
    "Finance and service": COMPANY,
}


@dataclass(frozen=True, slots=True)
class Persona:
    """A colleague of the demo; `countries` are those whose customers they look after."""

    name: str
    email: str
    role: str
    team: str
    language: str = "en"
    time_zone: str = "Europe/London"
    countries: tuple[str, ...] = ()


PERSONAS = (
    Persona("Lucía Marín", "lucia.marin@aurora.example", "Salesperson", "Iberia", "es",
            "Europe/Madrid", ("ES",)),
    Persona("王伟", "wei.wang@aurora.example", "Salesperson", "Asia", "zh-hans",
            "Asia/Shanghai", ("CN", "JP")),
    Persona("Sam Reed", "sam.reed@aurora.example", "Sales manager", "Sales", "en",
            "Europe/London", ("GB",)),
    Persona("陳怡君", "yichun.chen@aurora.example", "Salesperson", "Asia", "zh-hant",
            "Asia/Taipei", ("TW", "HK")),
    Persona("Diego Herrera", "diego.herrera@aurora.example", "Salesperson", "Americas", "es",
            "America/Mexico_City", ("MX", "AR")),
    Persona("Emma Clarke", "emma.clarke@aurora.example", "Salesperson", "North", "en",
            "America/New_York", ("US", "GB")),
    Persona("Joan Puig", "joan.puig@aurora.example", "Service agent", "Finance and service", "es",
            "Europe/Madrid"),
    Persona("Nadia Okafor", "nadia.okafor@aurora.example", "Finance", "Finance and service", "en",
            "Europe/London"),
    Persona("Ana Torres", "ana.torres@aurora.example", "Administrator", COMPANY, "en",
            "Europe/Madrid"),
)  # fmt: skip


def make_staff() -> list[Seller]:
    """Write teams and personas; the result are those who look after customers."""
    teams: dict[str, Team] = {}
    for name, parent in TEAMS.items():
        teams[name] = Team.objects.create(name=name, parent=teams.get(parent))
    sellers = []
    for persona in PERSONAS:
        user = User(
            email=persona.email,
            name=persona.name,
            language=persona.language,
            time_zone=persona.time_zone,
            is_demo=True,
        )
        user.set_unusable_password()
        user.save()
        team = teams[persona.team]
        Membership.objects.create(user=user, team=team)
        RoleAssignment.objects.create(user=user, role=_role(persona.role))
        if persona.countries:
            sellers.append(Seller(user.pk, team.pk, frozenset(persona.countries)))
    return sellers


def _role(name: str) -> Role:
    """One of the roles an installation begins with; made again where somebody renamed it."""
    with translation.override(settings.LANGUAGE_CODE):
        local = translation.gettext(name)
    found = Role.objects.filter(name__in=[local, name]).first()
    if found is not None:
        return found
    recipe = next(one for one in ROLES if one[0] == name)
    return Role.objects.create(
        name=local,
        description=translation.gettext(recipe[1]),
        administrator=recipe[2],
        grants=spelled(recipe[3]),
        actions=recipe[4],
    )
