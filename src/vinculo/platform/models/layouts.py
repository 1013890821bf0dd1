"""How administrators arrange the form and the page of a record type."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.platform.models.custom import new_stamp
from vinculo.platform.models.people import Role


class RecordLayout(Row):
    """Which fields of a record type stand where, for everybody or for the people of one role.

    `shape` is the sections with their fields, what is left out, and the order of the page's parts;
    what it means is the records room's: see records.shaping.shape.
    """

    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)
    reach = Reach()

    entity = models.CharField(_("Record type"), max_length=80)
    #: Without a role it is everybody's.
    role = models.ForeignKey(
        Role,
        verbose_name=_("Role"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="layouts",
    )
    shape: Any = models.JSONField(_("Layout"), default=dict)
    #: Of a person's several roles the one whose layout comes first decides.
    position = models.PositiveIntegerField(_("Position"), default=0)
    #: Changes with every change: the sum of all tells a process whether what it knows is current.
    stamp = models.BigIntegerField(default=new_stamp, db_default=0, editable=False)

    class Meta:
        verbose_name = _("Layout")
        verbose_name_plural = _("Layouts")
        ordering = ["entity", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "role"],
                name="record_layout_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.entity

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read the layouts anew."""
        from vinculo.platform.custom.known import forget

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        forget()
