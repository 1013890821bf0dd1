"""All rules, in the order in which they are applied, with what they say of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vinculo.kernel.addresses import Address
from vinculo.kernel.text import fold
from vinculo.parties.standardising import companies, names, places, reaching
from vinculo.parties.standardising.names import Name

Words = str | Promise

PERSON, COMPANY, PHONE, EMAIL, ADDRESS = "person", "company", "phone", "email", "address"
ABOUT: dict[str, Words] = {
    PERSON: _("Names of people"),
    COMPANY: _("Names of companies"),
    PHONE: _("Phones"),
    EMAIL: _("E-mail addresses"),
    ADDRESS: _("Addresses"),
}
#: After so many rounds a value that still changes is left as it was.
MOST_ROUNDS = 5


@dataclass(frozen=True)
class Rule:
    """One rule: what it is about, in words, and the pure function that it is.

    `change(value, country)` gives the new value, or None where there is nothing to change; `sample`
    is shown in the settings, as it is and as the rule makes it. `whole` rules may write a word in
    full or complete a code; the others keep every letter and digit, which is looked after here.
    """

    key: str
    about: str
    label: Words
    explains: Words
    change: Callable[[Any, str], Any]
    sample: Any
    sample_country: str = "ES"
    #: On in a new installation (when an administrator applies the rules).
    usual: bool = True
    whole: bool = False

    @property
    def about_label(self) -> Words:
        """What the rule is about, in words."""
        return ABOUT[self.about]

    def apply(self, value: Any, country: str) -> Any:
        """The value as the rule writes it; the same again when it is applied again. A value that
        it does not settle on, or of which something would be lost, stays as it is."""
        new = value
        for _round in range(MOST_ROUNDS):
            changed = self.change(new, country)
            if changed is None or changed == new:
                # Most values are right already: nothing is compared then.
                kept = new is value or self.whole or _same_letters(value, new)
                return new if kept else value
            new = changed
        return value


def _same_letters(one: Any, other: Any) -> bool:
    return _letters(one) == _letters(other)


def _letters(value: Any) -> Counter[str]:
    """The letters and digits in a value, wherever in it they stand. What a name is as a whole only
    says its parts again."""
    texts = texts_of(value)
    if isinstance(value, Name) and (value.given or value.family):
        texts.pop("full")
    return Counter(filter(str.isalnum, fold(" ".join(texts.values()))))


def texts_of(value: Any) -> dict[str, str]:
    """A value's texts by the name of their part; "" for a plain text."""
    if isinstance(value, str):
        return {"": value}
    return {name: getattr(value, name) for name in _PARTS[type(value)]}


#: The parts of what rules read in one piece.
_PARTS = {kind: tuple(one.name for one in fields(kind)) for kind in (Name, Address)}

RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "person_spaces", PERSON, _("White space and invisible signs"),
            _("Single spaces, nothing invisible, Latin letters in their usual width."),
            names.spaces, Name("Ａｎａ  María", " Ruiz"),
        ),
        Rule(
            "person_comma", PERSON, _("“Family name, first name”"),
            _("A name with its family name first and a comma is taken apart."),
            names.comma, Name("", "García Pérez, Ana", "", "García Pérez, Ana"),
        ),
        Rule(
            "person_honorific", PERSON, _("Forms of address"),
            _("“Sra.”, “Dr.”, “先生” and the like move out of the name into the salutation. Where "
              "another one stands there, nothing is changed."),
            names.honorific, Name("Dra. Ana", "Ruiz"), whole=True,
        ),
        Rule(
            "person_surnames", PERSON, _("Two surnames"),
            _("Where people have two surnames, one that stands among the first names moves to the "
              "family name. Only words that are surnames and nothing else are moved."),
            names.surnames, Name("Ana García", "Pérez"),
        ),
        Rule(
            "person_order", PERSON, _("Chinese order"),
            _("The family name first and no space between. First name and family name change "
              "places only in Chinese-speaking countries, where the first name is a common family "
              "name and the family name is none."),
            names.order, Name("王", "小明", "", "小明 王"), sample_country="CN",
        ),
        Rule(
            "person_case", PERSON, _("Capitals and small letters"),
            _("Names all in capitals or all in small letters, with de, van, Mc, O’ and III as they "
              "are written. Initials, and what somebody wrote in mixed case, stay."),
            names.case, Name("MARÍA DEL CARMEN", "O'BRIEN"),
        ),
        Rule(
            "company_spaces", COMPANY, _("White space and invisible signs"),
            _("Single spaces, nothing invisible, Latin letters in their usual width."),
            companies.spaces, "Añejos  del Sur ,S.L.",
        ),
        Rule(
            "company_form", COMPANY, _("Legal forms"),
            _("S.L., S.A. de C.V., GmbH, Ltd, 股份有限公司 and others as their country writes them. A "
              "form that means something else elsewhere is only touched in its own country."),
            companies.form, "Furtado e Hijos, sl", whole=True,
        ),
        Rule(
            "company_case", COMPANY, _("Capitals and small letters"),
            _("Names of several words all in capitals or all in small letters. What reads like an "
              "abbreviation stays; look at the preview before you apply it."),
            companies.case, "TALLERES DEL NORTE S.L.", usual=False,
        ),
        Rule(
            "phone_international", PHONE, _("International form"),
            _("Valid numbers with their country code, in the groups of their country. Numbers with "
              "words in them, and numbers that are not valid, stay."),
            reaching.international, "955472912", whole=True,
        ),
        Rule(
            "email_bare", EMAIL, _("The address alone"),
            _("Without “mailto:”, a name, brackets, spaces and invisible signs around it."),
            reaching.bare_address, "Ana Ruiz <ana@acme.example>", whole=True,
        ),
        Rule(
            "email_small", EMAIL, _("Capitals and small letters"),
            _("The domain in small letters; the part before the @ only where it is all in capitals."),
            reaching.small_letters, "ANA@Acme.example",
        ),
        Rule(
            "address_spaces", ADDRESS, _("White space and commas"),
            _("Single spaces, nothing invisible, no commas that separate nothing."),
            places.spaces, Address("Calle  Sol 3 ,, 2º"),
        ),
        Rule(
            "address_code", ADDRESS, _("Postal codes"),
            _("As their country writes them: a lost zero of Spain, the space of Great Britain, "
              "the dash of Portugal. What is no code of the country stays."),
            places.postal_code, Address("", "", "", "sw1a1aa", "London", "", "GB"), whole=True,
        ),
        Rule(
            "address_words", ADDRESS, _("Abbreviations of streets"),
            _("“C/”, “Avda.”, “Rd.”, “str.” in full, in the language of the country."),
            places.words, Address("C/ Sol, 3", "", "", "28013", "Madrid", "", "ES"), whole=True,
        ),
        Rule(
            "address_case", ADDRESS, _("Capitals and small letters"),
            _("Streets and places all in capitals or all in small letters. What has a digit stays."),
            places.case, Address("CALLE DEL SOL 3", "", "", "", "LAS PALMAS", "", "ES"),
        ),
    )
}  # fmt: skip


def settled(value: Any, rules: Iterable[Rule], country: str) -> tuple[Any, dict[str, list[str]]]:
    """A value as all these rules write it, and for each part of it that differs the keys of those
    that changed it: one after the other, until none of them finds anything. A value they do not
    agree about stays as it was."""
    chosen = list(rules)
    new = value
    used: dict[str, list[str]] = {}
    for _round in range(MOST_ROUNDS):
        before = new
        for rule in chosen:
            changed = rule.apply(new, country)
            if changed != new:
                _note(used, rule.key, texts_of(new), texts_of(changed))
                new = changed
        if new == before:
            return new, used
    return value, {}


def _note(used: dict[str, list[str]], key: str, old: dict[str, str], new: dict[str, str]) -> None:
    for part, text in new.items():
        keys = used.setdefault(part, []) if text != old[part] else []
        if text != old[part] and key not in keys:
            keys.append(key)
