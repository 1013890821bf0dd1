"""The interactions room: the timeline of everything done with a party."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    """Declares interactions and tasks, and puts the timeline on companies and people."""

    name = "vinculo.interactions"
    label = "interactions"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from vinculo.interactions import (  # noqa: F401
            cycle,
            entities,
            happenings,
            jobs,
            merges,
            modules,
            nouns,
            quality,
        )
        from vinculo.interactions.care import actions  # noqa: F401
