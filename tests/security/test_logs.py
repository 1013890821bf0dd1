"""30: whatever is sent, typed or stored stands in no log line, no secret in the journal or a job, and
no line grows with what somebody sends."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.config.test_watching import Lines, lines  # noqa: F401 - a fixture
from tests.personas import PASSWORD, People
from tests.routes import Route, routes
from tests.security.test_every_route import body
from tests.security.test_input import ENDS_THE_TEST
from tests.security.world import SECRET, Theirs, make_theirs
from vinculo.platform.firststeps import first_admin_link, invitation_link
from vinculo.platform.key_actions import create_api_key
from vinculo.platform.models import Role, User
from vinculo.records.webhooks.actions import create_webhook

pytestmark = pytest.mark.django_db

NAME, PHONE, MAIL = "Qzlogcanary", "+34600987123", "qzlogcanary@canary.example"
WORD = "qzlog-secret-word-7"
TYPED = {
    **dict.fromkeys(("name", "title", "subject", "body", "q", "notes", "city", "note", "value"), NAME),
    **dict.fromkeys(("phone", "number"), PHONE),
    **dict.fromkeys(("email", "login"), MAIL),
    **dict.fromkeys(("password", "oldpassword", "password1", "password2", "secret", "token", "code"),
                    WORD),
    "kind": "phone", "website": f"https://{NAME}.example", "next": f"/{NAME}", "url": f"https://{NAME}.x",
}  # fmt: skip
HOW_LONG = 200_000
LONGEST_LINE = 40_000


@pytest.fixture
def theirs(people: People) -> Theirs:
    """One row of everything, the owner's."""
    cache.clear()
    return make_theirs(people)


@pytest.fixture
def everything(lines: Lines) -> Iterator[Lines]:  # noqa: F811
    """The log as an operator has it who wants to see most."""
    root, quiet = logging.getLogger(), logging.getLogger("vinculo.request")
    root.setLevel(logging.DEBUG)
    quiet.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(logging.INFO)


def key_of(user: User, role: Role) -> str:
    return create_api_key(actor=user, name="k", role=role, days=30)[1]


def signed_in_by_password(user: User) -> Client:
    """A session as a person begins it, with tokens asked for as the real server does."""
    user.set_password(PASSWORD)
    user.save()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    sent = {"login": user.email, "password": PASSWORD, **token_of(client)}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client


def token_of(client: Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}


def driven() -> list[Route]:
    return [one for one in routes()
            if not one.pattern.endswith(ENDS_THE_TEST) and "logout" not in one.pattern
            and "sessions" not in one.pattern]  # fmt: skip


def by_view() -> list[Route]:
    """One address of each page: record types share theirs."""
    return list({one.callback: one for one in driven()}.values())


def fails(*_args: Any) -> None:
    raise ValueError(f"Key (phone)=({PHONE}) of {NAME} <{MAIL}>, {WORD}")


def test_every_address_with_canaries(
    theirs: Theirs, people: People, everything: Lines, settings: Any
) -> None:
    """Read, posted, written by a program, and while the database quotes them in its errors."""
    settings.SLOW_PAGE_MS = 1
    user = people.manager_as_admin()
    key = key_of(user, user.role_assignments.order_by("pk").first().role)
    link = invitation_link(user).rsplit("/", 1)[1]
    client = signed_in_by_password(user)
    session = client.cookies["sessionid"].value
    program = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {key}"})
    hidden = {
        "User-Agent": NAME,
        "Referer": f"http://testserver/{NAME}?{WORD}",
        "X-Request-ID": NAME,
    }
    distinct = by_view()
    for route in driven():
        url = route.url(**theirs.fillings(route)[0])
        body(client.get(url, TYPED, headers=hidden))
        body(client.post(f"{url}?q={NAME}", {**TYPED, **token_of(client)}, headers=hidden))
        if route in distinct:
            with connection.execute_wrapper(fails):
                body(client.get(url, TYPED))
        if route.is_api:
            for method in ("post", "patch"):
                sent = json.dumps(TYPED)
                getattr(program, method)(url, sent, content_type="application/json")
            program.get(url, TYPED)
        if "sessionid" not in client.cookies or client.cookies["sessionid"].value != session:
            client = signed_in_by_password(user)
            session = client.cookies["sessionid"].value
    for way in (link, first_admin_link().rsplit("/", 1)[-1], WORD):
        Client(raise_request_exception=False).get(f"/welcome/{way}")
    Client().post("/accounts/login/", {"login": MAIL, "password": WORD})
    text = everything.getvalue()
    assert len(everything.called("request")) > 500 and everything.called("slow page")
    assert NAME in stored() and MAIL in stored(), "the forms took what was typed"
    assert "builtins.ValueError" in text
    tokens = {one.value for one in client.cookies.values() if len(one.value) > 20}
    assert len(tokens) >= 2
    secrets = {NAME, PHONE, PHONE[1:], MAIL, WORD, PASSWORD, key, link, session, SECRET,
               settings.SECRET_KEY, user.password, *tokens, people.owner.email}  # fmt: skip
    found = {one[:12] for one in secrets if one.lower() in text.lower()}
    assert not found, [line[:600] for line in text.splitlines() if any(
        one.lower() in line.lower() for one in secrets)][:3]  # fmt: skip
    assert PASSWORD not in stored() and key not in stored() and link not in stored()


