"""The platform's pages for every persona, and undo from the screen."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from tests.personas import People
from vinculo.kernel.clock import now
from vinculo.platform.actions import action
from vinculo.platform.journal import change_set
from vinculo.platform.key_actions import create_api_key
from vinculo.platform.models import (
    ApiKey,
    ChangeSet,
    Notification,
    Role,
    RoleAssignment,
    Team,
    User,
    Work,
)
from vinculo.platform.notifications import mark_read, notify, text_of, unread_count
from vinculo.platform.team_actions import add_team, edit_team

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
OWN_PAGES = ("/settings/profile", "/settings/security", "/settings/keys", "/settings/keys/new",
             "/notifications", "/notifications?badge=1", "/jobs/chip")  # fmt: skip
ADMIN_PAGES = ("/settings/users", "/settings/users/invite", "/settings/teams",
               "/settings/teams/new", "/settings/roles", "/settings/roles/new")  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["owner", "teammate", "stranger", "manager", "admin"])
def test_who_opens_which_settings(people: People, name: str) -> None:
    client = signed_in(people.all()[name])
    deep = (f"/settings/users/{people.owner.pk}", f"/settings/teams/{people.north.pk}",
            f"/settings/roles/{Role.objects.get(name='Chief').pk}")  # fmt: skip
    assert {path: client.get(path).status_code for path in OWN_PAGES} == dict.fromkeys(
        OWN_PAGES, 200
    )
    expected = 200 if name == "admin" else 403
    for path in (*ADMIN_PAGES, *deep):
        assert client.get(path).status_code == expected, path
    page = client.get("/settings/profile").content.decode()
    assert ("/settings/roles" in page) == (name == "admin")


def test_strangers_are_sent_to_the_sign_in_page(people: People) -> None:
    for path in (*OWN_PAGES, *ADMIN_PAGES):
        answer = Client().get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_profile(people: People) -> None:
    client = signed_in(people.owner)
    fields = {
        "name": "Renée",
        "language": "es",
        "time_zone": "Asia/Shanghai",
        "date_style": "iso",
        "number_style": "point",
    }
    assert client.post("/settings/profile", fields).status_code == 302
    people.owner.refresh_from_db()
    assert (people.owner.name, people.owner.time_zone) == ("Renée", "Asia/Shanghai")
    assert 'lang="es"' in client.get("/settings/profile").content.decode()
    assert (
        client.post("/settings/profile", {**fields, "time_zone": "Mars/North"}).status_code == 422
    )
    assert ChangeSet.objects.filter(verb="platform.save_profile").count() == 1


def test_a_role_is_edited_in_the_browser_and_counts_at_once(people: People) -> None:
    admin = signed_in(people.admin)
    role = Role.objects.get(name="Own rows")
    page = admin.get(f"/settings/roles/{role.pk}").content.decode()
    assert 'name="grant:parties.company:view"' in page
    form = {
        "name": "Own rows",
        "grant:parties.company:view": "all",
        "grant:parties.company:edit": "team",
        "action:interactions.*": "on",
        "rule:parties.company:tax_id": "hidden",
    }
    assert admin.post(f"/settings/roles/{role.pk}", form).status_code == 302
    role.refresh_from_db()
    assert role.grants == {"parties.company": {"view": "all", "edit": "team"}}
    assert role.actions == ["interactions.*"]
    assert role.field_rules == {"parties.company": {"tax_id": "hidden"}}
    blind = {**form, "grant:parties.company:view": "none"}
    answer = admin.post(f"/settings/roles/{role.pk}", blind)
    assert answer.status_code == 422
    assert "cannot see" in answer.content.decode()
    assert signed_in(people.manager).post(f"/settings/roles/{role.pk}", form).status_code == 403


def test_a_colleague_is_invited_and_the_link_shown_once(people: People) -> None:
    admin = signed_in(people.admin)
    role = Role.objects.get(name="Own rows")
    form = {"email": "n@example.com", "name": "Neu", "roles": [role.pk], "team": people.north.pk}
    page = admin.post("/settings/users/invite", form).content.decode()
    assert re.search(r"/welcome/[\w-]{20,}", page)
    person = User.objects.get(email="n@example.com")
    assert person.main_team_id() == people.north.pk
    again = admin.post("/settings/users/invite", form)
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_the_last_administrator_is_told_why(people: People) -> None:
    admin = signed_in(people.admin)
    form = {"name": "Admin", "email": people.admin.email, "is_active": "on", "roles": []}
    answer = admin.post(f"/settings/users/{people.admin.pk}", form)
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    assert RoleAssignment.objects.filter(user=people.admin).count() == 1


def test_teams_by_dialog(people: People) -> None:
    admin = signed_in(people.admin)
    answer = admin.post("/settings/teams/new", {"name": "East"}, **HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/settings/teams")
    taken = admin.post("/settings/teams/new", {"name": "east"}, **HTMX)
    assert taken.status_code == 422
    assert "already" in taken.content.decode()
    loop = {"name": "Company", "parent": people.north.pk}
    assert admin.post(f"/settings/teams/{people.company.pk}", loop, **HTMX).status_code == 422
    kept = admin.post(f"/settings/teams/{people.north.pk}/delete", follow=True)
    assert "still work" in kept.content.decode()
    assert Team.objects.filter(pk=people.north.pk).exists()


def test_a_key_is_shown_once_and_only_its_owner_sees_it(people: People) -> None:
    owner = signed_in(people.owner)
    role = Role.objects.get(name="Own rows")
    page = owner.post("/settings/keys/new", {"name": "Shop", "role": role.pk, "days": "30"})
    secret = re.search(r"vin_[\w-]{30,}", page.content.decode())
    assert secret
    assert secret[0] not in owner.get("/settings/keys").content.decode()
    key = ApiKey.objects.get()
    stranger = signed_in(people.stranger)
    assert "Shop" not in stranger.get("/settings/keys").content.decode()
    assert stranger.post(f"/settings/keys/{key.pk}/revoke").status_code == 404
    chief = {"name": "x", "role": Role.objects.get(name="Chief").pk, "days": "30"}
    assert owner.post("/settings/keys/new", chief).status_code == 422
    owner.post(f"/settings/keys/{key.pk}/revoke")
    key.refresh_from_db()
    assert key.revoked_at


def test_notifications_are_personal_translated_and_read(people: People) -> None:
    row = notify(people.owner, "Saved.", url="/settings/profile")
    assert row is not None
    notify(people.owner, "%(who)s called.", params={"who": "<Eve>"}, url="https://evil.example")
    assert unread_count(people.owner) == 2
    assert text_of(Notification.objects.latest("pk")) == "<Eve> called."
    owner = signed_in(people.owner)
    page = owner.get("/notifications").content.decode()
    assert "&lt;Eve&gt; called." in page
    assert "2" in owner.get("/notifications?badge=1").content.decode()
    admin = signed_in(people.admin)
    assert "called." not in admin.get("/notifications").content.decode()
    assert admin.post(f"/notifications/{row.pk}/open").status_code == 404
    assert owner.post(f"/notifications/{row.pk}/open")["Location"] == "/settings/profile"
    outward = Notification.objects.latest("pk")
    assert owner.post(f"/notifications/{outward.pk}/open")["Location"] == "/notifications"
    assert mark_read(people.owner) == 0


def test_nobody_is_told_about_what_they_may_not_see(people: People) -> None:
    key = ApiKey.objects.create(
        name="k", user=people.owner, role=Role.objects.first(), digest="d", expires_at=now()
    )
    assert notify(people.stranger, "Look.", subject=key) is None
    assert notify(people.owner, "Look.", subject=key) is not None


def test_the_chip_shows_only_ones_own_work(people: People) -> None:
    work = Work.objects.create(user=people.owner, label="Export of companies", kind="export",
                               state="running", done=30, total=120)  # fmt: skip
    chip = signed_in(people.owner).get("/jobs/chip").content.decode()
    assert "Export of companies" in chip
    assert "25" in chip
    assert "Export" not in signed_in(people.admin).get("/jobs/chip").content.decode()
    assert signed_in(people.stranger).post(f"/jobs/{work.pk}/cancel").status_code == 404
    assert signed_in(people.owner).post(f"/jobs/{work.pk}/cancel", **HTMX).status_code == 204
    work.refresh_from_db()
    assert work.cancel_requested


# --- undo from the screen -------------------------------------------------------------------


@action("tests.rename_and_move", label=_("Rename"), granted=False)
def rename(*, actor: User, team: Team, name: str) -> None:
    """Rename a team."""
    team.name = name
    team.save(update_fields=["name"])


def last_set(verb: str) -> ChangeSet:
    return ChangeSet.objects.filter(verb=verb).latest("pk")


def undo(user: User, changeset: ChangeSet, **more: str) -> Any:
    return signed_in(user).post(f"/changes/{changeset.pk}/undo", more, **HTMX)


def test_undo_answers_with_a_toast_that_can_be_undone(people: People) -> None:
    rename(actor=people.admin, team=people.south, name="Far south")
    answer = undo(people.admin, last_set("tests.rename_and_move"))
    assert answer.status_code == 204
    people.south.refresh_from_db()
    assert people.south.name == "South"
    toast = json.loads(answer["HX-Trigger"])["toast"]
    signed_in(people.admin).post(toast["undo_url"], **HTMX)
    people.south.refresh_from_db()
    assert people.south.name == "Far south"


def test_undo_of_a_strangers_change_is_not_there(people: People) -> None:
    rename(actor=people.owner, team=people.south, name="Far south")
    changed = last_set("tests.rename_and_move")
    for name in ("teammate", "stranger", "manager"):
        assert undo(people.all()[name], changed).status_code == 404
    people.south.refresh_from_db()
    assert people.south.name == "Far south"
    assert undo(people.admin, changed).status_code == 204


def test_undo_asks_before_it_leaves_something_as_it_is(people: People) -> None:
    with change_set(actor=people.admin, verb="tests.two", label="Two teams") as opened:
        for team in (people.north, people.south):
            team.name += " I"
            team.save()
    edit_team(actor=people.manager_as_admin(), team=people.south, name="Sur", parent=people.company)
    answer = undo(people.admin, ChangeSet.objects.get(pk=opened.id))
    text = answer.content.decode()
    assert answer["HX-Retarget"] == "#dialog"
    assert "Sur" in text
    assert "Manager" in text
    people.north.refresh_from_db()
    assert people.north.name == "North I", "nothing is undone before the person decided"
    assert undo(people.admin, ChangeSet.objects.get(pk=opened.id), rest="1").status_code == 204
    people.north.refresh_from_db()
    people.south.refresh_from_db()
    assert (people.north.name, people.south.name) == ("North", "Sur")


def test_undo_with_what_hangs_on_it(people: People) -> None:
    top = add_team(actor=people.admin, name="Top")
    made = last_set("platform.add_team")
    add_team(actor=people.admin, name="Below", parent=top)
    answer = undo(people.admin, made)
    assert "with_dependents" in answer.content.decode()
    assert Team.objects.filter(name="Top").exists()
    assert undo(people.admin, made, with_dependents="1").status_code == 204
    assert not Team.objects.filter(name__in=["Top", "Below"]).exists()


def test_a_key_that_has_expired_says_so_and_is_not_offered_for_revoking(people: People) -> None:
    role = people.owner.active_roles()[0]
    key, _secret = create_api_key(actor=people.owner, name="Old", role=role, days=30)
    client = Client()
    client.force_login(people.owner)
    assert f"/settings/keys/{key.pk}/revoke" in client.get("/settings/keys").content.decode()
    ApiKey.objects.filter(pk=key.pk).update(expires_at=now() - timedelta(minutes=1))
    page = client.get("/settings/keys").content.decode()
    assert "Expired" in page and f"/settings/keys/{key.pk}/revoke" not in page
