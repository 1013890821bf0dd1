"""What the company calls its records and fields; which modules are off."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vinculo.platform.access import Reach
from vinculo.platform.base import Row
from vinculo.platform.models.custom import new_stamp


class Gender(models.TextChoices):
    """The gender of a noun, where a language's other words follow it."""

    FEMININE = "f", pgettext_lazy("of a noun", "Feminine")
    MASCULINE = "m", pgettext_lazy("of a noun", "Masculine")


class Term(Row):
    """The company's own word for a record type, or for one of its fields, in one language."""

    reach = Reach(everyone=True)
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)
    told_by = ("one",)

    entity = models.CharField(_("Record type"), max_length=80)
    #: "" for the noun of the record type itself.
    field = models.CharField(_("Field"), max_length=80, blank=True, default="")
    language = models.CharField(_("Language"), max_length=8, choices=settings.LANGUAGES)
    one = models.CharField(_("One is called"), max_length=60)
    many = models.CharField(_("Many are called"), max_length=60, blank=True, default="")
    gender = models.CharField(
        _("Gender"), max_length=1, choices=Gender.choices, blank=True, default=""
    )
    #: Changes with every change: see `platform.versions`.
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        verbose_name = _("Own word")
        verbose_name_plural = _("Own words")
        constraints = [
            models.UniqueConstraint("entity", "field", "language", name="term_once"),
        ]

    def __str__(self) -> str:
        return self.one

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read the words anew."""
        from vinculo.platform.terms.known import forget

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        forget()


class ModuleSwitch(Row):
    """A module that an administrator has switched; one without a row is on."""

    reach = Reach(everyone=True)
    journal_ignore: ClassVar[tuple[str, ...]] = ("stamp",)

    name = models.CharField(_("Module"), max_length=40, unique=True)
    on = models.BooleanField(_("On"), default=True)
    stamp = models.BigIntegerField(default=new_stamp, editable=False)

    class Meta:
        verbose_name = _("Switch of a module")
        verbose_name_plural = _("Switches of modules")

    def __str__(self) -> str:
        from vinculo.platform.modules.declared import modules

        module = modules().get(self.name)
        return str(module.label) if module is not None else self.name

    @classmethod
    def after_undo(cls, ids: list[int]) -> None:
        """Every process is to read the switches anew."""
        from vinculo.platform.modules.known import forget

        cls.objects.filter(pk__in=ids).update(stamp=new_stamp())
        forget()
