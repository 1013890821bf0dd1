"""Calls, e-mails, meetings, visits, notes, tasks and files: what happened with a party, and when."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.interactions.care import models as care  # noqa: F401 - its tables are this room's
from vinculo.platform.access import Reach
from vinculo.platform.base import Owned


class Kind(models.TextChoices):
    """What sort of interaction it was."""

    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    NOTE = "note", _("Note")


class Status(models.TextChoices):
    """Whether it has taken place."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Direction(models.TextChoices):
    """Who began it."""

    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class Outcome(models.TextChoices):
    """How a call, meeting or visit ended."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    INTERESTED = "interested", _("Interested")
    NOT_INTERESTED = "not_interested", _("Not interested")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class Interaction(Owned):
    """A call, e-mail, meeting, visit or note with a party, at a time.

    `company` is the company on whose timeline it rolls up: the party itself, or the company the
    person belonged to at that moment (a later change of employer does not move history).
    """

    reach = Reach(owner="owner", team="team", inside=("party",))
    journal_ignore = ("updated_at", "search")

    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Customer"),
        on_delete=models.CASCADE,
        related_name="interactions",
        db_index=False,
    )
    company = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="company_interactions",
        db_index=False,
    )
    at = models.DateTimeField(_("When"))
    status = models.CharField(
        _("Status"), max_length=10, choices=Status.choices, default=Status.DONE
    )
    direction = models.CharField(
        _("Direction"), max_length=3, choices=Direction.choices, blank=True
    )
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes"), null=True, blank=True)
    subject = models.CharField(_("Subject"), max_length=200, blank=True)
    body = models.TextField(_("Text"), blank=True)
    place = models.CharField(_("Place"), max_length=200, blank=True)
    latitude = models.DecimalField(
        _("Latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("Longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    checked_in_at = models.DateTimeField(_("Checked in"), null=True, blank=True)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Interaction")
        verbose_name_plural = _("Interactions")
        indexes = [
            models.Index(fields=["party", "-at", "-id"], name="interaction_party"),
            models.Index(fields=["company", "-at", "-id"], name="interaction_company"),
            models.Index(fields=["owner", "-at", "-id"], name="interaction_owner"),
            models.Index(fields=["-at", "-id"], name="interaction_at"),
            models.Index(fields=["kind", "-at", "-id"], name="interaction_kind"),
            models.Index(
                "owner", "at", name="interaction_planned", condition=models.Q(status="planned")
            ),
            GinIndex(fields=["search"], name="interaction_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Search keys, and the last contact of the parties concerned."""
        from vinculo.interactions.derived import refresh_after_undo

        refresh_after_undo(ids)


class Priority(models.IntegerChoices):
    """How urgent a task is."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")


class Repeat(models.TextChoices):
    """How a task comes back once it is done."""

    NEVER = "", _("Does not repeat")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    YEARLY = "yearly", _("Every year")


class Task(Owned):
    """Something a colleague (its owner) promised to do by a date."""

    reach = Reach(owner="owner", team="team", inside=("party",))
    # Being reminded is no change of the task: it does not belong into its history.
    journal_ignore = ("updated_at", "search", "reminded_at")

    title = models.CharField(_("Task"), max_length=200)
    notes = models.TextField(_("Notes"), blank=True)
    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tasks",
        db_index=False,
    )
    company = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="company_tasks",
        db_index=False,
    )
    interaction = models.ForeignKey(
        Interaction,
        verbose_name=_("Promised in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
    )
    due_on = models.DateField(_("Due"), null=True, blank=True)
    due_at = models.DateTimeField(_("At"), null=True, blank=True)
    remind_at = models.DateTimeField(_("Remind me"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    snoozed_until = models.DateField(_("Snoozed until"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("Priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    repeat = models.CharField(_("Repeats"), max_length=8, choices=Repeat.choices, blank=True)
    #: The day the rhythm is counted from: what began on the 31st comes back to it after February.
    repeats_from = models.DateField(null=True, editable=False)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")
        indexes = [
            models.Index(
                "owner", "due_on", "id", name="task_open", condition=models.Q(done_at__isnull=True)
            ),
            models.Index(fields=["party", "-id"], name="task_party"),
            models.Index(fields=["company", "-id"], name="task_company"),
            models.Index(
                "remind_at",
                name="task_reminders",
                condition=models.Q(done_at__isnull=True, reminded_at__isnull=True),
            ),
            models.Index("due_on", "id", name="task_due"),
            models.Index("owner", "due_on", "id", name="task_owner"),
            models.Index(
                fields=["party", "-done_at", "-id"],
                name="task_party_done",
                condition=models.Q(done_at__isnull=False),
            ),
            models.Index(
                fields=["company", "-done_at", "-id"],
                name="task_company_done",
                condition=models.Q(done_at__isnull=False),
            ),
            GinIndex(fields=["search"], name="task_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """A restored task is found by what it says now."""
        from vinculo.interactions.derived import refresh_tasks

        refresh_tasks(ids)


class File(Owned):
    """A document kept with a party; reached by an opaque token, never by its path."""

    reach = Reach(owner="owner", team="team", inside=("party",))

    party = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Customer"),
        on_delete=models.CASCADE,
        related_name="files",
        db_index=False,
    )
    company = models.ForeignKey(
        "parties.Party",
        verbose_name=_("Company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="company_files",
        db_index=False,
    )
    token = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(_("File name"), max_length=200)
    media_type = models.CharField(_("Type"), max_length=100)
    size = models.PositiveBigIntegerField(_("Size"))
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("File")
        verbose_name_plural = _("Files")
        indexes = [
            models.Index(fields=["party", "-id"], name="file_party"),
            models.Index(fields=["company", "-id"], name="file_company"),
            models.Index(fields=["owner", "-id"], name="file_owner"),
        ]

    def __str__(self) -> str:
        return self.name
