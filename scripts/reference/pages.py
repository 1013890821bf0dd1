"""All pages of the reference, by file name. Django must be set up; no database is asked."""

from __future__ import annotations

from functools import cache

from django.utils import translation

from scripts.reference import actions, commands, entities, events, settings

NOTE = "\n<!-- Written by `make reference` from the code: change the code, not this page. -->\n\n"


@cache
def pages() -> dict[str, str]:
    """File name → text, in English whatever the machine speaks."""
    with translation.override("en"):
        made = {
            "actions.md": actions.page(),
            "commands.md": commands.page(),
            "entities.md": entities.page(),
            "events.md": events.page(),
            "settings.md": settings.page(),
        }
    return {name: text.replace("\n\n", NOTE, 1).rstrip() + "\n" for name, text in made.items()}
