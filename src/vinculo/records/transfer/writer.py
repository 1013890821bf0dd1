"""What a record type offers so that files of it are written by the set, not row by row.

An entity names its writer as `bulk_writer`; one that names none gets the plain one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from vinculo.records.fields import Label
from vinculo.records.transfer.headers import Target
from vinculo.records.transfer.staging import RowPreparer

if TYPE_CHECKING:
    from vinculo.platform.models import User
    from vinculo.records.transfer.held import Held
    from vinculo.records.transfer.plan import Plan


class BulkWriter(Protocol):
    """Writes staged rows of one record type.

    Its staging tables are temporary. `decide` fills `import_outcome(row, outcome, reason, …)` with
    one line per staged row, outcome being created, updated, skipped or refused, without writing
    any record; `write` then does what was decided. Where `decides_by_writing`, a real import goes
    without `decide`: `write` says by itself what came of each row.
    """

    decides_by_writing: bool

    @property
    def entity_key(self) -> str:
        """The record type."""
        ...

    @property
    def tables(self) -> Mapping[str, Sequence[str]]:
        """Staging tables and the columns that are copied into each."""
        ...

    @property
    def reasons(self) -> Mapping[str, str]:
        """The sentence (English msgid) for each reason `decide` gives."""
        ...

    def targets(self, user: User) -> Sequence[Target]:
        """What columns of a file may fill when this user imports."""
        ...

    def keys(self, user: User) -> Sequence[tuple[str, Label]]:
        """The targets by which known records can be recognised, the surest first."""
        ...

    def complete(self, plan: Plan, user: User) -> str:
        """Why the plan cannot create records (an English msgid), or ""."""
        ...

    def makes(self, user: User) -> Label:
        """What comes into being beside the records where `plan.makes` names it, such as a pipeline
        with the stages of the file; "" for nothing, or where the user may not."""
        ...

    def preparer(self, plan: Plan, user: User) -> RowPreparer:
        """What turns rows into staged ones; sent to worker processes."""
        ...

    def create_tables(self, cursor: Any) -> None:
        """Create the empty staging tables."""
        ...

    def finish_tables(self, cursor: Any) -> None:
        """Index and analyse the filled staging tables."""
        ...

    def decide(self, cursor: Any, plan: Plan, user: User) -> None:
        """Fill `import_outcome`."""
        ...

    def warned(self, cursor: Any, user: User) -> Sequence[tuple[str, dict[str, Any], int]]:
        """What is worth a word about the rows as decided: sentence, parameters, rows."""
        ...

    def write(self, cursor: Any, plan: Plan, user: User) -> None:
        """Create and update the records, inside the caller's change-set."""
        ...


def writer_of(entity: Held) -> BulkWriter:
    """The writer of its own, or the plain one."""
    if entity.bulk_writer is not None:
        writer: BulkWriter = entity.bulk_writer
        return writer
    from vinculo.records.entity import Entity
    from vinculo.records.transfer.plain import PlainWriter

    assert isinstance(entity, Entity)
    return PlainWriter(entity)
