"""A list's state out of a URL; what names a field that is not there (or is hidden) is refused."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.datastructures import MultiValueDict

from vinculo.kernel.errors import DomainError, _
from vinculo.records.fields import Field
from vinculo.records.filters import parse_filters
from vinculo.records.lists.groups import MOST_OPEN, groupable
from vinculo.records.lists.state import PAGE, ListState, Sort

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

LARGEST_PAGE = 200
MOST_COLUMNS = 60
MOST_SORTS = 5
NARROWEST, WIDEST = 60, 800  # pixels
COLUMN = re.compile(r"([^:]+)(?::(\d{0,4})(p?))?")


def parse_list(
    entity: "Entity", user: "User", params: "MultiValueDict[str, str] | Mapping[str, str]"
) -> ListState:
    """The state in a URL's parameters; DomainError where it names what there is not."""
    pairs = (
        [(name, value) for name in params for value in params.getlist(name)]
        if isinstance(params, MultiValueDict)
        else list(params.items())
    )
    single = dict(pairs)
    columns, widths, pinned = _columns(entity, user, pairs)
    opened = [value[:200] for name, value in pairs if name == "open"]
    return ListState(
        entity,
        user,
        q=single.get("q", "").replace("\x00", "")[:200].strip(),
        filters=tuple(parse_filters(entity, user, pairs)),
        sorts=_sorts(entity, user, single.get("sort", "")),
        columns=columns,
        widths=widths,
        pinned=pinned,
        compact=single.get("density", "") == "compact",
        group=_group(entity, user, single.get("group", "")),
        open=tuple(dict.fromkeys(key for key in opened if key))[:MOST_OPEN] if opened else None,
        after=single.get("after", ""),
        before=single.get("before", ""),
        size=page_size(single.get("limit", "")),
        layout=_layout(entity, user, single.get("layout", "")),
        view=view if (view := single.get("view", "")).isdigit() and view.isascii() else "",
    )


def default_sorts(entity: "Entity", user: "User") -> tuple[Sort, ...]:
    """The declared order, if the user may see its field."""
    field = entity.field_for(user, entity.default_sort.lstrip("-"))
    if field is None or not field.sort:
        return ()
    return (Sort(field, entity.default_sort.startswith("-")),)


def _sorts(entity: "Entity", user: "User", text: str) -> tuple[Sort, ...]:
    """The order in `sort=-state,name`: the first key decides, the next settles what is equal."""
    if not text:
        return default_sorts(entity, user)
    found: dict[str, Sort] = {}
    for part in text.split(","):
        field = entity.field_for(user, part.removeprefix("-"))
        if field is None or not field.sort:
            raise DomainError(_("This list cannot be sorted by “%(name)s”."), name=part[:60])
        found.setdefault(field.name, Sort(field, part.startswith("-")))
    if len(found) > MOST_SORTS:
        raise DomainError(_("A list is sorted by at most %(most)s columns."), most=MOST_SORTS)
    return tuple(found.values())


def _columns(
    entity: "Entity", user: "User", pairs: list[tuple[str, str]]
) -> tuple[tuple[Field, ...], tuple[tuple[str, int], ...], frozenset[str]]:
    """The columns in `cols=name:240p,city`, their widths, and which are pinned.

    A form without scripts sends the pinned ones apart, as `pin=name`.
    """
    written = ",".join(value for name, value in pairs if name == "cols")
    pins = {value for name, value in pairs if name == "pin"}
    widths: dict[str, int] = {}
    names: list[str] = []
    for part in written.split(","):
        spec = COLUMN.fullmatch(part)
        if spec is None or spec[1] in names:
            continue
        names.append(spec[1])
        if spec[2]:
            widths[spec[1]] = min(max(int(spec[2]), NARROWEST), WIDEST)
        if spec[3]:
            pins.add(spec[1])
    columns = entity.fields_for(user, names[:MOST_COLUMNS] or entity.columns)
    columns = columns or entity.fields_for(user, entity.columns)
    shown = [column.name for column in columns]
    drawn = tuple((name, widths[name]) for name in shown if name in widths)
    return tuple(columns), drawn, frozenset(pins.intersection(shown))


def _group(entity: "Entity", user: "User", name: str) -> Field | None:
    if not name:
        return None
    field = entity.field_for(user, name)
    if field is None or not groupable(entity, field):
        raise DomainError(_("This list cannot be grouped by “%(name)s”."), name=name[:60])
    return field


def _layout(entity: "Entity", user: "User", name: str) -> str:
    """The layout asked for, where the record type has it and the reader sees its field."""
    return name if name in layouts_of(entity, user) else ""


def layouts_of(entity: "Entity", user: "User") -> tuple[str, ...]:
    """The layouts besides the table that a reader may choose."""
    found: list[str] = []
    if entity.board is not None and entity.field_for(user, entity.board.by):
        found.append("board")
    if entity.calendar is not None and entity.field_for(user, entity.calendar.by):
        found += ["month", "week"]
    return tuple(found)


def page_size(text: str) -> int:
    """How many records a page holds by its `limit`; DomainError beyond what we read at once."""
    if not text:
        return PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= LARGEST_PAGE:
        raise DomainError(
            _("A page holds between 1 and %(most)s records."), field="limit", most=LARGEST_PAGE
        )
    return int(text)
