"""Which rows of a file mean a record that is there already, asked for many of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.db.models.functions import Upper

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import clean, fold
from vinculo.records.transfer.rowwise import CHUNK

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity
    from vinculo.records.fields import Field

Rows = Iterator[tuple[int, dict[str, str]]]


class Present:
    """The records that rows are known by in one field of theirs: only ones that the user may see.

    Most files bring what is new: whether any of the next rows is there is one question, and only
    where one may be is it asked which.
    """

    def __init__(self, entity: Entity, field: Field | None, user: User) -> None:
        self.entity, self.field, self.user = entity, field, user
        self._written: set[str] = set()
        self._there: set[str] = set()

    def ahead(self, rows: Rows) -> Rows:
        """The rows as they come, with what is there of many of them known before."""
        while self.field is not None and (batch := list(islice(rows, CHUNK))):
            texts = {clean(texts[self.field.name]) for _row, texts in batch
                     if texts.get(self.field.name)}  # fmt: skip
            self._there = self._found(texts)
            yield from batch
        yield from rows

    def _found(self, texts: set[str]) -> set[str]:
        assert self.field is not None
        column = str(self.field.column)
        wanted = [Upper(Value(text)) for text in texts]
        rows = self.entity.visible(self.user).annotate(known_by=Upper(column)).order_by()
        return {
            fold(str(one))
            for one in rows.filter(known_by__in=wanted).values_list(column, flat=True)
        }

    def record(self, value: Any) -> Any:
        """The record with this value; None for none, DomainError for several."""
        if self.field is None or value in (None, ""):
            return None
        number = isinstance(value, int)
        if not number and fold(value) not in self._there and fold(value) not in self._written:
            return None
        lookup = self.field.column if number else f"{self.field.column}__iexact"
        found = list(self.entity.visible(self.user).filter(**{str(lookup): value})[:2])
        if len(found) > 1:
            raise DomainError(
                _("Several records match this row. Choose another field to recognise them by.")
            )
        return found[0] if found else None

    def wrote(self, value: Any) -> None:
        """This file has written a record with this value: a later row may mean it."""
        if isinstance(value, str) and value:
            self._written.add(fold(value))
