"""What a list shows, as its URL says and as a URL says it again."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vinculo.records.fields import Field
from vinculo.records.filters import Filter, grouped

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

PAGE = 50


@dataclass(frozen=True)
class Sort:
    """One key of the order: a field, the largest first or the smallest."""

    field: Field
    descending: bool = False

    @property
    def parameter(self) -> str:
        """As the URL writes it: `-created_at` is the newest first."""
        return f"-{self.field.name}" if self.descending else self.field.name


@dataclass(frozen=True)
class ListState:
    """What a list shows, as its URL says."""

    entity: "Entity"
    user: "User"
    q: str = ""
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    columns: tuple[Field, ...] = ()
    #: Column name → width in pixels, where somebody drew one.
    widths: tuple[tuple[str, int], ...] = ()
    #: Columns that stay when the others are scrolled, beside the first, which always does.
    pinned: frozenset[str] = frozenset()
    compact: bool = False
    group: Field | None = None
    #: Keys of the groups that show their rows; None: as many as a page likes.
    open: tuple[str, ...] | None = None
    after: str = ""
    before: str = ""
    size: int = PAGE
    #: Rows ticked by hand, where the list stands for these alone; never in the URL.
    only: tuple[int, ...] = ()
    #: How the rows stand: "" for the table, else "board", "month" or "week".
    layout: str = ""
    #: The number of the saved view that the reader works in, "" for none.
    view: str = ""

    def query(self, *, page: bool = False) -> str:
        """The state as a query string; `page` keeps the cursor and which groups are open."""
        pairs = list(self._pairs)
        if page and self.group is not None and self.open is not None:
            pairs += [("open", key) for key in self.open or ("",)]
        if page and self.after:
            pairs.append(("after", self.after))
        if page and self.before:
            pairs.append(("before", self.before))
        return urlencode(pairs)

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        """What the query string says of all pages: a page asks for it dozens of times."""
        pairs: list[tuple[str, str]] = [("view", self.view)] if self.view else []
        pairs += [("layout", self.layout)] if self.layout else []
        pairs += [("q", self.q)] if self.q else []
        pairs += [(chosen.parameter, chosen.value or "1") for chosen in self.filters]
        if self.sorts and self.sort_parameter != self.entity.default_sort:
            pairs.append(("sort", self.sort_parameter))
        if self.columns_parameter != self._usual_columns():
            pairs.append(("cols", self.columns_parameter))
        if self.compact:
            pairs.append(("density", "compact"))
        if self.group is not None:
            pairs.append(("group", self.group.name))
        return pairs

    @property
    def sort(self) -> Field | None:
        """The field of the first key of the order."""
        return self.sorts[0].field if self.sorts else None

    @property
    def descending(self) -> bool:
        """Whether the first key of the order has the largest first."""
        return bool(self.sorts) and self.sorts[0].descending

    @property
    def sort_parameter(self) -> str:
        """The order as the URL writes it: `-state,name`."""
        return ",".join(sort.parameter for sort in self.sorts)

    @property
    def columns_parameter(self) -> str:
        """The columns as the URL writes them: `name:240p,city`."""
        return ",".join(self.column_spec(column) for column in self.columns)

    def column_spec(self, column: Field) -> str:
        """One column as the URL writes it."""
        width = str(dict(self.widths).get(column.name, ""))
        look = f"{width}{'p' if column.name in self.pinned else ''}"
        return f"{column.name}:{look}" if look else column.name

    def _usual_columns(self) -> str:
        usual = self.entity.fields_for(self.user, self.entity.columns)
        return ",".join(column.name for column in usual)

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter is set."""
        return bool(self.q or self.filters)

    def without(self, chosen: Filter) -> "ListState":
        """The state without one filter, from the first page."""
        return self._filtered([other for other in self.filters if other is not chosen])

    def beside(self, chosen: Filter) -> "ListState":
        """The state without one filter, its group still open for what takes its place."""
        rest = tuple(other for other in self.filters if other is not chosen)
        return replace(self, filters=rest, after="", before="")

    def with_or(self, chosen: Filter) -> tuple["ListState", int]:
        """The state in which one filter may be joined by others with *or*, and their group."""
        if chosen.group:
            return replace(self, after="", before=""), chosen.group
        group = max((other.group for other in self.filters), default=0) + 1
        moved = [
            replace(other, group=group) if other is chosen else other for other in self.filters
        ]
        return replace(self, filters=tuple(moved), after="", before=""), group

    def _filtered(self, filters: list[Filter]) -> "ListState":
        return replace(self, filters=tuple(grouped(filters)), after="", before="")

    def as_usual(self) -> "ListState":
        """The same rows with the columns of the declaration, in no groups."""
        columns = self.entity.fields_for(self.user, self.entity.columns)
        return replace(
            self,
            columns=tuple(columns),
            widths=(),
            pinned=frozenset(),
            compact=False,
            group=None,
            open=None,
        )

    def ordered_by(self, *sorts: Sort) -> "ListState":
        """The state in another order, from the first page."""
        return replace(self, sorts=sorts, after="", before="")
