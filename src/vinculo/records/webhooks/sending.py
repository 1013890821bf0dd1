"""Telling events to endpoints: by jobs, at least once, again and again for about a day."""

import json
import logging
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext

import vinculo
from vinculo.kernel.cipher import Unreadable, decrypt, encrypt
from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.platform import events, journal
from vinculo.platform.jobs import enqueue, enqueue_at, job
from vinculo.platform.models import Event
from vinculo.platform.modules.known import is_on
from vinculo.platform.notifications import notify
from vinculo.platform.outbound import Answer, post
from vinculo.platform.sensitive.keys import keys
from vinculo.records.webhooks import signing
from vinculo.records.webhooks.message import message_for
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint

logger = logging.getLogger("vinculo.webhooks")

#: Seconds until the next try; after the last one the delivery has failed. Together about a day.
WAITS = (10, 60, 600, 3600, 4 * 3600, 8 * 3600, 12 * 3600)
#: An endpoint that took nothing for so long is switched off.
PATIENCE = timedelta(days=5)
KEPT = timedelta(days=30)
SNIPPET = 2000
GONE = 410
#: Any number that no other advisory lock of ours has begun with.
_LOCK = 7_236_020
State = WebhookDelivery.State


def wanted() -> set[str]:
    """The events that some endpoint wants to be told of; none while the module is off."""
    if not is_on("webhooks"):
        return set()
    lists = WebhookEndpoint.objects.filter(active=True).values_list("events", flat=True)
    return {name for names in lists for name in names}


@events.listen(wanted)
def note_deliveries(event: Event) -> None:
    """Put the event into the queue of every endpoint that wants it; a repeat changes nothing."""
    for endpoint in WebhookEndpoint.objects.filter(active=True, events__contains=[event.name]):
        made, new = WebhookDelivery.objects.get_or_create(
            endpoint=endpoint,
            key=event.key,
            defaults={"event": event.name, "payload": event.payload, "at": event.at},
        )
        if new:
            enqueue(deliver, delivery_id=made.pk, attempt=0)


@job("records.deliver_webhook", atomic=False)
def deliver(*, delivery_id: int, attempt: int) -> None:
    """One try; it is noted after it was made, so a worker that dies in between tries again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, delivery_id % 2**31])
        if not cursor.fetchone()[0]:
            return
    try:
        _try(delivery_id, attempt)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, delivery_id % 2**31])


def _try(delivery_id: int, attempt: int) -> None:
    waiting = WebhookDelivery.objects.select_related("endpoint__owner", "endpoint__role")
    delivery = waiting.filter(pk=delivery_id, state=State.WAITING, attempts=attempt).first()
    if delivery is None:
        return  # done by another try, or the endpoint is gone
    endpoint = delivery.endpoint
    if not endpoint.active:
        _finish(delivery, State.FAILED, gettext("The webhook is switched off."))
        return
    message = message_for(delivery)
    if message is None:
        _finish(delivery, State.WITHHELD, gettext("Its role may not see this record."))
        return
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    delivery.request = encrypt(keys(), REQUEST, body.decode()[:SNIPPET])
    answer = send(endpoint, str(delivery.key), body)
    _note(delivery, answer)


#: What was sent may hold sensitive values that the webhook's role may read: the log keeps it sealed.
REQUEST = "records_webhookdelivery.request"


def sent_text(delivery: WebhookDelivery) -> str:
    """The beginning of what was sent; "" where its key is gone or nothing was sent."""
    try:
        return decrypt(keys(), REQUEST, delivery.request) if delivery.request else ""
    except Unreadable:
        return ""


def send(endpoint: WebhookEndpoint, message_id: str, body: bytes) -> Answer:
    """Send a signed message to the endpoint, and what came back."""
    secret = signing.secret_of(endpoint.nonce)
    signed = signing.headers(secret, message_id, int(now().timestamp()), body)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Vinculo/{vinculo.__version__}",
        **signed,
    }
    return post(endpoint.url, body, headers)


def _finish(delivery: WebhookDelivery, state: str, error: str) -> None:
    delivery.state, delivery.error = state, error[:300]
    delivery.tried_at, delivery.next_try_at = now(), None
    delivery.save(update_fields=["state", "error", "tried_at", "next_try_at"])


def _note(delivery: WebhookDelivery, answer: Answer) -> None:
    """What came of a try, the next one, and whether the endpoint is given up."""
    instant = now()
    with transaction.atomic():
        delivery.attempts += 1
        delivery.tried_at, delivery.seconds = instant, round(answer.seconds, 3)
        delivery.status, delivery.response = answer.status, answer.body[:SNIPPET]
        delivery.error = answer.error[:300]
        delivery.next_try_at = None
        if answer.ok:
            delivery.state = State.DELIVERED
        elif answer.status == GONE or delivery.attempts > len(WAITS):
            delivery.state = State.FAILED
        else:
            wait = timedelta(seconds=WAITS[delivery.attempts - 1])
            delivery.next_try_at = instant + wait
            enqueue_at(
                delivery.next_try_at, deliver, delivery_id=delivery.pk, attempt=delivery.attempts
            )
        delivery.save()
        _judge(delivery.endpoint_id, answer)


def _judge(endpoint_id: int, answer: Answer) -> None:
    """Note since when an endpoint fails; switch off one that is gone or failed for days."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=endpoint_id)
    if answer.ok:
        if endpoint.failing_since is not None:
            WebhookEndpoint.objects.filter(pk=endpoint_id).update(failing_since=None)
        return
    since = endpoint.failing_since or now()
    if endpoint.failing_since is None:
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(failing_since=since)
    if endpoint.active and (answer.status == GONE or now() - since >= PATIENCE):
        _switch_off(endpoint, gone=answer.status == GONE)


def _switch_off(endpoint: WebhookEndpoint, *, gone: bool) -> None:
    logger.warning("Webhook %s was switched off.", endpoint.pk)
    reason = _("It answered that it is gone for good.") if gone else _("It took nothing for days.")
    with journal.change_set(actor=None, verb="records.stop_webhook", label=endpoint.name):
        endpoint.active, endpoint.stopped_because = False, reason
        endpoint.save(update_fields=["active", "stopped_because"])
    notify(
        endpoint.owner,
        _("The webhook “%(name)s” was switched off because it takes nothing any more."),
        params={"name": endpoint.name},
        url=f"/settings/webhooks/{endpoint.pk}",
        kind="webhook",
    )


def again(delivery: WebhookDelivery) -> None:
    """Tell the same event anew, with the same id, from the first try on."""
    delivery.state, delivery.attempts, delivery.next_try_at = State.WAITING, 0, now()
    delivery.error = ""
    delivery.save(update_fields=["state", "attempts", "next_try_at", "error"])
    enqueue(deliver, delivery_id=delivery.pk, attempt=0)


@job("records.forget_webhook_deliveries", every="41 3 * * *")
def forget_old_deliveries() -> None:
    """Daily: drop the log of deliveries that is older than thirty days."""
    WebhookDelivery.objects.filter(at__lt=now() - KEPT).delete()
