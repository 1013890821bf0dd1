"""What an installation can do without of this room; companies and people are always there."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

PATHS = ("companies", "people")
ONE = "<int:pk>"

CYCLE = declare_module(
    Module(
        "cycle",
        _("Sales cycle"),
        _("Rules that move customers from state to state, and the dates of their states."),
        "flag",
        order=20,
        routes=("settings/cycle",),
        actions=(
            "parties.set_state",
            "parties.release_state",
            "parties.create_state_rule",
            "parties.change_state_rule",
            "parties.switch_state_rule",
            "parties.move_state_rule",
            "parties.delete_state_rule",
            "parties.run_cycle",
        ),
        jobs=("parties.run_cycle_now", "parties.run_cycle"),
    )
)

DUPLICATES = declare_module(
    Module(
        "duplicates",
        _("Duplicates"),
        _("Finding records that mean the same customer, and merging them."),
        "copy",
        order=30,
        routes=(
            "duplicates",
            *(f"{path}/merge" for path in PATHS),
            *(f"{path}/{ONE}/merge" for path in PATHS),
        ),
        actions=("parties.find_duplicates", "parties.say_different", "parties.merge"),
        jobs=("parties.find_duplicates", "parties.merge_duplicates"),
    )
)

CONFIRMING = declare_module(
    Module(
        "confirming",
        _("Confirm data"),
        _("Links by which customers see their own data, correct it and consent."),
        "mail-check",
        order=35,
        routes=(
            "settings/confirming",
            "confirm",
            "confirm-links",
            "proposed",
            *(f"{path}/confirm" for path in PATHS),
            *(f"{path}/{ONE}/confirm" for path in PATHS),
        ),
        actions=(
            "parties.answer_confirm_link",
            "parties.ask_to_confirm",
            "parties.ask_many_to_confirm",
            "parties.end_confirm_link",
            "parties.open_confirm_link",
            "parties.decide_proposal",
            "parties.accept_proposals",
            "parties.set_confirming",
        ),
    )
)

STANDARDISING = declare_module(
    Module(
        "standardising",
        _("Standardising"),
        _("Rules that write names, phones and addresses in one way."),
        "wand-sparkles",
        order=37,
        routes=(
            "settings/standardising",
            *(f"{path}/{ONE}/typed" for path in PATHS),
        ),
        actions=("parties.switch_standard", "parties.restore_typed"),
        jobs=("parties.standardise",),
    )
)

REGISTERS = declare_module(
    Module(
        "registers",
        _("Open registers"),
        _("Looking customers up in open registers, and filling them in from there."),
        "book-open-check",
        order=40,
        routes=("companies/register", f"companies/{ONE}/register"),
        actions=("parties.fill_from_register",),
    )
)

CARDS = declare_module(
    Module(
        "vcards",
        _("vCards"),
        _("Companies and people as vCards and QR codes to take away."),
        "qr-code",
        order=50,
        routes=(
            *(f"{path}/vcards" for path in PATHS),
            *(f"{path}/{ONE}/vcard" for path in PATHS),
            *(f"{path}/{ONE}/vcard.svg" for path in PATHS),
        ),
    )
)
