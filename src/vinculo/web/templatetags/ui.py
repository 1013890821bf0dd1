"""Tags of the design system: icons, avatars, dates, money, forms. A builtin of every template."""

import datetime as dt
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from vinculo.kernel.ids import token
from vinculo.platform import formats
from vinculo.platform.forms_once import FIELD, TOKEN
from vinculo.platform.snippets import avatar, icon, when
from vinculo.platform.terms import known as terms
from vinculo.web import assets

register = template.Library()


register.simple_tag(icon)
register.simple_tag(avatar)
register.simple_tag(when)


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> SafeString:
    """The hidden token by which a form that is sent twice is saved once (platform/forms_once.py);
    a form that comes back refused keeps the one it was sent with, an empty one that takes the place
    of the saved one (`once_anew`) does not."""
    request = None if context.get("once_anew") else context.get("request")
    given = request.POST.get(FIELD, "") if request is not None else ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">',
        FIELD,
        given if TOKEN.match(given) else token(),
    )


@register.filter
def initials(name: str) -> str:
    """The letters an avatar shows."""
    return formats.initials_of(str(name or ""))


@register.simple_tag
def day(moment: dt.datetime | dt.date | None, length: str = "medium") -> str:
    """A date as the reader writes it, never relative; of an instant, the day it is where they are."""
    if moment is None:
        return ""
    local = timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment
    return formats.date_text(local, length)


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
def fixed(template_name: str) -> SafeString:
    """A part that says the same to everybody in a language, drawn once: {% fixed "web/…" %};
    once more when the company calls its things by other words.

    It is drawn without a context: a name in it would be empty (a test finds those).
    """
    return _fixed(template_name, get_language() or "", terms.version())


@lru_cache(maxsize=64)
def _fixed(template_name: str, language: str, words: str) -> SafeString:
    return SafeString(render_to_string(template_name))


@register.simple_tag
@cache
def styles() -> SafeString:
    """The <link>s of the design system, in the order of the cascade."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((url,) for url in assets.stylesheet_urls())
    )


@register.simple_tag
@cache
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
