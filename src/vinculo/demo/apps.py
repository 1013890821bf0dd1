"""The Django app of the demo company; it has no tables of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Aurora Trading: made and taken away as a whole."""

    name = "vinculo.demo"
    label = "demo"

    def ready(self) -> None:
        from vinculo.demo import actions  # noqa: F401 - registers the verbs
        from vinculo.platform import installation
        from vinculo.platform.views.common import PAGES, Page

        label = _("Demo company")
        PAGES.append(
            Page(
                "demo",
                label,
                "/settings/demo",
                "sparkles",
                "system",
                True,
                shown=installation.is_demo,
            )
        )
