"""41: what misleads the eye stays outside, whichever form, file or program brings it."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.parties.importing_help import import_file
from tests.personas import People
from tests.samples import make_sample
from tests.security.canaries import WORDS
from tests.security.page_forms import Forms, every_form
from tests.security.test_every_route import body
from tests.security.world import Theirs, make_theirs, signed_in
from vinculo.platform.types import table_models
from vinculo.records.entity import Entity
from vinculo.records.fields import Field, Kind
from vinculo.records.registry import entities
from vinculo.records.transfer.writer import writer_of

pytestmark = pytest.mark.django_db
ENTITIES = entities()
ENTITY = {entity.key: entity for entity in ENTITIES}
#: Turned around, isolated, zero width, filler, tag, byte order, bell, escape, soft hyphen.
MARKS = "\u202e\u2066\u2069\u200b\u2060\u3164\U000e0041\ufeff\x07\x1b\xad\u061c"
#: Joiners, which Persian and emoji need in prose but no name does.
JOINERS = "\u200c\u200d"
#: A name in two pieces per letter, with a mark between all of them: "Café Zq" once it is clean.
TYPED, KEPT = "Caf" + MARKS[:4] + "e\u0301" + MARKS[4:] + " Zq", "Café Zq"
#: Forms that must be among those that took what was typed, beside those of the records.
OF_ADMINISTRATORS = {
    "/settings/profile", "/settings/keys/new", "/settings/users/invite", "/settings/users/1",
    "/settings/teams/new", "/settings/teams/1", "/settings/roles/new", "/settings/roles/1",
    "/settings/webhooks/new", "/companies/views/new", "/relations/1/edit", "/contacts/1/edit",
}  # fmt: skip


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    return make_theirs(people)


def typed(field: Field) -> str:
    """A value for a field of this kind that is valid once it is clean."""
    marked = {Kind.EMAIL: "ana{}@zq.example", Kind.PHONE: "+34 600{} 123 456",
              Kind.URL: "https://zq{}.example"}  # fmt: skip
    if field.kind is Kind.LONG_TEXT:
        return TYPED
    return marked[field.kind].format(MARKS) if field.kind in marked else TYPED + JOINERS


def harmless(text: str) -> bool:
    """Whether a page, file or answer holds no mark and no letter in pieces."""
    said = json.dumps(json.loads(text), ensure_ascii=False) if text[:1] == "{" else text
    said = said.removeprefix("\ufeff")  # of a CSV: what tells Excel how to read it
    return not set(said) & set(MARKS + JOINERS) and unicodedata.is_normalized("NFC", said)


def texts(entity: Entity) -> list[Field]:
    return [one for one in entity.declared_fields.values()
            if one.editable and one.kind in WORDS and not one.choices and not one.sensitive]  # fmt: skip


#: Record types with words that people write; a price of a list has none of its own.
WRITTEN = [entity for entity in ENTITIES if texts(entity)]


def surfaces(client: Client, entity: Entity, record: Any) -> Iterator[tuple[str, str]]:
    """Where a name is shown: record, list, search, palette, choices, files, programs."""
    url, columns = entity.url(record), ",".join(entity.all_fields)
    for address in (url, f"{url}/peek", f"{url}/edit", f"{url}/history", f"/api/v1{url}",
                    f"/{entity.path}?cols={columns}", f"/{entity.path}?q=zq", "/search?q=zq",
                    "/palette?q=zq", f"/{entity.path}/choices?q=zq", "/api/v1/search?q=zq",
                    f"/api/v1/{entity.path}", f"/api/v1{url}/history", "/my-day", "/undo"):  # fmt: skip
        yield address, body(client.get(address))
    yield "export", body(client.post(f"/{entity.path}/export.csv?cols={columns}"))


@pytest.mark.parametrize("way", ("form", "program"))
@pytest.mark.parametrize("entity", WRITTEN, ids=lambda entity: entity.key)
def test_every_field_comes_back_clean(entity: Entity, way: str, people: People) -> None:
    record, client = make_sample(entity, people.owner), signed_in(people.owner)
    url, fields = entity.url(record), texts(entity)
    for field in fields:
        value: Any = typed(field)
        if way == "form":
            answer = client.post(f"{url}/field/{field.name}", {field.name: value})
        else:
            sent = json.dumps({field.name: [value] if field.kind is Kind.TAGS else value})
            answer = client.patch(f"/api/v1{url}", sent, content_type="application/json")
        assert answer.status_code < 400, (field.name, body(answer)[-600:])
    told = json.loads(body(client.get(f"/api/v1{url}")))["data"]
    kept = {one.name: told[one.name] for one in fields if one.kind in (Kind.TEXT, Kind.LONG_TEXT)}
    assert set(kept.values()) <= {KEPT, *(v for v in kept.values() if v and "Café" in v)}, kept
    seen = 0
    for where, text in surfaces(client, entity, record):
        seen += KEPT in text or "Caf\\u00e9" in text
        assert harmless(text), where
    assert seen >= 8, "the name is shown in most places"
    assert not marked_rows()


def marked_rows() -> dict[str, str]:
    """Tables of ours that hold a mark, with one of the rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in table_models():
            cursor.execute(
                f'SELECT t::text FROM "{table}" t WHERE t::text ~ %s LIMIT 1', [f"[{MARKS}]"]
            )
            row = cursor.fetchone()
            if row:
                found[table] = ascii(row[0])
    return found


