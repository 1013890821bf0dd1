"""Fields that an administrator added to a record type."""

import time
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row


class CustomKind(models.TextChoices):
    """What sort of value a custom field holds."""

    TEXT = "text", pgettext_lazy("kind of field", "Text")
    LONG_TEXT = "long_text", pgettext_lazy("kind of field", "Long text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    MONEY = "money", pgettext_lazy("kind of field", "Money")
    DATE = "date", pgettext_lazy("kind of field", "Date")
    DATETIME = "datetime", pgettext_lazy("kind of field", "Date and time")
    BOOLEAN = "boolean", pgettext_lazy("kind of field", "Yes or no")
    CHOICE = "choice", pgettext_lazy("kind of field", "One of several choices")
    CHOICES = "choices", pgettext_lazy("kind of field", "Some of several choices")
    RELATION = "relation", pgettext_lazy("kind of field", "Another record")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    URL = "url", pgettext_lazy("kind of field", "Web address")
    FORMULA = "formula", pgettext_lazy("kind of field", "Formula")
    ROLLUP = "rollup", pgettext_lazy("kind of field", "Roll-up of related records")


#: Kinds whose value follows from others: no record holds one, nobody types one.
COMPUTED = (CustomKind.FORMULA, CustomKind.ROLLUP)


def new_stamp() -> int:
    """A number that no other state of a definition has: microseconds since 1970."""
    return time.time_ns() // 1000


class CustomField(Row):
    """A field that an administrator added to a record type, without code."""

    reach = Reach(everyone=True)
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)
    told_by = ("slug", "labels")

    entity = models.CharField(_("Record type"), max_length=80)
    #: The key under which records hold the value; never another one, whatever the label becomes.
    slug = models.CharField(_("Key"), max_length=48)
    #: Language → what the field is called there; "" holds what all others fall back to.
    labels: Any = models.JSONField(_("Label"), default=dict)
    kind = models.CharField(_("Kind"), max_length=12, choices=CustomKind.choices)
    #: [{"key": …, "labels": {language: label}, "retired": bool}], in their order.
    choices: Any = models.JSONField(_("Choices"), default=list, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True, default="")
    decimals = models.PositiveSmallIntegerField(_("Decimals"), default=0)
    target = models.CharField(_("Points to"), max_length=80, blank=True, default="")
    #: What a formula says, its fields by their names.
    formula = models.TextField(pgettext_lazy("kind of field", "Formula"), blank=True, default="")
    #: What a roll-up counts: {"of": record type, "by": its field that points here, "how": …,
    #: "field": …, "latest": …, "where": filters as an address writes them}.
    rollup: Any = models.JSONField(_("Roll-up"), default=dict, blank=True)
    #: The sort of value that comes out of a formula or a roll-up, found when it was saved.
    gives = models.CharField(max_length=12, blank=True, default="", editable=False)
    help: Any = models.JSONField(_("Help"), default=dict, blank=True)
    required = models.BooleanField(_("Must be filled"), default=False)
    on_form = models.BooleanField(_("Asked for in the form of a new record"), default=True)
    searched = models.BooleanField(_("Found by the search"), default=False)
    #: All records hold their search keys with this field's words; until then filters ask the field.
    search_ready = models.BooleanField(default=False, editable=False)
    indexed = models.BooleanField(_("Fast to filter and sort by"), default=False)
    position = models.PositiveIntegerField(_("Position"), default=0)
    deleted_at = models.DateTimeField(_("Deleted"), null=True, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    #: Changes with every change: the sum of all tells a process whether what it knows is current.
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        verbose_name = _("Custom field")
        verbose_name_plural = _("Custom fields")
        ordering = ["entity", "position", "pk"]
        constraints = [
            models.UniqueConstraint("entity", "slug", name="custom_field_slug"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the field is called in the reader's language."""
        return said_in(self.labels) or self.slug

    @property
    def computed(self) -> bool:
        """Whether its value follows from other fields."""
        return self.kind in COMPUTED

    @property
    def name(self) -> str:
        """The field's name in addresses, files and the API."""
        return f"custom_{self.slug}"

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read the definitions anew."""
        from vinculo.platform.custom.known import forget

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        forget()


def said_in(labels: "dict[str, str] | None") -> str:
    """The words for the language in force, else those that all languages fall back to."""
    from django.utils.translation import get_language

    told = labels or {}
    return str(told.get(get_language() or "en") or told.get("") or next(iter(told.values()), ""))
