"""The seals of the journal: what `vinculo doctor journal` holds the journal against."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SealLayout(models.Model):
    """How the journalled tables looked when something was sealed: table → column → type.

    Rows are compared by these columns only, so that an upgrade that adds a column alarms nobody.
    """

    digest = models.BinaryField(unique=True)
    tables: Any = models.JSONField()

    def __str__(self) -> str:
        return f"{len(self.tables)} tables"


class Seal(models.Model):
    """One minute's changes: the Merkle root over them, chained to the seal before.

    The lists have one entry per sealed change, in the order of the leaves; `marks` and `images`
    eight bytes each. They name a change that does not fit any more or is gone.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    previous = models.BinaryField()
    root = models.BinaryField()
    #: The seal itself: number, time, count and root, together with the seal before.
    chain = models.BinaryField()
    count = models.IntegerField()
    #: Changes in all seals up to this one.
    total = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    #: Transactions from this number on may still have added changes numbered below `last_id`.
    horizon = models.BigIntegerField()
    #: Changes numbered up to here are sealed or never will be: the next seal looks above.
    floor = models.BigIntegerField()
    layout = models.ForeignKey(SealLayout, on_delete=models.PROTECT, related_name="+")
    ids = ArrayField(models.BigIntegerField())
    changesets = ArrayField(models.BigIntegerField())
    tables = ArrayField(models.CharField(max_length=63))
    rows = ArrayField(models.BigIntegerField())
    marks = models.BinaryField()
    images = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["last_id"], name="seal_last_id")]

    def __str__(self) -> str:
        return str(self.number)
