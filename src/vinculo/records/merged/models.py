"""Where records went that were merged into others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.base import Row


class MergedRecord(Row):
    """A record that is gone because it was merged into another: its address leads there.

    It says nothing of either: whoever follows it still has to reach the record that was kept.
    """

    entity = models.CharField(max_length=80)
    gone_id = models.BigIntegerField()
    kept_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("Merged record")
        verbose_name_plural = _("Merged records")
        constraints = [models.UniqueConstraint("entity", "gone_id", name="merged_record_once")]
        indexes = [models.Index("entity", "kept_id", name="merged_record_kept")]

    def __str__(self) -> str:
        return f"{self.entity}: {self.gone_id} → {self.kept_id}"
