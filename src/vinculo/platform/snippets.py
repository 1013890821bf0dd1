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
    text = str(name or "")
    classes = " ".join(
        part
        for part in (
            "avatar",
            formats.tone_of(text),
            f"avatar-{shape}" if shape else "",
            f"avatar-{size}" if size else "",
        )
        if part
    )
    if picture:
        return format_html('<img class="{}" src="{}" alt="" loading="lazy">', classes, picture)
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', classes, formats.initials_of(text)
    )


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
