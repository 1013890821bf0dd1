"""A record's history, read from the journal: who, when, through what, old → new."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.safestring import SafeString

from vinculo.kernel.clock import now
from vinculo.platform.actions import verb_label
from vinculo.platform.custom.columns import parts_of, spread
from vinculo.platform.models import Change, ChangeSet
from vinculo.platform.sensitive.fields import DOTS
from vinculo.platform.undo import KEPT_FOR
from vinculo.records.cells import shown
from vinculo.records.computed.past.formulas import Became, Turn, followed
from vinculo.records.computed.past.related import Followed, Untold, related_past
from vinculo.records.custom.values import from_json
from vinculo.records.fields import Field, Kind, Label
from vinculo.records.registry import find

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.entity import Entity

MOST = 200
#: So many related records are named in one entry.
MOST_NAMED = 5


@dataclass
class Altered:
    """One field's old and new value: as HTML, and as the journal holds them."""

    label: Label
    old: SafeString
    new: SafeString
    item: Field
    was: Any = None
    became: Any = None


@dataclass
class Entry:
    """What one change-set did to the record (and to what belongs to it)."""

    change_set: ChangeSet
    label: Label
    created: bool = False
    altered: list[Altered] = field(default_factory=list)
    #: Rows belonging to the record that came, went or changed: (what, how, words).
    parts: list[tuple[Label, str, str]] = field(default_factory=list)
    undoable: bool = False
    #: The related records whose change it was that something here followed from, of those that the
    #: reader may see: (what, name, address).
    about: list[tuple[Label, str, str]] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.change_set.at


@dataclass
class History:
    """A record's newest entries, and the fields whose past they do not tell, or not from the beginning."""

    entries: list[Entry]
    untold: list[Untold] = field(default_factory=list)


def history_of(entity: "Entity", record: Any, user: "User") -> list[Entry]:
    """The newest entries of a record's history, without the fields `user` may not see."""
    return told_history(entity, record, user).entries


def told_history(entity: "Entity", record: Any, user: "User") -> History:
    """The same, with what it does not tell."""
    entries: dict[int, Entry] = {}
    table = record._meta.db_table
    image = image_of(table, record.pk)
    columns = visible_columns(entity, user)
    changes = (
        Change.objects.filter(table=table, row_id=record.pk)
        .select_related("changeset__actor")
        .order_by("-id")[:MOST]
    )
    turns: list[tuple[Entry, Turn]] = []
    for change in changes:
        entry = _entry(entries, change, user)
        if change.op == "I":
            entry.created = True
            continue
        after = dict(image)
        for column, old in (change.before or {}).items():
            new = image.get(column)
            image[column] = old
            if column in columns:
                entry.altered.append(altered(columns[column], old, new, user))
        turns.append((entry, Turn(entry.at, dict(image), after)))
    _add_formulas(turns, entity, user)
    untold = _add_rollups(entries, entity, record, user)
    for model, column in entity.history:
        _add_parts(entries, model, column, record.pk, user)
    kept = [entry for entry in entries.values() if entry.created or entry.altered or entry.parts]
    kept.sort(key=lambda entry: entry.change_set.pk, reverse=True)
    return History(kept, untold)


def _add_formulas(turns: list[tuple[Entry, Turn]], entity: "Entity", user: "User") -> None:
    """Tell beside what was changed what followed from it."""
    became = followed(entity, user, [turn for _entry_, turn in turns])
    for (entry, _turn), values in zip(turns, became, strict=True):
        entry.altered += [_became(one) for one in values]


def _became(one: Became) -> Altered:
    label, old, new = one.field.label or one.field.name, one.old, one.new
    return Altered(label, shown(one.field, old), shown(one.field, new), one.field, old, new)


def _add_rollups(
    entries: dict[int, Entry], entity: "Entity", record: Any, user: "User"
) -> list[Untold]:
    """Tell what followed from changes of related records, in the entries of those."""
    made_in = {key for key, entry in entries.items() if entry.created}
    past = related_past(entity, record, user, made_in)
    fresh = [one.set_id for one in past.followed if one.set_id not in entries]
    sets = ChangeSet.objects.select_related("actor").in_bulk(fresh) if fresh else {}
    for one in past.followed:
        entry = _entry_of(entries, sets.get(one.set_id), one.set_id, user)
        entry.altered += [_became(became) for became in one.became]
    _say_about(entries, past.followed, record, user)
    return past.untold


def _say_about(
    entries: dict[int, Entry], followed: list[Followed], subject: Any, user: "User"
) -> None:
    """Name the related records that were changed, to whom may see them."""
    asked: dict[str, set[int]] = {}
    for one in followed:
        for key, pk in one.related[:MOST_NAMED]:
            asked.setdefault(key, set()).add(pk)
    named: dict[tuple[str, int], tuple[Label, str, str]] = {}
    for key, ids in asked.items():
        target = find(key)
        for record in target.visible(user).filter(pk__among=ids) if target else ():
            assert target is not None
            name = record.named_for(user)
            if name and (record._meta.db_table, record.pk) != (subject._meta.db_table, subject.pk):
                named[key, record.pk] = (target.label, name, target.url(record))
    for one in followed:
        told = (named.get(row) for row in one.related[:MOST_NAMED])
        entries[one.set_id].about += [row for row in told if row is not None]


