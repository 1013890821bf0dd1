"""Single sign-on against a provider that really answers, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from tests.personas import People
from vinculo.platform.models import User

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """The few addresses of OpenID Connect that a sign-in needs."""

    claims: dict[str, Any] = {}

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/jwks",
                }
            )
        else:
            self.answer(type(self).claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer({"access_token": "t", "token_type": "Bearer", "expires_in": 60})

    def answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def provider(settings: Any) -> Iterator[type[Provider]]:
    cache.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    app = {
        "provider_id": "company",
        "name": "Our company",
        "client_id": "vinculo",
        "secret": "s",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_address[1]}"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
    }
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: Client, provider: type[Provider], **claims: Any) -> Any:
    """Start on the sign-in page, and return from the provider as the person of `claims`."""
    provider.claims = {"sub": "77", **claims}
    assert "Our company" in client.get("/accounts/login/").content.decode()
    away = client.post("/accounts/oidc/company/login/?process=login")
    assert away.status_code == 302
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = {"code": "c", "state": asked["state"][0]}
    return client.get("/accounts/oidc/company/login/callback/", back, follow=True)


def signed_in(client: Client) -> bool:
    return client.get("/settings/profile").status_code == 200


def test_a_known_and_verified_address_is_let_in(
    client: Client, people: People, provider: type[Provider]
) -> None:
    come_back(client, provider, email=people.owner.email, email_verified=True)
    assert signed_in(client)
    assert people.owner.name in client.get("/settings/profile").content.decode()


def test_an_unverified_address_is_not(
    client: Client, people: People, provider: type[Provider]
) -> None:
    come_back(client, provider, email=people.admin.email, email_verified=False)
    assert not signed_in(client)


def test_nobody_becomes_a_user_by_it(
    client: Client, people: People, provider: type[Provider]
) -> None:
    before = User.objects.count()
    come_back(client, provider, email="new@example.com", email_verified=True)
    assert not signed_in(client)
    assert User.objects.count() == before


def test_a_closed_account_stays_closed(
    client: Client, people: People, provider: type[Provider]
) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    come_back(client, provider, email=people.owner.email, email_verified=True)
    assert not signed_in(client)


def test_without_configuration_there_is_no_button(client: Client) -> None:
    assert "oidc" not in client.get("/accounts/login/").content.decode()
