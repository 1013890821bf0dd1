"""What administrators do with webhooks."""

import uuid

from django.utils.translation import gettext_lazy

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import token
from vinculo.platform import events
from vinculo.platform.actions import action
from vinculo.platform.administration import administrators_only
from vinculo.platform.jobs import enqueue
from vinculo.platform.models import Role, User
from vinculo.platform.outbound import check_url
from vinculo.records.webhooks import sending, signing
from vinculo.records.webhooks.message import TEST
from vinculo.records.webhooks.models import WebhookDelivery, WebhookEndpoint

SOMEWHERE = "1.1.1.1"


@action("records.create_webhook", label=gettext_lazy("Create a webhook"), granted=False)
def create_webhook(
    *, actor: User, name: str, url: str, role: Role, wanted: list[str]
) -> tuple[WebhookEndpoint, str]:
    """Tell another system of events from now on; returns it with the secret it is shown once."""
    administrators_only(actor)
    _check(url, wanted)
    made = WebhookEndpoint.objects.create(
        name=name.strip(), url=url.strip(), events=sorted(wanted), owner=actor, role=role
    )
    return made, signing.secret_of(made.nonce)


@action("records.change_webhook", label=gettext_lazy("Change a webhook"), granted=False)
def change_webhook(
    *,
    actor: User,
    webhook: WebhookEndpoint,
    name: str,
    url: str,
    role: Role,
    wanted: list[str],
    active: bool,
) -> WebhookEndpoint:
    """Change what is told, where and as whom; switching it on again forgets that it failed."""
    administrators_only(actor)
    _check(url, wanted)
    webhook.name, webhook.url, webhook.role = name.strip(), url.strip(), role
    webhook.events = sorted(wanted)
    if active and not webhook.active:
        webhook.failing_since, webhook.stopped_because = None, ""
    webhook.active = active
    webhook.save()
    return webhook


@action("records.renew_webhook_secret", label=gettext_lazy("Renew a webhook's secret"), granted=False)  # fmt: skip
def renew_webhook_secret(*, actor: User, webhook: WebhookEndpoint) -> str:
    """A new secret; what is signed with the old one is refused by the receiver from now on."""
    administrators_only(actor)
    webhook.nonce = token()
    webhook.save(update_fields=["nonce"])
    return signing.secret_of(webhook.nonce)


@action("records.delete_webhook", label=gettext_lazy("Delete a webhook"), granted=False)
def delete_webhook(*, actor: User, webhook: WebhookEndpoint) -> None:
    """Tell this system nothing any more, and drop its log."""
    administrators_only(actor)
    WebhookDelivery.objects.filter(endpoint=webhook).delete()
    webhook.delete()


@action("records.test_webhook", label=gettext_lazy("Send a test to a webhook"), granted=False)
def test_webhook(*, actor: User, webhook: WebhookEndpoint) -> WebhookDelivery:
    """Send a message that says nothing, through the queue like any other."""
    administrators_only(actor)
    if not webhook.active:
        raise DomainError(_("Switch the webhook on first."))
    made = WebhookDelivery.objects.create(
        endpoint=webhook, key=uuid.uuid4(), event=TEST, payload={"hello": True}, at=now()
    )
    enqueue(sending.deliver, delivery_id=made.pk, attempt=0)
    return made


@action("records.replay_webhook", label=gettext_lazy("Send to a webhook again"), granted=False)
def replay_webhook(*, actor: User, delivery: WebhookDelivery) -> WebhookDelivery:
    """Tell the event once more under the same id; what may not be seen any more is not sent."""
    administrators_only(actor)
    if not delivery.endpoint.active:
        raise DomainError(_("Switch the webhook on first."))
    sending.again(delivery)
    return delivery


def _check(url: str, wanted: list[str]) -> None:
    # Who is behind the name is looked up when something is sent: it may be another one by then.
    check_url(url.strip(), resolve=lambda host, port: [SOMEWHERE])
    if not wanted or set(wanted) - set(events.catalogued()):
        raise DomainError(_("Choose at least one event."), "wanted")