def _entry(entries: dict[int, Entry], change: Change, user: "User") -> Entry:
    known = entries.get(change.changeset_id)
    return known or _entry_of(entries, change.changeset, change.changeset_id, user)


def _entry_of(
    entries: dict[int, Entry], made: ChangeSet | None, set_id: int, user: "User"
) -> Entry:
    if set_id not in entries:
        assert made is not None
        fresh = made.at > now() - KEPT_FOR and made.actor_id == user.pk
        entries[set_id] = Entry(made, verb_label(made.verb), undoable=fresh)
    return entries[set_id]


def image_of(table: str, row_id: int) -> dict[str, Any]:
    """The row as it is now, column → value as the journal writes it; empty when it is gone."""
    import json

    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [row_id])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        return {}
    return spread(dict(json.loads(row[0]) if isinstance(row[0], str) else row[0]))


def visible_columns(entity: "Entity", user: "User") -> dict[str, Field]:
    """The table's columns that `user` may see, each with its field."""
    columns = {}
    for item in entity.fields_for(user):
        if item.journal_column:
            columns[item.journal_column] = item
    return columns


def altered(item: Field, old: Any, new: Any, user: "User") -> Altered:
    """One field's change for `user`: of a sensitive one only that it changed."""
    label = item.label or item.name
    if item.sensitive:  # that it changed, and nothing of what it was
        old, new = (DOTS if value else "" for value in (old, new))
    return Altered(label, value_of(item, old, user), value_of(item, new, user), item, old, new)


def value_of(item: Field, value: Any, user: "User") -> SafeString:
    """A journalled (JSON) value as the field shows it."""
    if value is None or value == "":
        return SafeString("")
    if item.is_reference:
        return shown(_as_text(item), related_name(item, value, user) or f"#{value}")
    if item.custom:
        return shown(item, from_json((parts_of(item.column or "") or ("text",))[0], value))
    if item.kind is Kind.DATETIME:
        return shown(item, datetime.fromisoformat(str(value)))
    if item.kind is Kind.DATE:
        return shown(item, datetime.fromisoformat(str(value)).date())
    return shown(item, value)


def _as_text(item: Field) -> Field:
    from dataclasses import replace

    return replace(item, kind=Kind.TEXT)


def related_name(item: Field, pk: Any, user: "User") -> str | None:
    """What a related record is called; None when it is gone or `user` may not see it."""
    from vinculo.platform.models import Team, User

    target = find(item.target)
    if target is not None:
        rows = target.visible(user)
    else:
        rows = (Team if item.kind is Kind.TEAM else User).objects.all()
    named = rows.filter(pk=pk).first()
    return str(named) if named else None


# Two questions, each with an index of its own: the changes of the parts that are there, and the
# parts that went in one of the change-sets which also changed the record.
PART = """
WITH found AS (
    SELECT c.id, c.changeset_id, c.op, c.before, c.row_id FROM platform_change c
    WHERE c.table_name = %(table)s
    AND c.row_id = ANY(ARRAY(SELECT id FROM "{table}" WHERE "{column}" = %(pk)s))
    UNION
    SELECT c.id, c.changeset_id, c.op, c.before, c.row_id FROM platform_change c
    WHERE c.table_name = %(table)s AND c.op = 'D' AND c.changeset_id = ANY(%(sets)s::bigint[])
    AND (c.before->>'{column}')::bigint = %(pk)s
)
SELECT c.changeset_id, c.op, c.before, to_jsonb(t), c.row_id
FROM (SELECT * FROM found ORDER BY id DESC LIMIT 200) c
LEFT JOIN "{table}" t ON t.id = c.row_id
ORDER BY c.id DESC
"""


def _add_parts(
    entries: dict[int, Entry], model: type[models.Model], column: str, pk: int, user: "User"
) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            PART.format(table=table, column=column),
            {"table": table, "pk": pk, "sets": list(entries)},
        )
        rows = cursor.fetchall()
    sets = ChangeSet.objects.select_related("actor").in_bulk({row[0] for row in rows})
    later: dict[int, dict[str, Any]] = {}
    for set_id, op, before, now_image, row_id in rows:
        before, now_image = _decoded(before), _decoded(now_image)
        entry = _entry_of(entries, sets[set_id], set_id, user)
        image = later.get(row_id, now_image or before or {})
        columns = part_columns(part_of(model, image), user)
        if op == "U" and before:
            for name, old in before.items():
                if name in columns:
                    entry.altered.append(altered(columns[name], old, image.get(name), user))
            later[row_id] = {**image, **before}
        elif columns:
            said = (name for name in SAID if name in columns and image.get(name))
            words = [str(columns[name].choice_label(image[name])) for name in said]
            entry.parts.append((model._meta.verbose_name or table, op, "".join(words[:1])))


def part_of(model: Any, image: dict[str, Any]) -> Any:
    """A row that is part of a record, as the journal holds it; never to be saved."""
    columns = {column.column: column.attname for column in model._meta.concrete_fields}
    return model(**{columns[name]: value for name, value in image.items() if name in columns})


def part_columns(part: Any, user: "User") -> dict[str, Field]:
    """The columns of a part that `user` may be told, each as a field: the part itself knows which
    rules it falls under (`Row.told_to`)."""
    return {name: Field(name).resolve(type(part)) for name in part.told_to(user)}


#: The first of these that a part holds says which one it is.
SAID = ("typed", "title", "role", "street", "city")


def _decoded(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else value
