"""Addresses of this room that are no lists, records or forms."""

from django.urls import path

from vinculo.sales.around import views as around
from vinculo.sales.assigning import views as assigning
from vinculo.sales.deals import views as deals
from vinculo.sales.forecast import views as forecast
from vinculo.sales.leads import checklist_page
from vinculo.sales.leads import views as leads
from vinculo.sales.pipelines import views as pipelines
from vinculo.sales.plans import views as plans
from vinculo.sales.pools import pages as pool_pages
from vinculo.sales.pools import views as pools
from vinculo.sales.quotes import setting_views as quote_settings
from vinculo.sales.quotes import views as quotes
from vinculo.sales.quotes.document import views as papers
from vinculo.sales.quotes.offering import public as offers
from vinculo.sales.quotes.offering import views as offering
from vinculo.sales.reports import views as reports
from vinculo.sales.scoring import views as scoring
from vinculo.sales.scoring.points import views as points
from vinculo.sales.webforms import public as strangers
from vinculo.sales.webforms import views as webforms

DEAL = {"key": "sales.deal"}
LEAD = {"key": "sales.lead"}
STAGES = "settings/pipelines/<int:pk>/stages"

RULES = "settings/pools/<int:pk>/rules"

urlpatterns = [
    path("settings/assignment", assigning.rules, name="settings_assignment"),
    path("settings/assignment/new", assigning.rule, name="settings_assign_new"),
    path("settings/assignment/colleagues", assigning.colleagues, name="settings_assign_people"),
    path(
        "settings/assignment/colleagues/<int:user_id>",
        assigning.colleague,
        name="settings_assign_person",
    ),
    path("settings/assignment/<int:pk>", assigning.rule, name="settings_assign"),
    path("settings/assignment/<int:pk>/move", assigning.move),
    path("settings/assignment/<int:pk>/delete", assigning.delete),
    path("pools", pool_pages.pools, name="pools"),
    path("pools/<int:pk>", pool_pages.pool, name="pool"),
    path("pools/<int:pk>/<int:row>/look", pool_pages.look),
    path("pools/<int:pk>/<int:row>/claim", pool_pages.take),
    path("settings/pools", pools.pools, name="settings_pools"),
    path("settings/pools/new", pools.new, name="settings_pool_new"),
    path("settings/pools/<int:pk>", pools.edit, name="settings_pool"),
    path("settings/pools/<int:pk>/delete", pools.delete),
    path(f"{RULES}/new", pools.rule, name="settings_recycle_new"),
    path(f"{RULES}/<int:rule>", pools.rule, name="settings_recycle"),
    path(f"{RULES}/<int:rule>/delete", pools.delete_rule),
    path("quotes/<int:pk>/lines/<int:row>", quotes.line, {"key": "sales.quote"}, name="quote_line"),
    path("quotes/<int:pk>/pdf", papers.pdf, {"key": "sales.quote"}, name="quote_pdf"),
    path("quotes/<int:pk>/offer", offering.offer, {"key": "sales.quote"}, name="quote_offer"),
    path("quote-links/<int:pk>/end", offering.end, name="quote_link_end"),
    path("q/<str:token>", offers.offer, name="offer"),
    path("q/<str:token>/totals", offers.totals, name="offer_totals"),
    path("q/<str:token>/pdf", offers.paper, name="offer_pdf"),
    path("q/<str:token>/opened", offers.opened, name="offer_opened"),
    path("settings/letterhead", papers.letterhead_settings, name="settings_letterhead"),
    path("settings/letterhead/preview", papers.preview, name="settings_letterhead_preview"),
    path("settings/quotes", quote_settings.quotes, name="settings_quotes"),
    path("deals/<int:pk>/lines/<int:row>", deals.line, DEAL, name="deal_line"),
    path("deals/<int:pk>/checklist", deals.tick, DEAL, name="deal_checklist"),
    path(
        "deals/<int:pk>/stakeholder/<int:row>/remove",
        around.remove,
        {**DEAL, "kind": "stakeholder"},
    ),
    path(
        "deals/<int:pk>/competitor/<int:row>/remove", around.remove, {**DEAL, "kind": "competitor"}
    ),
    path("leads/<int:pk>/criterion", leads.tick, LEAD, name="lead_criterion"),
    path("leads/<int:pk>/contacts/<int:row>/remove", leads.remove_contact, LEAD),
    path("f/<str:token>", strangers.fill_in, name="web_form"),
    path("f/<str:token>/seen", strangers.seen, name="web_form_seen"),
    path("f/<str:token>/thanks", strangers.thanks, name="web_form_thanks"),
    path("settings/webforms", webforms.listed, name="settings_webforms"),
    path("settings/webforms/new", webforms.edit, name="settings_webform_new"),
    path("settings/webforms/<int:pk>", webforms.edit, name="settings_webform"),
    path("settings/webforms/<int:pk>/delete", webforms.delete),
    path("settings/leads", checklist_page.criteria, name="settings_leads"),
    path("sales-report", reports.report, name="sales_report"),
    path("sales-report/export", reports.export, name="sales_report_export"),
    path("forecast", forecast.forecast, name="forecast"),
    path("forecast/adjust", forecast.adjust, name="forecast_adjust"),
    path("forecast/snapshot", forecast.snapshot, name="forecast_snapshot"),
    path("forecast/targets", forecast.set_targets, name="forecast_targets"),
    path("forecast/targets/<int:pk>/delete", forecast.delete_target),
    path("settings/plans", plans.plans, name="settings_plans"),
    path("settings/plans/new", plans.plan, name="settings_plan_new"),
    path("settings/plans/<int:pk>", plans.plan, name="settings_plan"),
    path("settings/plans/<int:pk>/delete", plans.delete),
    path("settings/scores", scoring.scores, name="settings_scores"),
    path("settings/scores/learn", scoring.learn),
    path("settings/points", points.rules, name="settings_points"),
    path("settings/points/new", points.rule, name="settings_point_new"),
    path("settings/points/<int:pk>", points.rule, name="settings_point"),
    path("settings/points/<int:pk>/delete", points.delete),
    path("settings/pipelines", pipelines.pipelines, name="settings_pipelines"),
    path("settings/pipelines/new", pipelines.new, name="settings_pipeline_new"),
    path("settings/pipelines/reasons/new", pipelines.reason, name="settings_reason_new"),
    path("settings/pipelines/reasons/<int:pk>", pipelines.reason, name="settings_reason"),
    path("settings/pipelines/<int:pk>", pipelines.edit, name="settings_pipeline"),
    path("settings/pipelines/<int:pk>/delete", pipelines.delete),
    path(f"{STAGES}/new", pipelines.stage, name="settings_stage_new"),
    path(f"{STAGES}/<int:stage>", pipelines.stage, name="settings_stage"),
    path(f"{STAGES}/<int:stage>/move", pipelines.move_stage),
    path(f"{STAGES}/<int:stage>/delete", pipelines.delete_stage),
]
