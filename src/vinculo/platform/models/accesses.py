"""Who looked at what, and who took it away: what a leaver report and an auditor read."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class AccessEvent(Row):
    """One record opened, one file fetched, or one list read through the API or taken away.

    Not in the journal: nothing was changed. Written in batches beside the requests (ADR 15), kept
    for `VINCULO_ACCESS_DAYS`. It holds no names: what a record is called is looked up when read.
    """

    class How(models.TextChoices):
        """By which door something was read."""

        PAGE = "page", _("Opened")
        PEEK = "peek", _("Opened beside the list")
        HISTORY = "history", _("Read the history")
        API = "api", _("Read by a program")
        API_LIST = "api_list", _("List read by a program")
        DOWNLOAD = "download", _("File downloaded")
        EXPORT = "export", _("List exported")
        REVEAL = "reveal", _("Sensitive detail shown")

    journalled: ClassVar[bool] = False
    reach = Reach(owner="user")

    at = models.DateTimeField()
    user = models.ForeignKey(
        "platform.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    #: The colleague through whose eyes an administrator looked.
    seen_as = models.ForeignKey(
        "platform.User", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    how = models.CharField(max_length=10, choices=How.choices)
    entity = models.CharField(max_length=80)
    row_id = models.BigIntegerField(null=True)
    #: Of a list: how many rows it gave, and what it was narrowed by.
    rows = models.BigIntegerField(null=True)
    query = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("Access")
        verbose_name_plural = _("Accesses")
        indexes = [
            models.Index(fields=["user", "-id"], name="access_user"),
            models.Index(fields=["entity", "row_id", "-id"], name="access_record"),
            models.Index(fields=["at"], name="access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.entity}:{self.row_id or '*'}"
