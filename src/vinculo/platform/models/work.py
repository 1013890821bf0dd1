"""What workers leave behind: receipts, failures, and the progress of long work."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class JobReceipt(models.Model):
    """The job of this number ran to its end; written in the job's own transaction."""

    job_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.job_id)


class JobFailure(Row):
    """The last error of a job, for the person who operates Vinculo."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user")

    job_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=120)
    user = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    error = models.TextField()
    trace = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"


class Work(Row):
    """Long work of one person (an import, an export, a bulk edit): the chip in the top bar."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user", personal=True)

    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    result_url = models.CharField(max_length=300, blank=True, default="")
    message = models.CharField(max_length=300, blank=True, default="")
    changeset = models.ForeignKey(
        "platform.ChangeSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="work_user")]

    def __str__(self) -> str:
        return self.label

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100; 0 while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
