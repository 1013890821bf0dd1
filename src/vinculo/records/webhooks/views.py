"""Settings → Webhooks: who is told of what, whether it arrived, and once more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vinculo.kernel.ids import row_id
from vinculo.platform import events
from vinculo.platform.models import User
from vinculo.platform.views.common import (
    done,
    for_administrators,
    found,
    saved,
    show,
    signed_in,
    submit,
)
from vinculo.records.webhooks.actions import (
    change_webhook,
    create_webhook,
    delete_webhook,
    renew_webhook_secret,
    replay_webhook,
    test_webhook,
)
from vinculo.records.webhooks.forms import ChangeWebhookForm, WebhookForm
from vinculo.records.webhooks.message import TEST
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint
from vinculo.records.webhooks.sending import sent_text

ACTIVE = "webhooks"
PAGE = 50


@for_administrators
@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every webhook and how it does."""
    rows = WebhookEndpoint.objects.visible_to(signed_in(request)).select_related("owner", "role")
    return show(request, "records/webhooks/list.html", ACTIVE, {"webhooks": rows})


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make one; its secret is shown on the page that answers, and never again."""
    user = signed_in(request)
    form = WebhookForm(request.POST or None)
    if request.method == "POST":
        ok, made = submit(form, lambda: create_webhook(actor=user, **form.cleaned_data))
        if ok:
            return _secret(request, *made)
    context = {"form": form, "heading": gettext("New webhook"), "back": "/settings/webhooks"}
    return show(request, "records/webhooks/form.html", ACTIVE, context, 422 if form.errors else 200)


@for_administrators
@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: what it is told, and the log of the last deliveries."""
    user = signed_in(request)
    one = _one(user, pk)
    log = WebhookDelivery.objects.visible_to(user).filter(endpoint=one).order_by("-pk")
    before = row_id(request.GET.get("before", ""))
    if before is not None:
        log = log.filter(pk__lt=before)
    if request.GET.get("state") in WebhookDelivery.State.values:
        log = log.filter(state=request.GET["state"])
    listed = list(log[: PAGE + 1])
    labels = {TEST: gettext("Test"), **events.catalogued()}
    context = {
        "webhook": one,
        "events": [(name, labels.get(name, name)) for name in one.events],
        "stopped_because": gettext(one.stopped_because) if one.stopped_because else "",
        "deliveries": [
            (row, labels.get(row.event, row.event), sent_text(row)) for row in listed[:PAGE]
        ],
        "older": listed[PAGE - 1].pk if len(listed) > PAGE else None,
        "state": request.GET.get("state", ""),
        "states": WebhookDelivery.State.choices,
    }
    return show(request, "records/webhooks/webhook.html", ACTIVE, context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    user = signed_in(request)
    one = _one(user, pk)
    initial: dict[str, Any] = {
        "name": one.name,
        "url": one.url,
        "role": one.role_id,
        "wanted": one.events,
        "active": one.active,
    }
    form = ChangeWebhookForm(request.POST or None, initial=initial)
    url = f"/settings/webhooks/{one.pk}"
    if request.method == "POST":
        ok, _made = submit(
            form, lambda: change_webhook(actor=user, webhook=one, **form.cleaned_data)
        )
        if ok:
            return done(request, url, saved())
    context = {"form": form, "heading": one.name, "back": url}
    return show(request, "records/webhooks/form.html", ACTIVE, context, 422 if form.errors else 200)


@for_administrators
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once."""
    user = signed_in(request)
    one = _one(user, pk)
    return _secret(request, one, renew_webhook_secret(actor=user, webhook=one))


@for_administrators
@require_POST
def ping(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test."""
    user = signed_in(request)
    test_webhook(actor=user, webhook=_one(user, pk))
    return done(request, f"/settings/webhooks/{pk}", gettext("A test is on its way."))


@for_administrators
@require_POST
def replay(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Send an event again."""
    user = signed_in(request)
    log = WebhookDelivery.objects.visible_to(user).select_related("endpoint")
    delivery = found(log.filter(endpoint_id=pk, pk=delivery_id).first())
    replay_webhook(actor=user, delivery=delivery)
    return done(request, f"/settings/webhooks/{pk}", gettext("It is on its way again."))


@for_administrators
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one away."""
    user = signed_in(request)
    delete_webhook(actor=user, webhook=_one(user, pk))
    return done(request, "/settings/webhooks", gettext("The webhook was deleted."))


def _one(user: User, pk: int) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.visible_to(user).select_related("owner", "role")
    one: WebhookEndpoint = found(rows.filter(pk=pk).first())
    return one


def _secret(request: HttpRequest, one: WebhookEndpoint, secret: str) -> HttpResponse:
    context = {"webhook": one, "secret": secret}
    return show(request, "records/webhooks/secret.html", ACTIVE, context)
