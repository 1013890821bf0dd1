"""What the database itself wrote down: change-sets and the changes in them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class ChangeSet(Row):
    """All changes that one action, import or bulk edit made: the unit of undo."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="actor")

    at = models.DateTimeField(_("When"))
    actor = models.ForeignKey(
        "platform.User",
        verbose_name=_("Who"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    verb = models.CharField(_("What"), max_length=80)
    via = models.CharField(_("Through"), max_length=20)
    label = models.CharField(_("Description"), max_length=300, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("Change-set")
        verbose_name_plural = _("Change-sets")
        indexes = [
            models.Index(fields=["actor", "-id"], name="changeset_actor"),
            models.Index(fields=["-at"], name="changeset_at"),
        ]

    def __str__(self) -> str:
        return self.said or self.verb

    @property
    def said(self) -> str:
        """The label as its reader reads it."""
        from vinculo.platform.labels import said

        return said(self.label)


class Change(models.Model):
    """One changed row. `before` holds what an update or delete replaced; partitioned by month.

    Written by triggers only (`journal.sql`); the application never inserts here.
    """

    class Operation(models.TextChoices):
        """What happened to the row."""

        INSERT = "I", _("created")
        UPDATE = "U", _("changed")
        DELETE = "D", _("deleted")

    pk = models.CompositePrimaryKey("at", "id")
    id = models.BigIntegerField()
    at = models.DateTimeField()
    changeset = models.ForeignKey(
        ChangeSet, on_delete=models.DO_NOTHING, related_name="changes", db_constraint=False
    )
    table = models.CharField(max_length=63, db_column="table_name")
    row_id = models.BigIntegerField()
    op = models.CharField(max_length=1, choices=Operation.choices)
    before = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "platform_change"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.op} {self.table}:{self.row_id}"
