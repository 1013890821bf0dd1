"""What an installation can do without of this room."""

from django.utils.translation import gettext_lazy as _

from vinculo.platform.modules.declared import Module, declare_module

SALES = declare_module(
    Module(
        "sales",
        _("Deals"),
        _("Pipelines, and deals on their way through them."),
        "handshake",
        order=17,
        needs=("activity", "products"),
        entities=("sales.deal", "sales.quote", "sales.lead"),
        routes=(
            "settings/pipelines",
            "settings/plans",
            "settings/leads",
            "settings/quotes",
            "forecast",
            "sales-report",
            "settings/webforms",
            "f",
        ),
        actions=(
            "sales.win_deal",
            "sales.lose_deal",
            "sales.reopen_deal",
            "sales.plan_next_step",
            "sales.tick_item",
            "sales.work_lead",
            "sales.disqualify_lead",
            "sales.reopen_lead",
            "sales.tick_criterion",
            "sales.convert_lead",
            "sales.save_criteria",
            "sales.save_web_form",
            "sales.delete_web_form",
            "sales.take_submission",
            "sales.start_plan",
            "sales.save_plan",
            "sales.delete_plan",
            "sales.add_stakeholder",
            "sales.add_competitor",
            "sales.remove_around",
            "sales.split_credit",
            "sales.create_pipeline",
            "sales.change_pipeline",
            "sales.delete_pipeline",
            "sales.save_stage",
            "sales.move_stage",
            "sales.delete_stage",
            "sales.save_reason",
            "sales.set_targets",
            "sales.delete_target",
            "sales.adjust_forecast",
            "sales.issue_quote",
            "sales.approve_quote",
            "sales.send_back_quote",
            "sales.withdraw_quote",
            "sales.accept_quote",
            "sales.reject_quote",
            "sales.revise_quote",
            "sales.expire_quotes",
            "sales.add_line",
            "sales.change_line",
            "sales.remove_line",
            "sales.move_line",
            "sales.set_discount_limits",
            "sales.set_quotes",
            "sales.snapshot_forecast",
        ),
        jobs=(
            "sales.revalue",
            "sales.snapshot_weekly",
            "sales.snapshot_asked_for",
            "sales.expire_quotes",
        ),
    )
)

POOLS = declare_module(
    Module(
        "pools",
        _("Pools"),
        _("Customers that belong to nobody, for members of some teams to claim."),
        "waves-horizontal",
        order=18,
        needs=("sales",),
        routes=("pools", "settings/pools"),
        actions=(
            "sales.look_into_pool",
            "sales.claim",
            "sales.release",
            "sales.create_pool",
            "sales.change_pool",
            "sales.delete_pool",
            "sales.save_recycle_rule",
            "sales.delete_recycle_rule",
        ),
        jobs=("sales.recycle",),
    )
)

ASSIGNMENT = declare_module(
    Module(
        "assignment",
        _("Assignment"),
        _("New leads that nobody has are given to colleagues by rules."),
        "shuffle",
        order=19,
        needs=("sales",),
        routes=("settings/assignment",),
        actions=(
            "sales.save_assign_rule",
            "sales.move_assign_rule",
            "sales.delete_assign_rule",
            "sales.save_colleague",
        ),
        jobs=("sales.assign", "sales.assign_again"),
    )
)
