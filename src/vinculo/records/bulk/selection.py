"""Which records a bulk change is about: those that were ticked, or all that a list shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import QueryDict

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.ids import row_id
from vinculo.records.lists import matching, parse_list

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

#: So many records change in one run: one transaction must not keep others waiting for long.
MOST = 100_000


@dataclass(frozen=True)
class Selection:
    """The ticked rows `ids`, or with `everything` all rows of the list whose state is `query`."""

    ids: tuple[int, ...] = ()
    everything: bool = False
    query: str = ""
    #: When the person saw the rows.
    seen_at: datetime | None = None

    def rows(self, entity: "Entity", user: "User", verb: str) -> list[int]:
        """The numbers of the rows meant, whether the user may do `verb` on them or not yet asked.

        Of a list only those on which they may: nobody ticked the others. Raises DomainError for
        none, and for more than one run may take.
        """
        if not self.everything:
            found = list(dict.fromkeys(self.ids))
        else:
            state = parse_list(entity, user, QueryDict(self.query))
            rows = matching(state, verb).order_by("pk").values_list("pk", flat=True)
            found = list(rows[: MOST + 1])
        if not found:
            raise DomainError(_("Nothing is selected. Tick some rows first."))
        if len(found) > MOST:
            raise DomainError(
                _("At most %(most)s records change at once. Narrow the list with a filter."),
                most=f"{MOST:,}",
            )
        return found


def parse_selection(data: QueryDict) -> Selection:
    """The selection as the bulk bar sends it: `ids=1&ids=2`, or `all=1&query=…`; `seen`."""
    ids = [number for text in data.getlist("ids")[: MOST + 1] if (number := row_id(text))]
    seen = _instant(data.get("seen", ""))
    if data.get("all") == "1":
        return Selection(everything=True, query=data.get("query", ""), seen_at=seen)
    return Selection(ids=tuple(ids), seen_at=seen)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found <= now() else None
