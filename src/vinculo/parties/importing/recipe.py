"""What it takes to turn rows of a file into staged parties: plain data that travels to workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vinculo.kernel.cipher import Keys
from vinculo.parties.collisions.comparing import Rule
from vinculo.records.custom.incoming import Incoming
from vinculo.records.transfer.columns import Style


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a row may belong to: a user and the team they work in."""

    owner_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one file becomes parties of one kind.

    ``columns`` pairs the index of a column with the target it fills; ``key`` is the target by
    which existing parties are recognised ("" for never); ``lenient`` leaves out values that do not
    fit instead of refusing their row; ``home_country`` (ISO code) is where phone numbers without
    prefix are when the row names no country; ``language`` is the one addresses are put in a line in; ``system`` is where ids of a
    column "in another system" come from, "" when their cells say so.
    """

    kind: str
    columns: tuple[tuple[int, str], ...]
    key: str
    lenient: bool
    home_country: str
    language: str
    styles: Mapping[str, Style]
    choices: Mapping[str, Mapping[str, str]]
    owners: Mapping[str, Person]
    #: What sensitive values are encrypted with before they are staged; None: the file has none.
    keys: Keys | None = None
    system: str = ""
    #: Rules of collisions that records are held against each other by; rows bring their keys.
    rules: tuple[Rule, ...] = ()
    #: Custom fields that columns fill.
    custom: tuple[Incoming, ...] = ()
    #: Rules of standardising (their keys) that are applied to what comes in.
    standards: tuple[str, ...] = ()


# Columns of the staging tables, in the order of their COPY.
PARTY = (
    "row",
    "match_key",
    "name",
    "native_name",
    "given_name",
    "family_name",
    "salutation",
    "job_title",
    "birthday",
    "value_class",
    "source",
    "language",
    "tags",
    "interests",
    "tax_id",
    "iban",
    "national_id",
    "website",
    "external_id",
    "description",
    "industry",
    "size",
    "owner_id",
    "team_id",
    "parent_key",
    "company_key",
    "parent_ref",
    "company_ref",
    "search",
    "sort_name",
    "phone",
    "email",
    "city",
    "region",
    "country",
    "completeness",
    "custom",
    "custom_names",
    "as_typed",
)
POINT = (
    "row",
    "place",
    "kind",
    "label",
    "typed",
    "value",
    "is_primary",
    "is_valid",
    "street",
    "postal_code",
    "city",
    "region",
    "country",
    "as_typed",
)
#: The contact person a row of companies names.
CONTACT = ("row", "match_key", "name", "given_name", "family_name", "job_title", "search",
           "sort_name", "completeness", "salutation", "as_typed")  # fmt: skip
#: A company that a row of people (or a parent column) names.
COMPANY = ("match_key", "name", "search", "sort_name", "completeness")

#: What other systems call the row's party.
ELSEWHERE = ("row", "source", "value")

#: The row's picture, drawn anew, as base64.
PORTRAIT = ("row", "picture")

TABLES: dict[str, tuple[str, ...]] = {
    "import_party": PARTY,
    "import_point": POINT,
    "import_contact": CONTACT,
    "import_company": COMPANY,
    "import_elsewhere": ELSEWHERE,
    "import_collision": ("row", "rule_id", "key"),
    "import_portrait": PORTRAIT,
}
