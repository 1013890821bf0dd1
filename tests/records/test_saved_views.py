"""Saved views: kept, changed, shared, ordered, undone; never wider than what their reader sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict

from tests.personas import People, make_role, make_user
from tests.records.test_surfaces import signed_in
from tests.samples import CANARY, make_company, make_task
from vinculo.kernel.errors import DomainError, NotAllowed, NotFound
from vinculo.platform.journal import change_set
from vinculo.platform.models import Change, ChangeSet, Team, User
from vinculo.platform.undo import undo_change_set
from vinculo.records.lists import parse_list
from vinculo.records.registry import entity
from vinculo.records.saved.actions import (
    delete_view,
    keep_favourite,
    open_view_first,
    order_views,
    rename_view,
    save_view,
    share_view,
    update_view,
)
from vinculo.records.saved.models import Favourite, SavedView
from vinculo.records.saved.shelf import favourite_items, shelf_of, state_of

COMPANY = entity("parties.company")
QUERY = "state.in=active,lead&sort=-created_at&cols=name,city"


def saved(user: User, name: str = "Mine", query: str = QUERY, **sharing: Any) -> SavedView:
    """A view of companies."""
    return save_view(actor=user, entity=COMPANY, name=name, query=query, **sharing)


def page(user: User, url: str) -> str:
    """A page as its reader gets it."""
    response = signed_in(user).get(url)
    assert response.status_code == 200, (url, response.status_code)
    return str(response.content.decode())


def again(user: User) -> User:
    """The same person in a later request: nothing is remembered."""
    return User.objects.get(pk=user.pk)


def test_a_view_has_an_address_of_its_own_that_shows_its_state(people: People) -> None:
    make_company(people.owner, "Lead Ltd")
    view = saved(people.owner)
    body = page(people.owner, f"/companies/views/{view.pk}")
    assert "Lead Ltd" in body
    tabs = body.split('id="list-tabs"')[1].split("</nav>")[0]
    assert re.search(rf'views/{view.pk}"[^>]*aria-current="page"', tabs)
    assert "tab-dot" not in tabs
    heads = re.findall(r"<th[^>]*>.*?</th>", body, re.S)
    assert any("City" in head for head in heads) and not any("Industry" in head for head in heads)
    state = parse_list(COMPANY, people.owner, QueryDict(view.query))
    assert state.sort_parameter == "-created_at"


def test_a_changed_view_says_so_and_offers_to_save(people: People) -> None:
    view = saved(people.owner)
    body = page(people.owner, f"/companies?view={view.pk}&{QUERY}&city.contains=Bonn")
    tabs = body.split('id="list-tabs"')[1].split('class="bar"')[0]
    assert "tab-dot" in tabs
    assert f"/companies/views/{view.pk}/save" in tabs and "/companies/views/new?" in tabs
    assert f'href="/companies/views/{view.pk}">Reset' in tabs
    query = re.search(r'name="query" value="([^"]*)"', tabs)
    assert query is not None
    client = signed_in(people.owner)
    told = client.post(
        f"/companies/views/{view.pk}/save",
        {"query": query[1].replace("&amp;", "&")},
        headers={"HX-Request": "true"},
    )
    assert told.status_code == 204 and f"/companies/views/{view.pk}" in told["HX-Location"]
    view.refresh_from_db()
    assert "city.contains=Bonn" in view.query and "view=" not in view.query
    assert "tab-dot" not in page(people.owner, f"/companies/views/{view.pk}").split("</nav>")[1]


def test_a_state_in_the_address_of_a_view_goes_on_to_the_list(people: People) -> None:
    view = saved(people.owner)
    answer = signed_in(people.owner).get(f"/companies/views/{view.pk}?cols=name")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/companies?view={view.pk}&")
    assert "cols=name" in answer["Location"] and "cols=name%2Ccity" not in answer["Location"]
    assert signed_in(people.owner).get(f"/companies/views/{view.pk}?peek=7").status_code == 200


def test_saving_asks_for_a_name_and_refuses_what_is_no_state(people: People) -> None:
    client = signed_in(people.owner)
    form = client.get("/companies/views/new?query=state.is%3Dlead", headers={"HX-Request": "1"})
    assert b"state.is=lead" in form.content
    missing = client.post("/companies/views/new", {"query": "state.is=lead", "name": " "})
    assert missing.status_code == 422
    done = client.post("/companies/views/new", {"query": "state.is=lead", "name": "Leads"})
    assert done.status_code == 302
    for name, query in (("leads", ""), ("Other", "nothing.is=1"), ("More", "x" * 5000)):
        with pytest.raises(DomainError):
            saved(people.owner, name, query)
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("persona", ("teammate", "stranger", "manager", "admin"))
def test_a_private_view_is_nobody_elses(persona: str, people: People) -> None:
    view = saved(people.owner, CANARY)
    other = people.all()[persona]
    before = Change.objects.count()
    client, url = signed_in(other), f"/companies/views/{view.pk}"
    assert client.get(url).status_code == 404
    assert CANARY not in page(other, f"/companies?view={view.pk}")
    for what in ("edit", "save", "first", "delete", "favourite"):
        assert client.post(f"{url}/{what}", {"name": "taken"}).status_code == 404, what
    for act in (
        lambda: rename_view(actor=other, view=view, name="taken"),
        lambda: update_view(actor=other, view=view, entity=COMPANY, query=""),
        lambda: share_view(actor=other, view=view, team=people.north),
        lambda: delete_view(actor=other, view=view),
    ):
        with pytest.raises(NotFound):
            act()
    assert Change.objects.count() == before


def test_sharing_reaches_the_team_and_the_teams_below_and_those_who_lead_it(people: People) -> None:
    north = saved(people.owner, "Of the north", team=people.north)
    assert {"owner", "teammate", "manager", "admin"} == seers(people, north)
    company = saved(people.manager, "Of all", team=people.company)
    assert {"owner", "teammate", "stranger", "manager", "admin"} == seers(people, company)
    south = Team.objects.get(pk=people.south.pk)
    with pytest.raises(NotAllowed):
        share_view(actor=people.owner, view=north, team=south)


def seers(people: People, view: SavedView) -> set[str]:
    """Who finds the view among the tabs and can open it."""
    found = set()
    for name, person in people.all().items():
        there = signed_in(person).get(f"/companies/views/{view.pk}").status_code == 200
        assert there == (f"/companies/views/{view.pk}" in page(person, "/companies"))
        found |= {name} if there else set()
    return found


def test_sharing_with_a_role_needs_the_right_to_share(people: People) -> None:
    role = people.owner.active_roles()[0]
    view = saved(people.owner, "For salespeople", role=role)
    assert seers(people, view) == {"owner", "teammate", "stranger", "admin"}
    silent = make_role("Silent", "own")
    silent.actions = ["parties.*"]
    silent.save()
    quiet = make_user("quiet", silent, team=people.north)
    own = saved(quiet, "My own")
    with pytest.raises(NotAllowed):
        share_view(actor=quiet, view=own, team=people.north)
    with pytest.raises(NotAllowed):
        saved(quiet, "Also", team=people.north)
    form = signed_in(quiet).get("/companies/views/new", headers={"HX-Request": "1"})
    assert b'name="shared"' not in form.content


def test_whoever_sees_a_shared_view_does_not_change_it(people: People) -> None:
    view = saved(people.owner, "Of the north", team=people.north)
    body = page(people.teammate, f"/companies?view={view.pk}&city.contains=x")
    assert f"views/{view.pk}/save" not in body and "/companies/views/new?" in body
    with pytest.raises(NotFound):
        delete_view(actor=people.teammate, view=view)
    assert rename_view(actor=people.admin, view=view, name="Tidied").name == "Tidied"


def test_what_is_hidden_from_the_reader_is_left_out_quietly(people: People) -> None:
    make_company(people.teammate, "Seen Ltd")
    query = "tax_id.contains=ES&state.in=lead,active&sort=-tax_id,name&cols=name,tax_id:200,city"
    view = saved(people.owner, "Taxes", query, team=people.north)
    role = make_role("Blind", "own")
    role.field_rules = {"parties.company": {"tax_id": "hidden"}}
    role.save()
    blind = make_user("blind", role, team=people.north)
    make_company(blind, "Visible Ltd")
    kept, dropped = state_of(COMPANY, blind, view)
    assert dropped and "tax_id" not in kept
    assert "state.in=lead%2Cactive" in kept and "city" in kept
    body = page(blind, f"/companies/views/{view.pk}")
    assert "Some of this view is hidden from you" in body and "Visible Ltd" in body
    assert not re.search(r"<th[^>]*>\s*(<[^>]*>)*Tax id", body)
    assert "tab-dot" not in body.split('id="list-tabs"')[1].split("</nav>")[0]
    assert "Some of this view" not in page(people.owner, f"/companies/views/{view.pk}")


def test_a_view_shows_each_reader_their_own_rows(people: People) -> None:
    make_company(people.owner, CANARY)
    view = saved(people.owner, "Everything", "sort=-created_at", team=people.north)
    assert CANARY in page(people.owner, f"/companies/views/{view.pk}")
    assert CANARY not in page(people.teammate, f"/companies/views/{view.pk}")


def test_deleting_is_undone_with_everything_that_hung_on_it(people: People) -> None:
    view = saved(people.owner)
    keep_favourite(actor=people.owner, entity=COMPANY, view=view)
    open_view_first(actor=people.owner, entity=COMPANY, view=view)
    client = signed_in(people.owner)
    assert b"The records stay" in client.get(f"/companies/views/{view.pk}/delete").content
    answer = client.post(f"/companies/views/{view.pk}/delete", headers={"HX-Request": "true"})
    assert answer.status_code == 204 and not SavedView.objects.exists()
    made = ChangeSet.objects.filter(verb="records.delete_view").latest("pk")
    undo_change_set(actor=people.owner, change_set=made)
    reader = again(people.owner)
    assert SavedView.objects.get().name == "Mine"
    assert Favourite.objects.get().view_id == view.pk
    assert shelf_of(reader).opens_first(COMPANY.key) is not None


def test_the_navigation_leads_to_the_chosen_view_and_keeps_favourites(people: People) -> None:
    view = saved(people.owner)
    company = make_company(people.owner, "Kept & Co")
    hidden = make_company(people.stranger, CANARY)
    client = signed_in(people.owner)
    client.post(f"/companies/views/{view.pk}/first")
    for url in (f"/companies/views/{view.pk}", f"/companies/{company.pk}"):
        starred = client.post(f"{url}/favourite", headers={"HX-Request": "true"})
        assert b'aria-pressed="true"' in starred.content
        assert "favourites:changed" in starred["HX-Trigger"]
    with change_set(actor=people.owner, verb="records.keep_favourite"):
        Favourite.objects.create(user=people.owner, entity=COMPANY.key, row_id=hidden.pk)
    nav = page(people.owner, "/my-day").split('id="nav"')[1].split("</nav>")[0]
    assert f'href="/companies/views/{view.pk}"' in nav and "Kept &amp; Co" in nav
    assert CANARY not in nav
    labels = [one["label"] for one in favourite_items(again(people.owner), "/")]
    assert labels == ["Mine", "Kept & Co"]
    client.post(f"/companies/{company.pk}/favourite")
    anew = client.get(
        "/navigation",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/companies/7"},
    ).content.decode()
    assert "Kept" not in anew and f'views/{view.pk}" aria-current="page"' in anew
    assert client.post(f"/companies/{hidden.pk}/favourite").status_code == 404


def test_the_order_of_tabs_is_each_readers_own(people: People) -> None:
    first = saved(people.owner, "First", team=people.north)
    second = saved(people.owner, "Second", "state.is=lead", team=people.north)
    order_views(actor=people.teammate, entity=COMPANY, order=[second.pk, first.pk, 999_999])
    assert names(people.teammate) == ["Second", "First"]
    assert names(people.owner) == ["First", "Second"]
    client = signed_in(people.owner)
    moved = client.post(
        "/companies/views/order", {"order": f"{second.pk},{first.pk}", "quiet": "1"}
    )
    assert moved.status_code == 204 and "undo_url" in moved["HX-Trigger"]
    assert names(people.owner) == ["Second", "First"]


def names(user: User) -> list[str]:
    return [view.name for view in shelf_of(again(user)).views_of(COMPANY.key)]


def test_views_belong_to_one_list(people: People) -> None:
    view = saved(people.owner)
    make_task(people.owner, "Call")
    assert signed_in(people.owner).get(f"/tasks/views/{view.pk}").status_code == 404
    assert "tab-dot" not in page(people.owner, f"/tasks?view={view.pk}")
