"""The rows of a batch as the body has them: which record each means, and its values."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from vinculo.kernel.errors import DomainError
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence
from vinculo.records import external
from vinculo.records.api.errors import ApiError, Problem, invalid
from vinculo.records.api.values import LARGEST_ID, read_values
from vinculo.records.entity import Entity

MOST_ROWS = 200
BODY = ("source", "rows", "all_or_nothing")
ROW = ("id", "external_id", "source", "values")


@dataclass
class Row:
    """One row: what it means and what came of it."""

    number: int
    pk: int | None = None
    name: tuple[str, str] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    record: Any = None
    status: str = ""

    def refuse(self, message: str, at: str | None = None) -> None:
        """Leave this row out, for this reason."""
        self.problems.append(Problem(at, message))

    @property
    def refused(self) -> bool:
        """Whether something is wrong with it."""
        return bool(self.problems)


def read_rows(entity: Entity, user: User, body: dict[str, Any]) -> list[Row]:
    """The rows with their clean values; ApiError 422 when the whole is no batch."""
    strange = [name for name in body if name not in BODY]
    given = body.get("rows")
    if strange:
        message = gettext("There is no parameter called “%(name)s” here.")
        raise invalid([Problem(name[:60], message % {"name": name[:60]}) for name in strange[:20]])
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ROWS:
        message = gettext("Send 1 to %(most)s rows in “rows”.") % {"most": MOST_ROWS}
        raise invalid([Problem("rows", message)])
    if not isinstance(body.get("all_or_nothing", False), bool):
        raise invalid([Problem("all_or_nothing", gettext("Send true or false here."))])
    remembered: dict[tuple[str, Any], Any] = {}
    rows = [
        _read(entity, user, number, one, body.get("source"), remembered)
        for number, one in enumerate(given)
    ]
    _refuse_twice(rows)
    return rows


def _read(
    entity: Entity,
    user: User,
    number: int,
    given: Any,
    source: Any,
    remembered: dict[tuple[str, Any], Any],
) -> Row:
    row = Row(number)
    if not isinstance(given, dict) or not isinstance(given.get("values", {}), dict):
        row.refuse(gettext("Send each row as an object with “values”."))
        return row
    for name in given:
        if name not in ROW:
            message = gettext("A row has id, external_id, source and values, not “%(name)s”.")
            row.refuse(message % {"name": name[:60]}, name[:60])
    _identify(row, given, source)
    try:
        row.values = read_values(entity, user, given.get("values", {}), remembered)
    except ApiError as error:
        row.problems += error.problems
    return row


def _identify(row: Row, given: dict[str, Any], source: Any) -> None:
    pk = given.get("id")
    if pk is not None:
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk <= LARGEST_ID:
            row.refuse(gettext("Send the id of a record here."), "id")
        else:
            row.pk = pk
    value = given.get("external_id")
    if value is None:
        return
    source = given.get("source", source)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not isinstance(source, str | None):
        row.refuse(gettext("Send text here."), "external_id")
        return
    try:
        row.name = (external.clean_source(source or ""), external.clean_value(value))
    except DomainError as error:
        row.refuse(sentence(error), error.field)


def _refuse_twice(rows: list[Row]) -> None:
    """Two rows that mean one record: which of them should win, nobody can say."""
    for what in ("pk", "name"):
        times = Counter(getattr(row, what) for row in rows if getattr(row, what) is not None)
        for row in rows:
            if times[getattr(row, what)] > 1:
                at = "id" if what == "pk" else "external_id"
                row.refuse(gettext("Another row of this call means the same record."), at)
