"""How likely two records mean the same customer: the model of Fellegi and Sunter, by splink.

For each field there are levels of agreement. How often the same customer's records agree (m) is
set here from experience with customer files; how often strangers agree (u) is counted in the
company's own data, so that a rare name weighs more than a common one. What two records say about
each field adds up to a weight, and the weight to a probability.

Fellegi, I. and Sunter, A. (1969): A Theory for Record Linkage, JASA 64(328).
"""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vinculo.parties.matching.features import COLUMNS

if TYPE_CHECKING:
    import duckdb

#: Of all records, so many are expected to have a double: where the counting of odds begins.
SHARE_DOUBLED = 0.05
#: A value that more records share tells nobody apart and pairs are not looked for by it alone.
MOST_SHARING = 60
PAIRS_SAMPLED = 1_000_000
SEED = 7
#: Less likely pairs are not kept.
LEAST = 0.5
#: The likeliest pairs that are kept: more would be no list that anybody works through.
MOST_PAIRS = 200_000

#: Field → its levels, the surest first: (key, condition, how often the same customer's records
#: agree like this). The last one stands for "differs".
Level = tuple[str, str, float]
_NAMES = "(name_l <> '' AND name_r <> '')"
LEVELS: dict[str, tuple[str, list[Level]]] = {
    "name": (
        f"NOT {_NAMES}",
        [
            ("same", "name_l = name_r", 0.60),
            ("other_name", "(alias_l <> '' AND alias_l = name_r) OR (alias_r <> '' AND alias_r = name_l)", 0.04),
            ("similar", "jaro_winkler_similarity(name_l, name_r) > 0.92", 0.18),
            ("one_part", "(given_l <> '' AND given_l IN (given_r, family_r)) OR"
             " (family_l <> '' AND family_l IN (given_r, family_r))", 0.13),
            ("alike", "jaro_winkler_similarity(name_l, name_r) > 0.8", 0.03),
            ("differs", "", 0.02),
        ],
    ),
    "tax_id": (
        "tax_l = '' OR tax_r = ''",
        [("same", "tax_l = tax_r", 0.85), ("similar", "levenshtein(tax_l, tax_r) <= 2", 0.12),
         ("differs", "", 0.03)],
    ),
    "birthday": (
        "born_l = '' OR born_r = ''",
        [("same", "born_l = born_r", 0.85), ("similar", "levenshtein(born_l, born_r) <= 2", 0.12),
         ("differs", "", 0.03)],
    ),
    "email": (
        "len(emails_l) = 0 OR len(emails_r) = 0",
        [("same", "list_has_any(emails_l, emails_r)", 0.65), ("differs", "", 0.35)],
    ),
    "phone": (
        "len(phones_l) = 0 OR len(phones_r) = 0",
        [("same", "list_has_any(phones_l, phones_r)", 0.60), ("differs", "", 0.40)],
    ),
    "website": (
        # The site says nothing new of companies that share a mailbox there.
        "domain_l = '' OR domain_r = '' OR list_has_any(emails_l, emails_r)",
        [("same", "domain_l = domain_r", 0.75), ("differs", "", 0.25)],
    ),
    "street": (
        "street_l = '' OR street_r = ''",
        [("same", "street_l = street_r", 0.50),
         ("similar", "jaro_winkler_similarity(street_l, street_r) > 0.9", 0.25),
         ("differs", "", 0.25)],
    ),
    "place": (
        "(postal_l = '' OR postal_r = '') AND (city_l = '' OR city_r = '')",
        [("same", "postal_l <> '' AND postal_l = postal_r AND city_l = city_r", 0.50),
         ("similar", "(postal_l <> '' AND postal_l = postal_r) OR (city_l <> '' AND city_l = city_r)", 0.35),
         ("differs", "", 0.15)],
    ),
}  # fmt: skip

#: Records are compared that share one of these. Columns that begin with "by_" are left empty where
#: too many share the value.
BLOCKS = ("by_name", "by_tax", "by_born", "by_street", "by_domain", "by_alias",
          "by_family_place", "by_given_place", "by_start_city")  # fmt: skip
