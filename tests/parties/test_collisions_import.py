"""Collision rules and files: refused with the reason, warned of with a count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.parties.collision_help import SAME_EMAIL, only_rule, save
from tests.parties.importing_help import import_text
from tests.personas import People

from vinculo.parties.collisions.actions import add_rule
from vinculo.parties.collisions.models import CollisionKey
from vinculo.parties.importing.colliding import REASONS
from vinculo.parties.models import Company, Party

pytestmark = pytest.mark.django_db

FILE = """Name,Email
New,new@new.es
Again,INFO@acme.es
Twin,new@new.es
Without,
"""


def reasons(done: Any) -> dict[int, str]:
    """Why rows were refused, by their line."""
    return {line: reason for line, reason, _params in done.refused}


@pytest.mark.parametrize("dry_run", [True, False])
def test_rows_that_collide_are_refused_with_the_reason(
    people: People, tmp_path: Path, dry_run: bool
) -> None:
    only_rule(people.admin, SAME_EMAIL)
    save(people.owner, name="Acme", email="info@acme.es")
    done = import_text(
        people.owner, "parties.company", tmp_path, FILE, key="", mode="create", dry_run=dry_run
    )
    assert done.counts == (2, 0, 0, 2)
    assert reasons(done) == {3: REASONS["collides"], 4: REASONS["collides_before"]}
    names = sorted(Company.objects.values_list("name", flat=True))
    assert names == (["Acme"] if dry_run else ["Acme", "New", "Without"])
    assert CollisionKey.objects.count() == (1 if dry_run else 2)


def test_a_colleagues_customer_is_refused_without_a_name(people: People, tmp_path: Path) -> None:
    rule = only_rule(people.admin, SAME_EMAIL)
    save(people.owner, name="Acme", email="info@acme.es")
    for tells in (True, False):
        rule.tells = tells
        rule.save()
        done = import_text(people.stranger, "parties.company", tmp_path, FILE, key="")
        (reason,) = [reason for line, reason in reasons(done).items() if line == 3]
        assert (reason == REASONS["collides_masked"]) is tells
        assert "Acme" not in str(done)
        Company.objects.exclude(name="Acme").delete()


def test_similar_names_too(people: People, tmp_path: Path) -> None:
    only_rule(people.admin, [[["name_city", "similar"]]])
    save(people.owner, name="Northwind Traders", city="Sevilla")
    text = (
        "Name,City\nNorthwind Tradesr,Sevilla\nSouthgale Foods,Sevilla\nSouthgale Foodss,Sevilla\n"
    )
    done = import_text(people.owner, "parties.company", tmp_path, text, key="")
    assert done.counts == (1, 0, 0, 2)
    assert set(reasons(done)) == {2, 4}
    assert sorted(Company.objects.values_list("name", flat=True)) == [
        "Northwind Traders", "Southgale Foods",
    ]  # fmt: skip


def test_an_update_that_would_collide_by_what_is_there(people: People, tmp_path: Path) -> None:
    """The row says only the half of it: the other half is in the record."""
    both = [[["name", "folded"], ["tax_id", "tax"]]]
    only_rule(people.admin, both)
    save(people.owner, name="Acme", tax_id="T1234567", external_id="1")
    save(people.owner, name="Other", tax_id="T1234567", external_id="2")
    text = "External ID,Name\n2,Acme\n1,Acme\n"
    columns = ((0, "external_id"), (1, "name"))
    done = import_text(
        people.owner, "parties.company", tmp_path, text, mode="both", key="external_id",
        columns=columns,
    )  # fmt: skip
    assert reasons(done) == {2: REASONS["collides"]}
    assert done.result.counts["refused"] == 1
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Acme", "Other"]


def test_a_company_that_is_only_named(people: People, tmp_path: Path) -> None:
    only_rule(people.admin, [[["name", "folded"]]])
    save(people.owner, name="Acme")
    text = "Name,Company\nAna Ruiz,Acme\nEva Gil,Fresh\n"
    done = import_text(people.stranger, "parties.person", tmp_path, text, key="")
    assert reasons(done) == {2: REASONS["collides_masked"]}
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Acme", "Eva Gil", "Fresh"]


def test_warnings_are_counted(people: People, tmp_path: Path) -> None:
    save(people.owner, name="Acme", email="info@acme.es", phone="+34955472912")
    text = "Name,Email,Phone\nAcme,info@acme.es,\nacme,,\nOther,,+34 955 47 29 12\nThird,x@y.es,\n"
    done = import_text(people.owner, "parties.company", tmp_path, text, key="", dry_run=True)
    assert done.counts == (4, 0, 0, 0)
    told = {params["rule"]: rows for outcome, _m, params, rows in done.result.reasons
            if outcome == "warned"}  # fmt: skip
    assert told == {"Same e-mail": 1, "Same phone": 1, "Same name": 2}


def test_statements_do_not_grow_with_rows(people: People, tmp_path: Path) -> None:
    only_rule(people.admin, SAME_EMAIL)
    add_rule(actor=people.admin, kind="company", name="w", conditions=[[["name", "folded"]]])

    def statements(rows: int) -> int:
        text = "Name,Email\n" + "".join(f"F{rows} {n},f{rows}.{n}@x.es\n" for n in range(rows))
        with CaptureQueriesContext(connection) as asked:
            assert import_text(people.owner, "parties.company", tmp_path, text, key="").counts[0]
        return len(asked)

    statements(2)  # what is read once is read now
    assert statements(5) == statements(300)
