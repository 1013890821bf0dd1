"""Events for other rooms and systems, notifications for people, and what was looked at."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class Event(Row):
    """Something that happened, in the business's words; delivered at least once after commit."""

    journalled: ClassVar[bool] = False

    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    changeset = models.ForeignKey(
        "platform.ChangeSet", null=True, on_delete=models.PROTECT, related_name="events"
    )
    key = models.UUIDField(unique=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index("id", name="event_waiting", condition=models.Q(delivered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.name


class Notification(Row):
    """A line for one person: a mention, a task that is due, a finished import."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user", personal=True)

    user = models.ForeignKey(
        "platform.User", on_delete=models.CASCADE, related_name="notifications"
    )
    at = models.DateTimeField()
    message = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    kind = models.CharField(max_length=40, default="note")
    read_at = models.DateTimeField(null=True)
    #: The row it tells of, by model and id: its text is shown while the reader may see that row.
    about = models.CharField(max_length=80, blank=True, default="")
    about_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        indexes = [models.Index(fields=["user", "-at"], name="notification_user")]

    def __str__(self) -> str:
        return self.message


class RecentView(Row):
    """When a user last opened a record: feeds *recently viewed*."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user", personal=True)

    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    entity = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "entity", "row_id", name="recent_view_unique")
        ]
        indexes = [models.Index(fields=["user", "-at"], name="recent_view_user")]

    def __str__(self) -> str:
        return f"{self.entity}:{self.row_id}"
