"""The table of a list: its heads, its columns menu, its rows, in groups or in pages."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vinculo.platform.formats import number_text
from vinculo.platform.snippets import avatar
from vinculo.records import lists
from vinculo.records.cells import cell
from vinculo.records.fields import Field, Kind
from vinculo.records.references import hidden_targets
from vinculo.records.views.grid import why_locked

#: Kinds whose values many rows share.
ALIKE = (Kind.CHOICE, Kind.USER, Kind.TEAM, Kind.COUNTRY, Kind.BOOLEAN, Kind.PERCENT)
IN_GROUP = 10  # rows of a group before "more"
USUAL_WIDTHS = {Kind.LONG_TEXT: 280, Kind.NUMBER: 110, Kind.PERCENT: 110, Kind.BOOLEAN: 90,
                Kind.DATE: 130, Kind.DATETIME: 140, Kind.EMAIL: 220, Kind.URL: 200}  # fmt: skip
CHECK_WIDTH, TITLE_WIDTH, WIDTH = 40, 280, 160  # pixels
MOST_PINNED = 4


@dataclass(frozen=True)
class Head:
    """A column's head: how it sorts, how wide it is, whether it stays."""

    field: Field
    url: str = ""
    add_url: str = ""
    direction: str = ""
    #: Which key of the order it is, where there are several; 0 elsewhere.
    rank: int = 0
    lock: str = ""
    width: int = 0
    usual: int = WIDTH
    pinned: bool = False
    css: str = ""


@dataclass(frozen=True)
class Row:
    """A record as the list shows it."""

    record: Any
    url: str
    title: str
    #: What stands in the row's tag and in its box to tick.
    attributes: SafeString
    check: SafeString
    #: What the first column says, which leads to the record.
    first: SafeString
    #: The other cells. All is drawn here: a page has four hundred of them.
    rest: SafeString


@dataclass(frozen=True)
class GroupRows:
    """A group as the list shows it: its line, and its first rows where it is open."""

    group: lists.Group
    toggle_url: str
    figures: list[str]
    open: bool = False
    rows: list[Row] = field(default_factory=list)
    more_url: str = ""
    all_url: str = ""


def heads_of(state: lists.ListState) -> list[Head]:
    """The heads of the columns shown."""
    widths, pins, found = dict(state.widths), 0, []
    path = state.entity.path
    for at, column in enumerate(state.columns):
        pinned = at > 0 and column.name in state.pinned and pins < MOST_PINNED
        pins += pinned
        css = ["num"] if column.is_number else []
        css += ["cell-pin"] if at == 0 else [f"cell-stay pin-{pins}"] if pinned else []
        places = [n for n, sort in enumerate(state.sorts) if sort.field.name == column.name]
        sort = state.sorts[places[0]] if places else None
        found.append(
            Head(
                column,
                url=f"/{path}?{_clicked(state, column).query()}" if column.sort else "",
                add_url=f"/{path}?{_added(state, column).query()}" if column.sort else "",
                direction=("descending" if sort.descending else "ascending") if sort else "",
                rank=places[0] + 1 if places and len(state.sorts) > 1 else 0,
                lock=why_locked(state.entity, column),
                width=widths.get(column.name, 0),
                usual=TITLE_WIDTH if at == 0 else USUAL_WIDTHS.get(column.kind or Kind.TEXT, WIDTH),
                pinned=column.name in state.pinned,
                css=" ".join(css),
            )
        )
    return found


def _clicked(state: lists.ListState, column: Field) -> lists.ListState:
    """A click on a column: ascending, descending, then as declared."""
    if state.sort is None or state.sort.name != column.name or len(state.sorts) > 1:
        return state.ordered_by(lists.Sort(column))
    if state.descending:
        return state.ordered_by(*lists.default_sorts(state.entity, state.user))
    return state.ordered_by(lists.Sort(column, descending=True))


def _added(state: lists.ListState, column: Field) -> lists.ListState:
    """A click with Shift: one key more, which turns round, then goes."""
    sorts = list(state.sorts)
    place = next((n for n, sort in enumerate(sorts) if sort.field.name == column.name), None)
    if place is None:
        sorts = [*sorts, lists.Sort(column)][-lists.MOST_SORTS :]
    elif not sorts[place].descending:
        sorts[place] = lists.Sort(column, descending=True)
    else:
        del sorts[place]
    return state.ordered_by(*(sorts or lists.default_sorts(state.entity, state.user)))


def table_width(state: lists.ListState, heads: list[Head]) -> int:
    """The width of a table whose columns somebody drew, in pixels; 0 where nobody did."""
    if not state.widths:
        return 0
    return CHECK_WIDTH + sum(head.width or head.usual for head in heads)


