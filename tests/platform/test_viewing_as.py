"""View as: the colleague's lists and fields, nothing to write, nothing that is theirs alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.personas import People, make_role, make_user
from tests.routes import routes
from tests.samples import make_company
from tests.security.world import contents
from vinculo.kernel.clock import now
from vinculo.kernel.errors import NotAllowed
from vinculo.platform import viewing_as
from vinculo.platform.access import rights_of
from vinculo.platform.access_events import notes
from vinculo.platform.models import AccessEvent, ChangeSet, Notification, User

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def looking(people: People) -> Client:
    """The administrator, who looks through the owner's eyes."""
    client = signed_in(people.admin)
    assert client.post(f"/settings/users/{people.owner.pk}/view-as")["Location"] == "/"
    return client


def test_lists_and_fields_are_the_colleagues(people: People) -> None:
    role = make_role("Sees no websites", "own")
    role.field_rules = {"parties.company": {"website": "hidden"}}
    role.save()
    person = make_user("limited", role, team=people.north)
    mine, theirs = make_company(person, "Aurora"), make_company(people.stranger, "Borealis")
    for company in (mine, theirs):
        type(company).objects.filter(pk=company.pk).update(website="https://canary.example")
    client = signed_in(people.admin)
    assert "Borealis" in client.get("/companies").content.decode()
    client.post(f"/settings/users/{person.pk}/view-as")
    for address in ("/companies", "/api/v1/companies", f"/companies/{mine.pk}"):
        page = client.get(address).content.decode()
        assert "Aurora" in page
        assert "Borealis" not in page
        assert "canary" not in page
    assert client.get(f"/companies/{theirs.pk}").status_code == 404
    assert client.get("/settings/users").status_code == 403


def test_every_page_says_so_and_leads_back(looking: Client, people: People) -> None:
    page = looking.get("/companies").content.decode()
    assert "You see what Owner sees." in page
    assert looking.post("/viewing-as/end")["Location"] == f"/settings/users/{people.owner.pk}"
    assert "You see what" not in looking.get("/companies").content.decode()
    verbs = ChangeSet.objects.filter(actor=people.admin).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "platform.view_as",
        "platform.end_view_as",
    ]


OTHERS = ("put", "patch", "delete")


def test_nothing_can_be_written_at_any_address(looking: Client) -> None:
    before = contents()
    for turn, route in enumerate(routes()):
        if route.pattern in ("viewing-as/end", "accounts/logout/"):
            continue
        # Only the API has more than forms: elsewhere one method in turn goes with the form's.
        for method in ("post", *(OTHERS if route.is_api else [OTHERS[turn % len(OTHERS)]])):
            answer = getattr(looking, method)(route.url())
            assert answer.status_code == 403, (method, route.pattern, answer.status_code)
    assert contents() == before


def test_the_refusal_is_a_sentence(looking: Client, people: People) -> None:
    company = make_company(people.owner)
    answer = looking.post(f"/companies/{company.pk}/edit", {"name": "Changed"})
    assert "nothing can be changed" in answer.content.decode()


def test_what_is_the_colleagues_alone_is_not_shown(looking: Client, people: People) -> None:
    Notification.objects.create(user=people.owner, at=now(), message="Zanzibarquill", url="/")
    assert "Zanzibarquill" not in looking.get("/notifications").content.decode()
    for address in ("/settings/security", "/settings/keys", "/settings/keys/new", "/accounts/2fa/"):
        assert looking.get(address).status_code == 403


def test_what_would_only_be_refused_is_not_offered(looking: Client, people: People) -> None:
    company = make_company(people.owner, "Aurora")
    own = signed_in(people.owner)
    offered = ("/new", "/import/", '/edit" hx-get=', "/delete", "/compose/", "data-bulk-form")
    for address in ("/companies", f"/companies/{company.pk}", "/my-day", "/companies?q=aurora"):
        page = looking.get(address).content.decode()
        assert "Aurora" in page or address == "/my-day"
        for what in offered:
            assert what not in page, (address, what)
        assert "data-edit-url" not in page and "data-movable" not in page
    assert '/companies/new"' in own.get("/companies").content.decode()
    assert "/compose/" in own.get(f"/companies/{company.pk}").content.decode()
    palette = looking.get("/palette?q=>new").content.decode()
    assert "/new" not in palette and "/import/" not in palette


def test_what_the_colleague_may_do_is_told_all_the_same(looking: Client, people: People) -> None:
    theirs = signed_in(people.owner).get("/settings/rights").content.decode()
    told = looking.get("/settings/rights").content.decode()
    start, end = "<main", "</main>"
    assert (
        told[told.index(start) : told.index(end)] == theirs[theirs.index(start) : theirs.index(end)]
    )


def test_it_ends_after_half_an_hour_and_does_nothing_then(
    looking: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = make_company(people.owner)
    later = now() + viewing_as.LASTS + timedelta(seconds=1)
    monkeypatch.setattr(viewing_as, "now", lambda: later)
    answer = looking.post(f"/companies/{company.pk}/delete")
    assert answer["Location"] == "/"
    assert type(company).objects.filter(pk=company.pk).exists()
    assert "You see what" not in looking.get("/companies").content.decode()


def test_it_ends_when_either_may_no_longer(looking: Client, people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    assert looking.get("/companies")["Location"] == "/"
    assert "You see what" not in looking.get("/companies").content.decode()


def test_only_administrators_and_not_of_each_other_nor_twice(people: People) -> None:
    url = f"/settings/users/{people.owner.pk}/view-as"
    assert signed_in(people.manager).post(url).status_code == 403
    chief = people.manager_as_admin()
    client = signed_in(people.admin)
    client.post(f"/settings/users/{chief.pk}/view-as")
    assert viewing_as.SESSION not in client.session
    people.admin.viewed_by = chief  # type: ignore[attr-defined]
    assert rights_of(people.admin).administrator
    with pytest.raises(NotAllowed):
        viewing_as.view_as(actor=people.admin, user=people.owner)


def test_what_is_opened_is_noted_as_the_administrators(looking: Client, people: People) -> None:
    notes.__init__()  # type: ignore[misc]
    company = make_company(people.owner)
    looking.get(f"/companies/{company.pk}")
    notes.flush(connection)
    found = AccessEvent.objects.get()
    assert (found.user, found.seen_as) == (people.admin, people.owner)


def test_signing_out_is_always_possible(looking: Client) -> None:
    looking.post("/accounts/logout/")
    assert looking.get("/companies").status_code == 302
    assert viewing_as.SESSION not in looking.session
