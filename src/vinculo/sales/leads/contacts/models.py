"""What was done with a lead, an entry for each time."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.models import Direction, Kind, Outcome
from vinculo.kernel.clock import now
from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class LeadContact(Row):
    """A call, e-mail or meeting with whoever a lead is about, or a note on it."""

    reach = Reach(inside=("lead",), like=True)
    told_by = ("lead",)

    lead = models.ForeignKey(
        "sales.Lead",
        verbose_name=_("Lead"),
        on_delete=models.CASCADE,
        related_name="contacts",
        db_index=False,
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("When"))
    direction = models.CharField(
        _("Direction"), max_length=3, choices=Direction.choices, blank=True
    )
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices, blank=True)
    body = models.TextField(_("Text"), blank=True)
    by = models.ForeignKey(
        "platform.User", verbose_name=_("Who"), null=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    #: When it was written down: a call of yesterday is no quicker answer.
    noted_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("Contact with a lead")
        verbose_name_plural = _("Contacts with leads")
        indexes = [models.Index(fields=["lead", "-at", "-id"], name="lead_contact_newest")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def told_to(self, user: Any) -> tuple[str, ...]:
        """All that was written: it is a part of the lead."""
        return ("kind", "at", "direction", "outcome", "body")

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """The last contact of the leads concerned."""
        from vinculo.sales.leads.contacts.derived import refresh_after_undo

        refresh_after_undo(ids)
