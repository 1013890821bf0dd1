"""Settings → Currencies: the currency of the books, and the rates of all others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vinculo.platform.formats import number_text
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.products.currency import books_currency
from vinculo.products.forms import CurrencyForm, RatesForm
from vinculo.products.models import ExchangeRate
from vinculo.products.rates import choose_currency, delete_rate, set_rates

ACTIVE, PAGE = "currencies", "/settings/currencies"
SHOWN = 200


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def currencies(request: HttpRequest) -> HttpResponse:
    """The latest rates, and the form for more."""
    user = signed_in(request)
    form = RatesForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        ok, number = submit(form, lambda: set_rates(actor=user, rates=form.rates()))
        if ok:
            said = ngettext("%(number)s rate set.", "%(number)s rates set.", number)
            return done(request, PAGE, said % {"number": number_text(number)})
    status = 422 if form.is_bound else 200
    return show(request, "products/currencies.html", ACTIVE, _context(request, form), status)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest) -> HttpResponse:
    """Choose the currency of the books."""
    user = signed_in(request)
    form = CurrencyForm(request.POST or None)
    if request.method == "POST":
        ok, _none = submit(form, lambda: choose_currency(actor=user, **form.cleaned_data))
        if ok:
            return done(request, PAGE, saved())
    context = {"form": form, "back": PAGE, "heading": gettext("Currency of the books")}
    return show(request, "products/books.html", ACTIVE, context, 422 if form.is_bound else 200)


@for_administrators
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one rate."""
    user = signed_in(request)
    rate = found(ExchangeRate.objects.visible_to(user).filter(pk=pk).first())
    delete_rate(actor=user, rate=rate)
    return done(request, PAGE, gettext("Rate deleted."))


def _context(request: HttpRequest, form: RatesForm) -> dict[str, Any]:
    rows = ExchangeRate.objects.visible_to(signed_in(request)).order_by("-on", "currency")
    listed = list(rows[: SHOWN + 1])
    return {
        "form": form,
        "books": books_currency(),
        "rates": listed[:SHOWN],
        "more": len(listed) > SHOWN,
        "choosable": not listed,
    }
