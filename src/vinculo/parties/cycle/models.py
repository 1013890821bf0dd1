"""States with their dates, and the rules by which parties move from one to the next."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vinculo.parties.cycle.kinds import SALES, kind_called
from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class DatedState(Row):
    """In which state a party was from when until when, and why it came to be so.

    Rows follow each other without gap or overlap: the end of each is the beginning of the next, and
    no two have the same end, so that only one is open (both in migration 0011). A party that
    has never moved has no rows: it is what its column says, since it was made.
    """

    reach = Reach(inside=("party",), like=True)
    told_by = ("state",)

    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Party"),
        on_delete=models.CASCADE,
        related_name="dated_states",
        db_index=False,
    )
    kind = models.CharField(max_length=12, default=SALES)
    state = models.CharField(_("State"), max_length=12)
    began = models.DateTimeField(_("From"))
    until = models.DateTimeField(_("Until"), null=True)
    #: start, hand, rule, merge or undo; `details` holds what else is known of it.
    why = models.CharField(max_length=8)
    details = models.JSONField(default=dict)
    #: The rule's number: no foreign key, what happened outlives the rule.
    rule_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    changeset_id = models.BigIntegerField(null=True)
    #: Rules leave the state alone until then; None: as long as each rule says.
    held_until = models.DateTimeField(_("Held until"), null=True)

    class Meta:
        verbose_name = _("Dated state")
        verbose_name_plural = _("Dated states")
        constraints = [
            models.UniqueConstraint(fields=["party", "kind", "began"], name="dated_state_began"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("began")),
                name="dated_state_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(kind_called(self.kind).label_of(self.state))

    def named_for(self, user: Any) -> str:
        """Which state, and whose."""
        from vinculo.parties.cycle.telling import name_for

        return name_for(self, user)

    def told_to(self, user: Any) -> tuple[str, ...]:
        """Nothing where a rule on the party's state hides it."""
        from vinculo.parties.cycle.telling import columns_for

        return columns_for(self, user)

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """What would not fit what came later is left out."""
        from vinculo.parties.cycle.undoing import leave_out_what_does_not_fit

        leave_out_what_does_not_fit(cursor, kept)

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Changes are followed again."""
        from vinculo.parties.cycle.undoing import follow_again

        follow_again()


class StateRule(Row):
    """An administrator's rule: from which states, when, to which state."""

    kind = models.CharField(max_length=12, default=SALES)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    #: company, person, or "" for both.
    party_kind = models.CharField(max_length=10, blank=True)
    from_states = ArrayField(models.CharField(max_length=12), verbose_name=_("From"))
    to_state = models.CharField(_("To"), max_length=12)
    #: [{"is": condition, …parameters}], all of which must hold.
    conditions = models.JSONField(default=list)
    #: So many days it leaves alone what somebody set by hand.
    patience = models.PositiveIntegerField(default=30)
    place = models.PositiveIntegerField(default=0)
    active = models.BooleanField(_("On"), default=False)

    class Meta:
        verbose_name = _("Rule of the sales cycle")
        verbose_name_plural = _("Rules of the sales cycle")
        indexes = [models.Index("kind", "place", "id", name="state_rule_place")]

    def __str__(self) -> str:
        from vinculo.parties.cycle.telling import title_of

        return title_of(self)
