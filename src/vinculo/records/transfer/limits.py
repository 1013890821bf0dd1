"""What a file may demand of us before we refuse it.

Each limit is far above what an honest address book needs, and low enough that nobody stops the
server with a file.
"""

from __future__ import annotations

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to guess its encoding and delimiter."""

MAX_COLUMNS = 500
"""More columns than this is no table of customers."""

MAX_FILE_BYTES = 2 * 1024**3
"""The largest file we take."""

MAX_LINE_CHARACTERS = 1_000_000
"""A longer physical line is refused as one row."""

MAX_CELL_CHARACTERS = 100_000
"""A longer cell refuses its row."""

MAX_RECORD_LINES = 400
"""A quoted cell running over more lines than this is a quote somebody forgot to close."""

MAX_WORKBOOK_BYTES = 1024**3
"""What a workbook may unpack to."""

MAX_WORKBOOK_RATIO = 200
"""How far one part of a workbook may shrink when packed; honest sheets stay under 40."""

RATIO_FREE_BYTES = 8 * 1024**2
"""Parts smaller than this unpacked are harmless at any ratio."""

MAX_WORKBOOK_PARTS = 2_000
"""Files inside a workbook."""

MAX_SHEET_CELLS = 40_000_000
"""The rectangle a sheet may span: its reader keeps every cell of it, empty or not."""
