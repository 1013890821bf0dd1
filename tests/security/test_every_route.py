"""Attacks tried on every address there is, read from the URL configuration.

The numbers are those of the list of attacks in docs/threat-model.md.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.personas import People
from tests.routes import Route, dealt, routes
from tests.security.world import SECRET, Theirs, contents, make_theirs, signed_in

pytestmark = pytest.mark.django_db

#: What may be opened by somebody who is not signed in: everything else sends them to sign in.
PUBLIC = {
    "accounts/login/",
    "accounts/logout/",  # sends on to the sign-in page
    "accounts/inactive/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
    "accounts/password/reset/key/<uidb36>-<key>/",
    "accounts/2fa/webauthn/login/",  # the challenge of a passkey
    "accounts/3rdparty/login/cancelled/",
    "accounts/3rdparty/login/error/",
    "accounts/social/login/cancelled/",
    "accounts/social/login/error/",
    "accounts/social/signup/",  # moved on within the entrance
    "accounts/social/connections/",  # moved on to where signing in is asked for
    "confirm/thanks",  # after a customer's answer: the same for everybody
    "language",
    "manifest.webmanifest",
    "service-worker.js",
    "offline",  # the page without a network: the same for everybody
    "welcome/<str:secret>",
    "api/<rest>",
    "api/v1/openapi.json",
}
#: What a browser may keep: files of the app on a device, with nothing about anybody in them.
KEPT = {"manifest.webmanifest": "private, max-age=86400", "service-worker.js": "no-cache"}
REFUSED = (400, 401, 403, 404, 405, 410, 415)
UNSAFE = ("post", "patch", "delete")
#: What other sites' pages may post to: a web form stands on them, and asks for nobody's session.
FROM_ELSEWHERE = {"f/<str:token>", "f/<str:token>/seen"}
#: How another site's page could try: its form, a form dressed as JSON, a script.
TRICKS = (
    ("POST", "application/x-www-form-urlencoded"),
    ("POST", "application/json"),
    ("DELETE", "text/plain"),
)
OURS = [route for route in routes() if not route.of_a_library]


def ids(route: Route) -> str:
    return route.pattern or "/"


@pytest.fixture
def theirs(people: People, settings: Any, tmp_path: Any) -> Theirs:
    """One row of everything, the owner's."""
    return make_theirs(people)


def urls(route: Route, theirs: Theirs) -> list[str]:
    return [route.url(**values) for values in theirs.fillings(route)]


def test_everything_but_the_entrance_is_behind_the_sign_in(theirs: Theirs) -> None:
    client = Client(raise_request_exception=False)
    open_ones = []
    for route in routes():
        for url in urls(route, theirs):
            for method in ("get", "post"):
                answer = getattr(client, method)(url)
                to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
                if not to_sign_in and answer.status_code not in (401, 404, 405, 410):
                    open_ones.append((route.pattern, method, answer.status_code))
                assert SECRET not in body(answer), url
    unknown = [one for one in open_ones if one[0] not in PUBLIC and one[2] != 403]
    assert not unknown, unknown


def body(answer: Any) -> str:
    """The text of an answer, streamed or not."""
    parts = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return parts.decode("utf-8", "replace")


def says_nothing(answer: Any) -> bool:
    """Whether an answer is the same for what somebody may not see and for what never was there: a
    board asks for a card and gets none (204) whatever the reason."""
    return answer.status_code in (404, 405) or (answer.status_code == 204 and not answer.content)


