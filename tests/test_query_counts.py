"""How many queries each page takes, for an administrator and for somebody with own rows only.

The counts stand in `query_counts.json`. A page that asks more fails; one that asks less wants the
file renewed: `VINCULO_WRITE_SNAPSHOTS=1 pytest tests/test_query_counts.py -n0`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.personas import People
from tests.samples import make_sample
from vinculo.platform.models import User
from vinculo.records.entity import Entity
from vinculo.records.registry import entities

COUNTS = Path(__file__).with_name("query_counts.json")
WRITING = bool(os.environ.get("VINCULO_WRITE_SNAPSHOTS"))
#: Pages of no record type.
OTHERS = (
    "/my-day",
    "/search?q=zanzibar",
    "/palette?q=zanzibar",
    "/palette/more?q=zanzibar",
    "/notifications",
    "/settings/",
)
MANY = 12


def counted(client: Client, url: str) -> int:
    """The queries of a page that was asked for once before: what is kept per process is kept."""
    client.get(url, follow=True)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, follow=True)
    assert answer.status_code == 200, (url, answer.status_code)
    return len(captured.captured_queries)


def pages_of(entity: Entity, pk: int) -> dict[str, str]:
    """What each page of a record type is called here → its address."""
    base, one = f"/{entity.path}", f"/{entity.path}/{pk}"
    found = {
        "list": base,
        "count": f"{base}/count",
        "record": one,
        "peek": f"{one}/peek",
        "history": f"{one}/history",
        "edit": f"{one}/edit",
        "delete": f"{one}/delete",
    }
    if entity.board is not None:
        found["board"] = f"{base}?layout=board"
    return found | ({"new": f"{base}/new"} if entity.creatable else {})


def signed_in(user: User) -> Client:
    """A client of `user`, as the browser is one."""
    client = Client()
    client.force_login(user)
    return client


def compare(part: str, found: dict[str, int]) -> None:
    """Hold the counts against the committed ones, or renew these."""
    committed: dict[str, Any] = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    if WRITING:
        committed[part] = found
        COUNTS.write_text(json.dumps(dict(sorted(committed.items())), indent=2) + "\n")
    differing = {
        page: f"{number}, committed {committed.get(part, {}).get(page)}"
        for page, number in found.items()
        if number != committed.get(part, {}).get(page)
    }
    assert not differing, f"{part}: {differing}; see this file's docstring"


@pytest.mark.django_db
@pytest.mark.parametrize("entity", entities(), ids=lambda one: one.key)
@pytest.mark.parametrize("persona", ["admin", "owner"])
def test_pages_of_a_record_type(entity: Entity, persona: str, people: People) -> None:
    cache.clear()
    records = [make_sample(entity, people.owner, f"Zanzibar {n}") for n in range(MANY)]
    client = signed_in(people.all()[persona])
    pages = pages_of(entity, records[0].pk)
    compare(f"{entity.key} {persona}", {name: counted(client, url) for name, url in pages.items()})


@pytest.mark.django_db
@pytest.mark.parametrize("persona", ["admin", "owner"])
def test_other_pages(persona: str, people: People) -> None:
    cache.clear()
    for entity in entities():
        for number in range(3):
            make_sample(entity, people.owner, f"Zanzibar {number}")
    client = signed_in(people.all()[persona])
    compare(f"pages {persona}", {url: counted(client, url) for url in OTHERS})
