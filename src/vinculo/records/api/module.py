"""The API is something an installation can do without."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

API = declare_module(
    Module(
        "api",
        _("API"),
        _("Reading and writing by programs, with keys."),
        "key-round",
        order=70,
        routes=("api", "settings/keys"),
        actions=("platform.create_api_key", "platform.revoke_api_key"),
    )
)
