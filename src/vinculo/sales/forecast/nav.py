"""Where the forecast stands in the navigation."""

from django.utils.translation import pgettext_lazy

from vinculo.platform.nav import NavPage, declare_page
from vinculo.sales.forecast.asked import PAGE, may_forecast

FORECAST = declare_page(
    NavPage("sales", 30, pgettext_lazy("page", "Forecast"), PAGE, "trending-up", "o", may_forecast)
)
