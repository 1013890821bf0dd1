"""Who looked at what, for people to read: what a record is called, and as a file."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from vinculo.platform.models import AccessEvent, User
from vinculo.records.entity import Entity
from vinculo.records.fields import Label
from vinculo.records.registry import find
from vinculo.records.transfer.cells import escape_formula

CHUNK = 1_000


@dataclass(frozen=True)
class Line:
    """One access as people read it; `title` is "" for lists and for records that are gone."""

    event: AccessEvent
    how: Label
    kind: Label
    title: str
    url: str


def lines(events: Iterable[AccessEvent], reader: User) -> list[Line]:
    """The accesses with the names of the records, where `reader` may see them; one query a type."""
    found = list(events)
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in found:
        if event.row_id is not None:
            wanted[event.entity].add(event.row_id)
    titles: dict[tuple[str, int], str] = {}
    for key, ids in wanted.items():
        entity = find(key)
        if entity is not None:
            for record in entity.visible(reader).filter(pk__among=ids):
                titles[(key, record.pk)] = entity.title_of(record)
    return [_line(event, find(event.entity), titles) for event in found]


def _line(event: AccessEvent, entity: Entity | None, titles: dict[tuple[str, int], str]) -> Line:
    how = AccessEvent.How(event.how).label
    if entity is None:
        return Line(event, how, event.entity, "", "")
    if event.row_id is None:
        return Line(event, how, entity.label_plural, "", f"/{entity.path}?{event.query}")
    title = titles.get((event.entity, event.row_id), "")
    url = f"/{entity.path}/{event.row_id}" if title else ""
    return Line(event, how, entity.label, title or f"#{event.row_id}", url)


class _Echo:
    def write(self, text: str) -> str:
        """The line itself, so that csv.writer can stream."""
        return text


def csv_lines(events: Any, reader: User) -> Iterator[str]:
    """The accesses as CSV, newest first, in flat memory; formulas are escaped."""
    writer = csv.writer(_Echo())
    head = (
        gettext("When"), gettext("Who"), gettext("Looked as"), gettext("What"), gettext("Kind"),
        gettext("Record"), gettext("Rows"), gettext("Narrowed by"),
    )  # fmt: skip
    zone = timezone.get_current_timezone()
    yield "\ufeff" + str(writer.writerow(head))
    last = None
    while True:
        some = events.select_related("user", "seen_as").order_by("-pk")
        batch = list((some.filter(pk__lt=last) if last is not None else some)[:CHUNK])
        for line in lines(batch, reader):
            event = line.event
            cells: list[Any] = [
                event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
                event.user.name,
                event.seen_as.name if event.seen_as else "",
                line.how,
                line.kind,
                line.title,
                "" if event.rows is None else event.rows,
                event.query,
            ]
            yield str(writer.writerow([escape_formula(str(cell)) for cell in cells]))
        if len(batch) < CHUNK:
            return
        last = batch[-1].pk
