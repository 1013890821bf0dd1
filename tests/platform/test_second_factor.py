"""The second factor, passkeys, recovery codes and single sign-on are reachable and hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from tests.personas import PASSWORD, People
from vinculo.platform.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def ada(people: People) -> User:
    people.owner.set_password(PASSWORD)
    people.owner.save()
    return people.owner


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client: Client, user: User) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def test_an_app_is_set_up_and_then_asked_for(ada: User) -> None:
    client = Client()
    sign_in(client, ada)
    path = "/accounts/2fa/totp/activate/"
    assert "/reauthenticate/" in client.get(path)["Location"], "asks who it is, once more"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(path).content.decode()
    secret = re.search(r'value="([A-Z2-7]{26,})"', page)
    assert secret, page
    answer = client.post(path, {"code": code_of(secret[1])})
    assert answer.status_code == 302
    kept = Authenticator.objects.get(user=ada, type=Authenticator.Type.TOTP)
    assert secret[1] not in str(kept.data), "a copy of the database yields no codes"
    assert "On" in client.get("/settings/security").content.decode()

    fresh = Client()
    assert "/2fa/authenticate" in sign_in(fresh, ada)["Location"]
    assert fresh.get("/settings/profile").status_code == 302, "the password alone is not enough"
    fresh.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert fresh.get("/settings/profile").status_code == 302


def test_a_recovery_code_works_once(ada: User) -> None:
    TOTP.activate(ada, "A" * 32)
    code = RecoveryCodes.activate(ada).get_unused_codes()[0]
    for expected in (200, 302):
        client = Client()
        sign_in(client, ada)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/settings/profile").status_code == expected


def test_the_pages_of_keys_and_codes_open(ada: User) -> None:
    client = Client()
    sign_in(client, ada)
    for path in ("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
                 "/accounts/password/change/", "/accounts/sessions/"):  # fmt: skip
        assert client.get(path, follow=True).status_code == 200, path


def test_changing_the_password_ends_the_other_sessions(ada: User) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, ada)
    fresh = "a completely different one"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert here.get("/settings/profile").status_code == 200
    assert there.get("/settings/profile").status_code == 302
