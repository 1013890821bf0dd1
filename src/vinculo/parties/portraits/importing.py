"""Pictures in a file of vCards: drawn anew in the preparing processes, kept once their party is.

They are staged apart from the rows, so that a file without pictures pays nothing.
"""

from __future__ import annotations

import base64
from typing import Any

from vinculo.parties.portraits.keeping import keep

AT_ONCE = 200

# A known party that says the same in all else gets a picture where it has none.
FIRST_PICTURE = """
UPDATE import_outcome o SET outcome = 'updated', reason = NULL
FROM import_portrait n, parties_party p
WHERE n.row = o.row AND o.reason = 'same' AND p.id = o.party_id AND p.portrait = ''
"""
_WANTED = """
SELECT DISTINCT ON (o.party_id) o.party_id, n.row
FROM import_portrait n JOIN import_outcome o ON o.row = n.row
WHERE o.outcome IN ('created', 'updated') ORDER BY o.party_id, n.row DESC
"""
_PICTURES = "SELECT row, picture FROM import_portrait WHERE row = ANY(%s)"
_WRITE = """
UPDATE parties_party p SET portrait = told.token
FROM unnest(%s::bigint[], %s::text[]) AS told(id, token) WHERE p.id = told.id
"""


def find_first_pictures(cursor: Any) -> None:
    """Count rows as updates that bring the first picture of a known party."""
    cursor.execute(FIRST_PICTURE)


def write_pictures(cursor: Any) -> None:
    """Keep the pictures of the parties that were written; of several rows the last one's. Files of
    an import that is taken back are swept with what nothing names."""
    cursor.execute(_WANTED)
    wanted: list[tuple[int, int]] = cursor.fetchall()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        cursor.execute(_PICTURES, [[row for _party, row in part]])
        pictures = dict(cursor.fetchall())
        tokens = [keep(base64.b64decode(pictures[row])) for _party, row in part]
        cursor.execute(_WRITE, [[party for party, _row in part], tokens])
