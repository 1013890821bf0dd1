"""While the database is away, people and programs are told so and when to try again."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from email.message import Message

import pytest
from tests.cli.serving import Serving

pytestmark = pytest.mark.slow


def ask(serving: Serving, path: str, **headers: str) -> tuple[int, Message, str]:
    """Status, headers and text of an answer."""
    address = f"http://127.0.0.1:{serving.port}{path}"
    asked = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read().decode()


def test_a_database_that_is_away_is_said_in_a_sentence(serving: Serving) -> None:
    """Read while the supervisor is held up, so that nobody starts the database again."""
    postmaster = serving.postmaster()
    os.kill(serving.process.pid, signal.SIGSTOP)
    try:
        os.kill(postmaster, signal.SIGKILL)
        signed_in = {"Cookie": "sessionid=somebody"}
        with ThreadPoolExecutor() as at_once:  # each is answered when it has waited in vain
            asked = (
                at_once.submit(ask, serving, "/companies", **signed_in),
                at_once.submit(ask, serving, "/companies", **signed_in, **{"HX-Request": "true"}),
                at_once.submit(ask, serving, "/api/v1/companies", Authorization="Bearer something"),
            )
            page, toast, program = (one.result() for one in asked)
    finally:
        os.kill(serving.process.pid, signal.SIGCONT)
    for status, headers, text in (page, toast, program):
        assert status == 503
        assert headers["Retry-After"] == "2"
        assert "Traceback" not in text
    assert "The database is starting again" in page[2]
    assert (
        "The database is starting again" in json.loads(toast[1]["HX-Trigger"])["toast"]["message"]
    )
    assert json.loads(program[2])["error"]["code"] == "database_away"
    serving.wait_for("/readyz")
