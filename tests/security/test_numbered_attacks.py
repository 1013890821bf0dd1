"""The table of numbered attacks in the threat model: none is missing, each names its tests."""

from __future__ import annotations

import re
from pathlib import Path

PAPER = Path(__file__).parents[2] / "docs" / "threat-model.md"
#: What concerns parts that are not built yet (mail, chat, orders, credit, the mart) is not here.
TRIED = {*range(1, 14), *range(15, 23), 24, *range(29, 35), 37, *range(39, 43)}
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", re.M)


def test_every_attack_that_can_be_tried_is_tried() -> None:
    rows = dict(ROW.findall(PAPER.read_text()))
    assert TRIED - {int(number) for number in rows} == set()
    for number, tests in rows.items():
        assert re.search(r"`tests/[\w/]+\.py", tests), number
