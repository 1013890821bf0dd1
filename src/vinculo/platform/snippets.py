"""Small pieces of HTML that pages and cells share: icon, avatar, time.

Plain functions, so that a list can draw four hundred cells without a template each; the same are
template tags (`web/templatetags/ui.py`).
"""

import datetime as dt
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon as lucide_svg

from vinculo.platform import formats


@lru_cache(maxsize=1024)
def _icon(name: str, size: int, label: str) -> SafeString:
    """The SVG as text, kept: parsing it for each row of a list would cost more than the row."""
    if label:
        svg = lucide_svg(name, size, stroke_width="1.75", role="img", aria_label=label)
    else:
        svg = lucide_svg(name, size, stroke_width="1.75", aria_hidden="true", focusable="false")
    # Lucide's own drawings, escaped by ElementTree: nothing a user typed except the label.
    return mark_safe(" ".join(svg.split()))  # noqa: S308


def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A Lucide icon; without a label it is hidden from screen readers."""
    return _icon(str(name), int(size), str(label))


def avatar(name: str, shape: str = "", size: str = "", picture: str = "") -> SafeString:
    """A picture, or initials in the name's colour; shape "square" for companies, size "sm" or
    "lg"."""
    if not picture:
        return _initials(str(name or ""), shape, size)
    classes = _classes(str(name or ""), shape, size)
    return format_html('<img class="{}" src="{}" alt="" loading="lazy">', classes, picture)


@lru_cache(maxsize=1024)
def _initials(name: str, shape: str, size: str) -> SafeString:
    """Kept: a list shows the same few colleagues again and again."""
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>',
        _classes(name, shape, size),
        formats.initials_of(name),
    )


def _classes(name: str, shape: str, size: str) -> str:
    parts = (
        "avatar",
        formats.tone_of(name),
        shape and f"avatar-{shape}",
        size and f"avatar-{size}",
    )
    return " ".join(part for part in parts if part)


def when(
    moment: dt.datetime | dt.date | None, empty: str = "", short: bool = False
) -> SafeString | str:
    """A <time>: relative where near, else the date; the exact instant as title; short: no hours."""
    if moment is None:
        return empty
    if isinstance(moment, dt.datetime):
        text, title = formats.moment_text(moment, short=short), formats.exact_text(moment)
    else:
        text, title = formats.day_text(moment), formats.date_text(moment, "full")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, text)
