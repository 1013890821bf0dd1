"""A whole register into a table of its own, which then takes the place of the older one.

One transaction: until it ends everybody looks up in the old rows, and a load that is stopped
leaves nothing behind. The indexes are made once the rows are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _t

from vinculo.kernel.clock import now
from vinculo.kernel.errors import DomainError, NotFound, _
from vinculo.parties.registry.finding import look_again
from vinculo.parties.registry.formats import Layout
from vinculo.parties.registry.models import Register
from vinculo.parties.registry.preparing import COLUMNS, RegisterPreparer
from vinculo.parties.registry.reading import RegisterFile
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.models import User
from vinculo.records.transfer.pool import prepared_chunks

OTHER_VERBS.update(
    {
        "parties.load_register": _t("Loaded a register"),
        "parties.remove_register": _t("Removed a register"),
    }
)

TABLE = "parties_registeredcompany"
#: As `migrations` has them on the table that the partitions hang under.
INDEXES = (
    "(sort_name)",
    "(number_key)",
    "(tax_key) WHERE tax_key <> ''",
    "USING gin (search) WITH (fastupdate = off)",
)
Watch = Callable[[str, int], None]
"""Called with a stage and how many rows it has done."""


@dataclass(frozen=True)
class Loaded:
    """What came of it; `examples` are the first rows that were refused: line and reason."""

    register: Register
    examples: list[tuple[int, DomainError]]


def load_register(
    *,
    actor: User | None,
    file: RegisterFile,
    layout: Layout,
    key: str,
    label: str,
    watch: Watch = lambda _stage, _rows: None,
) -> Loaded:
    """Load a register's file in the place of what was loaded under this key before; noted in the
    journal as one act, its rows are not. DomainError when no row of it can be used."""
    began = time.monotonic()
    examples: list[tuple[int, DomainError]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"parties.register:{key}"])
        register, _made = Register.objects.get_or_create(key=key, defaults={"label": label})
        fresh = f"parties_registered_new_{register.pk}"
        _make(cursor, fresh, register.pk)
        rows, refused = _fill(cursor, fresh, file, layout, examples, watch)
        if not rows:
            raise DomainError(_("No row of this file has a number and a name."))
        for done, index in enumerate(INDEXES):
            watch("indexes", done)
            cursor.execute(f"CREATE INDEX ON {fresh} {index}")
        cursor.execute(f"ANALYZE {fresh}")
        _swap(cursor, fresh, register.pk)
        register.label, register.file_name = label, file.path.name[:200]
        register.rows, register.refused = rows, refused
        register.loaded_at, register.seconds = now(), round(time.monotonic() - began, 1)
        register.save()
        with journal.change_set(
            actor=actor, verb="parties.load_register", label=f"{label}: {rows:,}"
        ):
            pass
    look_again()
    return Loaded(register, examples)


def remove_register(*, actor: User | None, key: str) -> Register:
    """Take a register away with its rows; what was filled in from it stays. NotFound for none."""
    register = Register.objects.filter(key=key).first()
    if register is None:
        raise NotFound(_("There is no register called “%(name)s”."), name=key)
    with (
        journal.change_set(actor=actor, verb="parties.remove_register", label=register.label),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DROP TABLE IF EXISTS {_partition(register.pk)}")
        register.delete()
    look_again()
    return register


def _partition(register: int) -> str:
    return f"parties_registered_{register}"


def _make(cursor: Any, fresh: str, register: int) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {fresh}")
    cursor.execute(f"CREATE TABLE {fresh} (LIKE {TABLE} INCLUDING DEFAULTS)")
    cursor.execute(f"ALTER TABLE {fresh} ALTER register_id SET DEFAULT {register}")


def _fill(
    cursor: Any,
    fresh: str,
    file: RegisterFile,
    layout: Layout,
    examples: list[tuple[int, DomainError]],
    watch: Watch,
) -> tuple[int, int]:
    """COPY the file into the table; how many rows came in and how many were refused."""
    file.wanted = sorted({at for places in layout.places for at in places})
    at = {place: order for order, place in enumerate(file.wanted)}
    narrow = Layout(
        tuple(tuple(at[place] for place in places) for places in layout.places), layout.country
    )
    seen = refused = 0
    with (
        prepared_chunks(file, RegisterPreparer(narrow)) as chunks,
        cursor.copy(f"COPY {fresh} ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for prepared in chunks:
            copy.write(prepared.blocks.get("register", ""))
            seen += prepared.rows
            refused += len(prepared.refused)
            for line, message, params in prepared.refused[: max(0, 5 - len(examples))]:
                examples.append((line, DomainError(message, None, **params)))
            watch("rows", seen)
    return seen - refused, refused


def _swap(cursor: Any, fresh: str, register: int) -> None:
    """The new rows take the place of the old ones, for everybody at once."""
    place = _partition(register)
    # Proved beforehand, so that nobody waits while the database reads all rows once more.
    cursor.execute(
        f"ALTER TABLE {fresh} ADD CONSTRAINT {fresh}_one CHECK (register_id = {register})"
    )
    cursor.execute(f"DROP TABLE IF EXISTS {place}")
    cursor.execute(f"ALTER TABLE {fresh} RENAME TO {place}")
    cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {place} FOR VALUES IN ({register})")
    cursor.execute(f"ALTER TABLE {place} DROP CONSTRAINT {fresh}_one")
