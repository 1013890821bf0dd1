"""Signing in: closed to strangers, limited across processes, silent about who has an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.personas import PASSWORD, People, make_people
from vinculo.platform.firststeps import first_admin_link
from vinculo.platform.models import Role, User
from vinculo.platform.people_actions import edit_user, invite_user
from vinculo.platform.worker import run_worker

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def ada(people: People) -> User:
    people.owner.set_password(PASSWORD)
    people.owner.save()
    return people.owner


def sign_in(client: Client, email: str, password: str, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_password_sign_in_and_out(client: Client, ada: User) -> None:
    assert sign_in(client, "OWNER@example.com", PASSWORD).status_code == 302
    assert client.get("/settings/profile").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/settings/profile").status_code == 302


def test_passwords_are_kept_as_argon2(ada: User) -> None:
    assert ada.password.startswith("argon2$argon2id$")


def test_the_page_after_sign_in_is_one_of_ours(client: Client, ada: User) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        r"/\evil.example",
    ):
        fresh = Client()
        answer = fresh.post(LOGIN, {"login": ada.email, "password": PASSWORD, "next": target})
        assert answer.status_code == 302
        assert "evil" not in answer["Location"]
        assert answer["Location"].startswith("/")


def test_nobody_signs_up_or_gives_themselves_another_address(client: Client, ada: User) -> None:
    before = User.objects.count()
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", form).status_code == 404
    assert User.objects.count() == before
    sign_in(client, ada.email, PASSWORD)
    for path in ("/accounts/email/", "/accounts/signup/", "/accounts/confirm-email/x/"):
        assert client.get(path).status_code == 404, path
    added = client.post("/accounts/email/", {"email": "admin@example.com", "action_add": "1"})
    assert added.status_code == 404


def test_a_changed_address_closes_the_old_one(client: Client, people: People, ada: User) -> None:
    sign_in(client, ada.email, PASSWORD)
    edit_user(
        actor=people.admin,
        user=ada,
        name=ada.name,
        email="fresh@example.com",
        roles=[Role.objects.get(name="Own rows")],
        teams=[],
        main_team=None,
        is_active=True,
    )
    assert client.get("/settings/profile").status_code == 302
    sign_in(client, "owner@example.com", PASSWORD)
    assert client.get("/settings/profile").status_code == 302
    sign_in(client, "fresh@example.com", PASSWORD)
    assert client.get("/settings/profile").status_code == 200


def test_a_session_begun_before_signing_in_is_not_taken_over(client: Client, ada: User) -> None:
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    sign_in(client, ada.email, PASSWORD)
    assert client.cookies["sessionid"].value != before


def test_a_foreign_host_is_refused(client: Client, ada: User) -> None:
    for path in (LOGIN, "/accounts/password/reset/"):
        assert client.get(path, HTTP_HOST="evil.example").status_code == 400, path


def test_a_closed_account_stays_out(client: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    sign_in(client, ada.email, PASSWORD)
    assert client.get("/settings/profile").status_code == 302


def test_wrong_password_and_unknown_address_look_the_same(client: Client, ada: User) -> None:
    def visible(answer: Any) -> str:
        text = answer.content.decode()
        return re.sub(
            r'(csrfmiddlewaretoken" value="[^"]+|X-CSRFToken": "[^"]+|value="[^"]*@[^"]*")',
            "",
            text,
        )

    known = sign_in(client, ada.email, "wrong password")
    unknown = sign_in(client, "nobody@example.com", "wrong password")
    assert known.status_code == unknown.status_code
    assert visible(known) == visible(unknown)


def test_guessing_is_limited_for_every_process(client: Client, ada: User) -> None:
    for _try in range(5):
        sign_in(client, ada.email, "wrong password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_cache")
        assert cursor.fetchone()[0] > 0  # counted in the database that all processes share
    assert "sessionid" not in sign_in(Client(), ada.email, PASSWORD).cookies


def test_guessing_does_not_lock_the_owner_out(client: Client, ada: User) -> None:
    for _try in range(8):
        sign_in(client, ada.email, "wrong password", REMOTE_ADDR="203.0.113.9")
    assert sign_in(Client(), ada.email, PASSWORD, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_forwarded_addresses_are_not_believed(client: Client, ada: User) -> None:
    for number in range(5):
        sign_in(client, ada.email, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    answer = sign_in(Client(), ada.email, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert answer.status_code != 302


@pytest.mark.django_db(transaction=True)
def test_reset_mail_leads_to_the_configured_address_and_works_once(
    client: Client, ada: User, settings: Any
) -> None:
    settings.VINCULO_URL = "https://crm.example.com"
    other = Client()
    sign_in(other, ada.email, PASSWORD)
    client.post("/accounts/password/reset/", {"email": "Owner@Example.com"}, HTTP_HOST="localhost")
    run_worker(wait=False)
    body = mail.outbox[0].body
    link = re.search(r"https://crm\.example\.com(/\S+)", body)
    assert link, body
    page = client.get(link[1], follow=True)
    action = page.redirect_chain[-1][0]
    fresh = "a completely different one"
    client.post(action, {"password1": fresh, "password2": fresh})
    ada.refresh_from_db()
    assert ada.check_password(fresh)
    assert other.get("/settings/profile").status_code == 302, "the old session has ended"
    again = Client().get(link[1], follow=True)
    assert "password1" not in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(
    client: Client, ada: User
) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (ada.email, "nobody@example.com")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    run_worker(wait=False)
    assert [sent.to for sent in mail.outbox] == [[ada.email]]


def test_reset_is_limited_per_address(client: Client, ada: User) -> None:
    codes = [
        client.post(
            "/accounts/password/reset/", {"email": ada.email}, REMOTE_ADDR=f"198.51.100.{number}"
        ).status_code
        for number in range(7)
    ]
    assert codes[:5] == [302] * 5
    assert codes[5:] == [429, 429]


def test_roles_changed_and_account_closed_end_sessions(
    client: Client, people: People, ada: User
) -> None:
    sign_in(client, ada.email, PASSWORD)
    edit_user(
        actor=people.admin,
        user=ada,
        name=ada.name,
        email=ada.email,
        roles=[Role.objects.get(name="Team rows")],
        teams=[],
        main_team=people.north,
        is_active=True,
    )
    assert client.get("/settings/profile").status_code == 302


def test_sessions_are_listed_and_ended_one_by_one_or_all(client: Client, ada: User) -> None:
    here, there, elsewhere = client, Client(), Client()
    for one in (here, there, elsewhere):
        sign_in(one, ada.email, PASSWORD)
    page = here.get("/settings/security").content.decode()
    ends = re.findall(r"/settings/security/sessions/(\d+)/end", page)
    assert len(ends) == 2
    here.post(f"/settings/security/sessions/{ends[-1]}/end")
    assert [one.get("/settings/profile").status_code for one in (there, elsewhere)].count(302) == 1
    here.post("/settings/security/sessions/others/end")
    assert [one.get("/settings/profile").status_code for one in (there, elsewhere)] == [302, 302]
    assert here.get("/settings/profile").status_code == 200


def test_nobody_ends_a_strangers_session(client: Client, people: People, ada: User) -> None:
    from allauth.usersessions.models import UserSession

    sign_in(client, ada.email, PASSWORD)
    stranger = Client()
    stranger.force_login(people.stranger)
    number = UserSession.objects.get(user=ada).pk
    assert stranger.post(f"/settings/security/sessions/{number}/end").status_code == 404
    assert client.get("/settings/profile").status_code == 200


def test_the_first_administrator_comes_in_by_the_link(client: Client) -> None:
    path = "/welcome/" + first_admin_link().rsplit("/", 1)[1]
    assert client.get(path).status_code == 200
    weak = {"name": "Ada", "email": "ada@example.com", "password": "1234567890"}
    assert client.post(path, weak).status_code == 422
    strong = {**weak, "password": PASSWORD, "language": "es", "time_zone": "Europe/Madrid"}
    assert client.post(path, strong).status_code == 302
    assert client.get("/settings/roles").status_code == 200
    gone = Client().post(path, {**strong, "email": "eve@example.com"})
    assert gone.status_code == 410
    assert not User.objects.filter(email="eve@example.com").exists()


def test_an_invited_colleague_comes_in_without_more_rights(client: Client, people: People) -> None:
    user, link = invite_user(
        actor=people.admin,
        email="new@example.com",
        name="Neu",
        roles=[Role.objects.get(name="Own rows")],
    )
    path = "/welcome/" + link.rsplit("/", 1)[1]
    answer = client.post(path, {"name": "Neu", "email": "x@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert client.get("/settings/roles").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_mailed_and_one_use_ends_both_links(settings: Any) -> None:
    settings.SMTP_HOST = "mail.example.com"  # the suite's own backend keeps the message
    people = make_people()
    roles = [Role.objects.get(name="Own rows")]
    _user, shown = invite_user(
        actor=people.admin, email="new@example.com", name="Neu", roles=roles, language="es"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert "welcome" not in cursor.fetchone()[0], "arguments are logged; a link is a key"
    run_worker(wait=False)
    mailed = re.search(r"/welcome/\S+", mail.outbox[0].body)
    assert mailed
    assert mailed[0] not in shown
    form = {"name": "Neu", "email": "x@example.com", "password": PASSWORD}
    assert Client().post(mailed[0], form).status_code == 302
    assert Client().get("/welcome/" + shown.rsplit("/", 1)[1]).status_code == 410


def test_demo_doors_are_shut_in_a_real_installation(client: Client, people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_demo=True)
    assert client.post(f"/demo/{people.owner.pk}/enter").status_code == 403
    assert "/enter" not in client.get(LOGIN).content.decode()
    assert client.get("/settings/profile").status_code == 302


def test_demo_personas_by_one_click_under_a_banner(
    client: Client, people: People, settings: Any, tmp_path: Any
) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_demo=True)
    settings.INSTALLATION_FILE = tmp_path / "installation.json"
    settings.INSTALLATION_FILE.write_text('{"kind": "demo"}')
    page = client.get(LOGIN).content.decode()
    assert f"/demo/{people.owner.pk}/enter" in page
    assert "installation was made as a demo" in page
    assert client.post(f"/demo/{people.admin.pk}/enter").status_code == 404
    assert client.post(f"/demo/{people.owner.pk}/enter").status_code == 302
    assert client.get("/settings/profile").status_code == 200


def test_the_language_of_the_sign_in_page(client: Client) -> None:
    client.post("/language", {"language": "es", "next": LOGIN})
    assert 'lang="es"' in client.get(LOGIN).content.decode()
    answer = client.post("/language", {"language": "xx", "next": "//evil.example"})
    assert answer["Location"] == "/"


def test_posting_without_the_token_is_refused(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    for path in (LOGIN, "/accounts/logout/", "/settings/profile", "/settings/keys/new",
                 "/settings/security/sessions/others/end", "/notifications/read",
                 "/changes/1/undo", "/jobs/1/cancel", "/language"):  # fmt: skip
        assert strict.post(path).status_code == 403, path
        answer = strict.post(path, "{}", content_type="application/json")
        assert answer.status_code == 403, path
