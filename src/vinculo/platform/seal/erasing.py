"""Takes the payload out of changes for good, as the law may demand; their seals still verify."""

from collections.abc import Iterable

from django.db import connection

ERASE = """
UPDATE platform_change SET before_digest = sha256(convert_to(before::text, 'UTF8')), before = NULL
WHERE id = ANY(%s) AND before IS NOT NULL
"""


def erase_payloads(change_ids: Iterable[int]) -> int:
    """Forget what these changes replaced; returns how many had something to forget.

    That they happened, when, by whom and to which row stays; undo of them is no longer possible.
    """
    with connection.cursor() as cursor:
        cursor.execute(ERASE, [list(change_ids)])
        return int(cursor.rowcount)
