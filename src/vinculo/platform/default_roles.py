"""The roles a new installation begins with; from then on they are the company's to change."""

from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from vinculo.platform.actions import OTHER_VERBS

OTHER_VERBS["platform.set_up"] = gettext_lazy("Set up")

VERBS = ("view", "add", "edit", "delete", "export")
CUSTOMERS = ("parties.company", "parties.person")
TIMELINE = ("interactions.interaction", "interactions.task", "interactions.file")
DEALS = ("sales.deal", "sales.quote")
LEADS = ("sales.lead",)
PRODUCTS = ("products.product", "products.pricelist", "products.listedprice")
OWN = ("own", "own", "own", "own", "own")
READ = ("all", "none", "none", "none", "none")

#: name, description, administrator, (record types → scopes in the order of VERBS), actions
Recipe = tuple[str, str, bool, Mapping[tuple[str, ...], tuple[str, ...]], list[str]]

ROLES: list[Recipe] = [
    (_("Administrator"), _("May do everything, and gives others their rights."), True, {}, []),
    (
        _("Sales manager"),
        _("Works with all customers of the own teams."),
        False,
        {
            CUSTOMERS: ("team", "team", "team", "team", "team"),
            TIMELINE: ("team",) * 5,
            DEALS: ("team",) * 5,
            LEADS: ("team",) * 5,
            PRODUCTS: ("all", "own", "own", "own", "all"),
        },
        ["parties.*", "interactions.*", "sales.*", "products.*", "records.*"],
    ),
    (
        _("Salesperson"),
        _("Works with own customers and sees those of the team."),
        False,
        {
            CUSTOMERS: ("team", "own", "own", "own", "own"),
            TIMELINE: ("team", "own", "own", "own", "own"),
            DEALS: ("team", "own", "own", "own", "own"),
            LEADS: ("team", "own", "own", "own", "own"),
            PRODUCTS: READ,
        },
        ["parties.*", "interactions.*", "sales.*", "records.*"],
    ),
    (
        _("Service agent"),
        _("Sees all customers, keeps their details right and logs what was said."),
        False,
        {
            CUSTOMERS: ("all", "own", "all", "none", "none"),
            TIMELINE: ("all", "own", "own", "own", "none"),
            PRODUCTS: READ,
        },
        ["parties.*", "interactions.*", "records.*"],
    ),
    (
        _("Marketing"),
        _("Sees and exports all customers, adds new ones."),
        False,
        {
            CUSTOMERS: ("all", "own", "own", "none", "all"),
            TIMELINE: ("all", "own", "own", "own", "none"),
            LEADS: ("all", "own", "own", "none", "all"),
        },
        ["parties.*", "interactions.*", "records.*"],
    ),
    (
        _("Finance"),
        _("Sees and exports all customers."),
        False,
        {
            CUSTOMERS: ("all", "none", "none", "none", "all"),
            TIMELINE: READ,
            DEALS: ("all", "none", "none", "none", "all"),
            LEADS: READ,
            PRODUCTS: ("all", "all", "all", "all", "all"),
        },
        ["records.*"],
    ),
    (_("Read only"), _("Sees everything, changes nothing."), False,
     {CUSTOMERS: READ, TIMELINE: READ, DEALS: READ, LEADS: READ, PRODUCTS: READ}, []),
]  # fmt: skip


def ensure_default_roles(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Make the roles where there are none yet; names in the installation's language."""
    from django.conf import settings
    from django.utils import translation

    from vinculo.platform import journal
    from vinculo.platform.models import Role

    if Role._meta.db_table not in connections[using].introspection.table_names():
        return
    if Role.objects.using(using).exists():
        return
    set_up = journal.change_set(actor=None, verb="platform.set_up")
    with set_up, translation.override(settings.LANGUAGE_CODE):
        for name, description, administrator, grants, actions in ROLES:
            Role.objects.using(using).create(
                name=translation.gettext(name),
                description=translation.gettext(description),
                administrator=administrator,
                grants=spelled(grants),
                actions=actions,
            )


def spelled(grants: Mapping[tuple[str, ...], tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """A recipe's grants as a role keeps them: entity key → verb → scope."""
    return {
        key: dict(zip(VERBS, scopes, strict=True))
        for keys, scopes in grants.items()
        for key in keys
    }
