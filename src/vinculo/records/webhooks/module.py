"""Webhooks are something an installation can do without."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

WEBHOOKS = declare_module(
    Module(
        "webhooks",
        _("Webhooks"),
        _("Telling other systems what happens. What happens while it is off is not told later."),
        "webhook",
        order=80,
        routes=("settings/webhooks",),
        actions=(
            "records.create_webhook",
            "records.change_webhook",
            "records.renew_webhook_secret",
            "records.delete_webhook",
            "records.test_webhook",
            "records.replay_webhook",
        ),
        jobs=("records.deliver_webhook",),
    )
)
