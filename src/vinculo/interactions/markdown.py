"""Notes are written in markdown and shown as clean HTML: no script, no image, safe links only."""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TEXT = "p br strong em s code pre blockquote ul ol li a h1 h2 h3 h4 hr"
TAGS = set(f"{TEXT} table thead tbody tr th td".split())
SCHEMES = {"http", "https", "mailto", "tel"}
# What is longer is shown as plain text: rendering it would hold up everybody's page.
LONGEST_RENDERED = 50_000

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable(["image"])
)


def _strong_mentions(state: StateCore) -> None:
    """Set the names of mentioned colleagues in bold, in text only: never in links' addresses."""
    names: Sequence[str] = state.env.get("names", ())
    if not names:
        return
    for block in state.tokens:
        if block.children:
            block.children = [
                piece for token in block.children for piece in _split_at_names(token, names)
            ]


def _split_at_names(token: Token, names: Sequence[str]) -> list[Token]:
    if token.type != "text" or "@" not in token.content:
        return [token]
    pieces: list[Token] = []
    rest = token.content
    while rest:
        found = [(rest.casefold().find(f"@{name}".casefold()), name) for name in names]
        places = [(at, -len(name)) for at, name in found if at >= 0]
        if not places:
            break
        at, length = min(places)
        end = at + 1 - length
        pieces += [_text(rest[:at]), Token("strong_open", "strong", 1), _text(rest[at:end])]
        pieces.append(Token("strong_close", "strong", -1))
        rest = rest[end:]
    return [*pieces, _text(rest)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_markdown.core.ruler.push("mentions", _strong_mentions)


@lru_cache(maxsize=2048)
def render(text: str, names: tuple[str, ...] = ()) -> SafeString:
    """Markdown as HTML that can do no harm, whatever was typed; `@name` stands out for `names`."""
    if len(text) > LONGEST_RENDERED:
        shown = f"<pre>{nh3.clean_text(text)}</pre>"
    else:
        shown = _markdown.render(text, {"names": names})
    cleaned = nh3.clean(
        shown,
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    # nh3 has just removed everything but the tags above.
    return mark_safe(cleaned)  # noqa: S308
