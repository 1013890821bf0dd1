"""Data quality is something an installation can do without."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module
from vinculo.platform.nav import NavPage, declare_page
from vinculo.records.quality.reading import has_types_for

QUALITY = declare_module(
    Module(
        "quality",
        _("Data quality"),
        _("How complete and sound the records are, measured each night, with alerts."),
        "gauge",
        order=38,
        routes=("quality", "settings/quality"),
        actions=(
            "records.measure_quality",
            "records.create_quality_alert",
            "records.change_quality_alert",
            "records.switch_quality_alert",
            "records.delete_quality_alert",
        ),
        jobs=("records.measure_quality", "records.measure_quality_now"),
    )
)

PAGE = declare_page(
    NavPage("customers", 90, _("Data quality"), "/quality", "gauge", "q", has_types_for)
)
