"""A new key for what is encrypted: values move under it batch by batch, and the old key retires."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext_lazy

from vinculo.kernel.cipher import Unreadable, decrypt, encrypt, new_key
from vinculo.kernel.clock import now
from vinculo.kernel.errors import _
from vinculo.platform import journal
from vinculo.platform.actions import OTHER_VERBS
from vinculo.platform.jobs import job
from vinculo.platform.sensitive.fields import EncryptedText
from vinculo.platform.sensitive.files import files_in_use, reseal
from vinculo.platform.sensitive.keys import KeyProblem, from_environment, keys, write
from vinculo.platform.undo import KEPT_FOR

OTHER_VERBS["platform.rotate_keys"] = gettext_lazy("Encrypted with a new key")
BATCH = 500

WAITING = """
SELECT id, "{column}" FROM "{table}"
WHERE "{column}" <> '' AND split_part("{column}", '.', 2) <> %s AND id > %s ORDER BY id LIMIT %s
"""
# Only where nobody changed the value meanwhile: theirs is under the new key already.
REPLACE = """
UPDATE "{table}" t SET "{column}" = n.fresh
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n(id, old, fresh)
WHERE t.id = n.id AND t."{column}" = n.old
"""
USED = """
SELECT split_part("{column}", '.', 2), count(*) FROM "{table}" WHERE "{column}" <> '' GROUP BY 1
"""
# What undo may still bring back is in the journal, under the key of its time.
JOURNALLED = """
SELECT split_part(before->>%(column)s, '.', 2), count(*) FROM platform_change
WHERE table_name = %(table)s AND at >= %(since)s AND before->>%(column)s <> '' GROUP BY 1
"""


@dataclass(frozen=True)
class Column:
    """An encrypted column."""

    table: str
    name: str
    place: str


def encrypted_columns() -> list[Column]:
    """Every encrypted column there is."""
    return [
        Column(model._meta.db_table, str(field.column), field.place)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedText)
    ]


def begin_rotation() -> str:
    """Make a new key current, so that all that is written from now on is under it; its number."""
    if from_environment():
        raise KeyProblem(
            _("The keys come from VINCULO_FIELD_KEYS: put a new one first there, then start anew.")
        )
    present = keys()
    numbers = [int(number) for number in present.by_number if number.isdigit()]
    number = str(max(numbers, default=0) + 1)
    write(replace(present, current=number, by_number={number: new_key(), **present.by_number}))
    return number


@job("platform.reencrypt_fields", every="43 * * * *", lock="keys", atomic=False)
def reencrypt_fields() -> None:
    """Hourly: bring what a rotation has not reached under the current key; goes on where it was."""
    reencrypt()


def reencrypt(told: Callable[[int], None] | None = None) -> tuple[int, int]:
    """Bring every value and every sealed file under the current key, a few hundred values per
    transaction: it may be killed and goes on from where it was. `told` hears how many are done.
    Returns (done, unreadable)."""
    done, unreadable = reseal()
    for column in encrypted_columns():
        last = 0
        while rows := _waiting(column, last):
            last = rows[-1][0]
            moved, lost = _move(column, rows)
            done, unreadable = done + moved, unreadable + lost
            if told is not None:
                told(done)
    return done, unreadable


def _waiting(column: Column, last: int) -> list[Any]:
    statement = WAITING.format(table=column.table, column=column.name)
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys().current, last, BATCH])
        return list(cursor.fetchall())


def _move(column: Column, rows: list[Any]) -> tuple[int, int]:
    held, ready = keys(), []
    for row_id, old in rows:
        try:
            ready.append(
                (row_id, old, encrypt(held, column.place, decrypt(held, column.place, old)))
            )
        except Unreadable:
            continue
    if not ready:
        return 0, len(rows)
    statement = REPLACE.format(table=column.table, column=column.name)
    with (
        journal.change_set(actor=None, verb="platform.rotate_keys"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [list(part) for part in zip(*ready, strict=True)])
        moved = int(cursor.rowcount)
    return moved, len(rows) - len(ready)


def keys_in_use() -> dict[str, tuple[int, int]]:
    """Key number → (values and files under it, values in the journal that undo may still bring
    back)."""
    values: Counter[str] = files_in_use()
    kept: Counter[str] = Counter()
    since = now() - KEPT_FOR
    with connection.cursor() as cursor:
        for column in encrypted_columns():
            cursor.execute(USED.format(table=column.table, column=column.name))
            values.update(dict(cursor.fetchall()))
            place: dict[str, Any] = {"table": column.table, "column": column.name, "since": since}
            cursor.execute(JOURNALLED, place)
            kept.update(dict(cursor.fetchall()))
    numbers = {*keys().by_number, *values, *kept}
    return {number: (values[number], kept[number]) for number in sorted(numbers)}


def retire(number: str) -> None:
    """Forget a key for good; KeyProblem while anything needs it."""
    present = keys()
    if from_environment() or number not in present.by_number:
        raise KeyProblem(_("There is no key %(number)s in the key file."), number=number)
    values, kept = keys_in_use()[number]
    if number == present.current or values or kept:
        raise KeyProblem(
            _("Key %(number)s is still needed: %(values)s values, %(kept)s that undo may restore."),
            number=number,
            values=values,
            kept=kept,
        )
    left = {name: key for name, key in present.by_number.items() if name != number}
    write(replace(present, by_number=left))
