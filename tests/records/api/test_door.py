"""Who gets in, how often, and the one shape in which everybody else is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.personas import People, make_role
from tests.records.api.calling import Caller, caller_for, database_state, make_key
from vinculo.kernel.clock import frozen, now
from vinculo.parties.models import Company
from vinculo.platform.models import RoleAssignment, User
from vinculo.platform.rates import Buckets, buckets

pytestmark = pytest.mark.django_db


def error_of(response: Any) -> dict[str, Any]:
    """The error, after a look at its shape."""
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "field", "fields"}
    assert body["error"]["message"]
    for problem in body["error"]["fields"]:
        assert set(problem) == {"field", "message"}
    return dict(body["error"])


# --- keys --------------------------------------------------------------------------------------


def test_nobody_gets_in_without_a_key(people: People) -> None:
    make_key(people.owner)
    for header in ("", "Bearer", "Bearer ", "Bearer wrong", "Basic eDp5", "Bearer " + "x" * 5000,
                   "Bearer ключ", "vin_x"):  # fmt: skip
        caller = Caller()
        if header:
            caller.headers["Authorization"] = header
        for method in (caller.get, caller.delete):
            refused = method("/companies/1")
            assert refused.status_code == 401
            assert refused["WWW-Authenticate"].startswith("Bearer")
            assert error_of(refused)["code"] == "unauthenticated"


def test_a_key_ends_when_it_expires_is_revoked_or_its_owner_leaves(people: People) -> None:
    def works(secret: str) -> bool:
        return bool(Caller(secret).get("/companies").status_code == 200)

    key, secret = make_key(people.owner, days=2)
    assert works(secret)
    with frozen(now() + timedelta(days=3)):
        assert not works(secret)
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    assert not works(secret)
    User.objects.filter(pk=people.owner.pk).update(is_active=True)
    key.revoked_at = now()
    key.save()
    assert not works(secret)
    other = make_key(people.owner)[1]
    RoleAssignment.objects.filter(user=people.owner).delete()
    assert not works(other)


def test_a_key_narrows_its_user_to_its_role(people: People) -> None:
    narrow = make_role("Narrow", "own")
    RoleAssignment.objects.create(user=people.admin, role=narrow)
    Company.objects.create(kind="company", name="Of the owner", owner=people.owner)
    administrator = people.admin.active_roles()[0]
    assert administrator.administrator
    assert len(caller_for(people.admin, administrator).get("/companies").json()["data"]) == 1
    assert caller_for(people.admin, narrow).get("/companies").json()["data"] == []


def test_a_wrong_key_is_not_saved_by_a_session(people: People) -> None:
    caller = Caller("vin_wrong")
    caller.client.force_login(people.owner)
    assert caller.get("/companies").status_code == 401


# --- sessions ----------------------------------------------------------------------------------


def test_a_session_needs_its_token_to_write(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.owner)
    body = json.dumps({"name": "Aurora"})
    assert client.get("/api/v1/companies").status_code == 200
    before = database_state()
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        refused = client.generic("POST", "/api/v1/companies", body, content_type=kind)
        assert refused.status_code == 403
        assert error_of(refused)["code"] == "csrf"
    assert database_state() == before
    token = "a" * 32
    client.cookies["csrftoken"] = token
    made = client.generic(
        "POST",
        "/api/v1/companies",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert made.status_code == 201


# --- refusals in one shape ---------------------------------------------------------------------


def test_every_refusal_has_the_one_shape(people: People) -> None:
    caller = caller_for(people.owner)
    assert error_of(caller.get("/nothing"))["code"] == "not_found"
    assert error_of(caller.get("/api"))["code"] == "not_found"
    assert error_of(caller.get("/api/v2/companies"))["code"] == "not_found"
    assert error_of(caller.get("/companies/"))["code"] == "not_found"
    assert error_of(caller.get("/companies/7"))["code"] == "not_found"
    assert error_of(caller.get(f"/companies/{2**70}"))["code"] == "not_found"
    assert error_of(caller.delete(f"/companies/{2**70}"))["code"] == "not_found"
    assert error_of(caller.post("/companies/7/do/nonsense"))["code"] == "not_found"
    refused = caller.raw("PUT", "/companies", b"{}")
    assert (refused.status_code, error_of(refused)["code"]) == (405, "method_not_allowed")
    assert refused["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert Caller().raw("OPTIONS", "/companies", b"").status_code == 204


def test_a_fault_of_ours_says_so_without_telling_more(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("vinculo.records.api.reading.represent", fail)
    caller = caller_for(people.owner)
    caller.client.raise_request_exception = False
    refused = caller.get("/companies")
    assert refused.status_code == 500
    assert error_of(refused)["code"] == "server_error"
    assert b"secret" not in refused.content


def test_refusals_speak_the_callers_language(people: People) -> None:
    english = error_of(caller_for(people.owner).get("/companies/7"))
    for language in ("es", "zh-hans", "zh-hant"):
        refused = caller_for(people.owner, language=language).get("/companies/7")
        assert refused["Content-Language"] == language
        assert error_of(refused)["code"] == english["code"]


def test_private_answers_are_not_kept_by_caches(people: People) -> None:
    for path in ("/companies", "/companies/7"):
        answer = caller_for(people.owner).get(path)
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"\\ud800": "a"}',
        b'{"name": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"name": {"a": {"b": {"c": {"d": 1}}}}}',
        b'{"owner": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_plain_object_is_refused(people: People, body: bytes) -> None:
    refused = caller_for(people.owner).raw("POST", "/companies", body)
    assert (refused.status_code, error_of(refused)["code"]) == (400, "bad_request")
    assert not Company.objects.exists()


def test_other_types_and_larger_bodies_are_refused(people: People) -> None:
    caller = caller_for(people.owner)
    wrong = caller.raw("POST", "/companies", b"name=x", "application/x-www-form-urlencoded")
    assert (wrong.status_code, error_of(wrong)["code"]) == (415, "unsupported_media_type")
    body = json.dumps({"name": "x", "description": "y" * (1024 * 1024)}).encode()
    large = caller.raw("POST", "/companies", body)
    assert (large.status_code, error_of(large)["code"]) == (413, "too_large")


# --- how often ---------------------------------------------------------------------------------


def test_too_many_calls_are_told_when_to_come_again(people: People, settings: Settings) -> None:
    settings.VINCULO_API_RATE = 3
    caller = caller_for(people.owner)
    assert [caller.get("/companies").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = caller.get("/companies")
    assert error_of(refused)["code"] == "rate_limited"
    assert 1 <= int(refused["Retry-After"]) <= 20
    # Another key is not held up.
    secret = make_key(people.manager)[1]
    caller.headers["Authorization"] = f"Bearer {secret}"
    assert caller.get("/companies").status_code == 200
    buckets.clear()


def test_the_answer_tells_how_often_one_may_call(people: People) -> None:
    key, secret = make_key(people.owner)
    key.rate = 40
    key.save()
    answer = Caller(secret).get("/companies")
    assert answer["RateLimit-Policy"] == '"calls";q=40;w=60'
    assert re.fullmatch(r'"calls";r=39;t=\d', answer["RateLimit"])


def test_two_processes_count_alike_and_ask_for_a_share(people: People) -> None:
    """What one process took, the other has not; and twenty calls cost one statement."""
    here, there = Buckets(), Buckets()
    start = now()
    with frozen(start):
        assert not any(here.take("t:1", 40).wait for _ in range(20))
        assert not any(there.take("t:1", 40).wait for _ in range(20))
        assert here.take("t:1", 40).wait == 2
        assert there.take("t:1", 40).wait >= 1
    with frozen(start + timedelta(seconds=3)):
        assert [here.take("t:1", 40).wait for _ in range(3)] == [0, 0, 2]
    with frozen(start + timedelta(seconds=90)):
        assert sum(not here.take("t:1", 40).wait for _ in range(50)) == 40
    assert here.take("t:1", 0).wait == 0
    here.clear()
