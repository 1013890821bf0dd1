"""What was won and lost of some deals, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext, pgettext

from vinculo.platform.base import RecordQuerySet
from vinculo.platform.models import User
from vinculo.records.registry import entity
from vinculo.sales.deals.models import Deal
from vinculo.sales.pipelines.models import Ends
from vinculo.sales.reports.asked import DEAL, Asked, sees
from vinculo.sales.reports.tables import Row, Table, amount, counted, rate

ZERO = Decimal(0)
#: Filters of lists that single out the deals of a row; None where no list can.
Chosen = Sequence[tuple[str, str]] | None


def sums(of: str = "") -> dict[str, Any]:
    """What a question adds up; `of` is the way to the deal from what is asked for."""
    won, lost = Q(**{f"{of}status": Ends.WON}), Q(**{f"{of}status": Ends.LOST})
    return {
        "won": Count("pk", filter=won),
        "lost": Count("pk", filter=lost),
        "value_won": Sum(f"{of}value", filter=won),
        "value_lost": Sum(f"{of}value", filter=lost),
    }


@dataclass(frozen=True)
class Outcome:
    """How many were won and lost, and what they were worth."""

    won: int = 0
    lost: int = 0
    value_won: Decimal = ZERO
    value_lost: Decimal = ZERO

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Outcome:
        """From a row of a question that adds up `sums`."""
        return cls(row["won"], row["lost"], row["value_won"] or ZERO, row["value_lost"] or ZERO)

    @property
    def closed(self) -> int:
        """Both together."""
        return self.won + self.lost


def label_of(user: User, name: str) -> str:
    """What the reader's company calls a field of a deal."""
    field = entity(DEAL).field_for(user, name)
    return str(field.label) if field is not None else ""


class Closed:
    """What was closed in the time asked for, as one reader sees it."""

    def __init__(self, user: User, asked: Asked) -> None:
        self.user, self.asked = user, asked
        self.rows: RecordQuerySet[Deal] = asked.closed(user)
        self.money = sees(user, DEAL, "value")

    def by(self, column: str, **also: Any) -> list[tuple[Any, Outcome]]:
        """What became of them by the values of a column, of the most first."""
        rows = self.rows.annotate(**also) if also else self.rows
        found = [(one[column], Outcome.of(one)) for one in rows.values(column).annotate(**sums())]
        return sorted(found, key=lambda pair: (-pair[1].closed, str(pair[0])))

    def url(self, *filters: tuple[str, str]) -> str:
        """The list of those closed in the time that meet these filters."""
        return self.asked.list_url(("closed_on.between", self.asked.span.listed), *filters)

    def row(self, name: str, one: Outcome, chosen: Chosen = (), *, total: bool = False) -> Row:
        """How many, how surely, and what they were worth."""

        def behind(status: str) -> str:
            return "" if chosen is None else self.url(("status.is", status), *chosen)

        cells = [
            counted(one.won, behind("won")), counted(one.lost, behind("lost")),
            rate(one.won, one.closed),
        ]  # fmt: skip
        cells += [amount(one.value_won), amount(one.value_lost)] if self.money else []
        return Row(name, cells, total=total)

    def table(self, key: str, title: str, first: str, rows: Iterable[Row], **more: Any) -> Table:
        """Rows of `row` under their heads."""
        heads = [pgettext("number of deals", "Won"), pgettext("number of deals", "Lost"),
                 gettext("Win rate")]  # fmt: skip
        heads += [gettext("Value won"), gettext("Value lost")] if self.money else []
        return Table(key, title, first, heads, list(rows), **more)

    def by_field(self, name: str, rows: Iterable[Row]) -> Table:
        """Rows for the values of a field, under what that is called here."""
        label = label_of(self.user, name)
        return self.table(name, label, label, rows)
