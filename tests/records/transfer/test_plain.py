"""Record types without a writer of their own are imported through the same create and edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parties.importing_help import import_text
from tests.personas import People
from vinculo.interactions.models import Task
from vinculo.parties.models import Company
from vinculo.platform.models import ChangeSet
from vinculo.platform.undo import undo_change_set

pytestmark = pytest.mark.django_db

TASKS = "title,due on,priority,company,notes\nCall,31/12/2030,high,Acme,\nWrite,01/02/2031,,,Soon\n"


def test_tasks_come_with_their_company(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "parties.company", tmp_path, "name\nAcme\n")
    dry = import_text(people.owner, "interactions.task", tmp_path, TASKS, key="", dry_run=True)
    assert (dry.counts, Task.objects.count()) == ((2, 0, 0, 0), 0)
    imported = import_text(people.owner, "interactions.task", tmp_path, TASKS, key="")
    assert imported.counts == (2, 0, 0, 0)
    call = Task.objects.get(title="Call")
    assert call.due_on.isoformat() == "2030-12-31"
    assert call.party.name == "Acme"
    assert call.owner == people.owner
    change_set = ChangeSet.objects.get(pk=imported.result.changeset_id)
    undo_change_set(actor=people.owner, change_set=change_set)
    assert not Task.objects.exists()


def test_updates_by_a_key_and_what_does_not_fit(people: People, tmp_path: Path) -> None:
    import_text(people.owner, "interactions.task", tmp_path, "title\nCall\n", key="")
    imported = import_text(
        people.owner,
        "interactions.task",
        tmp_path,
        "title,due on,priority\nCALL,2030-01-01,\nCall,someday,\nNew,,no such priority\nNext,,\n",
        key="title",
        mode="both",
    )
    assert imported.counts == (1, 1, 0, 2)
    assert [row for row, _reason, _params in imported.refused] == [3, 4]
    assert Task.objects.get(title="CALL").due_on.isoformat() == "2030-01-01"


def test_a_hidden_company_is_not_found(people: People, tmp_path: Path) -> None:
    import_text(people.stranger, "parties.company", tmp_path, "name\nAcme\n")
    imported = import_text(people.owner, "interactions.task", tmp_path, TASKS, key="")
    assert imported.counts == (1, 0, 0, 1)
    assert Company.objects.count() == 1
