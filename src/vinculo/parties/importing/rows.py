"""One row of a file of companies or people: what it says, standardised."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from vinculo.kernel.addresses import Address, one_line
from vinculo.kernel.cipher import encrypt
from vinculo.kernel.countries import country_code
from vinculo.kernel.emails import parse_email
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.people import display_name, split_name
from vinculo.kernel.phones import parse_phone
from vinculo.kernel.taxids import check_tax_id
from vinculo.kernel.text import clean, clean_lines, fold
from vinculo.kernel.urls import parse_website
from vinculo.parties.facts import ContactFacts, PartyFacts
from vinculo.parties.importing.cells import Cells
from vinculo.parties.importing.recipe import Person, Recipe
from vinculo.parties.importing.standards import Made, RowStandards
from vinculo.records.external.written import read_names, write_names
from vinculo.records.transfer import values
from vinculo.records.transfer.columns import Style
from vinculo.records.transfer.vocabulary import plain

LONGEST_DESCRIPTION = 20_000
OF_COMPANY = _("The row names a company and nobody in it. Import it as a company.")
LONGEST_SENSITIVE = 60
_NOT_DIGITS = re.compile(r"\D+")
PHONES = (("phone", ""), ("mobile", "mobile"), ("fax", "fax"), ("first_phone", ""))
# In these countries people carry two surnames.
_TWO_SURNAMES = frozenset("ES MX AR CO PE CL EC GT CU BO DO HN PY SV NI CR PA UY VE".split())  # noqa: SIM905
_SIZES = ((1000, "1000+"), (250, "250-999"), (50, "50-249"), (10, "10-49"), (0, "1-9"))

Point = tuple[ContactFacts, str, bool | None]
"""A contact point, its label, and whether it is valid (None: not known)."""


class PartyRow(Cells):
    """What one row says of a party; None (or "" for a name) where it says nothing.

    Making one raises DomainError when the row is to be refused.
    """

    def __init__(
        self, recipe: Recipe, cells: Sequence[str], left_out: Counter[str],
        standards: RowStandards | None = None,
    ) -> None:  # fmt: skip
        super().__init__(recipe, cells, left_out)
        self._standards = standards
        self._read_names()
        self._read_facts()
        self._read_custom()
        self.points: list[Point] = [
            *self._phones(),
            *self._emails(),
            *self._address(),
            *self._social(),
        ]
        self.picture = self._picture() if "picture" in self._raw else ""
        #: What rules of standardising made of it, with what the row said.
        self.made = standards.over(self) if standards is not None else Made()

    # --- what the recipe asks for ---

    def match_key(self) -> str | None:
        """What the row is recognised by; None when it says nothing of it."""
        key = self.recipe.key
        if key == "name":
            return fold(self.name) if self.name else None
        if key in ("external_id", "tax_id"):
            found: str | None = getattr(self, key)
            return found
        if key == "elsewhere":
            return write_names(self.elsewhere[:1]) or None
        if key in ("email", "phone"):
            return next((p.value for p, _l, _v in self.points if p.kind == key and p.value), None)
        return None

    def facts(self) -> PartyFacts:
        """The row as the facts that search keys, order and completeness follow from."""
        return PartyFacts(
            kind=self.recipe.kind,
            name=self.name or "",
            native_name=self.native_name or "",
            given_name=self.given_name or "",
            family_name=self.family_name or "",
            job_title=self.job_title or "",
            birthday=self.birthday,
            tax_id=self.tax_id or "",
            external_id=self.external_id or "",
            website=self.website or "",
            industry=self.industry or "",
            size=self.size or "",
            source=self.source or "import",
            language=self.language or "",
            tags=self.tags or (),
            company_name=self.company_name or "",
            has_people=bool(self.contact_name),
            contacts=[point for point, _label, _valid in self.points],
            more=[
                str(self.custom[one.key])
                for one in self.recipe.custom
                if one.searched and one.key in self.custom
            ],
        )

    # --- reading single values ---

    def _elsewhere(self) -> tuple[tuple[str, str], ...]:
        """What other systems call it. One that does not fit is never left out: without its id the
        row would be a new party each time."""
        texts = self._raw.get("elsewhere")
        if texts is None:
            return ()
        return tuple(name for text in texts for name in read_names(text, self.recipe.system))

    # --- names ---

    def _read_names(self) -> None:
        self.country: str = self._read("country", _country) or ""
        self.name = self._text("name")
        self.native_name = self._read("native_name", str)
        self.salutation = self._read("salutation", str)
        self.given_name: str | None = None
        self.family_name: str | None = None
        self.contact_name = ""
        self.contact_role = self._text("contact_role") or ""
        self.company_name = self._text("company")
        self.parent_name = self._text("parent")
        self.company_ref = self._text("company_external_id")
        self.parent_ref = self._text("parent_external_id")
        if self.recipe.kind == "person":
            self._read_person_name()
        else:
            self._read_contact_name()
        # An update recognised by another key may leave the name as it is.
        if not self.name and self.recipe.key in ("", "name"):
            if self.recipe.kind == "person" and self.company_name:
                raise DomainError(OF_COMPANY, field="name")
            raise DomainError(_("The row has no name."), field="name")

    def _read_person_name(self) -> None:
        given = " ".join(filter(None, (self._text("given_name"), self._text("middle_name"))))
        family = " ".join(
            filter(None, (self._text("family_name"), self._text("second_family_name")))
        )
        if given or family:
            self.given_name, self.family_name = given[:100], family[:100]
            self.name = self.name or display_name(given, family)[:200]
        elif self.name:
            two = (self.country or self.recipe.home_country) in _TWO_SURNAMES
            parts = split_name(self.name, two_surnames=two)
            self.given_name, self.family_name = parts.given[:100], parts.family[:100]

    def _read_contact_name(self) -> None:
        given = self._text("contact_given_name") or ""
        family = self._text("contact_family_name") or ""
        self.contact_name = self._text("contact_name") or display_name(given, family)[:200]
        if not self.name and self.contact_name and not self.recipe.key:
            # Private customers stand in files of companies under their own name.
            self.name, self.contact_name = self.contact_name, ""

    def contact_parts(self) -> tuple[str, str]:
        """Given and family name of the contact person."""
        given = self._text("contact_given_name") or ""
        family = self._text("contact_family_name") or ""
        if given or family:
            return given, family
        two = (self.country or self.recipe.home_country) in _TWO_SURNAMES
        parts = split_name(self.contact_name, two_surnames=two)
        return parts.given[:100], parts.family[:100]

    # --- facts ---

    def _read_facts(self) -> None:
        self.external_id = self._text("external_id")
        self.elsewhere = self._elsewhere()
        self.tax_id = self._read("tax_id", self._tax_id)
        self.iban = self._sensitive("iban")
        self.national_id = self._sensitive("national_id")
        self.website = self._read("website", lambda text: self._fitting("website", _site(text)))
        self.job_title = self._text("role")
        self.industry = self._choice("industry")
        self.source = self._choice("source")
        self.value_class = self._choice("value_class")
        self.language = self._read("language", self._language)
        self.size = self._read("size", self._size)
        self.birthday: dt.date | None = self._read(
            "birthday", lambda text: values.read_date(text, self._style("birthday"))
        )
        self.owner: Person | None = self._read("owner", self._owner)
        self.tags = self._list("tags", 40)
        self.interests = self._list("interests", 60)
        notes = [clean_lines(text) for text in self._raw.get("description", [])]
        self.description = "\n\n".join(notes)[:LONGEST_DESCRIPTION] or None

    def _read_custom(self) -> None:
        """Values of custom fields by their keys; records that they name are found later."""
        self.custom: dict[str, object] = {}
        self.custom_names: dict[str, str] = {}
        for one in self.recipe.custom:
            text = next(iter(self._raw.get(one.rules.name, ())), "")
            if not text:
                continue
            if one.names_records:
                self.custom_names[one.key] = clean(text)
                continue
            try:
                value = one.read(text)
            except DomainError:
                if not self.recipe.lenient:
                    raise
                self._left_out[one.rules.name] += 1
            else:
                if value is not None:
                    self.custom[one.key] = value

    def _sensitive(self, target: str) -> str | None:
        """The encrypted value; from here on, in staging and in refusals too, nothing is readable."""
        found = self._raw.pop(target, None)
        text = clean(found[0]) if found else ""
        if not text or self.recipe.keys is None:
            return None
        if len(text) > LONGEST_SENSITIVE:
            raise DomainError(_("A sensitive value is too long."), field=target)
        return encrypt(self.recipe.keys, f"parties_party.{target}", text)

    def _style(self, target: str) -> Style:
        return self.recipe.styles.get(target) or Style()

    def _tax_id(self, text: str) -> str:
        return self._fitting(
            "tax_id", check_tax_id(text, self.country or self.recipe.home_country).formatted
        )

    def _language(self, text: str) -> str:
        choices = self.recipe.choices.get("language", {})
        try:
            return values.read_choice(text, choices)
        except DomainError:
            return values.read_choice(text.replace("_", "-").split("-")[0], choices)

    def _size(self, text: str) -> str:
        try:
            return values.read_choice(text, self.recipe.choices.get("size", {}))
        except DomainError:
            people = values.read_integer(text, self._style("size"))
        return next((size for least, size in _SIZES if people >= least), "1-9")

    def _owner(self, text: str) -> Person:
        found = self.recipe.owners.get(plain(text)) or self.recipe.owners.get(text.casefold())
        if found is None:
            raise DomainError(
                _("No colleague is called “%(text)s”."), field="owner", text=text[:80]
            )
        return found

    def _picture(self) -> str:
        """The picture drawn anew, as base64."""
        from vinculo.parties.portraits.drawing import drawn_from_text  # few files have pictures

        try:
            return base64.b64encode(drawn_from_text(self._raw["picture"][0])).decode()
        except DomainError:
            if not self.recipe.lenient:
                raise
            self._left_out["picture"] += 1
            return ""

    # --- how the party is reached ---

    def _phones(self) -> list[Point]:
        found: dict[str, Point] = {}
        country = self.country or self.recipe.home_country or None
        first = ""
        for target, label in PHONES:
            for text in self._raw.get(target, ()):
                phone = parse_phone(self._fitting(target, text), country)
                key = phone.e164 or _NOT_DIGITS.sub("", text)
                if target == "first_phone":
                    first = key
                if phone.typed and key not in found:
                    point = ContactFacts("phone", phone.typed, key)
                    found[key] = (point, label, phone.valid)
        # A fax number answers nobody: it is never what a party is reached by first.
        called = [key for key, (_point, label, _valid) in found.items() if label != "fax"]
        if called:
            chosen = first if first in called else called[0]
            point, label, valid = found[chosen]
            found[chosen] = (replace(point, is_primary=True), label, valid)
        return list(found.values())

    def _emails(self) -> list[Point]:
        found: dict[str, Point] = {}
        for text in self._raw.get("email", ()):
            for part in values.read_list(text) if (";" in text or "," in text) else [text]:
                try:
                    email = parse_email(self._standards.bare(part) if self._standards else part)
                except DomainError:
                    if not self.recipe.lenient:
                        raise
                    self._left_out["email"] += 1
                    continue
                if email.key not in found:
                    point = ContactFacts("email", email.address, email.key, not found)
                    found[email.key] = (point, "", True)
        return list(found.values())

    def _social(self) -> list[Point]:
        found: dict[str, Point] = {}
        for text in self._raw.get("social", ()):
            name = clean(text)[:300]
            key = fold(name)[:300]
            if key and key not in found:
                found[key] = (ContactFacts("social", name, key, not found), "", None)
        return list(found.values())

    def _address(self) -> list[Point]:
        street = ", ".join(
            clean(text)
            for target in ("street", "street_2")
            for text in self._raw.get(target, ())
        )  # fmt: skip
        parts = [self._text(name) or "" for name in ("postal_code", "city", "region")]
        if not (street or any(parts) or self.country):
            return []
        postal_code, city, region = parts
        whole = Address(
            street=self._fitting("street", street),
            postal_code=postal_code,
            city=city,
            region=region,
            country=self.country,
        )
        line = one_line(whole, self.recipe.language)[:300]
        place = ContactFacts(
            "address",
            typed=line,
            value=fold(line)[:300],
            is_primary=True,
            street=whole.street,
            postal_code=postal_code,
            city=city,
            region=region,
            country=self.country,
        )
        return [(place, "", None)]


@lru_cache(maxsize=2048)
def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise DomainError(
            _("“%(text)s” is not a country we know."), field="country", text=text[:60]
        )
    return code


def _site(text: str) -> str:
    return parse_website(text).url
