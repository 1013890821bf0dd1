"""10: no cell of any file that leaves begins as a formula, whatever field it comes from.

Formulas are planted in every text of every record type, past the forms, as another program or an
older version could have left them; then every address that hands out a table is asked.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from tests.personas import People
from tests.records.transfer.test_wizard import bring, decisions
from tests.routes import routes
from tests.sales.makers import deal, stage
from tests.samples import make_sample
from tests.security.world import signed_in
from vinculo.kernel.clock import now
from vinculo.parties.models import ContactPoint
from vinculo.platform.everything.writing import write_everything
from vinculo.platform.journal import change_set
from vinculo.platform.models import AccessEvent, Team, User
from vinculo.platform.sensitive.rules import RIGHT
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entities
from vinculo.records.transfer.cells import escape_formula, unescape_formula
from vinculo.sales.around.actions import add_competitor

pytestmark = pytest.mark.django_db
ENTITIES = entities()
#: What spreadsheets begin a formula with, also behind white space, and in the wide forms.
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "'=")
RUNS = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]")
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.EMAIL, Kind.PHONE, Kind.TAGS, Kind.COUNTRY)
#: Addresses that hand out a table, and the test of this file that asks them.
TABLES = {
    "<entity>/export.csv": "test_every_text_of_every_row",
    "<entity>/export.xlsx": "test_every_text_of_every_row",
    "<entity>/bulk/export.csv": "test_every_text_of_every_row",
    "import/<int:pk>/refused.csv": "test_rows_of_an_import_that_were_refused",
    "settings/users/<int:user_id>/accesses.csv": "test_what_a_leaver_took_away",
    "sales-report": "test_a_table_of_the_sales_report",  # the page itself, which only shows it
    "sales-report/export": "test_a_table_of_the_sales_report",
    "settings/data/export": "test_the_export_of_everything_is_exact_and_says_so",
    "settings/data/exports/<str:name>": "test_the_export_of_everything_is_exact_and_says_so",
}


def formula(start: str) -> str:
    return f"{start}1+1"


def plant(entity: Entity, owner: User, start: str) -> dict[str, str]:
    """One row whose every text begins with `start`; field → the text that stands there."""
    record, text = make_sample(entity, owner, f"Zanz{STARTS.index(start)}"), formula(start)
    columns = {one.name: one for one in entity.model._meta.fields}
    planted, values = {}, {}
    for name, field in entity.all_fields.items():
        column = columns.get(field.column or "")
        if field.kind not in TEXTS or field.choices or field.sensitive or column is None:
            continue
        planted[name] = text[: column.max_length or 500]
        values[column.name] = [planted[name]] if field.kind is Kind.TAGS else planted[name]
    with change_set(actor=owner, verb="records.edit"):
        entity.model._default_manager.filter(pk=record.pk).update(**values)
        for name, field in entity.all_fields.items():
            if field.sensitive and field.editable:
                fresh = entity.model._default_manager.get(pk=record.pk)
                setattr(fresh, name, text)
                fresh.save(update_fields=[name])
                planted[name] = text
        if "street" in entity.all_fields:
            parts = {"street": text, "postal_code": text, "city": text, "region": text}
            ContactPoint.objects.create(
                party_id=record.pk, kind="address", value=text, is_primary=True, **parts
            )
            planted |= {"street": text, "postal_code": text}
    return planted


def csv_rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet_rows(answer: Any) -> list[list[Any]]:
    """The rows of a workbook, in which no cell may be a formula for the program that opens it."""
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name) and b"<f " not in parts.read(name), name
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def check(rows: list[list[Any]], fields: list[Field], planted: list[dict[str, str]]) -> None:
    """Nothing runs, and every text that was planted is there, with an apostrophe before it."""
    for row in rows:
        for cell in row:
            assert not (isinstance(cell, str) and RUNS.match(cell)), (cell, row)
    for place, field in enumerate(fields):
        # A line's end in a cell of XML comes back as a line feed.
        cells = {str(row[place]).replace("\r", "\n") for row in rows[1:]}
        for texts in planted:
            if field.name in texts:
                wanted = escape_formula(texts[field.name]).replace("\r", "\n")
                assert wanted in cells, (field.name, wanted, cells)
                assert unescape_formula(wanted) == texts[field.name].replace("\r", "\n")


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_every_text_of_every_row(entity: Entity, people: People) -> None:
    """By the whole list and by the rows ticked in it, with every column there is."""
    Team.objects.filter(pk=people.north.pk).update(name=formula("="))
    User.objects.filter(pk=people.owner.pk).update(name=formula("@"))
    planted = [plant(entity, people.owner, start) for start in STARTS]
    role = people.manager_as_admin().role_assignments.first().role
    role.actions = [*role.actions, RIGHT]
    role.save()
    people.manager.forget_rights()
    fields = [entity.all_fields[one.name] for one in entity.fields_for(people.manager)]
    texts = {name for one in planted for name in one}
    assert {one.name for one in fields if one.kind is Kind.TEXT and not one.choices} <= texts | {
        "media_type"
    }
    client = signed_in(people.manager)
    columns = ",".join(one.name for one in fields)
    url, every = f"/{entity.path}/export", f"cols={columns}"
    check(csv_rows(client.post(f"{url}.csv?{every}&raw=1")), fields, planted)
    check(sheet_rows(client.post(f"{url}.xlsx?{every}&raw=1")), fields, planted)
    ids = list(entity.model._default_manager.values_list("pk", flat=True))
    sent = {"ids": ids, "query": every, "raw": "1"}
    check(csv_rows(client.post(f"/{entity.path}/bulk/export.csv", sent)), fields, planted)


def test_rows_of_an_import_that_were_refused(people: People) -> None:
    """Also the names of the columns, which somebody else's file chose; brought again, they are what
    they were."""
    client = signed_in(people.owner)
    head = ("name", "email", *(formula(start) for start in STARTS))
    rows = [head, ("Broken", "nobody", *(formula(start) for start in STARTS))]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    for _again in range(2):
        imported = bring(client, written.getvalue())
        page = f"/import/{imported.pk}"
        client.post(f"{page}/decide", decisions(client, imported))
        found = csv_rows(client.get(f"{page}/refused.csv"))
        for cell in [*found[0], *found[1]]:
            assert not RUNS.match(cell), cell
        assert found[0][2] == "'=1+1" and len(found) == 2, found
        written = io.StringIO()
        csv.writer(written).writerows(row[: len(head)] for row in found)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.key)
def test_what_a_leaver_took_away(entity: Entity, people: People) -> None:
    """What records are called, who looked, and what lists were narrowed by."""
    User.objects.filter(pk=people.owner.pk).update(name=formula("-"))
    for start in STARTS:
        plant(entity, people.owner, start)
    for pk in entity.model._default_manager.values_list("pk", flat=True):
        known = {"at": now(), "user": people.owner, "entity": entity.key}
        AccessEvent.objects.create(how="page", row_id=pk, **known)
        AccessEvent.objects.create(how="export", rows=1, query=formula("="), **known)
    rows = csv_rows(signed_in(people.admin).post(f"/settings/users/{people.owner.pk}/accesses.csv"))
    assert len(rows) > 2 * len(STARTS)
    assert {"'=1+1", "'-1+1"} <= {cell for row in rows for cell in row}
    assert not [cell for row in rows for cell in row if RUNS.match(cell)]


def test_a_table_of_the_sales_report(people: People) -> None:
    today = localdate(now())
    lost = deal(
        people.owner, stage=stage("Lost").pk, close_on=today, opened_on=today, closed_on=today
    )
    starts = [start for start in STARTS if start == start.strip()]
    for start in starts:
        add_competitor(actor=people.owner, deal=lost, name=formula(start))
    User.objects.filter(pk=people.owner.pk).update(name=formula("\t="))
    client = signed_in(people.admin)
    found = set()
    for name in ("competitor", "owner"):
        answer = client.post(
            f"/sales-report/export?tab=outcome&period={today.year}", {"table": name}
        )
        assert answer.status_code == 200
        found |= {row[0] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert found >= {escape_formula(formula(start)) for start in (*starts, "\t=")}
    assert not [cell for cell in found if RUNS.match(cell)]


@pytest.mark.django_db(transaction=True)
def test_the_export_of_everything_is_exact_and_says_so(people: People, tmp_path: Path) -> None:
    """It is for programs, which get what was stored; its README warns whoever opens it by hand."""
    with change_set(actor=people.owner, verb="records.edit"):
        Team.objects.filter(pk=people.north.pk).update(name=formula("="))
    write_everything(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert formula("=") in archive.read("platform_team.csv").decode()
        readme = " ".join(archive.read("README.txt").decode().split())
    assert "import its columns as text, because a cell may begin with =" in readme
    guide = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text()
    assert "leave formulas unescaped: never open in a spreadsheet" in guide


def test_no_table_leaves_by_an_address_that_is_not_asked_here() -> None:
    hands_out = re.compile(r"csv|xlsx|export|report|download|\.tsv|\.zip|\.vcf|\.ics|\.pdf")
    found = set()
    for route in routes():
        if hands_out.search(route.pattern) and not route.of_a_library:
            first = route.pattern.split("/")[0]
            paths = {entity.path for entity in ENTITIES}
            found.add(
                route.pattern.replace(first, "<entity>", 1) if first in paths else route.pattern
            )
    assert found == set(TABLES)
    assert set(TABLES.values()) <= set(globals())
