"""Which rules are on, and what a look over all records, or a run, has come to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class RuleSwitch(Row):
    """Whether a rule of `catalogue` is applied; a rule without a row is as the catalogue says."""

    told_by: ClassVar[tuple[str, ...]] = ("key",)

    key = models.CharField(max_length=40, unique=True)
    #: In looks and runs over all records.
    active = models.BooleanField(_("On"), default=True)
    #: On what is saved from now on.
    incoming = models.BooleanField(_("As records come in"), default=False)

    class Meta:
        verbose_name = _("Rule of standardising")
        verbose_name_plural = _("Rules of standardising")

    def __str__(self) -> str:
        from vinculo.parties.standardising.catalogue import RULES

        return str(RULES[self.key].label) if self.key in RULES else self.key


class StandardisingRun(Row):
    """A look over all records (what the rules would change), or the change itself.

    It keeps counts, and the numbers of some records; never what they say: their page is drawn from
    the records themselves, for whoever may see them.
    """

    journalled: ClassVar[bool] = False
    reach = Reach(owner="owner", personal=True)

    owner = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    #: Made with the form: sending the same form twice is one run.
    token = models.CharField(max_length=60)
    writes = models.BooleanField(default=False)
    rules = models.JSONField(default=list)
    #: Also values that somebody has set back, or changed since a rule wrote them.
    again = models.BooleanField(default=False)
    done = models.BooleanField(default=False)
    looked_at = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    #: Records with values that were left alone because somebody had set them back.
    left_alone = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    #: Rule → how many values; rule → the first records.
    counts = models.JSONField(default=dict)
    samples = models.JSONField(default=dict)
    work = models.ForeignKey(
        "platform.Work", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changeset = models.ForeignKey(
        "platform.ChangeSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Standardising")
        verbose_name_plural = _("Standardising")
        constraints = [
            models.UniqueConstraint(fields=["owner", "token"], name="standardising_run_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
