"""What keeps a repeated request from doing its work twice, and how often a program may call."""

from typing import ClassVar

from django.db import models

from vinculo.platform.base import Row


class OnceKey(Row):
    """A request that was carried out, by the key its sender gave it, and what it was answered.

    Written in the transaction that did the work: either both are there or neither.
    """

    journalled: ClassVar[bool] = False

    holder = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    #: What the sender could see then: an answer is told again only to who may still see as much.
    rights = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint("holder", "key", name="once_key_unique")]
        indexes = [models.Index("at", name="once_key_at")]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"


class RateBucket(models.Model):
    """How many calls a key or person has left this minute, shared by all web processes.

    An unlogged table: what a crash of the database forgets is a minute of counting.
    """

    name = models.CharField(max_length=40, primary_key=True)
    remaining = models.FloatField()
    granted = models.FloatField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
