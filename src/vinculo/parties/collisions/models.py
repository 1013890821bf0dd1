"""What administrators have ruled, and by which keys records are held against each other."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class CollisionRule(Row):
    """When two records are the same customer, and what becomes of the second.

    `conditions` is a list (any of) of lists (all of) of [what, how]. `ready` says that all records
    have their keys; `collided` how many had the same ones as another when that was so.
    """

    journal_ignore: ClassVar[tuple[str, ...]] = ("ready", "collided")
    reach = Reach()

    kind = models.CharField(_("Record type"), max_length=10)
    name = models.CharField(_("Name"), max_length=80)
    conditions = models.JSONField(_("Conditions"), default=list)
    refuses = models.BooleanField(_("Refuses"), default=False)
    tells = models.BooleanField(_("Says that a colleague has the customer"), default=True)
    active = models.BooleanField(_("Active"), default=True)
    position = models.PositiveIntegerField(_("Position"), default=0)
    ready = models.BooleanField(default=True, db_default=True)
    collided = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("Collision rule")
        verbose_name_plural = _("Collision rules")
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["company", "person"]), name="collision_rule_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Its name; of one that a new installation begins with in the reader's language."""
        return gettext(self.name) if self.name else ""

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """What a rule that was put back promises holds again only once the keys do."""
        from vinculo.parties.collisions.preparing import prepare_again

        prepare_again(ids)


class CollisionKey(Row):
    """A record has these values in what a rule compares; the key is their hash.

    `slot` is 0 for the one record that a refusing rule lets have them: the database has room for
    one. Records that had the same before the rule came, and all those of rules that only warn, have
    their own number there. Not in the journal: keys follow from the records. Rule and record are no
    foreign keys of Django's, but the database's: they go when these go, however that happens.
    """

    journalled: ClassVar[bool] = False
    reach = Reach()

    rule_id = models.BigIntegerField()
    key = models.UUIDField()
    slot = models.BigIntegerField()
    party_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("Collision key")
        verbose_name_plural = _("Collision keys")
        constraints = [models.UniqueConstraint("rule_id", "key", "slot", name="collision_key_once")]
        indexes = [models.Index("party_id", name="collision_key_party_id")]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.party_id}"


class OwnerAsked(Row):
    """Somebody has asked the owner of a record that they do not see; nobody asks twice, which is
    why it is not in the journal: what cannot be undone cannot be done again."""

    journalled: ClassVar[bool] = False
    reach = Reach(owner="asker", personal=True)

    asker = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    party_id = models.BigIntegerField()
    about = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Question to an owner")
        verbose_name_plural = _("Questions to owners")
        constraints = [models.UniqueConstraint("asker", "party_id", name="owner_asked_once")]

    def __str__(self) -> str:
        return self.about

    def named_for(self, user: Any) -> str:
        """What was asked; never about whom: the asker does not see them."""
        return self.about
