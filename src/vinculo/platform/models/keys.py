"""Keys and links that open a door: API keys, and the one-time link of the first administrator."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class ApiKey(Row):
    """A key for programs: acts for its user, narrowed to one role, until it expires.

    Only a digest of the key is kept; the key itself is shown once, when it is made.
    """

    reach = Reach(owner="user")
    journal_ignore = ("last_used_at", "digest")

    name = models.CharField(_("Name"), max_length=80)
    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="api_keys")
    role = models.ForeignKey("platform.Role", verbose_name=_("Role"), on_delete=models.PROTECT)
    start = models.CharField(_("Begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("Expires"))
    revoked_at = models.DateTimeField(_("Revoked"), null=True)
    last_used_at = models.DateTimeField(_("Last used"), null=True)
    #: None: as the installation allows; 0: as often as it likes.
    rate = models.PositiveIntegerField(_("Calls per minute"), null=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class FirstLink(Row):
    """A one-time link by which a person sets their first password (first administrator, invitation)."""

    journalled: ClassVar[bool] = False

    user = models.ForeignKey("platform.User", null=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id or 'first administrator'}"
