"""A colleague leaves: shut out at once, everything handed over, undone without letting them in."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from tests.personas import People
from tests.samples import make_company, make_file, make_interaction, make_person, make_task
from tests.security.world import contents
from vinculo.interactions.models import Task
from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotAllowed
from vinculo.parties.models import Company, Party, Person
from vinculo.platform.key_actions import create_api_key, user_of_key
from vinculo.platform.leaving import actions as leaving
from vinculo.platform.models import AccessEvent, ChangeSet, RoleAssignment, User, Work

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(user: User) -> str:
    return f"/settings/users/{user.pk}/leave"


@pytest.fixture
def filled(people: People) -> People:
    """The owner is responsible for one of everything."""
    for make in (make_company, make_person, make_interaction, make_task, make_file):
        make(people.owner)
    return people


def test_everything_goes_to_one_person_and_nobody_signs_in_any_more(filled: People) -> None:
    key, secret = create_api_key(
        actor=filled.owner, name="k", role=filled.owner.role_assignments.get().role, days=30
    )
    theirs = client_of(filled.owner)
    assert theirs.get("/companies").status_code == 200
    answer = client_of(filled.admin).post(url(filled.owner), {"everything": filled.stranger.pk,
        **{f"to:{item}": "same" for item in TYPES}})  # fmt: skip
    assert answer.status_code == 302
    filled.owner.refresh_from_db()
    assert not filled.owner.is_active
    assert theirs.get("/companies").status_code == 302
    assert user_of_key(secret) is None
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert not Party.objects.filter(owner=filled.owner).exists()
    assert not Task.objects.filter(owner=filled.owner).exists()
    moved = Company.objects.filter(owner=filled.stranger)
    assert {company.team_id for company in moved} == {filled.south.pk}


TYPES = ("parties.company", "parties.person", "interactions.interaction", "interactions.task",
         "interactions.file")  # fmt: skip


def test_each_kind_may_go_to_somebody_else_or_stay(filled: People) -> None:
    posted = {
        "everything": filled.stranger.pk,
        "to:parties.company": "same",
        "to:parties.person": filled.teammate.pk,
        "to:interactions.task": "",
    }
    client_of(filled.admin).post(url(filled.owner), posted)
    assert Company.objects.filter(owner=filled.stranger).exists()
    assert Person.objects.get().owner == filled.teammate
    assert Task.objects.get().owner == filled.owner


def test_undoing_the_hand_over_does_not_open_the_account(filled: People) -> None:
    companies = Company.objects.filter(owner=filled.owner).count()
    admin = client_of(filled.admin)
    admin.post(url(filled.owner), {"everything": filled.stranger.pk, "to:parties.company": "same"})
    handed = ChangeSet.objects.get(verb="platform.hand_over")
    assert f'href="/undo/{handed.pk}"' in admin.get(url(filled.owner)).content.decode()
    admin.post(f"/changes/{handed.pk}/undo")
    assert Company.objects.filter(owner=filled.owner).count() == companies
    filled.owner.refresh_from_db()
    assert not filled.owner.is_active


def test_who_could_not_see_it_cannot_take_over_and_then_nothing_happens(filled: People) -> None:
    RoleAssignment.objects.filter(user=filled.stranger).delete()
    admin = client_of(filled.admin)
    before = contents()
    posted = {"everything": filled.stranger.pk, "to:parties.company": "same"}
    answer = admin.post(url(filled.owner), posted)
    assert answer.status_code == 422
    assert "Close the account and hand over" in answer.content.decode()
    assert "Stranger may not see" in answer.content.decode()
    assert contents() == before


def test_only_administrators_and_not_oneself(filled: People) -> None:
    assert client_of(filled.manager).post(url(filled.owner)).status_code == 403
    with pytest.raises(NotAllowed):
        leaving.close_account(actor=filled.manager, user=filled.owner)
    with pytest.raises(DomainError):
        leaving.close_account(actor=filled.admin, user=filled.admin)
    assert "This is you" in client_of(filled.admin).get(url(filled.admin)).content.decode()


def test_much_is_handed_over_by_a_worker(filled: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "AT_ONCE", 1)
    posted = {"everything": filled.stranger.pk, "to:parties.company": "same"}
    answer = client_of(filled.admin).post(url(filled.owner), posted, follow=True)
    assert "A worker hands over" in answer.content.decode()
    work = Work.objects.get(kind="hand_over")
    assert work.total == Company.objects.filter(owner=filled.owner).count()
    done = leaving.hand_over(
        actor=filled.admin, user=filled.owner, successors={"parties.company": filled.stranger}
    )
    assert done == work.total


def test_what_was_opened_and_taken_away_is_a_file(filled: People) -> None:
    company = Company.objects.first()
    assert company is not None
    Company.objects.filter(pk=company.pk).update(name="=cmd()")
    for how, values in (
        ("page", {"row_id": company.pk}),
        ("export", {"rows": 120, "query": "name.contains=a"}),
    ):
        AccessEvent.objects.create(
            at=now(), user=filled.owner, how=how, entity="parties.company", **values
        )
    admin = client_of(filled.admin)
    page = admin.get(url(filled.owner)).content.decode()
    assert "List exported" in page
    answer = admin.post(f"/settings/users/{filled.owner.pk}/accesses.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[3] for row in rows[1:]] == ["List exported", "Opened"]
    assert rows[1][6:] == ["120", "name.contains=a"]
    assert rows[2][5] == "'=cmd()"
    assert ChangeSet.objects.filter(verb="records.export").exists()
    assert client_of(filled.manager).get("/settings/accesses").status_code == 403
    listed = admin.get(f"/settings/accesses?person={filled.owner.pk}&how=export")
    assert "120" in listed.content.decode()


def test_after_the_handover_the_page_says_that_nothing_is_left(filled: People) -> None:
    admin = client_of(filled.admin)
    assert "Nothing is left" not in admin.get(url(filled.owner)).content.decode()
    given = {"everything": filled.stranger.pk, **{f"to:{item}": "same" for item in TYPES}}
    admin.post(url(filled.owner), given)
    page = admin.get(url(filled.owner)).content.decode()
    assert "Nothing is left to hand over." in page and 'name="everything"' not in page
    assert "Look and undo" in page
