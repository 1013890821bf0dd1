"""The passkey ceremony with the browser's own authenticator: made, used to sign in, removed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.watching import Watch
from tests.personas import PASSWORD, People


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


def by_name(live_server: Any) -> str:
    """The server's address with a name: passkeys belong to a name, never to a bare address."""
    return f"http://localhost:{urlsplit(live_server.url).port}"


def give_authenticator(page: Page) -> None:
    """A device that holds passkeys and says yes, as the browser's own tools make one."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_made_signs_in_and_is_removed(
    open_context: OpenContext, people: People, live_server: Any
) -> None:
    people.owner.set_password(PASSWORD)
    people.owner.save()
    home = by_name(live_server)
    page = open_context().new_page()
    watch = Watch(page)
    give_authenticator(page)

    page.goto(f"{home}/accounts/login/")
    page.locator("[name=login]").fill(people.owner.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{home}/my-day")

    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.locator("[name=name]").fill("Ada's laptop")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    kept = Authenticator.objects.get(user=people.owner, type=Authenticator.Type.WEBAUTHN)
    assert kept.wrap().is_passwordless

    page.context.clear_cookies()
    page.goto(f"{home}/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{home}/my-day")

    page.goto(f"{home}/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Ada's laptop")
    page.goto(f"{home}/accounts/2fa/webauthn/keys/{kept.pk}/remove/")
    # Taking a way in away is worth asking who it is once more.
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"{home}/accounts/2fa/webauthn/**")
    expect(page.locator("main")).not_to_contain_text("Ada's laptop")
    assert not Authenticator.objects.filter(pk=kept.pk).exists()
    watch.assert_silent("while a passkey is made and used")
