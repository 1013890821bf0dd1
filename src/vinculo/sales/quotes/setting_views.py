"""Settings → Quotes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from vinculo.platform.views.common import done, for_administrators, saved, show, signed_in, submit
from vinculo.sales.quotes.setting import QuoteSettingsForm, set_quotes

ACTIVE, PAGE = "quotes", "/settings/quotes"


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: HttpRequest) -> HttpResponse:
    """Numbers, validity and discount limits."""
    user = signed_in(request)
    form = QuoteSettingsForm(request.POST or None)
    if request.method == "POST":
        ok, _none = submit(form, lambda: set_quotes(actor=user, **form.as_told()))
        if ok:
            return done(request, PAGE, saved())
    status = 422 if form.is_bound else 200
    return show(request, "sales/quotes/settings.html", ACTIVE, {"form": form}, status)
