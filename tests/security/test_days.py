"""42: a day is the same day on every surface, whatever zone its reader lives in and however long
that day is there."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.personas import People
from tests.samples import make_sample
from tests.security.test_every_route import body
from tests.security.world import signed_in
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db
ENTITIES = entities()
#: Far east and far west of Greenwich, a quarter of an hour, days of 23 and 25 hours, one of which
#: has no midnight; early and late on them.
MOMENTS = (
    ("Pacific/Kiritimati", "2024-12-31T00:15"),
    ("Pacific/Kiritimati", "2024-02-29T23:45"),
    ("America/Los_Angeles", "2024-03-10T23:45"),
    ("America/Los_Angeles", "2024-11-03T00:30"),
    ("Asia/Kathmandu", "2024-01-01T00:15"),
    ("America/Santiago", "2024-09-08T01:15"),
)
FAR = {"Pacific/Kiritimati": "America/Los_Angeles"}  # 22 hours away; the other way for all others


@dataclass
class Case:
    """A record whose every date is one day of its reader."""

    entity: Entity
    record: Any
    reader: User
    client: Client
    day: date
    moment: str
    fields: list[Field]

    @property
    def url(self) -> str:
        return self.entity.url(self.record)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reader.time_zone)

    def text(self, url: str) -> str:
        """What a page says in words, without the values for programs in its attributes."""
        answer = self.client.get(url)
        assert answer.status_code == 200, url
        return re.sub(r"<[^>]*>", " ", body(answer))

    def check(self, text: str, where: str, least: int = 1) -> None:
        """The day stands there, and neither the one before nor the one after."""
        assert text.count(self.day.isoformat()) >= least, where
        for step in (-1, 1):
            assert (self.day + timedelta(days=step)).isoformat() not in text, where


def dated(entity: Entity) -> list[Field]:
    """Every date and instant of a record type, but when it was last written."""
    return [one for one in entity.all_fields.values()
            if one.kind in (Kind.DATE, Kind.DATETIME) and one.name != "updated_at"]  # fmt: skip


def living_in(user: User, zone: str) -> User:
    user.time_zone, user.date_style = zone, "iso"
    user.save()
    return user


def make_case(entity: Entity, people: People, zone: str, moment: str) -> Case:
    """What the reader may type is typed in the field's own form, the rest is as code writes it."""
    reader = living_in(people.owner, zone)
    record, client = make_sample(entity, reader), signed_in(reader)
    day, fields = date.fromisoformat(moment[:10]), dated(entity)
    at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    for field in fields:
        if field.editable:
            typed = moment if field.kind is Kind.DATETIME else moment[:10]
            answer = client.post(f"{entity.url(record)}/field/{field.name}", {field.name: typed})
            assert answer.status_code in (200, 302), (field.name, body(answer)[-500:])
    closed = {one.column: at if one.kind is Kind.DATETIME else day for one in fields
              if not one.editable}  # fmt: skip
    with change_set(actor=reader, verb="records.edit"):
        entity.model._default_manager.filter(pk=record.pk).update(**closed)
    return Case(entity, record, reader, client, day, moment, fields)


@pytest.fixture(params=[f"{zone} {moment}" for zone, moment in MOMENTS])
def moment(request: pytest.FixtureRequest) -> tuple[str, str]:
    zone, at = request.param.split()
    return zone, at


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_the_same_day_everywhere(entity: Entity, moment: tuple[str, str], people: People) -> None:
    case = make_case(entity, people, *moment)
    assert case.fields, "a record type without any date proves nothing"
    in_forms(case)
    columns = ",".join(["name" if "name" in entity.all_fields else entity.title,
                        *(one.name for one in case.fields)])  # fmt: skip
    case.check(case.text(f"/{entity.path}?cols={columns}"), "list", len(case.fields))
    for url in (case.url, f"{case.url}/peek"):
        if any(one.name in shown_on_page(entity) for one in case.fields):
            case.check(case.text(url), url)
    in_files(case, columns)
    in_api(case)
    in_filters(case)
    in_calendar(case)
    for_somebody_far_away(case, people)


def shown_on_page(entity: Entity) -> set[str]:
    return {name for section in entity.sections for name in section.fields} - {"remind_at"}


