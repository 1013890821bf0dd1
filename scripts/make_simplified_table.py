"""Write the table by which traditional Chinese characters are compared as simplified ones.

Its source is OpenCC's TSCharacters.txt (Apache License 2.0). Run it again for a newer one:
python scripts/make_simplified_table.py path/to/TSCharacters.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

TABLE = Path(__file__).parent.parent / "src/vinculo/kernel/text/simplified.txt"


def simplifications(source: str) -> dict[str, str]:
    """One simplified character for each traditional one, the usual one where there are several."""
    found = {}
    for line in source.splitlines():
        traditional, _tab, options = line.partition("\t")
        if not line.startswith("#") and len(traditional) == 1 and options:
            found[traditional] = options.split(" ")[0]
    # A step may lead to a character that itself has a step; comparing needs the end of the way.
    for traditional, simple in found.items():
        while found.get(simple, simple) != simple and simple != traditional:
            simple = found[simple]
        found[traditional] = simple
    return {t: s for t, s in found.items() if t != s and max(ord(t), ord(s)) < 0x10000}


if __name__ == "__main__":
    table = simplifications(Path(sys.argv[1]).read_text(encoding="utf-8"))
    pairs = sorted(table.items())
    TABLE.write_text(
        f"{''.join(t for t, _s in pairs)}\n{''.join(s for _t, s in pairs)}\n", encoding="utf-8"
    )