LISTS = ("by_emails", "by_phones")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one: their ids, the probability (0 to 1), and field → level."""

    one: str
    other: str
    probability: float
    weight: float
    levels: dict[str, str]


def score(
    records: Path,
    points: Path,
    workspace: Path,
    *,
    least: float,
    memory: str = "3GB",
    say: Callable[[str], None] = lambda _stage: None,
) -> Iterator[Pair]:
    """Pairs of records whose probability is at least `least`, the likeliest first.

    `records` is a CSV of `Features`, `points` one of (unique_id, kind, value) with the e-mail
    addresses and phones; `workspace` a folder for what does not fit into `memory`.
    """
    import duckdb

    with duckdb.connect(
        str(workspace / "matching.duckdb"),
        config={"memory_limit": memory, "temp_directory": str(workspace), "threads": 2},
    ) as link:
        link.execute("SET enable_progress_bar = false")
        say("reading")
        _load(link, records, points)
        say("comparing")
        yield from _compared(link, least)


def write_pairs(records: Path, points: Path, pairs: Path) -> None:
    """Score the records and write the likeliest pairs as a CSV; runs in the process of its own."""
    with pairs.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        for number, pair in enumerate(score(records, points, pairs.parent, least=LEAST)):
            if number == MOST_PAIRS:
                break
            one, other = sorted((int(pair.one), int(pair.other)))
            writer.writerow(
                (one, other, int(pair.probability * 100), round(pair.weight, 3),
                 json.dumps(pair.levels))
            )  # fmt: skip


def _load(link: duckdb.DuckDBPyConnection, records: Path, points: Path) -> None:
    texts = ", ".join(f"'{column}': 'VARCHAR'" for column in COLUMNS)
    link.execute(
        f"CREATE TABLE record AS SELECT * REPLACE ({', '.join(f'coalesce({c}, {chr(39) * 2}) AS {c}' for c in COLUMNS)})"  # noqa: S608
        f" FROM read_csv(?, header = true, columns = {{{texts}}}, quote = '\"', escape = '\"')",
        [str(records)],
    )
    link.execute(
        "CREATE TABLE point AS SELECT DISTINCT * FROM read_csv(?, header = true,"
        " columns = {'unique_id': 'VARCHAR', 'kind': 'VARCHAR', 'value': 'VARCHAR'})",
        [str(points)],
    )
    link.execute(
        f"DELETE FROM point WHERE (kind, value) IN"  # noqa: S608
        f" (SELECT (kind, value) FROM point GROUP BY kind, value HAVING count(*) > {MOST_SHARING})"
    )
    link.execute(COMPARED.format(shared=", ".join(_shared(*one) for one in SHARED)))


#: Column of the block → what records share in it, "" where they say nothing.
SHARED = (
    ("by_name", "name"),
    ("by_alias", "alias"),
    ("by_tax", "tax"),
    ("by_born", "CASE WHEN family = '' THEN born ELSE born || left(family, 2) END"),
    ("by_street", "CASE WHEN street = '' THEN '' ELSE street || '|' || postal END"),
    ("by_domain", "domain"),
    ("by_family_place", "CASE WHEN family = '' OR postal || city = '' THEN ''"
     " ELSE family || '|' || coalesce(nullif(postal, ''), city) END"),
    ("by_given_place", "CASE WHEN given = '' OR postal || city = '' THEN ''"
     " ELSE given || '|' || coalesce(nullif(postal, ''), city) END"),
    ("by_start_city", "CASE WHEN city = '' OR length(name) < 5 THEN '' ELSE left(name, 5) || '|' || city END"),
)  # fmt: skip


def _shared(column: str, expression: str) -> str:
    """The value, where it is shared by at least two records and by no more than tell them apart."""
    return (
        f"CASE WHEN ({expression}) <> '' AND count(*) OVER (PARTITION BY {expression})"
        f" BETWEEN 2 AND {MOST_SHARING} THEN ({expression}) END AS {column}"
    )


COMPARED = """
CREATE TABLE compared AS
SELECT r.*, coalesce(e.found, []) AS emails, coalesce(p.found, []) AS phones,
       e.found AS by_emails, p.found AS by_phones, {shared}
FROM record r
LEFT JOIN (SELECT unique_id, list(value) AS found FROM point WHERE kind = 'email' GROUP BY 1) e
    USING (unique_id)
LEFT JOIN (SELECT unique_id, list(value) AS found FROM point WHERE kind = 'phone' GROUP BY 1) p
    USING (unique_id)
"""


def _compared(link: duckdb.DuckDBPyConnection, least: float) -> Iterator[Pair]:
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    records = int(link.execute("SELECT count(*) FROM compared").fetchall()[0][0])
    if records < 2:
        return
    api = DuckDBAPI(link)
    linker = Linker(api.register("compared"), _settings(records), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_SAMPLED, seed=SEED)
    found = linker.inference.predict(threshold_match_probability=least)
    levels = [f"gamma_{name}" for name in LEVELS]
    rows = link.execute(
        f"SELECT unique_id_l, unique_id_r, match_probability, match_weight, {', '.join(levels)}"  # noqa: S608
        f" FROM {found.physical_name} ORDER BY match_weight DESC, 1, 2"
    )
    while some := rows.fetchmany(5_000):
        for one, other, probability, weight, *gammas in some:
            yield Pair(one, other, float(probability), float(weight), _levels(gammas))


def _levels(gammas: list[int]) -> dict[str, str]:
    """Field → the key of its level; splink counts levels from the last one, -1 is "not said"."""
    said = {}
    for (name, (_missing, levels)), gamma in zip(LEVELS.items(), gammas, strict=True):
        if gamma >= 0:
            said[name] = levels[len(levels) - 1 - gamma][0]
    return said


def _settings(records: int) -> Any:
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on

    compared: list[Any] = []
    for name, (missing, known) in LEVELS.items():
        made: list[Any] = [levels.CustomLevel(missing, "not said").configure(is_null_level=True)]
        for key, condition, agree in known[:-1]:
            level = levels.CustomLevel(condition, key).configure(m_probability=agree)
            if name == "name" and key == "same":
                level = level.configure(m_probability=agree, tf_adjustment_column="name")
            made.append(level)
        made.append(levels.ElseLevel().configure(m_probability=known[-1][2]))
        compared.append(
            comparisons.CustomComparison(output_column_name=name, comparison_levels=made)
        )
    blocks: list[Any] = [block_on(column) for column in BLOCKS]
    blocks += [block_on(column, arrays_to_explode=[column]) for column in LISTS]
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=min(0.1, SHARE_DOUBLED * 2 / records),
        comparisons=compared,
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )
