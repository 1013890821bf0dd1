"""Where the sales reports stand in the navigation."""

from django.utils.translation import pgettext_lazy

from vinculo.platform.nav import NavPage, declare_page
from vinculo.sales.reports.asked import PAGE
from vinculo.sales.reports.tabs import may_report

REPORTS = declare_page(
    NavPage(
        "sales", 35, pgettext_lazy("page", "Sales report"), PAGE, "chart-column", "r", may_report
    )
)
