"""Dates, money and names as the reader writes them: language from the request, zone from Django."""

import datetime as dt
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from vinculo.kernel.clock import now

TONES = ("is-violet", "is-info", "is-ok", "is-warn", "is-accent", "is-rose")

# Django's names of the Chinese languages are scripts; babel wants the usual country with them.
LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}


#: Babel patterns of the styles a reader may choose instead of the language's own.
DATE_PATTERNS = {"iso": "yyyy-MM-dd", "dmy": "dd/MM/yyyy", "mdy": "MM/dd/yyyy"}
#: Languages that write numbers in the styles a reader may choose.
NUMBER_LOCALES = {"comma": "de", "point": "en", "space": "fr"}


@dataclass(frozen=True)
class Styles:
    """How one reader wants dates and numbers, where not as usual in the language."""

    dates: str = "locale"
    numbers: str = "locale"


_AS_USUAL = Styles()
_styles: ContextVar[Styles] = ContextVar("vinculo_styles", default=_AS_USUAL)


@contextmanager
def written_as(styles: Styles) -> Iterator[None]:
    """Write dates and numbers in these styles inside the block."""
    restore = _styles.set(styles)
    try:
        yield
    finally:
        _styles.reset(restore)


def number_locale() -> Locale:
    """The babel locale whose separators the reader wants."""
    chosen = NUMBER_LOCALES.get(_styles.get().numbers)
    return _locale(chosen) if chosen else reader_locale()


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language.replace("-", "_")))


def reader_locale() -> Locale:
    """The babel locale of the language in force."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=4096)
def _date_text(day: dt.date, length: str, locale: Locale) -> str:
    return format_date(day, length, locale=locale)


def date_text(day: dt.date, length: str = "medium") -> str:
    """A day as the reader writes it: "Nov 21, 2026", "21 nov 2026", "2026年11月21日"."""
    pattern = DATE_PATTERNS.get(_styles.get().dates)
    if pattern and length != "full":
        length = pattern
    return _date_text(day, length, reader_locale())


def exact_text(at: dt.datetime) -> str:
    """The instant to the second, in the reader's zone, with the zone's name."""
    return _exact_text(at, timezone.get_current_timezone(), reader_locale())


@lru_cache(maxsize=4096)
def _exact_text(at: dt.datetime, zone: dt.tzinfo, locale: Locale) -> str:
    # the zone is asked for by itself: an instant in two zones is one key
    return format_datetime(at, "long", tzinfo=zone, locale=locale)


def time_text(at: dt.datetime) -> str:
    """The time of day in the reader's zone."""
    return format_time(timezone.localtime(at), "short", locale=reader_locale())


def _day_words(days: int) -> str | None:
    """A day near today in words; days counts from today, the past is negative."""
    if days == 0:
        return gettext("today")
    if days == -1:
        return gettext("yesterday")
    if days == 1:
        return gettext("tomorrow")
    if -31 < days < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}
    if 0 < days < 15:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return None


def day_text(day: dt.date) -> str:
    """A day in relation to today where that is near, else the date."""
    return _day_words((day - timezone.localdate(now())).days) or date_text(day)


def moment_text(at: dt.datetime, *, short: bool = False) -> str:
    """An instant in relation to now: minutes, the time of a near day, else the date; short: days."""
    if short:
        return day_text(timezone.localtime(at).date())
    seconds = (now() - at).total_seconds()
    if 0 <= seconds < 60:
        return gettext("just now")
    if 0 <= seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(n)s min ago", "%(n)s min ago", minutes) % {"n": minutes}
    local = timezone.localtime(at)
    days = (local.date() - timezone.localdate(now())).days
    words = _day_words(days)
    if words is None:
        return date_text(local.date())
    if abs(days) <= 1:
        return f"{words} {time_text(at)}"
    return words


def money_text(amount: Decimal, currency: str, *, whole: bool = False) -> str:
    """An amount with its currency; whole drops the decimals (for figures and sums)."""
    locale = number_locale()
    digits = 0 if whole else get_currency_precision(currency)
    rounded = round(amount, digits)
    return format_currency(
        rounded, currency, locale=locale, currency_digits=not whole, format=_plain(locale, whole)
    )


@lru_cache(maxsize=32)
def _plain(locale: Locale, whole: bool) -> str | None:
    """The locale's own pattern, or the same without decimals."""
    if not whole:
        return None
    pattern: str = locale.currency_formats["standard"].pattern
    return pattern.replace("0.00", "0")


def number_text(value: int | float | Decimal) -> str:
    """A number with the reader's separators, an exact one with all its decimals."""
    exact = isinstance(value, Decimal)
    return format_decimal(value, locale=number_locale(), decimal_quantization=not exact)


def tone_of(name: str) -> str:
    """The colour class of a name: the same name always has the same colour."""
    return TONES[zlib.crc32(name.encode()) % len(TONES)]


def initials_of(name: str) -> str:
    """One or two letters that stand for a name; Chinese and Japanese names show their first sign."""
    words = [word for word in name.replace("&", " ").split() if word[0].isalnum()]
    # "Aceros del Norte" is AN: particles do not count where others remain
    words = [word for word in words if not word[0].islower()] or words
    if not words:
        return "?"
    if ord(words[0][0]) >= 0x2E80:
        return words[0][0]
    last = words[1] if len(words) > 1 and ord(words[1][0]) < 0x2E80 else ""
    return (words[0][0] + last[:1] or words[0][:2]).upper()
