"""A column of a file that says what another system calls its rows: they are found again by it.

Record types with a writer of their own match by the set; here is what the plain writer does, and
the target that all of them offer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from vinculo.kernel.errors import DomainError, NotAllowed, _
from vinculo.records import external
from vinculo.records.external.written import read_names
from vinculo.records.transfer.headers import Target

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity
    from vinculo.records.transfer.plan import Plan

ELSEWHERE = "elsewhere"
TARGET = Target(ELSEWHERE, gettext_lazy("ID in another system"), "code", (ELSEWHERE,))
AT_ONCE = 500

Name = tuple[str, str]
Rows = Iterator[tuple[int, dict[str, str]]]


class Meanings:
    """Which records the rows of one file mean by what other systems call them."""

    def __init__(self, entity: Entity, plan: Plan) -> None:
        self.entity = entity
        self.system = plan.system
        self.mapped = plan.column_of(ELSEWHERE) is not None
        self._known: dict[Name, int] = {}

    def ahead(self, rows: Rows) -> Rows:
        """The rows as they come; what they mean is asked for many of them at once."""
        while self.mapped and (batch := list(islice(rows, AT_ONCE))):
            names: set[Name] = set()
            for _row, texts in batch:
                with suppress(DomainError):  # told when it is the row's turn
                    names.update(read_names(texts.get(ELSEWHERE, ""), self.system))
            self._look_up(names - self._known.keys())
            yield from batch
        yield from rows

    def _look_up(self, names: Iterable[Name]) -> None:
        found = external.known(self.entity.key, names)
        if not found:
            return
        rows = self.entity.queryset().filter(pk__among=set(found.values()))
        alive = set(rows.values_list("pk", flat=True))
        self._known |= {name: pk for name, pk in found.items() if pk in alive}

    def taken_from(self, texts: dict[str, str]) -> tuple[Name, ...]:
        """What a row's record is called, taken out of the row's texts; DomainError for no ids."""
        text = texts.pop(ELSEWHERE, "")
        return read_names(text, self.system) if text else ()

    def record(self, names: Iterable[Name], user: User) -> Any:
        """The record these names mean; None for nobody's, DomainError for several or one that the
        user may not see, in words that do not say so."""
        meant = {self._known[name] for name in names if name in self._known}
        if len(meant) > 1:
            raise DomainError(
                _("Several records match this row. Choose another field to recognise them by.")
            )
        if not meant:
            return None
        found = self.entity.visible(user).filter(pk__in=meant).first()
        if found is None:
            raise DomainError(_("The row cannot be imported. Ask an administrator."))
        return found

    def note(self, record: Any, names: Iterable[Name], user: User | None = None) -> bool:
        """Know the record by these names from now on; whether one is new. DomainError when one
        means another record, NotAllowed when the `user` may not change this one."""
        if any(self._known.get(name, record.pk) != record.pk for name in names):
            raise DomainError(_("Another record has this external id."))
        fresh = {name: record.pk for name in names if name not in self._known}
        if fresh and user and not self._may_change(record, user):
            raise NotAllowed(_("You may see this record but not change it."))
        external.note(self.entity.key, fresh)
        self._known |= fresh
        return bool(fresh)

    def _may_change(self, record: Any, user: User) -> bool:
        return bool(self.entity.visible(user, "edit").filter(pk=record.pk).exists())
