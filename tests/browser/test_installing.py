"""Vinculo as an app: what the worker keeps, what it does without a network, and what it never keeps."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.personas import People
from vinculo.parties.models import Company
from vinculo.web import installing

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url));
  return found.map((url) => url.pathname);
}"""


def controlled(page: Page) -> None:
    """Wait until the worker is at work for this page."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=30_000)


def test_after_browsing_nothing_private_is_kept(window: Window, companies: list[Company]) -> None:
    page = window.page
    page.goto("/my-day")
    controlled(page)
    for path in ("/companies", f"/companies/{companies[0].pk}", "/settings/", "/search?q=alder"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    kept = page.evaluate(KEPT)
    assert "/offline" in kept
    assert all(path == "/offline" or path.startswith("/static/") for path in kept), kept
    text = page.evaluate("async () => (await (await caches.match('/offline?language=en')).text())")
    assert "There is no connection" in text
    assert "csrf" not in text.lower() and "Aurora" not in text


def test_without_a_network_a_page_says_so_and_goes_on(
    window: Window, companies: list[Company]
) -> None:
    page = window.page
    page.goto("/my-day")
    controlled(page)
    with window.watch.offline():
        page.context.set_offline(True)
        page.goto("/companies", wait_until="domcontentloaded")
        expect(page.get_by_role("heading", name="There is no connection.")).to_be_visible()
        page.context.set_offline(False)
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Companies")


@pytest.mark.django_db
def test_the_manifest_says_what_a_device_needs(people: People) -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert {"name", "short_name", "start_url", "display", "icons"} <= set(told)
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])


@pytest.mark.django_db
def test_the_page_without_a_network_is_the_same_for_everybody(people: People) -> None:
    client = Client()
    client.force_login(people.owner)
    mine, anybodys = client.get("/offline?language=es"), Client().get("/offline?language=es")
    assert mine.content == anybodys.content
    assert b'lang="es"' in mine.content
    assert people.owner.name.encode() not in mine.content


def test_only_names_with_a_hash_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = ("/static/js/lib.0123456789ab.js", "/static/js/lib.js")
    monkeypatch.setattr(installing, "module_urls", lambda: hashed)
    installing._worker.cache_clear()
    try:
        build = installing._worker().splitlines()[0]
    finally:
        installing._worker.cache_clear()
    assert "lib.0123456789ab.js" in build and "lib.js" not in build
