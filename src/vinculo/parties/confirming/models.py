"""Links by which customers confirm their data, what they answered, and what is asked of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class ConfirmSettings(Row):
    """What customers of one kind are asked; without a row the usual (`asking.USUAL`)."""

    reach = Reach()

    kind = models.CharField(_("Record type"), max_length=10, unique=True)
    #: Field → show, approve or direct; a field that is not here is not shown.
    fields = models.JSONField(default=dict)
    consent = models.BooleanField(_("Ask how they may be contacted"), default=True)
    days = models.PositiveSmallIntegerField(_("Days a link works"), default=30)

    class Meta:
        verbose_name = _("What customers confirm")
        verbose_name_plural = _("What customers confirm")

    def __str__(self) -> str:
        return self.kind


class ConfirmLink(Row):
    """One link to one customer: what it asks, until when, and what became of it.

    Only the digest of its secret is kept. The party is a foreign key, so that the link goes with a
    record that is merged into another and ends with one that is deleted.
    """

    reach = Reach(inside=("party",), like=True)

    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Party"),
        on_delete=models.CASCADE,
        related_name="confirm_links",
    )
    digest = models.CharField(max_length=64, unique=True)
    #: Field → show, approve or direct, as it was when the link was made and its maker saw them.
    asked = models.JSONField(default=dict)
    #: The kinds of contact points whose consent is asked.
    channels = models.JSONField(default=list)
    language = models.CharField(_("Language"), max_length=8)
    made_at = models.DateTimeField(_("Made"))
    made_by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField(_("Works until"))
    opened_at = models.DateTimeField(_("Opened"), null=True)
    answered_at = models.DateTimeField(_("Answered"), null=True)
    revoked_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("Link to confirm data")
        verbose_name_plural = _("Links to confirm data")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class ProposalState(models.TextChoices):
    """What became of a customer's corrections."""

    OPEN = "open", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Accepted in part")
    DECLINED = "declined", _("Declined")


class Proposal(Row):
    """What a customer wants corrected, until somebody who may change the record has decided.

    `values` is field → {"old", "new", "state"}: old and new as plain JSON (`values.frozen`), state
    one of open, accepted, declined. Nothing of it is told by the journal: each value falls under
    the field rules of its reader.
    """

    reach = Reach(inside=("party",), like=True)

    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Party"),
        on_delete=models.CASCADE,
        related_name="proposals",
    )
    at = models.DateTimeField(_("When"))
    values = models.JSONField(default=dict)
    state = models.CharField(
        _("State"), max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    decided_by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(_("Decided"), null=True)

    class Meta:
        verbose_name = _("Proposed change")
        verbose_name_plural = _("Proposed changes")
        indexes = [
            models.Index(fields=["-at"], name="proposal_open_at", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class ConsentSaid(Row):
    """A customer has said themselves whether they may be contacted one way."""

    reach = Reach(inside=("party",), like=True)

    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Party"),
        on_delete=models.CASCADE,
        related_name="consents",
    )
    #: A kind of contact point.
    channel = models.CharField(max_length=10)
    allowed = models.BooleanField(_("Allowed"))
    at = models.DateTimeField(_("When"))
    #: Through what: "link".
    source = models.CharField(max_length=12)

    class Meta:
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """A customer's refusal is theirs: whoever takes their answer back leaves it."""
        from vinculo.parties.confirming.consent import leave_refusals

        leave_refusals(cursor, kept)

    def named_for(self, user: Any) -> str:
        """Which way, where the reader may see such contact points."""
        from vinculo.parties.confirming.consent import name_for

        return name_for(self, user)
