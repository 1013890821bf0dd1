"""How a file is to be read and written: everything a person decides in the wizard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from vinculo.kernel.errors import DomainError, _
from vinculo.platform.access import Scope, rights_of
from vinculo.records.external import clean_source
from vinculo.records.transfer.columns import Style, style_of
from vinculo.records.transfer.elsewhere import ELSEWHERE
from vinculo.records.transfer.headers import Guess, Target, guess_mapping
from vinculo.records.transfer.presets import Preset, preset_called, recognise
from vinculo.records.transfer.reading import Row, Table
from vinculo.records.transfer.transforms import Step, Transforms, changed_cells
from vinculo.records.transfer.vocabulary import plain
from vinculo.records.transfer.writer import BulkWriter

if TYPE_CHECKING:
    from vinculo.platform.models import User

MODES = ("create", "update", "both")
SAMPLE_ROWS = 200
OF_NOTHING_HERE = _(
    "This looks like %(name)s. There is no record type for it here yet: leave it out."
)
_STYLED = ("date", "datetime", "number", "integer", "decimal", "size")


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions: which column fills which target, what to do with known records.

    `columns` pairs a column's index with a target's key. `key` recognises known records by that
    target, "" never. `lenient` leaves out values that do not fit instead of refusing their row.
    `date_order` and `decimal` override what the columns themselves suggest ("" for not).
    `transforms` are the steps each column's values go through first. `preset` names the export the
    file was recognised as, `mapping` the saved mapping it is read by ("" for none). `system` is where
    a column of ids in another system comes from, "" when its cells say so themselves. `makes` names
    what the writer makes for this file beside its records ("" for nothing), such as a pipeline of
    the file's own stages.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    columns: tuple[tuple[int, str], ...] = ()
    mode: str = "create"
    key: str = ""
    lenient: bool = False
    date_order: str = ""
    decimal: str = ""
    country: str = ""
    styles: Mapping[str, Style] = field(default_factory=dict)
    transforms: Transforms = field(default_factory=dict)
    preset: str = ""
    mapping: str = ""
    system: str = ""
    makes: str = ""

    def as_json(self) -> dict[str, Any]:
        """The plan as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Plan:
        """The plan kept by `as_json`."""
        known = {name: stored[name] for name in cls.__slots__ if name in stored}
        known["columns"] = tuple((int(at), str(key)) for at, key in known.get("columns", ()))
        known["styles"] = {key: Style(**style) for key, style in known.get("styles", {}).items()}
        known["transforms"] = {
            int(at): tuple(Step(**step) for step in steps)
            for at, steps in known.get("transforms", {}).items()
        }
        return cls(**known)

    @property
    def of_nothing_here(self) -> bool:
        """Whether the file was recognised as one of records for which there is no type here."""
        known = preset_called(self.preset)
        return known is not None and not known.entity

    def column_of(self, target: str) -> int | None:
        """The first column that fills a target."""
        return next((at for at, key in self.columns if key == target), None)


def first_plan(
    table: Table, sample: Sequence[Row], targets: Sequence[Target], writer: BulkWriter, user: User
) -> tuple[Plan, list[Guess]]:
    """What we suggest for a file, and why each column is taken for what."""
    cells = [row.cells for row in sample if row.error is None]
    preset = recognise(table.headers)
    guesses = guess_mapping(table.headers, targets, cells, preset_of(writer, preset))
    columns = tuple((guess.column, guess.target) for guess in guesses if guess.target)
    if preset is not None and not preset.entity:
        columns = ()  # a file of something we do not keep: nothing of it is meant by a column
    mapped = {target for _at, target in columns}
    key = next((name for name, _label in writer.keys(user) if name in mapped), "")
    known = preset_of(writer, preset)
    again = key == ELSEWHERE and _may_do_both(user, writer.entity_key)
    plan = Plan(
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        columns=columns,
        key=key,
        mode="both" if again else "create",  # whoever brings ids means to bring the file again
        # Its lists of choices are hardly ours: a value that does not fit costs no row.
        lenient=known is not None,
        transforms=_translations(known, table.headers),
        makes=known.makes if known is not None and writer.makes(user) else "",
        preset=preset.name if preset else "",
        system=preset.name.partition(":")[0].lower() if preset else "",
    )
    return with_styles(plan, targets, sample), guesses


def _translations(preset: Preset | None, headers: Sequence[str]) -> Transforms:
    """What the values of a known export are called here, as steps that can be seen and changed."""
    known = preset.translations if preset else {}
    at = enumerate(map(plain, headers))
    return {place: (Step("map", known[name]),) for place, name in at if name in known}


def _may_do_both(user: User, entity_key: str) -> bool:
    rights = rights_of(user)
    return all(rights.scope(entity_key, verb) is not Scope.NONE for verb in ("add", "edit"))


def preset_of(writer: BulkWriter, preset: Preset | None) -> Preset | None:
    """The preset as far as it concerns what this writer writes."""
    return preset if preset is not None and preset.entity == writer.entity_key else None


def with_styles(plan: Plan, targets: Sequence[Target], sample: Sequence[Row]) -> Plan:
    """The plan with the style of each date and number column decided from the sample."""
    kinds = {target.key: target.kind for target in targets}
    styles: dict[str, Style] = {}
    for at, key in plan.columns:
        if kinds.get(key) in _STYLED:
            cells = [
                changed_cells(row.cells, plan.transforms)[at] for row in sample if row.error is None
            ]
            found = style_of(cells)
            styles[key] = replace(
                found,
                date_order=plan.date_order or found.date_order,
                decimal=plan.decimal or found.decimal,
            )
    return replace(plan, styles=styles)


def check_plan(plan: Plan, table: Table, writer: BulkWriter, user: User) -> None:
    """Raise DomainError when the plan cannot be carried out; says what to choose instead."""
    targets = {target.key: target for target in writer.targets(user)}
    seen: set[str] = set()
    for at, key in plan.columns:
        if not 0 <= at < len(table.headers):
            raise DomainError(_("The file has changed. Start again."))
        target = targets.get(key)
        if target is None:
            raise DomainError(_("The field “%(name)s” cannot be imported."), name=key)
        if key in seen and not target.multiple:
            raise DomainError(
                _("Two columns fill “%(name)s”. Choose one of them."), name=str(target.label)
            )
        seen.add(key)
    if not seen:
        if plan.of_nothing_here:
            raise DomainError(OF_NOTHING_HERE, name=plan.preset)
        raise DomainError(_("Choose a field for at least one column."))
    if plan.system:
        clean_source(plan.system)
    if plan.mode not in MODES:
        raise DomainError(_("Choose what to do with records that exist already."), field="mode")
    if plan.mode != "create" and not plan.key:
        raise DomainError(_("Choose the field that recognises existing records."), field="key")
    if plan.key and (plan.key not in seen or plan.key not in dict(writer.keys(user))):
        raise DomainError(
            _("No column fills the field that recognises existing records."), field="key"
        )
    if plan.mode != "update" and (complaint := writer.complete(plan, user)):
        raise DomainError(complaint)
