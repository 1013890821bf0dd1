"""What every table of ours has: a row the journal watches, and the one door to it."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.custom.columns import CustomValues

M = TypeVar("M", bound=models.Model)


class RecordQuerySet(models.QuerySet[M]):
    """Rows of one table, with the one door through which users reach them."""

    def visible_to(self, user: Any, verb: str = "view") -> "RecordQuerySet[M]":
        """Only the rows on which `user` may do `verb` (view, add, edit, delete, export)."""
        from vinculo.platform.access import visible

        return visible(self, user, verb)


RecordManager = models.Manager.from_queryset(RecordQuerySet)


class Row(models.Model):
    """A table whose every change the database itself writes into the journal."""

    #: Columns that are computed from others: never in the journal, recomputed after an undo.
    journal_ignore: ClassVar[tuple[str, ...]] = ()
    #: False only for the journal's own tables and for what is written on every request.
    journalled: ClassVar[bool] = True
    #: Columns that say what a row is called and where its page is.
    told_by: ClassVar[tuple[str, ...]] = ("name",)
    #: Who reaches a row of this table; see `platform.access.Reach`.
    reach: ClassVar[Reach] = Reach()

    objects = RecordManager()

    class Meta:
        abstract = True

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """Take rows of this table out of an undo (`undo_net`) that would break a rule over several
        rows; `kept` is what is left alone already (`undo.Kept`)."""

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Recompute what is derived from the rows `ids`, which an undo has just written."""

    def named_for(self, user: Any) -> str:
        """What `user`, who may see this row, may be told it is called; "" where a field rule of
        theirs hides it."""
        return str(self) if type(self).__str__ is not models.Model.__str__ else ""

    def told_to(self, user: Any) -> tuple[str, ...]:
        """The columns whose values `user` may be told, of a row that is a part of a record and
        falls under the record's field rules. A record's own columns follow from its fields."""
        return ()


class Owned(Row):
    """A record with a person responsible for it and the team that person works in.

    Neither column has an index of its own: a table's lists need them together with an order, so
    each table declares the ones it uses.
    """

    reach = Reach(owner="owner", team="team")
    journal_ignore: ClassVar[tuple[str, ...]] = ("updated_at",)

    owner = models.ForeignKey(
        "platform.User",
        verbose_name=_("Owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    team = models.ForeignKey(
        "platform.Team",
        verbose_name=_("Team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("Changed"), auto_now=True)
    #: What administrators added to the record type: see `platform.custom`.
    custom = CustomValues(
        _("Custom fields"), default=dict, db_default={}, blank=True, editable=False
    )

    class Meta:
        abstract = True
