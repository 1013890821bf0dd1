"""A row of a register as its table has it: cleaned, with its keys. Knows no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vinculo.kernel.countries import country_code
from vinculo.kernel.errors import DomainError, _
from vinculo.kernel.text import SearchValues, company_core, fold, search_keys, sort_key
from vinculo.parties.registry.formats import FIELDS, Layout
from vinculo.parties.registry.reading import clean_cell
from vinculo.records.transfer.copying import copy_line
from vinculo.records.transfer.staging import Prepared

#: The table's columns, as the lines of `prepare` have them.
COLUMNS = (*FIELDS, "active", "sort_name", "number_key", "tax_key", "search")
LONGEST = {"number": 80, "tax_id": 60, "postal_code": 20}
LONGEST_TEXT = 200
_NO_SIGN = re.compile(r"[\W_]+")
_REGION_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
# How registers say that a company exists; the others are dissolved, in liquidation, merged.
_ALIVE = (
    "", "active", "registered", "issued", "live", "in business", "open", "activa", "activo",
    "vigente", "存续", "存續", "在业", "在營", "核准設立",
)  # fmt: skip


def number_key(written: str) -> str:
    """A number of a register, or a tax id, by which it is found however it is written.

    >>> number_key("b-58.378 431")
    'b58378431'
    """
    return _NO_SIGN.sub("", fold(written))[:60]


@dataclass(frozen=True, slots=True)
class RegisterPreparer:
    """Turns rows into lines for COPY; it is sent to worker processes."""

    #: For each of `FIELDS` where its cells stand in a row.
    layout: Layout

    def prepare(self, rows: Iterable[tuple[int, Sequence[str]]]) -> Prepared:
        """The rows ready for COPY; one without a number or a name is refused."""
        prepared = Prepared()
        lines = []
        for number, cells in rows:
            prepared.rows += 1
            try:
                lines.append(copy_line(self._line(cells)))
            except DomainError as error:
                prepared.refused.append((number, error.message, error.params))
        prepared.blocks = {"register": "".join(lines)}
        return prepared

    def _line(self, cells: Sequence[str]) -> tuple[object, ...]:
        said = [
            ", ".join(part for at in places if (part := clean_cell(cells[at])))
            for places in self.layout.places
        ]
        found = dict(zip(FIELDS, said, strict=True))
        if not found["number"] or not found["name"]:
            raise DomainError(_("The row has no number or no name."))
        if _REGION_CODE.fullmatch(found["region"]):
            found["region"] = ""  # a code of ISO 3166-2 is no word anybody would write
        found["country"] = country_code(found["country"]) or self.layout.country
        for name in FIELDS:
            found[name] = found[name][: LONGEST.get(name, LONGEST_TEXT)]
        keys = search_keys(
            SearchValues(names=[company_core(found["name"])], words=[found["city"]]), middles=False
        )
        return (
            *(found[name] for name in FIELDS),
            fold(found["status"]) in _ALIVE,
            sort_key(found["name"]),
            number_key(found["number"]),
            number_key(found["tax_id"]),
            _vector(keys),
        )


def _vector(keys: Sequence[str]) -> str:
    """The keys as PostgreSQL reads a tsvector."""
    quoted = [key.replace("\\", "\\\\").replace("'", "''") for key in keys]
    return " ".join([f"'{key}'" for key in quoted])
