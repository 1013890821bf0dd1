"""Questions whose best plan depends on what is asked for.

A connection keeps the plans of what it asks again and again (VINCULO_PREPARE). A plan that is kept
knows no values: for a name that nobody has and for a state that half the customers have it would be
the same. Lists and searches are therefore planned each time.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_anew() -> Iterator[None]:
    """In this block (or decorated function) each question is planned for its own values."""
    connection.ensure_connection()
    link = connection.connection
    before, link.prepare_threshold = link.prepare_threshold, None
    try:
        yield
    finally:
        link.prepare_threshold = before
