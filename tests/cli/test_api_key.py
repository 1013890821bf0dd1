"""Keys without a browser."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from django.test import Client
from tests.personas import People

from vinculo.cli import api_key
from vinculo.config.problems import SetupProblem
from vinculo.platform.models import ApiKey, ChangeSet

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    api_key.add_arguments(parser)
    return api_key.run(parser.parse_args(list(words)))


def test_made_listed_used_and_revoked(people: People, capsys: Any) -> None:
    assert run("create", "Web shop", "--user", people.owner.email, "--days", "7") == 0
    told = capsys.readouterr()
    secret = told.out.strip()
    assert secret.startswith("vin_")
    assert secret not in told.err
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/companies", headers=headers).status_code == 200
    run("list")
    listed = capsys.readouterr().out
    assert "Web shop" in listed
    assert people.owner.email in listed
    assert secret not in listed
    assert run("revoke", str(ApiKey.objects.get().pk)) == 0
    assert Client().get("/api/v1/companies", headers=headers).status_code == 401
    run("list")
    assert "Web shop" not in capsys.readouterr().out.strip()
    run("list", "--all")
    assert "revoked" in capsys.readouterr().out
    vias = set(ChangeSet.objects.filter(verb__contains="api_key").values_list("via", flat=True))
    assert vias == {"cli"}


def test_a_key_has_its_own_limit(people: People, capsys: Any) -> None:
    run("create", "Slow", "--user", people.owner.email, "--rate", "12")
    assert ApiKey.objects.get().rate == 12
    with pytest.raises(SetupProblem, match="Only an administrator"):
        run("create", "Fast", "--user", people.owner.email, "--rate", "0")
    run("create", "Fast", "--user", people.admin.email, "--rate", "0")
    assert ApiKey.objects.get(name="Fast").rate == 0


@pytest.mark.parametrize(
    "words",
    [
        ("create", "X", "--user", "nobody@example.com"),
        ("create", "X", "--role", "No such role"),
        ("create", "X", "--days", "0"),
        ("create", "X", "--days", "9999"),
        ("create", "X", "--rate", "-1"),
        ("revoke", "77777"),
        ("revoke", "vin_nothing"),
    ],
)
def test_what_cannot_be_is_said(people: People, words: tuple[str, ...]) -> None:
    with pytest.raises(SetupProblem):
        run(*words)
    assert not ApiKey.objects.exists()


def test_a_role_that_the_person_does_not_have_is_refused(people: People) -> None:
    with pytest.raises(SetupProblem, match="role that you have"):
        run("create", "X", "--user", people.owner.email, "--role", "Chief")
