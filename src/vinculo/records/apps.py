"""The records room: everything a record type gets from its declaration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Registers the checks of declarations, and tells the role editor which types there are."""

    name = "vinculo.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        from vinculo.platform.types import describe_with
        from vinculo.records import checks  # noqa: F401
        from vinculo.records.registry import described
        from vinculo.records.webhooks import actions, sending  # noqa: F401

        describe_with(described)