def test_no_form_of_any_page_lets_them_in(theirs: Theirs, people: People) -> None:
    """Names of people, teams, roles, keys, views and webhooks as well: whatever takes words."""
    client = signed_in(people.manager_as_admin())
    taken = []
    for number, (target, inputs, words) in enumerate(list(every_form(client, theirs))):
        sent = {**inputs, **dict.fromkeys(words, f"{TYPED} {number}"), "_anyway": "1"}
        sent |= dict.fromkeys({"website", "url"} & set(inputs), "https://1.1.1.1/")
        answer = client.post(target, sent)
        if answer.status_code < 400 and "/accounts/login" not in answer.get("Location", ""):
            taken.append(re.sub(r"\d+", "1", target))
    assert len(taken) > 35, taken
    assert set(taken) >= OF_ADMINISTRATORS, OF_ADMINISTRATORS - set(taken)
    assert not marked_rows()


@pytest.mark.parametrize("target", ("/settings/profile", "/settings/teams/new", "/companies/new",
                                    "/companies/views/new"))  # fmt: skip
def test_a_name_of_nothing_one_can_see_is_none(target: str, people: People) -> None:
    client = signed_in(people.manager_as_admin())
    _action, inputs, words = next(one for one in Forms(body(client.get(target))).found
                                  if "name" in one[2])  # fmt: skip
    answer = client.post(target, {**inputs, **dict.fromkeys(words, MARKS)})
    assert answer.status_code == 422
    assert not marked_rows()


#: What a row cannot do without: a deal has a customer, the one of its sample.
BESIDE = {key: {"company": "Harmless Ltd"} for key in ("sales.deal", "sales.quote")}


@pytest.mark.parametrize(
    "entity", [one for one in WRITTEN if one.creatable], ids=lambda entity: entity.key
)
def test_no_file_brings_them_in(entity: Entity, people: People, tmp_path: Path) -> None:
    record, targets = make_sample(entity, people.owner), writer_of(entity).targets(people.owner)
    keys = {one.key for one in targets}
    fields = [one for one in texts(entity) if one.name in keys and one.kind is not Kind.EMAIL]
    beside = BESIDE.get(entity.key, {})
    names = [*(one.name for one in fields), *beside]
    rows = [names, [*(typed(one) for one in fields), *beside.values()]]
    path = tmp_path / "marked.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    columns = tuple(enumerate(names))
    imported = import_file(people.owner, entity.key, path, columns=columns)
    assert imported.counts == (1, 0, 0, 0), imported.refused
    made = entity.model._default_manager.exclude(pk=record.pk).latest("pk")
    assert KEPT in entity.title_of(made)
    assert not marked_rows()


@pytest.mark.parametrize(
    ("name", "typed_in"),
    [("email", "ana@p\u0430ypal.example"), ("website", "https://p\u0430ypal.example")],
)
def test_what_only_looks_like_a_known_address_is_refused(
    name: str, typed_in: str, people: People
) -> None:
    company = make_sample(ENTITY["parties.company"], people.owner)
    client, url = signed_in(people.owner), f"/companies/{company.pk}"
    sent = {name: typed_in}
    assert client.post(f"{url}/field/{name}", sent).status_code == 422
    answer = client.patch(f"/api/v1{url}", json.dumps(sent), content_type="application/json")
    assert answer.status_code == 422
    company.refresh_from_db()
    assert not getattr(company, name)
