"""Text of a cell, as somebody typed or pasted it, to the clean value of its field."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language

from vinculo.kernel.countries import country_code
from vinculo.kernel.errors import DomainError, _
from vinculo.platform.formats import number_locale
from vinculo.platform.models import User
from vinculo.records.bulk.change import references
from vinculo.records.fields import Field, Kind
from vinculo.records.forms import input_for
from vinculo.records.registry import find
from vinculo.records.transfer.cells import unescape_formula
from vinculo.records.transfer.columns import Style, style_of
from vinculo.records.transfer.values import (
    choices_by_label,
    read_boolean,
    read_choice,
    read_choices,
    read_date,
    read_datetime,
    read_integer,
    read_list,
    read_number,
)


class ColumnReader:
    """Reads the cells of one column: how it writes dates and numbers is decided by all of them."""

    def __init__(self, field: Field, user: User, texts: Sequence[str]) -> None:
        self.field, self.user = field, user
        self.input = input_for(field, user)
        english = (get_language() or "en").startswith("en")
        comma = number_locale().number_symbols.get("latn", {}).get("decimal") == ","
        self.style: Style = style_of(
            texts, date_order="mdy" if english else "dmy", decimal="," if comma else "."
        )
        self._known: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        """The value the text stands for. Raises DomainError with what to write instead."""
        text = unescape_formula(text.strip().replace("\x00", ""))
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> Any:
        field, kind = self.field, self.field.kind
        if text in ("", "—") and kind is not Kind.BOOLEAN:
            return self._cleaned("")
        if field.is_reference:
            return self._named(text)
        if kind is Kind.CHOICE:
            pairs = tuple((str(value), str(label)) for value, label in field.choices or ())
            stored = read_choice(text, choices_by_label(pairs))
            return next(value for value, _label in field.choices or () if str(value) == stored)
        if kind is Kind.TAGS and field.choices:
            return read_choices(text, field.choices)
        if kind is Kind.BOOLEAN:
            return read_boolean(text) if text else False
        if kind is Kind.DATE:
            return read_date(text, self.style)
        if kind is Kind.DATETIME:
            return read_datetime(text, self.style, timezone.get_current_timezone())
        if kind is Kind.DECIMAL:
            return read_number(text, self.style)
        if kind in (Kind.NUMBER, Kind.PERCENT):
            return read_integer(text.removesuffix("%").strip(), self.style)
        if kind is Kind.COUNTRY:
            return self._country(text)
        return self._cleaned(", ".join(read_list(text)) if kind is Kind.TAGS else text)

    def _cleaned(self, text: str) -> Any:
        """As the field's own input would take it."""
        try:
            return self.input.clean(text)
        except forms.ValidationError as error:
            raise DomainError(error.messages[0], field=self.field.name) from None

    def _country(self, text: str) -> str:
        code = country_code(text)
        if not code:
            raise DomainError(_("“%(text)s” is not one of the choices."), text=text[:50])
        return code

    def _named(self, text: str) -> Any:
        """The one record of that name that the user may see; colleagues by address, too."""
        target = find(self.field.target)
        title = target.title if target is not None else "name"
        rows = references(self.field, self.user)
        found = list(rows.filter(**{f"{title}__iexact": text[:200]})[:2])
        if not found and self.field.kind is Kind.USER:
            found = list(rows.filter(email__iexact=text[:200])[:2])
        if not found:
            raise DomainError(_("Nothing here is called “%(text)s”."), text=text[:50])
        if len(found) > 1:
            raise DomainError(_("Several records are called “%(text)s”."), text=text[:50])
        return found[0]
