"""The forms of all pages, found where people find them: with what they hold and which take words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.test import Client

from tests.routes import routes
from tests.security.test_every_route import body
from tests.security.test_input import ENDS_THE_TEST
from tests.security.world import Theirs

#: What inputs of other types hold when the page leaves them empty.
USUAL = {"email": "zq@zq.example", "number": "7", "tel": "+34600123456"}


class Forms(HTMLParser):
    """The forms of a page: where they lead, and their inputs with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self._select, self._inside = "", False
        self.feed(page)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._inside = True
            self.found.append((given.get("action") or given.get("hx-post", ""), {}, set()))
        elif self._inside and tag in ("input", "textarea") and name:
            kind = given.get("type", "text") if tag == "input" else "textarea"
            value = given.get("value", "") or USUAL.get(kind, "")
            self.found[-1][1].setdefault(name, value)
            if kind in ("text", "textarea", "search") and "inputmode" not in given:
                self.found[-1][2].add(name)
        elif self._inside and tag == "select":
            self._select = name
        elif self._inside and tag == "option" and self._select:
            values = self.found[-1][1]
            if "selected" in given or not values.get(self._select):
                values[self._select] = given.get("value", "")


def every_form(client: Client, theirs: Theirs) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """Every form of every page, with the pages' own values, and which inputs take words."""
    done = set()
    for route in routes():
        if route.of_a_library:
            continue
        for values in theirs.fillings(route)[:12]:
            url = route.url(**values)
            page = body(client.get(url, headers={"HX-Request": "true"}))
            for action, inputs, words in Forms(page).found if "<form" in page else ():
                target = (action or url).split("#")[0]
                shape = (re.sub(r"\d+", "1", target), tuple(sorted(inputs)))
                if (
                    words
                    and shape not in done
                    and not target.split("?")[0].endswith((*ENDS_THE_TEST, "logout/"))
                ):
                    done.add(shape)
                    yield target, inputs, words