class TestForeignIds:
    """1 and 2: the ids of somebody else's rows in every address, and nothing written by it."""

    @pytest.mark.parametrize("persona", ("teammate", "stranger"))
    def test_reading(self, theirs: Theirs, people: People, persona: str) -> None:
        client = signed_in(people.all()[persona])
        shown = []
        for route in OURS:
            for url in urls(route, theirs):
                answer = client.get(url)
                assert answer.status_code < 500, url
                if SECRET in body(answer):
                    shown.append(url)
                if route.blanks and route.key and "/<int:pk>" in route.pattern:
                    assert says_nothing(answer), (url, answer.status_code)
        assert not shown

    def test_writing(self, theirs: Theirs, people: People) -> None:
        client = signed_in(people.stranger)
        before = contents()
        for route in OURS:
            if not route.blanks or route.pattern == "api/v1/do/<str:name>":
                continue
            for url in urls(route, theirs):
                for method in UNSAFE if route.is_api else ():
                    answer = getattr(client, method)(
                        url, {"name": "taken"}, content_type="application/json"
                    )
                    assert answer.status_code in REFUSED, (method, url, answer.status_code)
                answer = client.post(url, {"name": "taken", "body": "taken", "title": "taken"})
                assert answer.status_code in REFUSED, (url, answer.status_code)
        assert contents() == before


def test_no_write_without_the_forms_token(theirs: Theirs) -> None:
    """16: as a form, and with the JSON trick; by a session, on every address."""
    client = signed_in(theirs.owner, careful=True)
    before = contents()
    guarded = [route for route in routes() if route.pattern not in FROM_ELSEWHERE]
    for route, tricks in dealt(guarded, TRICKS):
        url = urls(route, theirs)[0]  # the token is asked for before anybody reads which record
        for method, content_type in tricks:
            answer = client.generic(method, url, b"{}", content_type=content_type)
            assert answer.status_code in (403, 404, 405), (method, url, answer.status_code)
    assert contents() == before


def test_a_get_writes_nothing_anywhere(theirs: Theirs) -> None:
    client = signed_in(theirs.owner)
    before = contents()
    for route in OURS:
        for url in urls(route, theirs):
            answer = client.get(url)
            assert answer.status_code < 500, url
            body(answer)
    assert contents() == before


def test_headers_on_every_answer(theirs: Theirs) -> None:
    """39: framing, sniffing, scripts, referrers, caches, other origins."""
    client = signed_in(theirs.owner)
    elsewhere = {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}
    for route in routes():
        for url in urls(route, theirs)[:1]:  # the same view answers for every field and verb
            answer = client.get(url, headers=elsewhere)
            given = answer.headers
            # 18: nothing that a stranger's page or proxy says leads out of the house.
            assert "evil.example" not in str(given), url
            assert "evil.example" not in body(answer), url
            policy = given["Content-Security-Policy"]
            assert "unsafe" not in policy and "*" not in policy, url
            if "sandbox" not in policy:
                assert "script-src 'self'" in policy or "default-src 'none'" in policy, url
                assert "frame-ancestors 'none'" in policy, url
            assert given["X-Content-Type-Options"] == "nosniff", url
            assert given["X-Frame-Options"] == "DENY", url
            assert given["Referrer-Policy"] == "same-origin", url
            assert given["Cross-Origin-Opener-Policy"] == "same-origin", url
            assert not [name for name in given if name.startswith("Access-Control-")], url
            cached = given.get("Cache-Control", "")
            if route.pattern in KEPT:
                assert cached == KEPT[route.pattern], (url, cached)
            else:
                assert "no-store" in cached or url.startswith("/accounts/"), (url, cached)
            if url.startswith("/accounts/"):
                assert "private" in cached or "no-store" in cached, (url, cached)
            for cookie in answer.cookies.values():
                assert cookie["samesite"] == "Lax", (url, cookie.key)


def test_what_a_browser_keeps_is_the_same_for_everybody(theirs: Theirs) -> None:
    for pattern in KEPT:
        mine = body(signed_in(theirs.owner).get(f"/{pattern}"))
        assert mine == body(Client().get(f"/{pattern}")), pattern
        assert SECRET not in mine


def test_the_session_cookie_is_out_of_reach_for_scripts(settings: Any) -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_a_foreign_host_is_refused_everywhere(theirs: Theirs) -> None:
    """18: no link can be made to lead to another house; a forwarded host is tried with the headers."""
    client = signed_in(theirs.owner)
    for route in routes():
        url = urls(route, theirs)[0]
        answer = client.get(url, headers={"Host": "evil.example"})
        assert answer.status_code == 400, (url, answer.status_code)
