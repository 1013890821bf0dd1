"""The tags every template uses: what they draw, in the reader's language and zone."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

import vinculo.web
from vinculo.kernel.clock import frozen
from vinculo.platform import formats
from vinculo.web.assets import MODULES, STYLES, stylesheet_urls

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_an_icon_is_hidden_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "phone" %}')
    labelled = render('{% icon "phone" 20 "Call" %}')
    assert 'aria-label="Call"' in labelled
    assert 'width="20"' in labelled
    assert "aria-hidden" not in labelled
    assert "style=" not in labelled


def test_an_icons_label_cannot_bring_markup() -> None:
    assert "<script>" not in render('{% icon "phone" 16 label %}', label='"><script>')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Aceros del Norte, S.A.", "AN"),
        ("Muñoz y Hijos", "MH"),
        ("上海远景贸易有限公司", "上"),
        ("Kōbe Precision 株式会社", "KP"),
        ("Rivera & Lindqvist", "RL"),
        ("apple", "A"),
        ("", "?"),
        ("…", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials_of(name) == letters


@given(st.text(max_size=60))
def test_any_name_has_initials_and_a_steady_colour(name: str) -> None:
    assert 1 <= len(formats.initials_of(name)) <= 4
    assert formats.tone_of(name) == formats.tone_of(name)


def test_an_avatar_escapes_nothing_into_the_page() -> None:
    drawn = render("{% avatar name 'square' 'lg' %}", name="<b>")
    assert "<b>" not in drawn
    assert "avatar-square" in drawn
    assert "avatar-lg" in drawn


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=5), "5 min ago"),
        (dt.timedelta(days=3), "3 days ago"),
        (dt.timedelta(days=60), "Sep 22, 2026"),
        (dt.timedelta(days=-3), "in 3 days"),
        (dt.timedelta(days=-60), "Jan 20, 2027"),
    ],
)
def test_when_is_relative_near_today_and_a_date_far_away(ago: dt.timedelta, text: str) -> None:
    with frozen(NOON), translation.override("en"):
        drawn = render("{% when at %}", at=NOON - ago)
    assert f">{text}</time>" in drawn


def test_when_counts_days_in_the_readers_zone() -> None:
    """23:30 UTC is still today in London and already tomorrow in Shanghai."""
    at = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
    with frozen(NOON), translation.override("en"):
        with timezone.override(ZoneInfo("Europe/London")):
            assert "today" in render("{% when at %}", at=at)
        with timezone.override(ZoneInfo("Asia/Shanghai")):
            assert "tomorrow" in render("{% when at %}", at=at)


def test_when_carries_the_exact_instant_and_a_short_form() -> None:
    with frozen(NOON), translation.override("en"), timezone.override(ZoneInfo("Asia/Shanghai")):
        assert "8:00:00" in render("{% when at short=True %}", at=NOON)
    with frozen(NOON), translation.override("en"), timezone.override(ZoneInfo("Europe/Madrid")):
        drawn = render("{% when at short=True %}", at=NOON)
        assert 'datetime="2026-11-21T12:00:00+00:00"' in drawn
        assert "1:00:00" in drawn
        assert ">today</time>" in drawn
        assert render("{% when none %}", none=None) == ""


def test_dates_and_money_follow_the_language() -> None:
    day = dt.date(2026, 11, 21)
    expected = {"en": "Nov 21, 2026", "es": "21 nov 2026", "zh-hans": "2026年11月21日"}
    for language, text in expected.items():
        with translation.override(language):
            assert render("{% day day %}", day=day) == text
    with translation.override("en"):
        assert render("{% money a 'EUR' %}", a=Decimal("1234.5")) == "€1,234.50"
        assert render("{% money a 'EUR' whole=True %}", a=Decimal("1234.5")) == "€1,234"
        assert render("{% money a 'JPY' %}", a=Decimal("1234")) == "¥1,234"
        assert render("{% money a %}", a=None) == ""
    with translation.override("es"):
        assert render("{% money a 'EUR' %}", a=Decimal("12345.6")).startswith("12.345,60")
        assert render("{{ n|number }}", n=1234567) == "1.234.567"


def test_every_style_sheet_is_linked_in_the_order_of_the_cascade() -> None:
    assert len(stylesheet_urls()) in (1, len(STYLES))
    assert render("{% styles %}").count('rel="stylesheet"') == len(stylesheet_urls())


def test_every_module_that_is_imported_is_fetched_ahead() -> None:
    folder = Path(finders.find("js/app.js")).parent
    assert {f"js/{path.name}" for path in folder.glob("*.js")} == {"js/app.js", *MODULES}


def test_every_style_sheet_is_in_the_list() -> None:
    root = Path(finders.find("css/tokens.css")).parent
    assert {f"css/{path.relative_to(root)}" for path in root.rglob("*.css")} == set(STYLES)


FIXED = re.compile(r'{% fixed "([^"]+)" %}')


def test_what_is_drawn_once_for_everybody_names_nobody() -> None:
    """A fixed part is drawn without a context: a value in it would be empty on every page."""
    root = Path(vinculo.web.__file__).parent / "templates"
    found = {name for page in root.rglob("*.html") for name in FIXED.findall(page.read_text())}
    assert len(found) >= 3
    for name in found:
        source = (root / name).read_text()
        assert not re.findall(r"{{|{% (?:if|for|with|include|csrf_token|once)\b", source), name


def test_a_fixed_part_is_drawn_in_each_language() -> None:
    drawn = {}
    for language in ("en", "es", "zh-hans", "zh-hant"):
        with translation.override(language):
            drawn[language] = render('{% fixed "web/components/strings.html" %}')
            assert drawn[language] == render('{% include "web/components/strings.html" %}')
    assert len(set(drawn.values())) == 4
