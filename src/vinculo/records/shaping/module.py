"""Layouts are something an installation can do without."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

LAYOUTS = declare_module(
    Module(
        "layouts",
        _("Layouts"),
        _("Forms and pages of records as administrators arrange them."),
        "layout-panel-top",
        order=65,
        routes=("settings/layouts",),
        actions=("records.save_layout", "records.move_layout", "records.reset_layout"),
    )
)
