"""An entity: the one declaration of a record type, from which its surfaces derive.

    COMPANY = register(Entity(
        key="parties.company", model=Company, path="companies", icon="building-2",
        fields=("name", "industry", "owner", …), columns=("name", "state", "owner"),
        sections=(Section(_("Profile"), ("industry", "size")),), form=("name", "industry"),
    ))

List, filters, record page, forms, delete, history, import, export, API, search, permissions and
tests follow. What the business argues about is not here: it is an action.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from vinculo.platform.actions import Action, actions
from vinculo.platform.custom.columns import COLUMN
from vinculo.platform.modules.known import is_on, route_is_on
from vinculo.platform.terms.known import field_label
from vinculo.records.fields import Field, Label
from vinculo.records.parts import Parts

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from vinculo.platform.models import User
    from vinculo.records.lists import ListState

NEW = _("New")
MORE_FACTS = _("Our own fields")


@dataclass(frozen=True)
class Section:
    """A titled group of facts on the record page and of inputs in the form."""

    label: Label
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """A part of the record page that another function fills: the timeline, related lists.

    `context(request, record)` returns what `template` needs, or None to leave the panel out;
    `place` is "main" (centre), "side" (right) or "foot" (a bar at the thumb, on a phone). After a
    change all are drawn anew but the timeline, in which somebody may be typing: it does so itself.
    """

    name: str
    label: Label
    template: str
    context: "Callable[[HttpRequest, Any], dict[str, Any] | None]"
    place: str = "side"
    order: int = 50
    #: The module that it belongs to, "" for none: without it, it is not there.
    module: str = ""


@dataclass(frozen=True)
class Badge:
    """A chip in the record's header: `tone` is a word of the design system (ok, warn, info…)."""

    label: Label
    tone: str = ""
    title: Label = ""


@dataclass(frozen=True)
class Figure:
    """One key figure of the record's header: a value, what it is, and a word about it.

    `note_tone` is a word of the design system (warn, bad…); `url` leads to the rows behind it.
    """

    label: Label
    value: str
    note: Label = ""
    note_tone: str = ""
    url: str = ""
    order: int = 50


@dataclass(frozen=True)
class Board:
    """A list as columns of cards, one column per choice of the field `by`.

    `facts` stand on a card under its title; `total` is a number that column heads add up.
    Moving a card is the ordinary edit of the field; where the business argues about it, `moves`
    names the action that does it instead (choice → action), which asks for what it needs.
    """

    by: str
    facts: tuple[str, ...] = ()
    total: str = ""
    moves: "Mapping[str, str]" = field(default_factory=dict)
    #: Which of the field's choices are columns of a list, where its choices are rows of the company
    #: that belong to different boards (pipelines): (list) → the values, and the other boards.
    columns: "Callable[[ListState], Lanes] | None" = None
    #: The same where columns are not known beforehand: (value) → action, "" for the ordinary edit.
    action_for: "Callable[[str], str] | None" = None


@dataclass(frozen=True)
class Lanes:
    """The columns of one of several boards of a list, and the way to the others.

    `values` are those of the board's field; `others` are (label, address, whether it is this one).
    In `bare` ones the list's filters leave no card: they are shown, and nothing is looked for.
    """

    values: tuple[str, ...]
    others: tuple[tuple[str, str, bool], ...] = ()
    bare: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """A list as the days of a month or week, by a date or an instant.

    `facts` stand after the title; `tone` names a choice whose colour an entry has.
    """

    by: str
    facts: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Link:
    """A page of a room's own that a record's menu leads to, or the bar of selected rows.

    `path` stands under the record's address (`merge`: /companies/7/merge) or, for selected rows,
    under the list's; `verb` is what the reader must be able to do with the record.
    """

    label: Label
    icon: str
    path: str
    verb: str = "view"


