"""Settings → Layouts, as an administrator uses it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.personas import People
from tests.records.custom.kinds import add
from tests.records.shaping.arranging_help import COMPANY, arrange, company_part, part, when
from tests.records.test_surfaces import signed_in
from tests.samples import make_company
from vinculo.platform.models import Change, ChangeSet, RecordLayout, Role
from vinculo.platform.role_actions import delete_role
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.shaping.arranging import shape_of
from vinculo.records.shaping.shape import declared_shape

pytestmark = pytest.mark.django_db

URL = "/settings/layouts/companies"
SENT: dict[str, Any] = {
    "seen": "0",
    "item": ["section:a", "field:name", "field:industry", "field:gone", "section:b", "field:website",
             "field:website", "palette", "field:phone", "field:created_at"],
    "title:a:": "First", "title:a:es": "Primero", "columns:a": "2",
    "title:b:": "Second", "collapsed:b": "on",
    "required:website": "on", "new:name": "on", "new:industry": "on",
    "when:website": json.dumps([{"field": "industry", "operator": "is", "values": ["food"]}]),
    "panel": ["group", "contacts", "nothing"], "panel-hidden": ["timeline"],
}  # fmt: skip


def _written() -> bool:
    return ChangeSet.objects.filter(verb__contains="layout").exists()


def sent(**other: Any) -> dict[str, Any]:
    """What the editor sends, but for some of it."""
    return {**SENT, **other}


def test_what_the_editor_sends_is_the_layout(people: People) -> None:
    client = signed_in(people.admin)
    assert client.get(URL).status_code == 200
    assert client.post(URL, SENT).status_code == 302
    shape = shape_of(people.owner, entity(COMPANY))
    assert shape is not None
    one, two = shape.parts
    assert [field.name for field in one.fields] == ["name", "industry"]
    assert (one.labels, one.two_columns, one.collapsed) == ({"": "First", "es": "Primero"}, True, False)  # fmt: skip
    assert two.collapsed and [field.name for field in two.fields] == ["website"]
    assert two.fields[0].required and two.fields[0].when[0].values == ("food",)
    assert shape.left_out == {"phone"} and shape.panels == ("group", "contacts")
    page = client.get(URL).content.decode()
    assert "Primero" in page and "&quot;food&quot;" in page
    assert signed_in(people.admin).get("/settings/layouts").status_code == 200
    changeset = ChangeSet.objects.get(verb="records.save_layout")
    assert changeset.label == "Companies"


@pytest.mark.parametrize(
    "wrong",
    [
        {"item": []}, {"title:b:": ""}, {"title:a:": "x" * 81}, {"when:website": "{"},
        {"when:website": json.dumps([{"field": 1}])}, {"when:website": "[" * 100_000},
        {"item": ["section:a", "palette", "field:name"]},
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(people: People, wrong: dict[str, Any]) -> None:
    client = signed_in(people.admin)
    answer = client.post(URL, sent(**wrong))
    assert answer.status_code == 422 and answer.context["refused"]
    assert client.post(f"{URL}/preview", sent(**wrong)).context["refused"]
    assert not RecordLayout.objects.exists() and not _written()


def test_two_administrators_do_not_overwrite_each_other(people: People) -> None:
    client = signed_in(people.admin)
    arrange(people.manager_as_admin(), company_part("phone"))
    answer = client.post(URL, SENT)
    assert answer.status_code == 409
    assert "Manager changed this layout meanwhile" in answer.context["refused"]
    kept = [one.title for one in answer.context["sections"]]
    assert kept == ["First", "Second"]
    assert RecordLayout.objects.get().shape["sections"][0]["labels"] == {"": "Mine"}
    again = sent(seen=str(answer.context["seen"]))
    assert client.post(URL, again).status_code == 302
    assert RecordLayout.objects.get().shape["sections"][0]["labels"][""] == "First"


def test_a_change_is_undone_and_reset_and_brought_back(people: People) -> None:
    client = signed_in(people.admin)
    client.post(URL, SENT)
    first = RecordLayout.objects.get()
    client.post(URL, sent(seen=str(first.stamp), **{"title:a:": "Other"}))
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    people.admin.forget_rights()
    shape = shape_of(people.admin, entity(COMPANY))
    assert shape is not None and shape.parts[0].labels[""] == "First"
    assert client.post(f"{URL}/reset").status_code == 302
    assert shape_of(people.admin, entity(COMPANY)) is None
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    people.admin.forget_rights()
    shape = shape_of(people.admin, entity(COMPANY))
    assert shape is not None and shape.parts[0].labels[""] == "First"
    assert Change.objects.filter(table="platform_recordlayout").count() >= 4


def test_titles_are_written_in_the_language_of_whoever_arranges(people: People) -> None:
    people.admin.language = "es"
    people.admin.save()
    client = signed_in(people.admin)
    assert 'name="title:s0:es" value="Datos"' in client.get(URL).content.decode()
    client.post(URL, SENT)
    page = client.get(URL).content.decode()
    assert 'name="title:s0:es" value="Primero"' in page
    assert "Todos los demás idiomas" in page and 'name="title:s0:" value="First"' in page
    assert 'name="title:s1:" value="Second"' in page


def test_a_role_takes_its_layout_along_and_brings_it_back(people: People) -> None:
    role = Role.objects.create(name="Visitors")
    arrange(people.admin, company_part("phone"), role=role)
    delete_role(actor=people.admin, role=role)
    assert not RecordLayout.objects.exists()
    undo_change_set(actor=people.admin, change_set=ChangeSet.objects.latest("pk"))
    back = RecordLayout.objects.get()
    assert back.role is not None and back.role.name == "Visitors" and back.stamp


def test_an_administrator_comes_here_from_the_page(people: People) -> None:
    company = make_company(people.owner)
    link = 'href="/settings/layouts/companies"'
    assert link in signed_in(people.admin).get(f"/companies/{company.pk}").content.decode()
    assert link not in signed_in(people.owner).get(f"/companies/{company.pk}").content.decode()


def test_begun_with_another_layout(people: People) -> None:
    role = Role.objects.get(name="Team rows")
    arrange(people.admin, part("Everybodys", "name"))
    client = signed_in(people.admin)

    def titles(query: str) -> list[str]:
        return [one.title for one in client.get(f"{URL}{query}").context["sections"]]

    assert titles(f"?role={role.pk}") == ["Everybodys"]
    declared = [str(one.label) for one in declared_shape(entity(COMPANY)).parts]
    assert titles(f"?role={role.pk}&from=declared") == declared
    made = arrange(people.admin, part("Teams", "name"), role=role)
    assert titles(f"?from={made.pk}") == ["Teams"]
    assert client.get(f"{URL}?role=999999").status_code == 404
    assert client.get("/settings/layouts/nothing").status_code == 404


def test_the_preview_shows_what_the_role_may_see_and_writes_nothing(people: People) -> None:
    role = Role.objects.get(name="Own rows")
    role.field_rules = {COMPANY: {"industry": "hidden"}}
    role.save()
    make_company(people.owner)
    client = signed_in(people.admin)
    before = ChangeSet.objects.count()
    page = client.post(f"{URL}/preview?role={role.pk}", sent()).content.decode()
    assert 'name="name"' in page and 'name="industry"' not in page
    # a field that waits for what the role does not see is shown, and nobody is made to fill it
    assert 'name="website"' in page and "data-when" not in page
    page = client.post(f"{URL}/preview", sent()).content.decode()
    assert 'name="industry"' in page and "data-when" in page
    assert ChangeSet.objects.count() == before and not RecordLayout.objects.exists()


def test_a_deleted_field_leaves_the_layout_and_comes_back_to_its_place(people: People) -> None:
    made = add(people.admin, label="Level")
    arrange(people.admin, company_part(when(made.name, ("industry", "set"))))
    client = signed_in(people.admin)
    client.post(f"/settings/fields/{made.pk}/delete")
    assert made.name not in client.get(URL).content.decode()
    assert client.get("/companies/new").status_code == 200
    client.post(f"/settings/fields/{made.pk}/restore")
    fields = client.get(URL).context["sections"][0].fields
    assert [one.field.name for one in fields] == ["name", made.name]


def test_only_administrators_come_here(people: People) -> None:
    client = signed_in(people.manager)
    for url in ("/settings/layouts", URL):
        assert client.get(url).status_code == 403
    for url in (URL, f"{URL}/preview", f"{URL}/reset", f"{URL}/move/up"):
        assert client.post(url, SENT).status_code == 403
    assert not RecordLayout.objects.exists()