def stored() -> str:
    """All that is kept beside the data: journal, events, jobs, notices, accesses."""
    parts = []
    with connection.cursor() as cursor:
        for table in ("platform_change", "platform_changeset", "platform_event", "platform_work",
                      "platform_notification", "platform_accessevent", "procrastinate_jobs",
                      "procrastinate_events", "platform_jobfailure"):  # fmt: skip
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {table} t")
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


def test_no_secret_is_kept_in_the_journal_or_a_job(people: People) -> None:
    """Everything that makes a secret, and everything a person types as one."""
    user = people.manager_as_admin()
    client = signed_in_by_password(user)
    role = user.role_assignments.order_by("pk").first().role
    key, link = key_of(user, role), invitation_link(people.owner).rsplit("/", 1)[1]
    hook, shown = create_webhook(actor=user, name="h", url="https://example.com/x", role=role,
                                 wanted=["parties.company_created"])  # fmt: skip
    changed = "another correct horse"
    sent = {"oldpassword": PASSWORD, "password1": changed, "password2": changed}
    assert (
        client.post("/accounts/password/change/", {**sent, **token_of(client)}).status_code == 302
    )
    Client().post(f"/welcome/{link}", {"name": "Neu", "password": "third correct horse"})
    user.refresh_from_db()
    people.owner.refresh_from_db()
    assert user.check_password(changed) and people.owner.check_password("third correct horse")
    text = stored()
    assert "platform.create_api_key" in text and "create_webhook" in text
    secrets = (PASSWORD, changed, "third correct horse", key, link, shown, user.password,
               people.owner.password, client.cookies["sessionid"].value)  # fmt: skip
    assert not [one for one in secrets if one in text]
    hook.refresh_from_db()


def recursing(depth: int) -> None:
    recursing_back(depth)


def recursing_back(depth: int) -> None:
    recursing(depth + 1)


def test_a_flood_leaves_short_lines(theirs: Theirs, people: People, everything: Lines) -> None:
    long = "Q" * HOW_LONG
    client = signed_in_by_password(people.owner)
    odd = {"User-Agent": long, "X-Request-ID": long, "Referer": f"http://testserver/{long}"}
    for route in by_view()[::2]:
        url = route.url(**theirs.fillings(route)[0])
        body(client.get(f"{url}?q={long}", headers=odd))
        body(client.post(url, {"name": long, "body": long, "q": long, **token_of(client)}))
        client.get(route.url(**dict.fromkeys(route.blanks, long[:5000])))
    client.get(f"/{long}")
    client.generic(long[:2000], "/")
    client.get("/companies", headers={"Host": f"{long}.example"})
    log = logging.getLogger("vinculo.test")
    log.error("Somebody sent %s", long)
    log.error(long)
    try:
        recursing(0)
    except RecursionError:
        log.exception("It broke.")
    longest = max(everything.getvalue().splitlines(), key=len)
    assert len(longest) < LONGEST_LINE, longest[:300]
    assert max(everything.getvalue().count("Q" * 2000 + mark) for mark in 'Q"') <= 2
    requests = [line for line in everything.getvalue().splitlines() if '"event": "request"' in line]
    assert len(requests) > 60 and max(map(len, requests)) < 600
