"""Where events are told to, and what came of telling them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.ids import token
from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class WebhookEndpoint(Row):
    """Another system that is told of events: a web address, which events, and as whom.

    It is told what its owner may see, narrowed to its role. Its secret is in no column: it is made
    from `nonce` and the installation's own key.
    """

    reach = Reach(owner="owner")
    journal_ignore: ClassVar[tuple[str, ...]] = ("failing_since", "nonce")

    name = models.CharField(_("Name"), max_length=80)
    url = models.CharField(_("Address"), max_length=1000)
    events = ArrayField(models.CharField(max_length=80), verbose_name=_("Events"), default=list)
    owner = models.ForeignKey(
        "platform.User", verbose_name=_("Owner"), on_delete=models.CASCADE, related_name="+"
    )
    role = models.ForeignKey(
        "platform.Role", verbose_name=_("Role"), on_delete=models.PROTECT, related_name="+"
    )
    active = models.BooleanField(_("Active"), default=True)
    nonce = models.CharField(max_length=60, default=token)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    failing_since = models.DateTimeField(_("Failing since"), null=True)
    stopped_because = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("Webhook")
        verbose_name_plural = _("Webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(Row):
    """One event for one endpoint: how often it was tried, and what was answered last."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        WITHHELD = "withheld", _("Not sent")

    journalled: ClassVar[bool] = False
    reach = Reach(inside=("endpoint",), like=True)

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    key = models.UUIDField()
    event = models.CharField(_("Event"), max_length=80)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(_("When"))
    state = models.CharField(
        _("State"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("Tries"), default=0)
    next_try_at = models.DateTimeField(_("Next try"), null=True)
    tried_at = models.DateTimeField(_("Last try"), null=True)
    status = models.PositiveSmallIntegerField(_("Answer"), default=0)
    seconds = models.FloatField(default=0)
    request = models.TextField(blank=True, default="")
    response = models.TextField(blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("Delivery")
        verbose_name_plural = _("Deliveries")
        constraints = [models.UniqueConstraint("endpoint", "key", name="webhook_delivery_once")]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_log"),
            models.Index(fields=["at"], name="webhook_delivery_at"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
