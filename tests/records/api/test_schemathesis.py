"""The API as its own document says: schemathesis makes calls up, a bounded number for every
operation, and no answer may be a fault of ours or other than the document describes."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPResponse

from tests.personas import People
from tests.records.api.calling import caller_for, make_key, one_of_each
from vinculo.platform.models import ApiKey
from vinculo.records.registry import entities

#: Made-up calls for each operation: enough to meet every parameter and every field in a run.
CALLS = 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDS = settings(
    max_examples=CALLS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def document(people: People) -> tuple[Any, dict[str, int], str]:
    """The administrator's document, a record of each type, and the key that calls."""
    made = one_of_each(people)
    secret = make_key(people.admin)[1]
    ApiKey.objects.update(rate=0)
    caller = caller_for(people.admin)
    raw = dict(caller.get("/openapi.json").json())
    schema = schemathesis.openapi.from_dict(raw)
    ids = {entity.path: int(made[entity.key].rpartition("/")[2]) for entity in entities()}
    view = caller.post("/views", {"entity": "parties.company", "name": "Mine"})
    ids["views"] = view.json()["data"]["id"]
    return schema, ids, secret


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.filterwarnings("ignore")
def test_no_call_is_answered_otherwise_than_described(document: Any, mode: GenerationMode) -> None:
    schema, ids, secret = document
    found: dict[str, str] = {}
    called = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        one = ids.get(operation.path.split("/")[3])
        fixed = {"path_parameters": {"id": one}} if "{id}" in operation.path else {}
        if not _can_be(operation, mode):
            continue

        @BOUNDS
        @given(case=operation.as_strategy(generation_mode=mode, **fixed))
        def call(case: Case) -> None:
            nonlocal called
            called += 1
            with transaction.atomic():
                response = answered(case, secret)
                transaction.set_rollback(True)
            case.validate_response(response, checks=CHECKS)

        try:
            call()
        except BaseExceptionGroup as several:
            found[operation.label] = "\n".join(str(one) for one in several.exceptions)[:3000]
        except Exception as error:
            if type(error).__name__ in ("Unsatisfiable", "NoExamples"):
                continue
            found[operation.label] = str(error)[:3000]
    assert not found, "\n\n".join(f"{name}\n{text}" for name, text in found.items())
    assert called > 100


def answered(case: Case, secret: str) -> requests.Response:
    """What our client, which stays in the test's transaction, is answered to a made-up call."""
    told = case.as_transport_kwargs(base_url=HERE, headers={"Authorization": f"Bearer {secret}"})
    known = ("method", "url", "headers", "params", "cookies", "json", "data", "files", "auth")
    asked = requests.Request(**{name: told[name] for name in known if name in told}).prepare()
    body = asked.body or b""
    headers = {name: str(value) for name, value in asked.headers.items()}
    answer = Client(raise_request_exception=False).generic(
        str(asked.method),
        str(asked.url).removeprefix(HERE),
        body if isinstance(body, bytes) else str(body).encode(),
        content_type=headers.get("Content-Type", ""),
        headers=headers,
    )
    found = requests.Response()
    found.status_code, found.request, found.url = answer.status_code, asked, str(asked.url)
    found.headers.update(answer.headers)
    found._content = answer.content
    found.raw = HTTPResponse(answer.content, answer.headers, answer.status_code)
    return found


HERE = "http://testserver"


def _can_be(operation: Any, mode: GenerationMode) -> bool:
    """Whether such calls can be made up: an operation that takes anything has no wrong ones."""
    return mode is GenerationMode.POSITIVE or bool(operation.body or operation.query)
