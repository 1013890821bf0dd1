"""How long one statement may take: ten seconds for a page, longer for what says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, connections

CANCELLED = "57014"  # SQLSTATE query_canceled


def limit_statements(seconds: int) -> None:
    """From its next connection on, this process has statements cancelled after that long.

    A connection option, so that it costs no round trip; 0 is no limit. To be called before the
    process's first connection is made.
    """
    if not seconds:
        return
    options = connections["default"].settings_dict.setdefault("OPTIONS", {})
    said = options.get("options", "")
    options["options"] = f"{said} -c statement_timeout={seconds * 1000}".strip()


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Inside a transaction: each statement in this block may take that long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), "
            "set_config('statement_timeout', %s, true)",
            [f"{seconds}s"],
        )
        before = cursor.fetchone()[0]
    yield
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def took_too_long(error: BaseException) -> bool:
    """Whether the database cancelled a statement because it took too long."""
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    return getattr(cause, "sqlstate", "") == CANCELLED
