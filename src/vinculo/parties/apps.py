"""The parties room: companies, people, and how to reach them."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    """Declares companies and people when the application starts."""

    name = "vinculo.parties"
    label = "parties"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from vinculo.parties import entities, happenings, modules, nouns  # noqa: F401
        from vinculo.parties.collisions import actions as collisions  # noqa: F401
        from vinculo.parties.collisions import asking  # noqa: F401
        from vinculo.parties.confirming import answering, links, proposals, setting  # noqa: F401
        from vinculo.parties.cycle import actions as cycle  # noqa: F401
        from vinculo.parties.matching import actions as matching  # noqa: F401
        from vinculo.parties.merging import actions  # noqa: F401
        from vinculo.parties.portraits import actions as portraits  # noqa: F401
        from vinculo.parties.quality import checks, taxids  # noqa: F401
        from vinculo.parties.standardising import actions as standardising  # noqa: F401

        post_migrate.connect(_ensure_usual_rules, sender=self)


def _ensure_usual_rules(**signal: Any) -> None:
    """Give a new installation the rules it begins with."""
    from vinculo.parties.collisions import rules as collisions
    from vinculo.parties.collisions.models import CollisionRule
    from vinculo.parties.cycle import rules as cycle
    from vinculo.parties.cycle.models import StateRule
    from vinculo.platform.usual import ensure_usual

    ensure_usual(CollisionRule, collisions.usual_rules(), signal["using"])
    ensure_usual(StateRule, cycle.usual_rules(), signal["using"])
