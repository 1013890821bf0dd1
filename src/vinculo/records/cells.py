"""How a value looks: one function per kind, for list cells, facts and history.

Rendered in Python rather than by a template per cell: a page of a list has four hundred of them.
"""

from datetime import date, datetime
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vinculo.kernel.countries import country_name
from vinculo.platform.formats import money_text, number_text
from vinculo.platform.snippets import avatar, icon, when
from vinculo.records.fields import Field, Kind

TONES = {
    "active": "is-ok",
    "won_back": "is-ok",
    "done": "is-ok",
    "prospect": "is-info",
    "planned": "is-info",
    "lead": "is-violet",
    "dormant": "is-warn",
    "lost": "is-bad",
    "cancelled": "is-bad",
}


def cell(
    field: Field, record: Any, hidden: "set[tuple[str, int]] | frozenset[Any]" = frozenset()
) -> SafeString:
    """A field of a record as HTML; `hidden` names related records whose titles stay unsaid."""
    value = field.value(record)
    if field.kind is Kind.RELATION and value is not None and (field.name, value.pk) in hidden:
        return format_html(
            '<span class="muted" title="{}">{}</span>',
            gettext("You may not see this record."),
            icon("lock", 14, gettext("Hidden")),
        )
    if field.currency_of is not None and value is not None:
        return conditional_escape(money_text(value, field.currency_of(record)))
    return shown(field, value)


def shown(field: Field, value: Any) -> SafeString:
    """A value as HTML, by the kind of its field."""
    if value is None or value == "" or value == []:
        return SafeString("")
    kind = field.kind
    if kind is Kind.CHOICE:
        return _choice(field, value)
    if kind is Kind.TAGS:
        chips = ((field.choice_label(tag),) for tag in value)
        return format_html_join("", '<span class="chip">{}</span>', chips)
    if kind is Kind.USER:
        return format_html('<span class="who">{}{}</span>', avatar(str(value), "", "sm"), value)
    if kind in (Kind.DATE, Kind.DATETIME) and isinstance(value, date | datetime):
        return SafeString(when(value))
    if kind is Kind.BOOLEAN:
        return SafeString(gettext("Yes") if value else gettext("No"))
    if kind is Kind.PERCENT:
        return format_html("{} %", number_text(value))
    if field.currency:
        return conditional_escape(money_text(value, field.currency))
    if field.is_number:
        return conditional_escape(number_text(value))
    if kind is Kind.EMAIL:
        return format_html('<a href="mailto:{}">{}</a>', value, value)
    if kind is Kind.PHONE:
        return format_html('<a href="tel:{}">{}</a>', str(value).replace(" ", ""), value)
    if kind is Kind.URL:
        return _link(str(value))
    if kind is Kind.COUNTRY:
        return conditional_escape(country_name(value, get_language() or "en"))
    return conditional_escape(value)


def text(field: Field, value: Any) -> str:
    """A value as plain words: for exports, titles and choices."""
    if value is None or value == "":
        return ""
    if field.kind is Kind.CHOICE:
        return str(field.choice_label(value))
    if field.kind is Kind.TAGS:
        return ", ".join(str(field.choice_label(tag)) for tag in value)
    if field.kind is Kind.BOOLEAN:
        return gettext("Yes") if value else gettext("No")
    return str(value)


def _choice(field: Field, value: Any) -> SafeString:
    tone = TONES.get(str(value), "") if field.name in ("state", "status") else ""
    label = field.choice_label(value)
    if tone:
        return format_html('<span class="chip with-dot {}">{}</span>', tone, label)
    if len(str(label)) == 1:
        return format_html('<span class="chip">{}</span>', label)
    return conditional_escape(str(label))


def _link(url: str) -> SafeString:
    """A website: only http and https ever become a link."""
    if not url.lower().startswith(("http://", "https://")):
        return conditional_escape(url)
    return format_html(
        '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>',
        url,
        url.split("://", 1)[1].rstrip("/"),
    )
