"""Custom fields of people, tasks, interactions and files: the same surfaces, other writers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parties.importing_help import import_text
from tests.personas import People
from tests.records.api.calling import Caller, make_key
from tests.records.custom.kinds import CASES, Case, add
from tests.records.test_surfaces import signed_in
from tests.samples import make_sample
from vinculo.interactions.models import Task
from vinculo.parties.models import Company, Person
from vinculo.records.entity import Entity
from vinculo.records.registry import entities, entity
from vinculo.records.search import search
from vinculo.records.writing import edit_record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("one", entities(), ids=lambda one: one.key)
def test_every_record_type_shows_filters_sorts_and_tells_it(one: Entity, people: People) -> None:
    made = add(people.admin, "number", key=one.key)
    record = make_sample(one, people.owner)
    edit_record(actor=people.owner, entity=one, record=record, data={made.name: 987654})
    client = signed_in(people.owner)
    for url in (f"/{one.path}?cols={one.title},{made.name}&sort={made.name}",
                f"/{one.path}?cols={one.title},{made.name}&{made.name}.above=987653",
                f"/{one.path}/{record.pk}"):  # fmt: skip
        assert "987,654" in client.get(url).content.decode(), url
    assert "987,654" not in client.get(f"/{one.path}?{made.name}.above=987654").content.decode()
    told = Caller(make_key(people.owner)[1]).get(f"/{one.path}/{record.pk}").json()["data"]
    assert told[made.name] == 987654


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_tasks_are_imported_with_it(case: Case, people: People, tmp_path: Path) -> None:
    made = add(people.admin, case.kind, key="interactions.task")
    text = f'title,{made.label}\nCall,"{case.file}"\n'
    imported = import_text(people.owner, "interactions.task", tmp_path, text, key="")
    assert imported.counts == (1, 0, 0, 0), imported.refused
    assert Task.objects.get().custom == {made.slug: case.kept}


def test_people_are_imported_with_whom_they_name(people: People, tmp_path: Path) -> None:
    boss = add(people.admin, "relation", label="Boss", key="parties.person",
               target="parties.company")  # fmt: skip
    note = add(people.admin, label="Nickname", key="parties.person", searched=True)
    import_text(people.owner, "parties.company", tmp_path, "name\nAcme\nTwice\nTwice\n", key="")
    import_text(people.stranger, "parties.company", tmp_path, "name\nHidden\n")
    text = "name,boss,nickname\nAna,ACME,Anita\nBea,Twice,\nCaro,Hidden,\nDora,,\n"
    imported = import_text(people.owner, "parties.person", tmp_path, text, key="")
    assert imported.counts == (2, 0, 0, 2)
    ana = Person.objects.get(name="Ana")
    acme = Company.objects.get(name="Acme")
    assert ana.custom == {boss.slug: acme.pk, note.slug: "Anita"}
    assert [one.pk for group in search(people.owner, "anita") for one in group.records] == [ana.pk]
    again = import_text(
        people.owner, "parties.person", tmp_path, "name,nickname\nAna,Anita\nAna,Annie\n",
        key="name", mode="update",
    )  # fmt: skip
    ana.refresh_from_db()
    assert again.counts == (0, 1, 1, 0) and ana.custom[note.slug] == "Annie"
    assert ana.custom[boss.slug] == acme.pk


def test_a_required_field_needs_a_column(people: People, tmp_path: Path) -> None:
    from vinculo.kernel.errors import DomainError

    add(people.admin, label="Level", required=True)
    with pytest.raises(DomainError):
        import_text(people.owner, "parties.company", tmp_path, "name\nAcme\n")
    assert not Company.objects.exists()
    assert entity("parties.company").form_names[-1] == "custom_level"
