"""The records room: everything a record type gets from its declaration."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = (
    "api.module",
    "bulk.actions",
    "bulk.runs",
    "custom.actions",
    "custom.indexing",
    "custom.jobs",
    "custom.module",
    "quality.actions",
    "quality.module",
    "quality.origins",
    "saved.actions",
    "shaping.actions",
    "shaping.module",
    "transfer.colleagues",
    "transfer.imports",
    "transfer.mappings",
    "webhooks.actions",
    "webhooks.module",
    "webhooks.sending",
)


class RecordsConfig(AppConfig):
    """Registers the checks of declarations, and tells the role editor which types there are."""

    name = "vinculo.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        from vinculo.platform.types import describe_with
        from vinculo.records import checks  # noqa: F401
        from vinculo.records.registry import described

        # Verbs, jobs and modules are known wherever the application runs, not only where pages are served.
        for module in VERBS:
            import_module(f"vinculo.records.{module}")
        describe_with(described)
