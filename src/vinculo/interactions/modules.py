"""What an installation can do without of this room."""

from django.utils.translation import gettext_lazy as _

from vinculo.interactions import actions
from vinculo.platform.modules.declared import Module, declare_module

ACTIVITY = declare_module(
    Module(
        "activity",
        _("Activity"),
        _("Calls, meetings, notes, tasks and files on one timeline, and My day."),
        "messages-square",
        order=10,
        entities=("interactions.interaction", "interactions.task", "interactions.file"),
        routes=("my-day", "timeline"),
        actions=tuple(f"interactions.{name}" for name in actions.__all__),
        jobs=("interactions.remind",),
    )
)

CARE = declare_module(
    Module(
        "care",
        _("Care"),
        _("Tasks before anniversaries, and when nobody was in touch for long."),
        "heart-handshake",
        order=15,
        needs=("activity",),
        routes=("settings/care",),
        actions=(
            "interactions.create_care_rule",
            "interactions.change_care_rule",
            "interactions.switch_care_rule",
            "interactions.delete_care_rule",
        ),
        jobs=("interactions.care",),
    )
)
