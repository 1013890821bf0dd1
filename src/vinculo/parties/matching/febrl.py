"""How well the model does on lists whose doubles are known: precision and recall on febrl.

Christen, P. (2008): Febrl, an open source data cleaning, deduplication and record linkage system
with a graphical user interface. KDD 2008. The four lists are generated; who is who is in their ids.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from vinculo.parties.matching.features import COLUMNS, Features, features_of
from vinculo.parties.matching.scoring import Pair, score

LISTS = {
    1: ("dataset1.csv",),
    2: ("dataset2.csv",),
    3: ("dataset3.csv",),
    4: ("dataset4a.csv", "dataset4b.csv"),
}
_WHO = re.compile(r"rec-(\d+)-")


@dataclass(frozen=True)
class Quality:
    """What came out on one list, at the threshold that suits it best."""

    number: int
    records: int
    true_pairs: int
    found: int
    precision: float
    recall: float
    weight: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge(folder: Path, number: int) -> Quality:
    """Score one of the four lists and hold the pairs against the truth."""
    rows = list(_rows(folder, number))
    truth = _truth(rows)
    with TemporaryDirectory() as place:
        workspace = Path(place)
        records, points = workspace / "records.csv", workspace / "points.csv"
        with records.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            writer.writerows(astuple(_features(row)) for row in rows)
        points.write_text("unique_id,kind,value\n", encoding="utf-8")
        # From the least likely on: the best threshold is looked for among all of them.
        pairs = list(score(records, points, workspace, least=1e-6))
    return _best(number, len(rows), truth, pairs)


def _rows(folder: Path, number: int) -> Iterator[dict[str, str]]:
    for name in LISTS[number]:
        with (folder / name).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                yield {key: (value or "").strip() for key, value in row.items()}


def _features(row: dict[str, str]) -> Features:
    return features_of(
        row["rec_id"],
        kind="person",
        name="",
        given=row["given_name"],
        family=row["surname"],
        tax_id=row["soc_sec_id"],
        born=row["date_of_birth"],
        street=f"{row['street_number']} {row['address_1']}",
        postal_code=row["postcode"],
        city=row["suburb"],
    )


def _truth(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    people: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found = _WHO.match(row["rec_id"])
        assert found is not None
        people[found.group(1)].append(row["rec_id"])
    return {tuple(sorted(pair)) for same in people.values() for pair in combinations(same, 2)}  # type: ignore[misc]


def _best(number: int, records: int, truth: set[tuple[str, str]], pairs: list[Pair]) -> Quality:
    best = Quality(number, records, len(truth), 0, 0.0, 0.0, 0.0)
    right = 0
    for found, pair in enumerate(pairs, 1):
        right += tuple(sorted((pair.one, pair.other))) in truth
        here = Quality(
            number, records, len(truth), found, right / found, right / len(truth), pair.weight
        )
        if here.f1 > best.f1:
            best = here
    return best
