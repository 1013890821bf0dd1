"""The parties room: companies, people, and how to reach them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    """Declares companies and people when the application starts."""

    name = "vinculo.parties"
    label = "parties"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from vinculo.parties import entities, happenings  # noqa: F401
        from vinculo.parties.collisions import actions as collisions  # noqa: F401
        from vinculo.parties.collisions import asking  # noqa: F401
        from vinculo.parties.collisions.rules import ensure_usual_rules
        from vinculo.parties.cycle import actions as cycle  # noqa: F401
        from vinculo.parties.matching import actions as matching  # noqa: F401
        from vinculo.parties.merging import actions  # noqa: F401
        from vinculo.parties.portraits import actions as portraits  # noqa: F401

        post_migrate.connect(ensure_usual_rules, sender=self)