def columns_menu(state: lists.ListState) -> list[dict[str, Any]]:
    """Every column there is: those shown in their order, then the others."""
    shown = {column.name for column in state.columns}
    rest = [one for one in state.entity.fields_for(state.user) if one.name not in shown]
    return [
        {
            "field": column,
            "spec": state.column_spec(column).removesuffix("p").removesuffix(":"),
            "shown": column.name in shown,
            "pinned": column.name in state.pinned,
        }
        for column in (*state.columns, *rest)
    ]


def rows_of(state: lists.ListState, page: lists.Page) -> list[Row]:
    """The page's records as rows of cells; names of hidden related records left out."""
    hidden = hidden_targets(page.records, state.columns, state.user)
    heads, entity = heads_of(state), state.entity
    first = heads[0].field if heads else None
    named = first is None or first.name == entity.title
    drawers = [_Drawer(head, hidden) for head in heads[1:]]
    select = gettext("Select")
    found = []
    for record in page.records:
        title, url = entity.title_of(record), entity.url(record)
        said = title if named or first is None else cell(first, record, hidden)
        face = (
            "" if entity.mark else avatar(title, entity.avatar_shape, "", entity.picture_of(record))
        )
        found.append(
            Row(
                record,
                url,
                title,
                attributes=format_html(ATTRIBUTES, record.pk, url, url, url),
                check=format_html(CHECK, record.pk, select, title),
                first=format_html('{}<span class="truncate">{}</span>', face, said),
                rest=format_html_join("", "{}{}</td>", (one.draw(record) for one in drawers)),
            )
        )
    return found


ATTRIBUTES = ' data-row data-id="{}" data-href="{}" data-peek="{}/peek" data-edit="{}/edit"'
CHECK = (
    '<td class="cell-check"><input class="check" type="checkbox" name="ids" value="{}"'
    ' aria-label="{} {}" tabindex="-1"></td>'
)


class _Drawer:
    """Draws the cells of one column; what looks the same in many rows is drawn once."""

    def __init__(self, head: Head, hidden: set[tuple[str, int]]) -> None:
        self.field, self.hidden = head.field, hidden
        css = format_html(' class="{}"', head.css) if head.css else ""
        self.opening = format_html("<td{}>", css)
        self.known: dict[Any, SafeString] | None = {} if head.field.kind in ALIKE else None

    def draw(self, record: Any) -> tuple[SafeString, SafeString]:
        """The cell of a record, in two parts."""
        if self.known is None:
            return self.opening, cell(self.field, record, self.hidden)
        value = self.field.value(record)
        looks = self.known.get(value)
        if looks is None:
            looks = self.known[value] = cell(self.field, record, self.hidden)
        return self.opening, looks


def group_rows(state: lists.ListState) -> tuple[list[GroupRows], list[Any], bool]:
    """The groups with the rows of the open ones, the records shown, and whether groups are left
    out because there are too many."""
    found = lists.groups_of(state)
    opened = state.open
    if opened is None:
        opened = tuple(g.key for g in found.groups if not g.hidden)[: lists.OPEN_AT_FIRST]
    shown: list[GroupRows] = []
    records: list[Any] = []
    for group in found.groups:
        one = _group_rows(state, group, opened)
        shown.append(one)
        records += [row.record for row in one.rows]
    return shown, records, found.cut


def _group_rows(state: lists.ListState, group: lists.Group, opened: tuple[str, ...]) -> GroupRows:
    figures = [_figure(group, column) for column in state.columns[1:]]
    if group.hidden:
        return GroupRows(group, "", figures)
    is_open = group.key in opened
    others = tuple(key for key in opened if key != group.key)
    toggled = replace(state, open=others if is_open else (*others, group.key)[-lists.MOST_OPEN :])
    toggle_url = f"/{state.entity.path}?{toggled.query(page=True)}"
    if not is_open:
        return GroupRows(group, toggle_url, figures)
    rows, more_url = rows_in_group(state, group.key)
    within = lists.inside(state, group.key)
    all_url = f"/{state.entity.path}?{within.query()}" if within else ""
    return GroupRows(group, toggle_url, figures, True, rows, more_url, all_url)


def rows_in_group(
    state: lists.ListState, key: str, after: str = "", size: int = IN_GROUP
) -> tuple[list[Row], str]:
    """Some rows of one group, and where the next ones come from."""
    from urllib.parse import urlencode

    within = lists.inside(state, key)
    if within is None:
        return [], ""
    page = lists.page_of(replace(within, after=after, before="", size=size))
    next_page = urlencode({"in": key, "after": page.next})
    more = f"/{state.entity.path}/group?{state.query()}&{next_page}" if page.next else ""
    return rows_of(within, page), more


def _figure(group: lists.Group, column: Field) -> str:
    value = group.figures.get(column.name)
    if value is None:
        return ""
    if column.kind is Kind.PERCENT:
        return gettext("avg %(number)s %%") % {"number": number_text(round(value))}
    return number_text(value)
