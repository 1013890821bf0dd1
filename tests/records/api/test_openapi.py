"""The OpenAPI document: whole, consistent, and the one that is committed.

Write the committed one anew after a change of entities or actions:
`VINCULO_WRITE_SNAPSHOTS=1 .venv/bin/pytest tests/records/api/test_openapi.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.records.api.calling import caller_for, one_of_each
from vinculo.records.registry import entities

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).with_name("openapi.json")


@pytest.fixture
def document(people: People) -> dict[str, Any]:
    return dict(caller_for(people.admin).get("/openapi.json").json())


def every(part: Any, name: str) -> Iterator[Any]:
    """Every value of this name, however deep."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name:
                yield value
            yield from every(value, name)
    elif isinstance(part, list):
        for item in part:
            yield from every(item, name)


def test_the_document_is_the_committed_one(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("VINCULO_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == document


def test_every_reference_is_kept_and_every_name_is_once(document: dict[str, Any]) -> None:
    for target in every(document, "$ref"):
        part: Any = document
        for step in target.removeprefix("#/").split("/"):
            part = part[step]
    names = list(every(document["paths"], "operationId"))
    assert len(names) == len(set(names))
    for operations in document["paths"].values():
        for call in operations.values():
            if isinstance(call, dict):
                listed = [p["name"] for p in call.get("parameters", []) if "name" in p]
                assert len(listed) == len(set(listed))
                assert call["summary"]
                assert {"401", "429", "500"} <= set(call["responses"])


def test_every_entity_and_every_address_is_described(document: dict[str, Any]) -> None:
    for entity in entities():
        base = f"/api/v1/{entity.path}"
        assert "get" in document["paths"][base]
        assert ("post" in document["paths"][base]) is entity.creatable
        assert (f"{base}/batch" in document["paths"]) is entity.creatable
        assert {"get", "patch", "delete"} <= set(document["paths"][f"{base}/{{id}}"])
        assert f"{base}/{{id}}/history" in document["paths"]


def test_answers_are_as_described(document: dict[str, Any], people: People) -> None:
    made = one_of_each(people)
    caller = caller_for(people.admin)
    for entity in entities():
        properties = document["components"]["schemas"][entity.model.__name__]["properties"]
        data = caller.get(made[entity.key]).json()["data"]
        assert set(data) == set(properties)
        for name, value in data.items():
            assert fits(value, properties[name]), (entity.key, name, value)


TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "number": (int, float),
    "null": (type(None),),
}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value has the type that its schema says."""
    if "oneOf" in schema:
        return isinstance(value, dict | None)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return any(isinstance(value, TYPES[kind]) for kind in kinds)


def test_people_read_it_as_a_page(people: People) -> None:
    client = Client()
    assert client.get("/api/v1/docs").status_code == 302
    client.force_login(people.owner)
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "/api/v1/companies/{id}" in text
    assert "city.contains" in text
    assert "<script>" not in text
    assert " style=" not in text
