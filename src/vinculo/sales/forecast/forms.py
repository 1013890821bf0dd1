"""What is asked for: targets one by one or pasted, and what a manager expects instead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.amounts import parse_money
from vinculo.kernel.errors import DomainError
from vinculo.kernel.errors import _ as _t
from vinculo.platform.clean_text import CleanText
from vinculo.platform.models import Team, User
from vinculo.platform.refusals import sentence
from vinculo.products.currency import books_currency
from vinculo.products.models import Product
from vinculo.records.registry import entity
from vinculo.sales.forecast.models import Adjustment
from vinculo.sales.forecast.periods import Period
from vinculo.sales.forecast.targets import Wish, led_people, led_teams

#: What may stand between the parts of a pasted line.
MARKS = ("\t", ";", "|")


class AmountInput(CleanText):
    """An amount in the books' currency, as people write it."""

    def clean(self, value: Any) -> Any:
        """A Decimal; None where nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_amount(typed)
        except DomainError as refusal:
            raise forms.ValidationError(sentence(refusal)) from None


class AdjustForm(forms.Form):
    """What a colleague is going to close in a period, and why."""

    amount = AmountInput(
        label=_("Amount"),
        max_length=40,
        required=False,
        help_text=_("What you count on in all, won deals included. Leave it empty to go by what is"
                    " computed."),
    )  # fmt: skip
    note = CleanText(
        label=_("Note"), max_length=500, required=False, many_lines=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, held: Adjustment | None = None) -> None:
        first = {"amount": plain(held.amount), "note": held.note} if held is not None else {}
        super().__init__(data, initial=first)


class TargetsForm(forms.Form):
    """Targets pasted from a table: who, period and amount in each line."""

    lines = CleanText(
        label=_("Targets"),
        many_lines=True,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "Ana Soto; 2026-Q3; 250000"}),
        help_text=_("One in a line: a colleague (name or e-mail) or a team, a period (2026, 2026-Q3"
                    " or 2026-07) and an amount. Paste them from a spreadsheet, or write semicolons"
                    " between the parts. For a product or a family write it after the name:"
                    " Ana Soto; Pumps; 2026-Q3; 90000"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def wishes(self) -> list[Wish]:
        """What was pasted; DomainError names the line that cannot be read."""
        known = _names(self.user)
        found = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if line.strip():
                try:
                    found.append(_wish(line, known, self.user))
                except DomainError as refusal:
                    raise DomainError(
                        _t("Line %(number)s: %(why)s"), field="lines",
                        number=number, why=sentence(refusal),
                    ) from None  # fmt: skip
        return found


def read_amount(typed: str) -> Decimal:
    """An amount in the books' currency, typed with or without it."""
    books = books_currency()
    money = parse_money(typed, books, get_language() or "en")
    if money.currency != books:
        raise DomainError(_t("Write the amount in %(currency)s."), "amount", currency=books)
    return money.amount


def plain(amount: Decimal) -> str:
    """An amount as an input holds it: no more decimals than it has."""
    return f"{amount.normalize():f}"


def _names(user: User) -> dict[str, list[User | Team]]:
    """Whom the reader may set targets for, by all that they can be called."""
    found: dict[str, list[User | Team]] = {}
    for person in led_people(user):
        for name in {person.name.casefold(), person.email.casefold()}:
            found.setdefault(name, []).append(person)
    for team in led_teams(user):
        found.setdefault(team.name.casefold(), []).append(team)
    return found


def _wish(line: str, known: dict[str, list[User | Team]], user: User) -> Wish:
    mark = next((one for one in MARKS if one in line), None)
    parts = [part.strip() for part in line.split(mark)] if mark else []
    parts = [part for part in parts if part]
    of: Product | str = ""
    if len(parts) == 4:
        of = _product(parts.pop(1), user)
    if len(parts) != 3:
        raise DomainError(_t("it needs a name, a period and an amount."))
    named = known.get(parts[0].casefold(), [])
    if not named:
        raise DomainError(_t("no colleague or team of yours is called “%(name)s”."),
                          name=parts[0][:80])  # fmt: skip
    if len(named) > 1:
        raise DomainError(_t("“%(name)s” is more than one. Write the e-mail address."),
                          name=parts[0][:80])  # fmt: skip
    period, amount = Period.read(parts[1]), read_amount(parts[2])
    if isinstance(of, str):
        return Wish(named[0], period, amount, family=of)
    return Wish(named[0], period, amount, product=of)


def _product(name: str, user: User) -> Product | str:
    """The product with this code or name, else the family that is called so."""
    seen = entity("products.product").visible(user)
    for found in (seen.filter(code__iexact=name), seen.filter(name__iexact=name)):
        rows = list(found[:2])
        if len(rows) == 2:
            raise DomainError(_t("“%(name)s” is more than one product. Write its code."),
                              name=name[:80])  # fmt: skip
        if rows:
            product: Product = rows[0]
            return product
    family = seen.filter(family__iexact=name).values_list("family", flat=True).first()
    if family is None:
        raise DomainError(_t("no product or product family is called “%(name)s”."), name=name[:80])
    return str(family)
