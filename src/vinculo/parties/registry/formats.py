"""Which columns of a register's file say what; two registers are known by their header rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vinculo.kernel.errors import DomainError, _
from vinculo.records.transfer.vocabulary import plain

#: What is kept of a company, in the order of `preparing.Entry`.
FIELDS = (
    "number", "name", "legal_form", "status", "tax_id", "street", "postal_code", "city", "region",
    "country", "website",
)  # fmt: skip
NEEDED = ("number", "name")


@dataclass(frozen=True, slots=True)
class Format:
    """A register: its key, what it is called, the country of all its companies ("" for many), and
    for each field the columns that say it, put together in this order."""

    key: str
    called: str
    country: str
    columns: Mapping[str, tuple[str, ...]]


GLEIF = Format(
    key="gleif",
    called="GLEIF",
    country="",
    columns={
        "number": ("LEI",),
        "name": ("Entity.LegalName",),
        "legal_form": ("Entity.LegalForm.OtherLegalForm",),
        "status": ("Entity.EntityStatus",),
        "tax_id": ("Entity.RegistrationAuthority.RegistrationAuthorityEntityID",),
        "street": (
            "Entity.LegalAddress.FirstAddressLine",
            "Entity.LegalAddress.AdditionalAddressLine.1",
            "Entity.LegalAddress.AdditionalAddressLine.2",
        ),
        "postal_code": ("Entity.LegalAddress.PostalCode",),
        "city": ("Entity.LegalAddress.City",),
        "region": ("Entity.LegalAddress.Region",),
        "country": ("Entity.LegalAddress.Country",),
    },
)
COMPANIES_HOUSE = Format(
    key="companies-house",
    called="Companies House",
    country="GB",
    columns={
        "number": ("CompanyNumber",),
        "name": ("CompanyName",),
        "legal_form": ("CompanyCategory",),
        "status": ("CompanyStatus",),
        "street": ("RegAddress.AddressLine1", "RegAddress.AddressLine2"),
        "postal_code": ("RegAddress.PostCode",),
        "city": ("RegAddress.PostTown",),
        "region": ("RegAddress.County",),
        "country": ("RegAddress.Country",),
    },
)
KNOWN = (GLEIF, COMPANIES_HOUSE)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file's fields stand: for each of `FIELDS` the places of its columns."""

    places: tuple[tuple[int, ...], ...]
    country: str = ""


def recognised(headers: Sequence[str]) -> Format | None:
    """The register whose file begins with these headers, if it is one we know."""
    present = {plain(header) for header in headers}
    return next(
        (one for one in KNOWN if all(plain(one.columns[name][0]) in present for name in NEEDED)),
        None,
    )


def layout_of(headers: Sequence[str], known: Format) -> Layout:
    """Where the columns of a known register stand in this file; those it has not say nothing."""
    at = {plain(header): place for place, header in reversed(list(enumerate(headers)))}
    places = tuple(
        tuple(at[plain(one)] for one in known.columns.get(name, ()) if plain(one) in at)
        for name in FIELDS
    )
    return Layout(places, known.country)


def mapped_layout(headers: Sequence[str], pairs: Sequence[tuple[str, str]], country: str) -> Layout:
    """The layout that (column, field) pairs describe; DomainError for what is not there."""
    columns: dict[str, list[int]] = {name: [] for name in FIELDS}
    for header, name in pairs:
        if header not in headers:
            raise DomainError(_("The file has no column called “%(name)s”."), name=header)
        if name not in columns:
            raise DomainError(
                _("There is no field “%(name)s” in a register. Use one of: %(fields)s."),
                name=name,
                fields=", ".join(FIELDS),
            )
        columns[name].append(headers.index(header))
    missing = [name for name in NEEDED if not columns[name]]
    if missing:
        raise DomainError(
            _(
                "This file is no register we know. Say which columns hold number and name: --map"
                " COLUMN=FIELD."
            )
        )
    return Layout(tuple(tuple(columns[name]) for name in FIELDS), country)
