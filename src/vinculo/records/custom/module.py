"""Fields of its own are something an installation can do without."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

CUSTOM_FIELDS = declare_module(
    Module(
        "fields",
        _("Fields of your own"),
        _("Fields that administrators add to record types."),
        "text-cursor-input",
        order=60,
        routes=("settings/fields",),
        actions=(
            "records.add_custom_field",
            "records.change_custom_field",
            "records.move_custom_field",
            "records.delete_custom_field",
            "records.restore_custom_field",
        ),
    )
)
