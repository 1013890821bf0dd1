"""A list: which rows, in which order, which columns; one page of them by keyset, and how many.

The whole state of a list is in its URL: `?q=`, filters (`city.contains=`), `sort=-state,name`,
`cols=name:240p,city` (width in pixels, `p` for pinned), `density=compact`, `group=owner` with
`open=` for the groups that show their rows, and a cursor `after=` / `before=`.
"""

from vinculo.records.lists.counting import COUNTED, Count, TooMany, count_of
from vinculo.records.lists.figures import Figures, figures_of, numbers_in
from vinculo.records.lists.groups import (
    MOST_OPEN,
    OPEN_AT_FIRST,
    Group,
    Groups,
    as_exported,
    group_filter,
    groupable,
    groups_of,
    inside,
)
from vinculo.records.lists.neighbours import Standing, standing_of
from vinculo.records.lists.ordering import UNKNOWN_PAGE, Key, keys_of, ordering
from vinculo.records.lists.paging import (
    Page,
    beginnings,
    cursor_of,
    cut,
    decode,
    encode,
    matching,
    narrow,
    page_of,
    read_of,
    searched,
)
from vinculo.records.lists.parsing import (
    LARGEST_PAGE,
    MOST_SORTS,
    default_sorts,
    page_size,
    parse_list,
)
from vinculo.records.lists.state import PAGE, ListState, Sort

__all__ = [
    "COUNTED",
    "LARGEST_PAGE",
    "MOST_OPEN",
    "MOST_SORTS",
    "OPEN_AT_FIRST",
    "PAGE",
    "UNKNOWN_PAGE",
    "Count",
    "Figures",
    "Group",
    "Groups",
    "Key",
    "ListState",
    "Page",
    "Sort",
    "Standing",
    "TooMany",
    "as_exported",
    "beginnings",
    "count_of",
    "cursor_of",
    "cut",
    "decode",
    "default_sorts",
    "encode",
    "figures_of",
    "group_filter",
    "groupable",
    "groups_of",
    "inside",
    "keys_of",
    "matching",
    "narrow",
    "numbers_in",
    "ordering",
    "page_of",
    "page_size",
    "parse_list",
    "read_of",
    "searched",
    "standing_of",
]
