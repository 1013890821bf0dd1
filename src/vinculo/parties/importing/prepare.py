"""Rows of a file to staged parties: typed, standardised, with all that is derived from them.

Runs in worker processes: it touches neither database nor settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from vinculo.kernel.errors import DomainError
from vinculo.kernel.text import fold
from vinculo.parties.collisions.comparing import keys_of, subject_of
from vinculo.parties.derived import Derived, derive
from vinculo.parties.facts import PartyFacts
from vinculo.parties.importing.recipe import Recipe
from vinculo.parties.importing.rows import PartyRow
from vinculo.parties.importing.standards import RowStandards, as_json
from vinculo.records.transfer.copying import copy_line
from vinculo.records.transfer.staging import Prepared

MOST_REMEMBERED = 50_000


class Preparer:
    """Turns rows of one file into staged parties by one recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._companies: set[str] = set()
        self._standards = (
            RowStandards(recipe.standards, recipe.home_country, recipe.language)
            if recipe.standards
            else None
        )

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """Stage the rows (line number, cells); a row that does not fit is refused with why."""
        prepared = Prepared()
        lines: dict[str, list[str]] = {}
        for number, cells in rows:
            prepared.rows += 1
            try:
                row = PartyRow(self.recipe, cells, prepared.left_out, self._standards)
                staged = self._staged(number, row)
            except DomainError as error:
                prepared.refused.append((number, error.message, error.params))
                continue
            for table, line in staged:
                lines.setdefault(table, []).append(line)
        prepared.blocks = {table: "".join(parts) for table, parts in lines.items()}
        return prepared

    def _staged(self, number: int, row: PartyRow) -> list[tuple[str, str]]:
        """The lines of one row for each staging table."""
        staged = [("import_party", copy_line(self._party(number, row)))]
        for place, (point, label, valid) in enumerate(row.points):
            line = (
                number, place, point.kind, label, point.typed, point.value, point.is_primary,
                valid, point.street, point.postal_code, point.city, point.region, point.country,
                as_json(row.made.points.get(place)),
            )  # fmt: skip
            staged.append(("import_point", copy_line(line)))
        if row.contact_name:
            staged.append(("import_contact", copy_line(self._contact(number, row))))
        if self.recipe.rules:
            staged += self._keys(number, row)
        if row.picture:
            staged.append(("import_portrait", copy_line((number, row.picture))))
        for source, value in row.elsewhere:
            staged.append(("import_elsewhere", copy_line((number, source, value))))
        for name in (row.company_name, row.parent_name):
            if name and (named := self._company(name)):
                staged.append(("import_company", named))
        return staged

    def _party(self, number: int, row: PartyRow) -> tuple[object, ...]:
        found = derive(row.facts())
        return (
            number,
            row.match_key(),
            row.name,
            row.native_name,
            row.given_name,
            row.family_name,
            row.salutation,
            row.job_title,
            row.birthday,
            row.value_class,
            row.source,
            row.language,
            row.tags,
            row.interests,
            row.tax_id,
            row.iban,
            row.national_id,
            row.website,
            row.external_id,
            row.description,
            row.industry,
            row.size,
            row.owner.owner_id if row.owner else None,
            row.owner.team_id if row.owner else None,
            fold(row.parent_name) if row.parent_name else None,
            fold(row.company_name) if row.company_name else None,
            row.parent_ref,
            row.company_ref,
            found.joined_search,
            found.sort_name,
            found.phone,
            found.email,
            found.city,
            found.region,
            found.country,
            found.completeness,
            json.dumps(row.custom, ensure_ascii=False) if row.custom else None,
            json.dumps(row.custom_names, ensure_ascii=False) if row.custom_names else None,
            as_json(row.made.as_typed),
        )

    def _keys(self, number: int, row: PartyRow) -> list[tuple[str, str]]:
        """What the row is held against other records by."""
        subject = subject_of(row.facts())
        return [
            ("import_collision", copy_line((number, rule.pk, str(key))))
            for rule in self.recipe.rules
            for key in keys_of(rule, subject)
        ]

    def _contact(self, number: int, row: PartyRow) -> tuple[object, ...]:
        """The person a company's row names, who will work in that company."""
        made = row.made.contact
        given, family = row.contact_parts()
        given, family = made.get("given_name", given), made.get("family_name", family)
        name = made.get("name", row.contact_name)
        facts = PartyFacts(
            kind="person",
            name=name,
            given_name=given,
            family_name=family,
            job_title=row.contact_role,
            source="import",
            company_name=row.name or "",
        )
        derived = derive(facts)
        return (
            number, fold(name), name, given, family, row.contact_role,
            derived.joined_search, derived.sort_name, derived.completeness,
            made.get("salutation", ""), as_json(row.made.contact_typed),
        )  # fmt: skip

    def _company(self, name: str) -> str | None:
        """A company only named by a row, once per worker (the database drops other repeats)."""
        key = fold(name)
        if key in self._companies:
            return None
        if len(self._companies) < MOST_REMEMBERED:
            self._companies.add(key)
        derived: Derived = derive(
            PartyFacts(
                kind="company",
                name=name,
                source="import",
                has_people=self.recipe.kind == "person",
            )
        )
        return copy_line(
            (key, name, derived.joined_search, derived.sort_name, derived.completeness)
        )
