"""What a chance that was learned writes beside a record's other columns."""

from django.db import models
from django.utils.translation import pgettext_lazy

#: Not in the journal: it follows from what is.
LEARNED = ("score",)


class Scored(models.Model):
    """A record with a chance to end well."""

    #: How likely that is, in percent, by what was learned from decided ones; null where nothing is.
    score = models.PositiveSmallIntegerField(
        pgettext_lazy("a chance", "Score"), null=True, editable=False
    )

    class Meta:
        abstract = True
