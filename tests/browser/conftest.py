"""A real browser against the real server; what it complains about fails the test."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.watching import Watch
from tests.personas import People
from tests.samples import make_company
from tests.underway import wait_for_answers
from vinculo.parties.models import Company
from vinculo.platform.journal import change_set
from vinculo.platform.models import User
from vinculo.platform.worker import run_worker
from vinculo.records.registry import entity
from vinculo.records.writing import edit_record

PATIENCE = 20_000  # milliseconds until a thing that does not come fails the test: machines are busy
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; without one it is skipped, and says so."""
    mine = [item for item in items if HERE in item.path.parents]
    reason = "there is no browser: apt-get install chromium fonts-wqy-microhei"
    for item in mine:
        item.add_marker(pytest.mark.browser)
        if browser_path() is None:
            item.add_marker(pytest.mark.skip(reason=reason))
    if mine and browser_path() is None:
        warnings.warn(pytest.PytestWarning(f"NOT RUN: browser tests, {reason}"), stacklevel=1)


def browser_path() -> str | None:
    """The browser of this machine, if it has one."""
    given = os.environ.get("VINCULO_CHROMIUM")
    return given or next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file.

    Not for the session: as long as it runs, its event loop counts as running in this thread, and
    tests of other files start loops of their own.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, live_server: Any) -> Iterator[OpenContext]:
    """Open browser profiles: `open_context(user, dark=False, phone=False, locale="en")`."""
    opened: list[BrowserContext] = []

    def open_one(
        user: User | None = None, *, dark: bool = False, phone: bool = False, locale: str = "en"
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=locale,
            timezone_id="UTC",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    wait_for_answers()


class Window:
    """A page and what the browser said about it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.watch = Watch(page)


@pytest.fixture
def open_window(open_context: OpenContext) -> Iterator[Callable[..., Window]]:
    """Open a page for a user; it must stay silent to the end of the test."""
    windows: list[Window] = []

    def open_one(user: User | None = None, **looks: Any) -> Window:
        window = Window(open_context(user, **looks).new_page())
        windows.append(window)
        return window

    yield open_one
    for window in windows:
        window.watch.assert_silent("during the test")


@pytest.fixture
def window(open_window: Callable[..., Window], people: People) -> Window:
    """A page of the persona who owns things."""
    return open_window(people.owner)


NAMES = ("Alder & Sons", "Birch GmbH", "Cedar 株式会社", "Dogwood S.A.")


@pytest.fixture
def companies(people: People) -> list[Company]:
    """Four companies of the owner, in the order of their names, the first with some facts."""
    with change_set(actor=people.owner, verb="records.create"):
        made = [make_company(people.owner, name) for name in NAMES]
    known = {"email": "old@alder.com", "website": "alder.com", "city": "Ulm", "region": "Bayern"}
    edit_record(actor=people.owner, entity=entity("parties.company"), record=made[0], data=known)
    return made


def session_cookie(user: User, url: str) -> Any:
    """A session of that user, as signing in would have made it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


def work_off_jobs() -> None:
    """Do what a worker would: in a thread of its own, because here a loop is running already."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            run_worker(wait=False)
        except BaseException as error:  # handed over to the test's own thread
            failed.append(error)

    thread = Thread(target=work)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "the worker does not come to an end"
    if failed:
        raise failed[0]
