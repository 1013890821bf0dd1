"""What administrators shape (fields, layouts, words, modules, pipelines) is known per process, until its version is another.

The version comes along with the question for the reader's rights, which every request asks anyway:
no page asks a question more, and all processes know of a change with their next request.
"""

from collections.abc import Callable

from vinculo.platform.custom import known as custom
from vinculo.platform.modules import known as modules
from vinculo.platform.terms import known as terms

#: Whom the sum of which tables' stamps is told.
_PARTS: list[tuple[tuple[str, ...], Callable[[str], None]]] = [
    (("platform_customfield", "platform_recordlayout"), custom.told),
    (("platform_term",), terms.told),
    (("platform_moduleswitch",), modules.told),
]


def watch(tables: tuple[str, ...], tell: Callable[[str], None]) -> None:
    """Have `tell` told the version of `tables`, each of which has a column `stamp` that is another
    after every change: for a higher room, when it starts."""
    _PARTS.append((tables, tell))


def _sum(tables: tuple[str, ...]) -> str:
    stamps = " UNION ALL ".join(f"SELECT stamp FROM {table}" for table in tables)  # noqa: S608
    return f"(SELECT coalesce(sum(stamp), 0) FROM ({stamps}) AS stamps)"  # noqa: S608


def version_sql() -> str:
    """The versions of all parts as one text, a subquery of another question. A part's version is
    the sum of its rows' stamps, so that it is another one after every change, also after an undo.
    """
    return f"concat_ws('.', {', '.join(_sum(tables) for tables, _tell in _PARTS)})"


def told(version: str) -> None:
    """The database has these versions: what this process knows of older ones is forgotten."""
    for part, (_tables, tell) in zip(version.split("."), _PARTS, strict=True):
        tell(part)


def ask() -> None:
    """Ask for the versions outright: for work that begins without anybody's rights, such as jobs."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {version_sql()}")
        told(cursor.fetchone()[0])
