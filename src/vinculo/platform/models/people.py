"""Users, the tree of teams they work in, and the roles that give them rights."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.addresses import is_address
from vinculo.platform.base import RecordQuerySet, Row
from vinculo.platform.versions import told, version_sql


class UserManager(BaseUserManager["User"].from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Finds users by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None) -> "User":
        """A new, active user; without a password they can only come in by a link."""
        user: User = self.model(email=email.strip().lower(), name=name.strip())
        user.set_password(password)
        user.save()
        return user


class DateStyle(models.TextChoices):
    """How dates are written, apart from the language."""

    LOCALE = "locale", _("As usual in the language")
    ISO = "iso", _("2026-11-21")
    DMY = "dmy", _("21/11/2026")
    MDY = "mdy", _("11/21/2026")


class NumberStyle(models.TextChoices):
    """How numbers are written, apart from the language."""

    LOCALE = "locale", _("As usual in the language")
    COMMA = "comma", _("1.234,56")
    POINT = "point", _("1,234.56")
    SPACE = "space", _("1 234,56")


class User(AbstractBaseUser, Row):
    """A colleague who signs in."""

    reach = Reach(everyone=True)
    journal_ignore = ("password", "last_login", "session_epoch")
    told_by = ("name", "email")

    email = models.EmailField(_("E-mail"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=10, blank=True, default="")
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, default="")
    date_style = models.CharField(
        _("Dates"), max_length=10, choices=DateStyle.choices, default=DateStyle.LOCALE
    )
    number_style = models.CharField(
        _("Numbers"), max_length=10, choices=NumberStyle.choices, default=NumberStyle.LOCALE
    )
    is_active = models.BooleanField(_("May sign in"), default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("Demo persona"), default=False, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("There is already a user with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_address(self) -> bool:
        """Whether we know where mail reaches them."""
        return is_address(self.email)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # The epoch ends every session at once, wherever it is: after a change of roles too, not
        # only of the password.
        return salted_hmac(
            "vinculo.platform.session",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def active_roles(self) -> list["Role"]:
        """The roles that give this user rights; an API key narrows them to its own role."""
        narrowed: list[Role] | None = getattr(self, "_roles", None)
        if narrowed is not None:
            return narrowed
        return list(Role.objects.filter(assignments__user=self).distinct())

    def standing(self) -> tuple[set[int], list["Role"]]:
        """The teams and the roles that rights follow from: one query, which every request asks."""
        if getattr(self, "_roles", None) is not None:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT ARRAY({TEAMS_BELOW}), {version_sql()}", [self.pk])
                team_ids, version = cursor.fetchone()
            told(version)
            return set(team_ids), self.active_roles()
        teams = RawSQL(f"ARRAY({TEAMS_BELOW})", [self.pk])  # noqa: S611
        version = RawSQL(version_sql(), [], models.TextField())  # noqa: S611
        held = Role.objects.filter(assignments__user=self).distinct()
        roles = list(held.annotate(teams=teams, versions=version))
        if roles:
            told(roles[0].versions)
        return set(roles[0].teams) if roles else set(), roles  # type: ignore[return-value]

    def team_ids_below(self) -> set[int]:
        """The user's teams and all teams beneath them in the tree."""
        with connection.cursor() as cursor:
            cursor.execute(TEAMS_BELOW, [self.pk])
            return {row[0] for row in cursor.fetchall()}

    def main_team_id(self) -> int | None:
        """The team a new record of this user belongs to."""
        if hasattr(self, "_main_team_id"):  # told by the key that was read a moment ago
            known: int | None = self._main_team_id
            return known
        with connection.cursor() as cursor:
            cursor.execute(MAIN_TEAM, [self.pk])
            found = cursor.fetchone()
        return found[0] if found else None

    def forget_rights(self) -> None:
        """Read the roles again at the next question (after they were changed in this process)."""
        self.__dict__.pop("_rights", None)


MAIN_TEAM = """
SELECT team_id FROM platform_membership WHERE user_id = %s ORDER BY main DESC, id LIMIT 1
"""

TEAMS_BELOW = """
WITH RECURSIVE below AS (
    SELECT team_id AS id FROM platform_membership WHERE user_id = %s
    UNION
    SELECT team.id FROM platform_team team JOIN below ON team.parent_id = below.id
)
SELECT id FROM below
"""


TEAM_AND_BELOW = """
WITH RECURSIVE below AS (
    SELECT %s::bigint AS id
    UNION
    SELECT team.id FROM platform_team team JOIN below ON team.parent_id = below.id
)
SELECT id FROM below
"""


class Team(Row):
    """A group of colleagues; teams form a tree, and a manager's team sees those below it."""

    reach = Reach(everyone=True)

    name = models.CharField(_("Name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                name="team_name_unique",
                nulls_distinct=False,
                violation_error_message=_("There is already a team of this name here."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Row):
    """A user works in a team."""

    reach = Reach(everyone=True)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    main = models.BooleanField(_("Main team"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "team", name="membership_unique")]


class Role(Row):
    """A named set of rights; a user may hold several and has the sum of them.

    `grants`: entity key → verb → "none" | "own" | "team" | "all".
    `actions`: names of the actions that may be called.
    `field_rules`: entity key → field → "hidden" | "readonly".
    """

    name = models.CharField(_("Name"), max_length=80, unique=True)
    description = models.CharField(_("Description"), max_length=300, blank=True, default="")
    administrator = models.BooleanField(_("Administrator"), default=False)
    grants: Any = models.JSONField(_("Rights"), default=dict, blank=True)
    actions: Any = models.JSONField(_("Actions"), default=list, blank=True)
    field_rules: Any = models.JSONField(_("Fields"), default=dict, blank=True)

    class Meta:
        verbose_name = _("Role")
        verbose_name_plural = _("Roles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name; that of a role Vinculo brings along, in the reader's language."""
        return gettext(self.name) if self.name else ""

    @property
    def meaning(self) -> str:
        """The description, likewise."""
        return gettext(self.description) if self.description else ""


class RoleAssignment(Row):
    """A user holds a role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        constraints = [models.UniqueConstraint("user", "role", name="role_assignment_unique")]
