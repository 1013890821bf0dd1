"""One change to many records: what was asked, how far it is, what came of it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class BulkRun(Row):
    """Somebody's change to many records. Its rows are settled when it is asked for, so that it
    does what its owner confirmed however the list looks when it runs.

    `change` says what to do as plain JSON (see `runs.Change`); `seen_at` is when the owner saw
    the rows: what somebody else changed since is left as it is. `report` holds the refusals.
    """

    class Status(models.TextChoices):
        """How far it is; a job's own end stands in `work`."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")

    journalled: ClassVar[bool] = False
    reach = Reach(owner="owner", personal=True)

    owner = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    #: Made with the form: sending the same form twice is one run.
    token = models.CharField(max_length=60)
    entity = models.CharField(max_length=80)
    change = models.JSONField(default=dict)
    ids = ArrayField(models.BigIntegerField(), default=list)
    seen_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    work = models.ForeignKey(
        "platform.Work", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changeset = models.ForeignKey(
        "platform.ChangeSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "records"
        verbose_name = _("Bulk change")
        verbose_name_plural = _("Bulk changes")
        constraints = [models.UniqueConstraint(fields=["owner", "token"], name="bulk_run_once")]

    def __str__(self) -> str:
        return f"{self.entity} {self.pk}"

    @property
    def state(self) -> str:
        """The status as people see it: undone, failed and cancelled say so."""
        if self.changeset is not None and hasattr(self.changeset, "undone_by"):
            return "undone"
        ended: Any = self.work.state if self.work else ""
        if self.status == self.Status.WAITING and ended in ("failed", "cancelled"):
            return str(ended)
        return str(self.status)
