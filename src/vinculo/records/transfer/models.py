"""Imports: one file of one user on its way into the records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.platform.sensitive.files import kept_sealed


class Import(Row):
    """A file somebody brought, how it is to be read, and what came of it.

    `settings` is a `plan.Plan` as JSON. `counts` are the outcomes of the last check or run: seen,
    created, updated, skipped, refused. Files stand under the data directory under opaque names;
    those brought at one go have the same `together`.
    """

    class Status(models.TextChoices):
        """How far the import has come; a job's own end stands in `work`."""

        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    reach = Reach(owner="owner", personal=True)
    journal_ignore = ("settings", "status", "counts", "report", "work_id", "changeset_id")

    owner = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    entity = models.CharField(max_length=80)
    name = models.CharField(pgettext_lazy("of an import", "File"), max_length=200)
    file = models.CharField(max_length=60)
    size = models.BigIntegerField(default=0)
    settings = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    work = models.ForeignKey(
        "platform.Work", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changeset = models.ForeignKey(
        "platform.ChangeSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    together = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "records"
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [models.Index(fields=["owner", "-id"], name="import_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the file stands."""
        return import_folder() / self.file

    @property
    def refused_path(self) -> Path:
        """Where the file of refused rows stands, if there are any."""
        return import_folder() / f"{self.file}.refused.csv"

    @property
    def state(self) -> str:
        """The status as people see it: a job that failed or was cancelled says so."""
        if self.changeset is not None and hasattr(self.changeset, "undone_by"):
            return "undone"
        if self.status in (self.Status.CHECKING, self.Status.RUNNING) and self.work:
            ended: Any = self.work.state
            if ended in ("failed", "cancelled"):
                return str(ended)
        return str(self.status)


class ImportMapping(Row):
    """What the columns of a source mean, under a name: private, or shared with a role or a team.

    `settings` are the decisions of a plan by the names of the headers (`mappings`).
    """

    reach = Reach(owner="owner", personal=True, shared=("role", "team"))

    owner = models.ForeignKey(
        "platform.User", verbose_name=_("Owner"), on_delete=models.CASCADE, related_name="+"
    )
    entity = models.CharField(max_length=80)
    name = models.CharField(_("Name"), max_length=80)
    settings = models.JSONField(default=dict)
    role = models.ForeignKey(
        "platform.Role",
        verbose_name=_("Role"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    team = models.ForeignKey(
        "platform.Team",
        verbose_name=_("Team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        app_label = "records"
        verbose_name = _("Import mapping")
        verbose_name_plural = _("Import mappings")
        constraints = [
            models.UniqueConstraint("owner", "entity", Lower("name"), name="mapping_name_unique"),
            models.CheckConstraint(
                condition=models.Q(role__isnull=True) | models.Q(team__isnull=True),
                name="mapping_shared_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shared(self) -> bool:
        """Whether others have it, too."""
        return self.role_id is not None or self.team_id is not None


FOLDER = "imports"
kept_sealed(FOLDER)


def import_folder() -> Path:
    """The folder of uploaded files, made on first need."""
    folder: Path = settings.VINCULO_DATA / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
