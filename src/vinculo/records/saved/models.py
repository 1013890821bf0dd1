"""Saved views, the order each person keeps them in, and favourites."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class SavedView(Row):
    """A list's whole state under a name: private, or shared with a role or a team.

    `query` is the state as `ListState.query` writes it. Whoever opens the view sees with it only
    what they may see anyway: it is a question, not a copy of rows.
    """

    reach = Reach(owner="owner", personal=True, shared=("role", "team"))
    journal_ignore = ("updated_at",)

    owner = models.ForeignKey(
        "platform.User",
        verbose_name=_("Owner"),
        on_delete=models.CASCADE,
        related_name="saved_views",
    )
    entity = models.CharField(max_length=80)
    name = models.CharField(_("Name"), max_length=80)
    query = models.TextField(blank=True, default="")
    role = models.ForeignKey(
        "platform.Role",
        verbose_name=_("Role"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="shared_views",
    )
    team = models.ForeignKey(
        "platform.Team",
        verbose_name=_("Team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="shared_views",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "records"
        verbose_name = _("Saved view")
        verbose_name_plural = _("Saved views")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__isnull=True) | models.Q(team__isnull=True),
                name="view_shared_once",
            ),
            models.UniqueConstraint(
                "owner",
                "entity",
                Lower("name"),
                name="view_name_unique",
                violation_error_message=_("You already have a view of this name here."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shared(self) -> bool:
        """Whether others see it, too."""
        return self.role_id is not None or self.team_id is not None


class ViewTabs(Row):
    """In which order one person has the views of a record type, and which of them opens first."""

    reach = Reach(owner="user", personal=True)

    user = models.ForeignKey(
        "platform.User", on_delete=models.CASCADE, related_name="view_tabs", db_index=False
    )
    entity = models.CharField(max_length=80)
    order = ArrayField(models.BigIntegerField(), default=list, blank=True)
    opens = models.ForeignKey(
        SavedView, null=True, blank=True, on_delete=models.SET_NULL, related_name="opened_first"
    )

    class Meta:
        app_label = "records"
        constraints = [models.UniqueConstraint("user", "entity", name="view_tabs_unique")]

    def __str__(self) -> str:
        return self.entity


class Favourite(Row):
    """A view or a record that one person keeps in the navigation."""

    reach = Reach(owner="user", personal=True)

    user = models.ForeignKey(
        "platform.User", on_delete=models.CASCADE, related_name="favourites", db_index=False
    )
    entity = models.CharField(max_length=80)
    view = models.ForeignKey(
        SavedView, null=True, blank=True, on_delete=models.CASCADE, related_name="favourites"
    )
    row_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        app_label = "records"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(view__isnull=True) ^ models.Q(row_id__isnull=True),
                name="favourite_of_one_thing",
            ),
            models.UniqueConstraint(
                "user", "entity", "view", "row_id", name="favourite_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity}:{self.view_id or self.row_id}"
