"""Links by which customers see a quote, and what they answered."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.sales.quotes.keeping import keep_answers


class QuoteLink(Row):
    """One way to a quote for its customer. Only the digest of its secret is kept."""

    reach = Reach(inside=("quote",), like=True)
    told_by = ()

    quote = models.ForeignKey(
        "sales.Quote", verbose_name=_("Quote"), on_delete=models.CASCADE, related_name="links"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("Made"))
    made_by = models.ForeignKey(
        "platform.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField(_("Opened"), null=True)
    revoked_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("Link to an offer")
        verbose_name_plural = _("Links to offers")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def language(self) -> str:
        """What its customer reads."""
        return self.quote.language or "en"


class AnswerKind(models.TextChoices):
    """What a customer says to a quote."""

    ACCEPTED = "accepted", pgettext_lazy("of a quote", "Accepted")
    REJECTED = "rejected", pgettext_lazy("of a quote", "Rejected")
    COMMENT = "comment", pgettext_lazy("of a quote", "Comment")


class QuoteAnswer(Row):
    """What a customer said to a quote through a link: who, when, from where. It is never undone."""

    reach = Reach(inside=("quote",), like=True)
    told_by = ()

    quote = models.ForeignKey(
        "sales.Quote", verbose_name=_("Quote"), on_delete=models.PROTECT, related_name="answers"
    )
    link = models.ForeignKey(
        QuoteLink, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    kind = models.CharField(_("Answer"), max_length=10, choices=AnswerKind.choices)
    #: As they wrote it; nobody has checked it.
    name = models.CharField(_("Name"), max_length=120)
    text = models.TextField(blank=True)
    at = models.DateTimeField(_("When"))
    address = models.CharField(_("Network address"), max_length=45)

    class Meta:
        verbose_name = _("Answer to an offer")
        verbose_name_plural = _("Answers to offers")
        constraints = [
            # whatever else goes wrong: a version of a quote is decided once
            models.UniqueConstraint(
                "quote",
                name="quote_answered_once",
                condition=models.Q(kind__in=("accepted", "rejected")),
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def before_undo(cls, cursor: Any, kept: list[Any]) -> None:
        """What a customer said is theirs."""
        keep_answers(cursor)
