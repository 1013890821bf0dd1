"""Pages as a reader of one language sees them, and what is left on them in English."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

from django.utils import translation
from scripts.wording.found import all_messages
from scripts.wording.templates import ATTRIBUTES

SILENT = {"script", "style", "code", "kbd", "pre", "svg", "head"}


class Words(HTMLParser):
    """The texts of a page, one for each text node or spoken attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.silent = 0
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        for name, value in attrs:
            if value and (name in ATTRIBUTES or (name == "content" and tag == "meta")):
                self.texts.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent -= tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        text = " ".join(unescape(data).split())
        if text and not self.silent:
            self.texts.append(text)


@cache
def english_of(language: str) -> tuple[set[str], re.Pattern[str]]:
    """The English messages that read otherwise in `language`: whole ones, and those with places."""
    whole: set[str] = set()
    patterns: list[str] = []
    with translation.override(language):
        for message in all_messages().values():
            if message.context:
                said = translation.pgettext(message.context, message.singular)
            else:
                said = translation.gettext(message.singular)
            if said == message.singular and not message.plural:
                continue
            for english in filter(None, (message.singular, message.plural)):
                parts = re.split(r"%\(\w+\)[sd]", english.replace("%%", "%"))
                if len(parts) == 1:
                    whole.add(english)
                # One word beside a place is too little to tell a message from a name.
                elif len(re.findall(r"[A-Za-z]{2,}", " ".join(parts))) > 1:
                    patterns.append(".+".join(map(re.escape, parts)))
    return whole, re.compile("|".join(patterns))


@cache
def is_english(text: str, language: str) -> bool:
    """Whether the text is an English message of ours that `language` says otherwise."""
    whole, pattern = english_of(language)
    return text in whole or pattern.fullmatch(text) is not None


def english_in(page: str, language: str) -> list[str]:
    """The texts of a page that are an English message of ours."""
    return [text for text in Words(page).texts if is_english(text, language)]
