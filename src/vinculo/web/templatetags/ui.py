"""Tags of the design system: icons, avatars, dates, money, forms. A builtin of every template."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon as lucide_svg

from vinculo.web import assets, formats

register = template.Library()


@lru_cache(maxsize=1024)
def _icon(name: str, size: int, label: str) -> SafeString:
    """The SVG as text, kept: parsing it for each row of a list would cost more than the row."""
    if label:
        svg = lucide_svg(name, size, stroke_width="1.75", role="img", aria_label=label)
    else:
        svg = lucide_svg(name, size, stroke_width="1.75", aria_hidden="true", focusable="false")
    # Lucide's own drawings, escaped by ElementTree: nothing a user typed except the label.
    return mark_safe(" ".join(svg.split()))  # noqa: S308


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A Lucide icon; without a label it is hidden from screen readers."""
    return _icon(str(name), int(size), str(label))


@register.simple_tag
def avatar(name: str, shape: str = "", size: str = "") -> SafeString:
    """Initials in the name's colour; shape "square" for companies, size "sm" or "lg"."""
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
    return format_html(
        '<span class="{}" aria-hidden="true">{}</span>', classes, formats.initials_of(text)
    )


@register.filter
def initials(name: str) -> str:
    """The letters an avatar shows."""
    return formats.initials_of(str(name or ""))


@register.simple_tag
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


@register.simple_tag
def day(moment: dt.datetime | dt.date | None, length: str = "medium") -> str:
    """A date as the reader writes it, never relative."""
    if moment is None:
        return ""
    return formats.date_text(moment.date() if isinstance(moment, dt.datetime) else moment, length)


@register.simple_tag
def money(amount: Decimal | None, currency: str = "EUR", whole: bool = False) -> str:
    """An amount with its currency in the reader's notation; nothing for None."""
    return "" if amount is None else formats.money_text(Decimal(amount), currency, whole=whole)


@register.filter
def number(value: Any) -> str:
    """A number with the reader's separators."""
    return "" if value is None else formats.number_text(value)


@register.simple_tag
def keys(*names: str) -> SafeString:
    """Key caps: {% keys "Ctrl" "K" %}."""
    caps = format_html_join("", "<kbd>{}</kbd>", ((name,) for name in names))
    return format_html('<span class="keys">{}</span>', caps)


@register.simple_tag
def styles() -> SafeString:
    """The <link>s of the design system, in the order of the cascade."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((url,) for url in assets.stylesheet_urls())
    )


@register.simple_tag
def module_preloads() -> SafeString:
    """The <link>s that fetch our modules all at once."""
    return format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((url,) for url in assets.module_urls())
    )


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands beside it."""
    widget = field.field.widget
    return isinstance(widget, CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    """Whether the field is a group of boxes or radios."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
