"""Numbers and amounts as people type them, in any of our languages' habits."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.money import Money, is_currency
from vinculo.kernel.text import clean

LONGEST_NUMBER = 40
_NOT_A_NUMBER = _("“%(text)s” is not a number.")
_NO_CURRENCY = _("Say the currency too, for example EUR.")
_DECIMAL_COMMA = frozenset({"es", "fr", "de", "it", "pt", "pt-br", "nl", "pl", "ru", "tr", "ca"})
_GROUP_SIGNS = re.compile(r"[\s'’\u066c]")
_SHAPE = re.compile(r"\d[\d.,]*|[.,]\d+")
# An amount with whatever stands before and after its number.
_AMOUNT = re.compile(
    r"(?P<before>[^\d.,]*)(?P<number>[.,]?\d[\d\s.,'’\u066c]*[万萬亿億]?)(?P<after>\D*)"
)
# Chinese counts in ten thousands and hundred millions: 3.5万, 2亿.
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SYMBOLS = {
    "€": "EUR", "£": "GBP", "us$": "USD", "nt$": "TWD", "hk$": "HKD", "cn¥": "CNY", "jp¥": "JPY",
    "ca$": "CAD", "a$": "AUD", "s$": "SGD", "mx$": "MXN", "r$": "BRL", "¥": "", "$": "", "元": "",
    "圆": "", "円": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB",
    "人民币": "CNY", "人民幣": "CNY", "rmb": "CNY", "新台币": "TWD", "新臺幣": "TWD", "euros": "EUR",
    "euro": "EUR", "港元": "HKD", "港幣": "HKD", "港币": "HKD", "美元": "USD", "美金": "USD",
    "欧元": "EUR", "歐元": "EUR", "日元": "JPY", "日圓": "JPY",
}  # fmt: skip
# Signs that several currencies share: with a default among these it is the default.
_SHARED = {"¥": "CNY", "元": "CNY", "圆": "CNY", "$": "USD"}


def parse_number(typed: str, language: str = "en") -> Decimal:
    """Read a number; what a single "," or "." means depends on the language.

    Raises DomainError when it is not a number.

    >>> parse_number("1.234,5", "en"), parse_number("1,234", "en"), parse_number("1,234", "es")
    (Decimal('1234.5'), Decimal('1234'), Decimal('1.234'))
    >>> parse_number("３.5万", "zh-hans"), parse_number("(12)")
    (Decimal('35000.0'), Decimal('-12'))
    """
    text = _GROUP_SIGNS.sub("", unicodedata.normalize("NFKC", clean(typed)).replace("−", "-"))
    if len(text) > LONGEST_NUMBER:
        raise DomainError(_NOT_A_NUMBER, text=typed[:LONGEST_NUMBER])
    negative = text.startswith("-") or text.endswith("-")
    if text.startswith("(") and text.endswith(")"):
        # Accountants write negative amounts in brackets.
        negative, text = True, text[1:-1]
    text = text.removeprefix("-").removesuffix("-").removeprefix("+")
    times = _MYRIADS.get(text[-1:], 1)
    if times != 1:
        text = text[:-1]
    decimal = _with_decimal_point(text, language)
    try:
        value = Decimal(decimal) * times
    except InvalidOperation as error:
        raise DomainError(_NOT_A_NUMBER, text=typed[:LONGEST_NUMBER]) from error
    return -value if negative and value else value


def parse_money(typed: str, default_currency: str = "", language: str = "en") -> Money:
    """Read an amount with or without its currency (code, sign or name, before or after).

    Raises DomainError when it is not an amount, or has no currency and there is no default.

    >>> parse_money("1.234,50 €", language="es"), parse_money("US$ 3,000")
    (Money(amount=Decimal('1234.50'), currency='EUR'), Money(amount=Decimal('3000'), currency='USD'))
    """
    text = unicodedata.normalize("NFKC", clean(typed)).replace("−", "-")
    amount = _AMOUNT.fullmatch(text)
    if not amount:
        raise DomainError(_NOT_A_NUMBER, text=typed[:LONGEST_NUMBER])
    around = amount["before"] + amount["after"]
    currency = _currency_of(re.sub(r"[-+()\s]", "", around), default_currency)
    signs = re.sub(r"[^-+()]", "", around)
    if signs not in ("", "+", "-", "()"):
        raise DomainError(_NOT_A_NUMBER, text=typed[:LONGEST_NUMBER])
    value = parse_number(amount["number"], language)
    return Money(-value if value and signs in ("-", "()") else value, currency)


def _currency_of(written: str, default: str) -> str:
    if not written:
        if not default:
            raise DomainError(_NO_CURRENCY)
        return default
    if is_currency(written.upper()):
        return written.upper()
    known = _SYMBOLS.get(written.lower())
    if known is None:
        raise DomainError(_("“%(code)s” is not a currency."), code=written[:LONGEST_NUMBER])
    return known or default or _SHARED[written]


def _with_decimal_point(text: str, language: str) -> str:
    """The number with a point before its decimals and nothing between its thousands.

    Not a number at all gives an empty text, which no Decimal accepts.
    """
    if not _SHAPE.fullmatch(text) or not text.isascii():
        return ""
    mark = _decimal_mark(text, language)
    whole, point, decimals = text.rpartition(mark) if mark else (text, "", "")
    if "," in decimals or "." in decimals:
        return ""
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not _is_grouped(whole, groups):
        return ""
    return f"{''.join(groups) or '0'}{'.' if point else ''}{decimals}"


def _decimal_mark(text: str, language: str) -> str:
    """Which of "," and "." stands before the decimals; "" when neither does."""
    commas, points = text.count(","), text.count(".")
    usual = "," if language.lower() in _DECIMAL_COMMA else "."
    if commas and points:
        return "," if text.rindex(",") > text.rindex(".") else "."
    if commas + points != 1:
        return ""  # none, or the same sign more than once: thousands
    sign = "," if commas else "."
    before, _sign, after = text.partition(sign)
    # "1,234" is a thousand where people write decimals with a point.
    thousands = len(after) == 3 and 0 < len(before) <= 3 and before[0] != "0"
    return "" if sign != usual and thousands else sign


def _is_grouped(whole: str, groups: list[str]) -> bool:
    """Thousands, or the two-digit groups of India; always the same sign between them."""
    one_sign = not ("," in whole and "." in whole)
    sizes_fit = all(len(group) in (2, 3) for group in groups[1:-1]) and len(groups[-1]) == 3
    return one_sign and sizes_fit and 0 < len(groups[0]) <= 3