@dataclass
class Entity:
    """One record type; see the module. Unknown field names are refused when the server starts."""

    key: str
    model: type[models.Model]
    path: str
    icon: str
    fields: Sequence[str | Field]
    columns: tuple[str, ...]
    form: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    title: str = "name"
    subtitle: tuple[str, ...] = ()
    #: Columns that `str(record)`, the badges and the title need beside the title.
    needs: tuple[str, ...] = ()
    default_sort: str = ""
    #: Which rows of the model's table are of this type (a proxy's manager already knows).
    rows: models.Q = field(default_factory=models.Q)
    #: Values given to a new record that no form asks for.
    initial: dict[str, Any] = field(default_factory=dict)
    #: What the inputs of a new record's form hold at first: (user) → by field.
    beginning: "Callable[[User], dict[str, Any]] | None" = None
    #: Name of the tsvector column, "" when the record type is not searched.
    search: str = ""
    #: Words shorter than this are searched for whole, longer ones by their beginning: where there
    #: are millions of rows, two letters begin a word of too many.
    search_shortest: int = 1
    #: Found after the other record types, by a request of its own: a common word is in tens of
    #: thousands of what was said with customers, and who looks for a customer should not wait.
    search_late: bool = False
    nav: str = ""
    nav_order: int = 50
    #: The filter that the navigation's link begins with, as the list's address says it.
    nav_filter: str = ""
    #: What the button says that makes a new one: "New company".
    add_label: Label = NEW
    #: Called with the ids of rows just written, to recompute derived columns.
    derive: Callable[[list[int]], None] | None = None
    #: The same for rows that this transaction has made, where that can be had for less.
    derive_new: Callable[[list[int]], None] | None = None
    #: Writes all fields with a `write` at once: (record, field name → value, user).
    write_elsewhere: "Callable[[Any, dict[str, Any], User], None] | None" = None
    #: Soft warnings: (user, record or None, cleaned data) → sentences that a user may override.
    warnings: "Callable[[User, Any, dict[str, Any]], list[str]] | None" = None
    #: Called before saving: may normalise values or raise DomainError: (user, record, data).
    prepare: "Callable[[User, Any, dict[str, Any]], None] | None" = None
    #: Called once when a new record is complete, in its transaction: (user, record); for events.
    created: "Callable[[User, Any], None] | None" = None
    #: Called in the transaction of a form that makes a record, with what its address said beside the
    #: fields and with the fields' values: (user, record, query, values).
    created_from: "Callable[[User, Any, QueryDict, dict[str, Any]], None] | None" = None
    #: A few quiet words under facts, such as where a value came from: (user, record) → by field.
    notes: "Callable[[User, Any], Mapping[str, str]] | None" = None
    #: What pages do not offer to change on this record, and `prepare` refuses: (record) → why.
    fixed: "Callable[[Any], Mapping[str, str]]" = lambda record: {}
    #: Ids of the records whose derived columns follow from a record that is about to be deleted.
    neighbours: Callable[[Any], list[int]] | None = None
    badges: "Callable[[User, Any], list[Badge]] | None" = None
    #: Address of a record's picture, "" for none, from columns that `needs` names; no query.
    picture: "Callable[[Any], str] | None" = None
    #: Each gives key figures for the header; they cost a query or two, no more.
    figures: "list[Callable[[User, Any], list[Figure]]]" = field(default_factory=list)
    #: Set-based writer used by imports; see records.transfer.
    bulk_writer: Any = None
    #: Tables whose changes belong to this record's history: (table, column that points here).
    history: tuple[tuple[type[models.Model], str], ...] = ()
    panels: list[Panel] = field(default_factory=list)
    parts: tuple[Parts, ...] = ()  # what programs read beside the record
    #: Pages of the record's own room in its menu, and for the rows that are selected in its list.
    links: tuple[Link, ...] = ()
    bulk_links: tuple[Link, ...] = ()
    #: Pages beside the list, about all of its records; their `path` is a whole address.
    list_links: tuple[Link, ...] = ()
    creatable: bool = True
    #: Template of the mark before the title in lists (a task's box to tick); "" for the avatar.
    mark: str = ""
    #: Where typing in the form asks for duplicates, "" for nowhere.
    hints_url: str = ""
    #: The list as a board or a calendar, where the record type has a stage or a date.
    board: Board | None = None
    calendar: Calendar | None = None

    @property
    def all_fields(self) -> dict[str, Field]:
        """Every field by name: the declared ones, then those that administrators added."""
        custom = self.custom_fields
        declared = self.declared_fields
        if self.living:
            declared = {**declared, **{name: live(item) for name, item, live in self.living}}
        return {**declared, **custom} if custom else declared

    @cached_property
    def living(self) -> list[tuple[str, Field, Callable[[Field], Field]]]:
        """The declared fields of which a part is the company's to set, and what gives them."""
        fields = self.declared_fields.items()
        return [(name, item, item.live) for name, item in fields if item.live is not None]

    @property
    def custom_fields(self) -> dict[str, Field]:
        """The fields that administrators added, in their order."""
        from vinculo.records.custom.fields import custom_fields

        if not self.takes_custom_fields:
            return {}
        return custom_fields(self.key, searchable=bool(self.search))

    @cached_property
    def takes_custom_fields(self) -> bool:
        """Whether its table has the column that holds their values."""
        return any(one.name == COLUMN for one in self.model._meta.concrete_fields)

    @property
    def form_names(self) -> list[str]:
        """The fields that the form of a new record asks for."""
        from vinculo.records.custom.fields import names_on_form

        return [*self.form, *(names_on_form(self.key) if self.takes_custom_fields else ())]

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """The declared sections, then one of what administrators added."""
        custom = tuple(self.custom_fields)
        return (*self.sections, Section(MORE_FACTS, custom)) if custom else self.sections

    @cached_property
    def declared_fields(self) -> dict[str, Field]:
        """The declared fields by name, resolved against the model, in declared order; called what
        the company calls them."""
        resolved = (
            (item if isinstance(item, Field) else Field(item)).resolve(self.model)
            for item in self.fields
        )
        return {
            item.name: replace(item, label=field_label(self.key, item.name, item.label))
            for item in resolved
        }

    @property
    def label(self) -> Label:
        """What one record is called."""
        return self.model._meta.verbose_name or self.key

    @property
    def label_plural(self) -> Label:
        """What several records are called."""
        return self.model._meta.verbose_name_plural or self.key

    @property
    def nav_url(self) -> str:
        """Where the navigation leads: the list, narrowed as it is usually wanted."""
        return f"/{self.path}?{self.nav_filter}" if self.nav_filter else f"/{self.path}"

    @property
    def avatar_shape(self) -> str:
        """People are round, organisations square."""
        return "" if self.icon.startswith("user") else "square"

    def fields_for(self, user: "User", names: Sequence[str] | None = None) -> list[Field]:
        """The fields the user may see, read-only where a rule (or the declaration) says so.

        The one function through which columns, filters, sorts, forms, exports, history and
        schemas pass, so that a hidden field is hidden everywhere.
        """
        from vinculo.platform.access import rights_of
        from vinculo.records.computed.seen import seen_by

        rights = rights_of(user)
        found, known = [], self.all_fields
        for name in known if names is None else names:
            item = known.get(name)
            rule = rights.field_rule(self.key, name)
            if item is not None and item.computed:
                item = seen_by(item, self.key, user)
            if item is None or rule == "hidden":
                continue
            found.append(replace(item, editable=False) if rule == "readonly" else item)
        return found

    def shows_all(self, user: "User") -> bool:
        """Whether no rule hides anything from the user, apart from sensitive fields: those are
        neither searched nor parts of a record, and what is computed is not searched either."""
        plain = sum(1 for one in self.all_fields.values() if not (one.sensitive or one.computed))
        seen = self.fields_for(user)
        return sum(1 for one in seen if not (one.sensitive or one.computed)) == plain

    def field_for(self, user: "User", name: str) -> Field | None:
        """One field, if the user may see it."""
        found = self.fields_for(user, [name])
        return found[0] if found else None

    def actions_for(self, user: "User") -> list[Action]:
        """The actions that records of this type offer to the user, the usual ones first."""
        offered = [
            entry for entry in actions().values() if self.key in entry.on and entry.allowed(user)
        ]
        return sorted(offered, key=lambda entry: (entry.order, entry.name))

    def panels_at(self, place: str) -> list[Panel]:
        """The panels of one place, in their order."""
        found = (one for one in self.panels if one.place == place and is_on(one.module))
        return sorted(found, key=lambda one: one.order)

    @property
    def links_on(self) -> list[Link]:
        """The pages in a record's menu whose modules are on."""
        return [one for one in self.links if route_is_on(f"{self.path}/<int:pk>/{one.path}")]

    @property
    def bulk_links_on(self) -> list[Link]:
        """The pages for selected rows whose modules are on."""
        return [one for one in self.bulk_links if route_is_on(f"{self.path}/{one.path}")]

    @property
    def list_links_on(self) -> list[Link]:
        """The pages beside the list whose modules are on."""
        return [one for one in self.list_links if route_is_on(one.path.split("?")[0])]

    def queryset(self) -> Any:
        """All rows of this type; go through `visible_to` before showing any."""
        return self.model._default_manager.filter(self.rows)

    def visible(self, user: "User", verb: str = "view") -> Any:
        """The rows of this type on which the user may do `verb`."""
        return self.queryset().visible_to(user, verb)

    def with_references(self, rows: Any) -> Any:
        """The rows together with what the related records that their facts name are called; without
        search keys, which no page shows and which are longer than the rest."""
        named = [one for one in self.declared_fields.values() if one.is_reference and one.column]
        own = [one.name for one in self.model._meta.concrete_fields if one.name != self.search]
        told = [f"{item.column}__{name}" for item in named for name in names_told(item, self.model)]
        return rows.select_related(*(item.column for item in named)).only(*own, *told)

    def title_of(self, record: Any) -> str:
        """What a record is called on screens."""
        return str(record)

    def picture_of(self, record: Any) -> str:
        """Where the record's picture is, "" for none: then its initials stand for it."""
        return self.picture(record) if self.picture is not None else ""

    def url(self, record: Any) -> str:
        """The record's page."""
        return f"/{self.path}/{record.pk}"


def names_told(field: Field, model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a related record that say what it is called and where its page is."""
    from vinculo.records.registry import find

    target, related = find(field.target), model._meta.get_field(field.column or "").related_model
    return (*cast("Any", related).told_by, *(target.needs if target else ()))