def in_forms(case: Case) -> None:
    """The input holds what was typed, to the minute; sending it back changes nothing."""
    for field in case.fields:
        if field.editable:
            page = body(case.client.get(f"{case.url}/field/{field.name}"))
            value = case.moment if field.kind is Kind.DATETIME else case.day.isoformat()
            assert f'value="{value}"' in page, (field.name, value)


def in_files(case: Case, columns: str) -> None:
    wanted = case.day.isoformat()
    answer = case.client.post(f"/{case.entity.path}/export.csv?cols={columns}")
    row = list(csv.reader(io.StringIO(body(answer))))[1]
    assert [cell[:10] for cell in row[1:]] == [wanted] * len(case.fields)
    answer = case.client.post(f"/{case.entity.path}/export.xlsx?cols={columns}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    row = book.get_sheet_by_index(0).to_python()[1]
    assert [cell.isoformat()[:10] for cell in row[1:]] == [wanted] * len(case.fields)


def in_api(case: Case) -> None:
    names = ",".join(one.name for one in case.fields)
    one = json.loads(body(case.client.get(f"/api/v1{case.url}")))["data"]
    listed = json.loads(body(case.client.get(f"/api/v1/{case.entity.path}?fields={names}")))
    for told in (one, next(row for row in listed["data"] if row["id"] == case.record.pk)):
        for field in case.fields:
            if field.kind is Kind.DATE:
                assert told[field.name] == case.day.isoformat(), field.name
                continue
            local = datetime.fromisoformat(told[field.name]).astimezone(case.zone)
            assert local.strftime("%Y-%m-%dT%H:%M") == case.moment, field.name


def in_filters(case: Case) -> None:
    """A list of the rows of that day has it, those of the days around have not."""
    for field in case.fields:
        for step in (-1, 0, 1):
            day = (case.day + timedelta(days=step)).isoformat()
            answer = case.client.get(f"/{case.entity.path}?{field.name}.on={day}")
            assert (str(case.record) in body(answer)) is (step == 0), (field.name, day)


def in_calendar(case: Case) -> None:
    calendar = case.entity.calendar
    if calendar is None:
        return
    for layout in ("month", "week"):
        page = body(case.client.get(f"/{case.entity.path}?layout={layout}&day={case.day}"))
        cells = dict(re.findall(r'<td[^>]*data-day="([^"]+)"[^>]*>(.*?)</td>', page, re.S))
        holding = {day for day, inside in cells.items() if f'data-id="{case.record.pk}"' in inside}
        assert holding == {case.day.isoformat()}, layout


def for_somebody_far_away(case: Case, people: People) -> None:
    """A date is no instant: it does not move. An instant is the same one."""
    other = living_in(people.manager, FAR.get(case.reader.time_zone, "Pacific/Kiritimati"))
    client = signed_in(other)
    told = json.loads(body(client.get(f"/api/v1{case.url}")))["data"]
    answer = client.post(f"/{case.entity.path}/export.csv?cols="
                         + ",".join(one.name for one in case.fields))  # fmt: skip
    row = list(csv.reader(io.StringIO(body(answer))))[1]
    typed = datetime.fromisoformat(case.moment).replace(tzinfo=case.zone)
    for field, cell in zip(case.fields, row, strict=True):
        if field.kind is Kind.DATE:
            assert told[field.name] == cell == case.day.isoformat()
        else:
            assert datetime.fromisoformat(told[field.name]).astimezone(UTC) == typed
            local = typed.astimezone(ZoneInfo(other.time_zone))
            assert cell == local.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize("typed", ("2024-03-10T02:30", "2024-11-03T01:30"))
def test_a_time_that_is_not_there_or_comes_twice_is_refused_and_not_moved(
    typed: str, people: People
) -> None:
    reader = living_in(people.owner, "America/Los_Angeles")
    for entity in ENTITIES:
        record, client = make_sample(entity, reader), signed_in(reader)
        for field in dated(entity):
            if field.editable and field.kind is Kind.DATETIME:
                before = getattr(record, field.name)
                url = f"{entity.url(record)}/field/{field.name}"
                assert client.post(url, {field.name: typed}).status_code == 422
                record.refresh_from_db()
                assert getattr(record, field.name) == before
