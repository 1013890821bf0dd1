"""What the search for doubles has found, and what people have said of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.base import Row


class DuplicateSearch(Row):
    """The latest search through all companies, or all people."""

    journalled: ClassVar[bool] = False

    kind = models.CharField(max_length=10, unique=True)
    at = models.DateTimeField()
    records = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.pairs}"


class PossibleDuplicate(Row):
    """Two records that may mean the same customer, as the latest search found them.

    It belongs to both records and is reached by whoever sees both. The ids are no foreign keys:
    what was found says nothing of records that are gone, and is found anew by the next search.
    """

    journalled: ClassVar[bool] = False

    kind = models.CharField(max_length=10)
    one_id = models.BigIntegerField()
    other_id = models.BigIntegerField()
    #: How sure: 0 to 100, and the weight it comes from, for the order.
    score = models.PositiveSmallIntegerField()
    weight = models.FloatField()
    #: Field → how far both agree in it.
    levels = models.JSONField(default=dict)
    #: The smallest id of all records that hang together with these.
    cluster = models.BigIntegerField()

    class Meta:
        verbose_name = _("Possible duplicate")
        verbose_name_plural = _("Possible duplicates")
        indexes = [
            models.Index("kind", "score", "cluster", name="possible_duplicate_score"),
            models.Index("one_id", name="possible_duplicate_one"),
            models.Index("other_id", name="possible_duplicate_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}: {self.score}"


class DifferentCustomers(Row):
    """Somebody has said that two records are not the same customer: nobody is asked again.

    `one_id` is the smaller id. Reached by whoever sees both records.
    """

    one_id = models.BigIntegerField()
    other_id = models.BigIntegerField()
    said_by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Different customers")
        verbose_name_plural = _("Different customers")
        constraints = [
            models.UniqueConstraint("one_id", "other_id", name="different_customers_once")
        ]
        indexes = [models.Index("other_id", name="different_customers_other")]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"
