"""Saved views through the API: read, kept, changed, deleted, and lists that are asked through one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parties.makers import make_company
from tests.personas import EVERYTHING, People, make_role, make_user
from tests.records.api.calling import Caller, caller_for, database_state
from tests.samples import CANARY
from vinculo.parties.derived import refresh
from vinculo.platform.models import ChangeSet, Role
from vinculo.platform.undo import undo_change_set
from vinculo.records.registry import entity
from vinculo.records.saved.actions import save_view, share_view
from vinculo.records.saved.models import SavedView

pytestmark = pytest.mark.django_db
COMPANY, PERSON = entity("parties.company"), entity("parties.person")


def kept(user: Any, name: str = "Leads", query: str = "state.in=lead", **whom: Any) -> SavedView:
    """A view of companies."""
    return save_view(actor=user, entity=COMPANY, name=name, query=query, **whom)


def refused(answer: Any, status: int, field: str | None = None) -> str:
    """The sentence of a refusal with this status, about this input."""
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (status, field), answer.content
    return str(error["message"])


# --- the views themselves -----------------------------------------------------------------------


def test_a_view_is_kept_read_changed_and_deleted(people: People) -> None:
    caller = caller_for(people.owner)
    body = {"entity": "parties.company", "name": " Open  leads ", "query": "sort=-name&q=ber"}
    made = caller.post("/views", {**body, "team": people.north.pk})
    assert made.status_code == 201, made.content
    data = made.json()["data"]
    assert (data["name"], data["query"]) == ("Open leads", "q=ber&sort=-name")
    assert data["team"] == {"id": people.north.pk, "name": "North", "url": None}
    assert (data["role"], data["owner"]["id"]) == (None, people.owner.pk)
    assert data["records"] == f"/api/v1/companies?view={data['id']}"
    at = made["Location"]
    assert caller.get(at).json()["data"] == data
    assert caller.get(at, If_None_Match=made["ETag"]).status_code == 304
    changed = caller.patch(at, {"name": "Leads", "query": "state.in=lead", "team": None})
    assert changed.status_code == 200, changed.content
    now = changed.json()["data"]
    assert (now["name"], now["query"], now["team"]) == ("Leads", "state.in=lead", None)
    assert ChangeSet.objects.filter(pk=changed["Vinculo-Change-Set"]).count() == 1
    assert caller.patch(at, {"name": "Leads"}).get("Vinculo-Change-Set") is None
    gone = caller.delete(at)
    assert (gone.status_code, caller.get(at).status_code) == (204, 404)
    change_set = ChangeSet.objects.get(pk=gone["Vinculo-Change-Set"])
    undo_change_set(actor=people.owner, change_set=change_set)
    assert caller.get(at).json()["data"]["name"] == "Leads"


def test_two_writers_do_not_overwrite_each_other(people: People) -> None:
    view = kept(people.owner)
    caller = caller_for(people.owner)
    tag = caller.get(f"/views/{view.pk}")["ETag"]
    assert caller.patch(f"/views/{view.pk}", {"name": "One"}, If_Match=tag).status_code == 200
    before = database_state()
    assert "meantime" in refused(
        caller.patch(f"/views/{view.pk}", {"name": "Two"}, If_Match=tag), 412
    )
    refused(caller.delete(f"/views/{view.pk}", If_Match=tag), 412)
    assert database_state() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "entity"),
        ({"entity": "parties.company"}, "name"),
        ({"entity": "parties.company", "name": "  "}, "name"),
        ({"entity": "parties.company", "name": "leads"}, "name"),
        ({"entity": "parties.company", "name": 7}, "name"),
        ({"entity": "parties.company", "name": None}, "name"),
        ({"entity": "parties.nothing", "name": "x"}, "entity"),
        ({"entity": "parties.company", "name": "x", "query": "nothing.is=1"}, None),
        ({"entity": "parties.company", "name": "x", "query": "x" * 5000}, None),
        ({"entity": "parties.company", "name": "x", "colour": "red"}, "colour"),
        ({"entity": "parties.company", "name": "x", "team": 99_999_999}, "team"),
        ({"entity": "parties.company", "name": "x", "role": True}, "role"),
        ({"entity": "parties.company", "name": "x", "team": "both", "role": 2**70}, "team"),
    ],
)
def test_what_makes_no_view_is_refused(
    people: People, body: dict[str, Any], field: str | None
) -> None:
    kept(people.owner)
    caller = caller_for(people.owner)
    before = database_state()
    refused(caller.post("/views", body), 422, field)
    assert database_state() == before


def test_sharing_needs_the_right_and_a_team_of_ones_own(people: People) -> None:
    view = kept(people.owner)
    caller, at = caller_for(people.owner), f"/views/{view.pk}"
    role = people.owner.active_roles()[0]
    before = database_state()
    refused(caller.patch(at, {"team": people.south.pk}), 403, "team")
    both = {"team": people.north.pk, "role": role.pk}
    assert "not with both" in refused(caller.patch(at, both), 422, "team")
    refused(caller.patch(at, {"entity": "parties.person"}), 422, "entity")
    assert database_state() == before
    assert caller.patch(at, both | {"team": None}).json()["data"]["role"]["id"] == role.pk
    assert caller.patch(at, {"team": people.north.pk}).json()["data"]["role"] is None
    Role.objects.filter(pk=role.pk).update(actions=["parties.*"])
    refused(caller_for(people.owner).patch(at, {"role": role.pk}), 403)


@pytest.mark.parametrize("persona", ("teammate", "stranger", "manager", "admin"))
def test_a_private_view_is_nobody_elses(people: People, persona: str) -> None:
    at = f"/views/{kept(people.owner, CANARY).pk}"
    caller = caller_for(getattr(people, persona))
    before = database_state()
    assert caller.get("/views").json()["data"] == []
    for answer in (caller.get(at), caller.patch(at, {"name": "taken"}), caller.delete(at)):
        assert answer.content == caller.get("/views/99999999").content
        refused(answer, 404)
    refused(caller.get(f"/companies?view={at.rpartition('/')[2]}"), 422, "view")
    assert database_state() == before


def test_a_shared_view_is_read_by_its_people_and_changed_by_its_owner(people: People) -> None:
    at = f"/views/{kept(people.owner, team=people.north).pk}"
    callers = {name: caller_for(person) for name, person in people.all().items()}
    before = database_state()
    for name, sees in (("teammate", True), ("manager", True), ("admin", True), ("stranger", False)):
        caller = callers[name]
        assert len(caller.get("/views").json()["data"]) == sees, name
        assert caller.get(at).status_code == (200 if sees else 404), name
        if name != "admin":
            refused(caller.patch(at, {"name": "taken"}), 404)
            refused(caller.delete(at), 404)
    assert database_state() == before
    assert callers["admin"].patch(at, {"name": "Tidied"}).status_code == 200


def test_a_view_is_seen_by_the_rights_of_the_key(people: People) -> None:
    mine = kept(people.owner)
    save_view(actor=people.owner, entity=PERSON, name="People", query="")
    only = Role.objects.create(name="People only", grants={"parties.person": {"view": "own"}})
    somebody = make_user("somebody", only, team=people.north)
    share_view(actor=people.owner, view=mine, team=people.north)
    caller = caller_for(somebody)
    assert caller.get("/views").json()["data"] == []
    refused(caller.get(f"/views/{mine.pk}"), 404)
    refused(caller.get("/views?entity.is=parties.company"), 422, "entity.is")
    refused(caller.post("/views", {"entity": "parties.company", "name": "x"}), 422, "entity")


def test_the_list_of_views_goes_by_pages_and_by_record_type(people: People) -> None:
    for n in range(5):
        kept(people.owner, f"View {n}")
    save_view(actor=people.owner, entity=PERSON, name="People", query="")
    caller = caller_for(people.owner)
    names, at, pages = [], "/views?limit=2&entity.is=parties.company", []
    while at:
        page = caller.get(at).json()
        names += [one["name"] for one in page["data"]]
        pages.append(at)
        at = page["next"]
    assert (names, len(pages)) == ([f"View {n}" for n in range(5)], 3)
    back = caller.get(pages[-1]).json()["previous"]
    assert [one["name"] for one in caller.get(back).json()["data"]] == ["View 2", "View 3"]
    assert caller.get(caller.get(back).json()["previous"]).json()["previous"] is None
    assert len(caller.get("/views").json()["data"]) == 6
    for query, field in (
        ("limit=0", "limit"),
        ("after=nonsense", None),
        ("after=WzEsMV0", None),
        ("after=WzFd&before=WzFd", "after"),
        ("entity.is=nothing", "entity.is"),
        ("name.is=x", "name.is"),
    ):
        refused(caller.get(f"/views?{query}"), 422, field)


# --- lists through a view -----------------------------------------------------------------------


@pytest.fixture
def cities(people: People) -> Caller:
    """Companies of the owner in three cities, and their key."""
    made = [
        make_company(name, owner=people.owner, team=people.north, value_class=value)
        for name, value in (("Arco", "A"), ("Brisa", "B"), ("Cielo", "A"), ("Duna", "C"))
    ]
    refresh([one.pk for one in made])
    return caller_for(people.owner)


def names(caller: Caller, query: str) -> list[str]:
    """The names that a list answers with, in its order."""
    answer = caller.get(f"/companies?fields=name&{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def test_a_list_is_what_the_view_shows(people: People, cities: Caller) -> None:
    view = kept(people.owner, query="value_class.in=A,B&sort=-name&cols=name&group=owner")
    assert names(cities, f"view={view.pk}") == ["Cielo", "Brisa", "Arco"]
    first = cities.get(f"/companies?view={view.pk}&limit=2&count=1").json()
    assert first["count"]["number"] == 3
    assert [row["name"] for row in cities.get(first["next"]).json()["data"]] == ["Arco"]
    assert "owner" in first["data"][0]  # which fields come is the caller's to say


def test_filters_beside_a_view_narrow_it(people: People, cities: Caller) -> None:
    view = kept(people.owner, query="any1.name.is=Arco&any1.name.is=Brisa&sort=-name")
    at = f"view={view.pk}"
    assert names(cities, f"{at}&value_class.in=A") == ["Arco"]
    # A group of the same number is another group: it must not widen the view's.
    assert names(cities, f"{at}&any1.name.is=Cielo&any1.value_class.in=B") == ["Brisa"]
    assert names(cities, f"{at}&sort=name") == ["Arco", "Brisa"]
    searching = kept(people.owner, "Found", "q=arco")
    assert names(cities, f"view={searching.pk}&q=brisa") == []
    assert names(cities, f"view={searching.pk}&q=arc") == ["Arco"]


def test_a_view_of_others_or_of_other_records_is_refused(people: People, cities: Caller) -> None:
    others = save_view(actor=people.owner, entity=PERSON, name="Everyone", query="")
    said = refused(cities.get(f"/companies?view={others.pk}"), 422, "view")
    assert "Everyone" in said and "People" in said
    for nonsense in ("", "0", "x", "٣", "9" * 40, "99999999"):
        said = refused(cities.get(f"/companies?view={nonsense}"), 422, "view")
        assert said == "There is no such view, or it is not shared with you."


def test_a_view_never_widens_for_somebody_from_whom_it_is_hidden(people: People) -> None:
    view = kept(people.owner, query="value_class.in=A&sort=-value_class", team=people.north)
    columns = kept(people.owner, "Columns", "cols=name,value_class", team=people.north)
    role = make_role("Reader", "all")
    role.field_rules = {key: {"value_class": "hidden"} for key in EVERYTHING}
    role.save()
    caller = caller_for(make_user("reader", role, team=people.north))
    told = caller.get(f"/views/{view.pk}").json()["data"]
    assert (told["partly"], told["query"]) == (True, "")
    assert "value_class" not in caller.get("/views").content.decode()
    assert "hidden" in refused(caller.get(f"/companies?view={view.pk}"), 422, "view")
    assert caller.get(f"/companies?view={columns.pk}").status_code == 200


def test_a_view_shows_only_what_its_reader_sees(people: People, cities: Caller) -> None:
    view = kept(people.owner, query="value_class.in=A", team=people.north)
    assert names(caller_for(people.teammate), f"view={view.pk}") == []
    assert names(cities, f"view={view.pk}") == ["Arco", "Cielo"]


def test_views_are_as_the_document_says(people: People) -> None:
    view = kept(people.owner, team=people.north)
    caller = caller_for(people.owner)
    document = caller.get("/openapi.json").json()
    schema = document["components"]["schemas"]["SavedView"]
    assert set(caller.get(f"/views/{view.pk}").json()["data"]) == set(schema["properties"])
    listed = document["paths"]["/api/v1/companies"]["get"]["parameters"]
    assert "view" in [one["name"] for one in listed]
    assert {"get", "patch", "delete"} <= set(document["paths"]["/api/v1/views/{id}"])
