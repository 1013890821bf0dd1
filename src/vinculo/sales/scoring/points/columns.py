"""What rules of points write beside a record's other columns."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

#: Not in the journal: they follow from the record and the rules.
COUNTED = ("points", "point_rules")


class Pointed(models.Model):
    """A record that rules give points."""

    #: The sum; null where there are no rules.
    points = models.IntegerField(_("Points"), null=True, editable=False)
    #: The numbers of the rules that fit.
    point_rules = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)

    class Meta:
        abstract = True
