"""Watches a page: whatever the browser complains about fails the test that caused it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page, Request, Response

#: How chromium logs an answer of 4xx or 5xx; the answer itself is judged by its status.
NETWORK_LINE = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
#: A request that the page itself gave up, because it went elsewhere or asked anew.
GIVEN_UP = ("net::ERR_ABORTED",)
#: What is said where there is no network, the second about the service worker.
NO_NETWORK = re.compile(
    "ERR_INTERNET_DISCONNECTED|htmx:sendError|error occurred when fetching the script"
)
#: What htmx says about such a request.
GIVEN_UP_BY_HTMX = ("htmx:sendAbort", "htmx:afterRequest")


class Watch:
    """What went wrong on one page so far."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self._allowed: set[int] = set()
        self._offline = False
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    @contextmanager
    def refusals(self, *statuses: int) -> Iterator[None]:
        """Inside the block these answers are what the test is about."""
        self._allowed |= set(statuses)
        yield
        self._allowed -= set(statuses)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Inside the block there is no network."""
        self._offline = True
        yield
        self._offline = False

    def assert_silent(self, where: str = "") -> None:
        """Fail with everything that was complained about."""
        found, self.problems = self.problems, []
        assert not found, "\n".join([f"the browser complained {where}:", *found])

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        network = NETWORK_LINE.search(message.text)
        if network and int(network[1]) in self._allowed:
            return
        if message.text.startswith(GIVEN_UP_BY_HTMX):  # a failure shows in its status, below
            return
        if self._offline and NO_NETWORK.search(message.text):
            return
        self.problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _failed(self, request: Request) -> None:
        if request.failure in GIVEN_UP or self._offline:
            return
        self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            request = response.request
            self.problems.append(f"answer {response.status}: {request.method} {response.url}")
