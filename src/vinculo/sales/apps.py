"""The sales room: from a first interest to a signed quote, and the forecast."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    """Declares deals when the application starts, and puts them on customers' pages."""

    name = "vinculo.sales"
    label = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from vinculo.platform.versions import watch
        from vinculo.sales import entities, happenings, modules, nouns, quality  # noqa: F401
        from vinculo.sales.around import actions as around  # noqa: F401
        from vinculo.sales.assigning import actions as assigning  # noqa: F401
        from vinculo.sales.assigning import dealing  # noqa: F401
        from vinculo.sales.deals import actions as deals  # noqa: F401
        from vinculo.sales.deals import asking  # noqa: F401
        from vinculo.sales.deals import lines as deal_lines  # noqa: F401
        from vinculo.sales.forecast import nav as forecast_nav  # noqa: F401
        from vinculo.sales.forecast import snapshots, targets  # noqa: F401
        from vinculo.sales.leads import actions as leads  # noqa: F401
        from vinculo.sales.leads import checklist, converting  # noqa: F401
        from vinculo.sales.leads.contacts import actions as lead_contacts  # noqa: F401
        from vinculo.sales.pipelines import actions as pipelines  # noqa: F401
        from vinculo.sales.pipelines import known
        from vinculo.sales.plans import actions as plans  # noqa: F401
        from vinculo.sales.pools import actions as pools  # noqa: F401
        from vinculo.sales.pools import claiming, nav, recycling, releasing  # noqa: F401
        from vinculo.sales.pools import known as open_pools
        from vinculo.sales.quotes import actions as quotes  # noqa: F401
        from vinculo.sales.quotes import lines, setting  # noqa: F401
        from vinculo.sales.quotes import nouns as quote_nouns  # noqa: F401
        from vinculo.sales.quotes.document import setting as letterheads  # noqa: F401
        from vinculo.sales.quotes.offering import answering, links  # noqa: F401
        from vinculo.sales.reports import nav as reports_nav  # noqa: F401
        from vinculo.sales.scoring import actions as scoring  # noqa: F401
        from vinculo.sales.scoring.points import actions as points  # noqa: F401
        from vinculo.sales.scoring.points import known as known_points
        from vinculo.sales.webforms import setting as webforms  # noqa: F401
        from vinculo.sales.webforms import taking  # noqa: F401

        watch(known.TABLES, known.told)
        watch(open_pools.TABLES, open_pools.told)
        watch(known_points.TABLES, known_points.told)
        post_migrate.connect(_ensure_usual, sender=self)


def _ensure_usual(**signal: Any) -> None:
    """Give a new installation the pipeline and the reasons it begins with."""
    from vinculo.sales.pipelines.usual import ensure_usual_pipeline

    ensure_usual_pipeline(signal["using"])
