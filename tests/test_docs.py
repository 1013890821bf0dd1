"""What the documents say exists: commands, paths, variables, targets, actions, tests, pictures."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from scripts.reference.pages import pages
from scripts.reference.settings import INTERNAL, variables

from vinculo.cli.main import COMMANDS
from vinculo.platform.actions import actions
from vinculo.records.registry import entities

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
#: docs/plan.md is the builders' list, ticked off against what is to be.
PAPERS = sorted(
    path
    for path in [*ROOT.glob("*.md"), ROOT / "NOTICE", *DOCS.rglob("*.md")]
    if path != DOCS / "plan.md"
)
READMES = sorted((ROOT / "src" / "vinculo").rglob("README.md"))
ROOMS = sorted(
    path for path in (ROOT / "src" / "vinculo").iterdir() if (path / "__init__.py").exists()
)
#: Examples in the how-tos: they are written, not there.
INVENTED = {"parties.star", "parties.company_starred", "parties.vehicle"}
#: Variables of tests and scripts, which are no settings of an installation.
OF_TESTS = {"VINCULO_CHROMIUM", "VINCULO_WRITE_SNAPSHOTS"}
LONGEST_PICTURE = 150_000  # bytes

every_paper = pytest.mark.parametrize(
    "paper", [*PAPERS, *READMES], ids=lambda path: str(path.relative_to(ROOT))
)


def code_of(paper: Path) -> list[str]:
    """What stands in back quotes, and the lines of code blocks."""
    text = paper.read_text()
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [*inline, *(line for block in blocks for line in block.splitlines())]


# --- links and paths --------------------------------------------------------------------------


def headings(paper: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them from its headings."""
    found = re.findall(r"^#+ (.+)$", paper.read_text(), re.M)
    return {
        re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in found
    }


@every_paper
def test_links_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", paper.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        name, _sign, anchor = target.partition("#")
        there = (paper.parent / name).resolve() if name else paper
        assert there.exists(), target
        if anchor:
            assert anchor in headings(there), target


@every_paper
def test_paths_exist(paper: Path) -> None:
    """`src/…`, `tests/…`, `docs/…`, `scripts/…`; `<…>` and `…` stand for something."""
    for snippet in code_of(paper):
        for path in re.findall(r"\b(?:src|tests|docs|scripts)/[\w./<>…-]+", snippet):
            plain = path.split("::")[0].rstrip(".,")
            if re.search(r"[<…]|NNNN", plain) or any(one in plain for one in INVENTED):
                continue
            assert (ROOT / plain).exists(), path


@every_paper
def test_tests_that_are_named_exist(paper: Path) -> None:
    for path, names in re.findall(r"(tests/[\w/]+\.py)::(\w+(?:::\w+)?)", paper.read_text()):
        assert names in named_in(path), f"{path}::{names}"


@cache
def named_in(path: str) -> frozenset[str]:
    """The names of a test file's classes and functions, those of a class with its name and without."""
    tree = ast.parse((ROOT / path).read_text())
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            inside = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
            found |= {node.name, *(f"{node.name}::{name}" for name in inside)}
    return frozenset(found)


def test_pictures_are_small_and_used() -> None:
    shown = "\n".join(paper.read_text() for paper in PAPERS)
    for picture in (DOCS / "pictures").iterdir():
        assert picture.stat().st_size <= LONGEST_PICTURE, picture.name
        assert f"pictures/{picture.name}" in shown, f"{picture.name} is shown nowhere"


# --- names ------------------------------------------------------------------------------------


@every_paper
def test_commands_exist(paper: Path) -> None:
    for snippet in code_of(paper):
        for name in re.findall(r"(?:^|[ /])vinculo ([a-z][a-z-]*)", snippet):
            if snippet.startswith(("pg_dump", "psql")):
                continue
            assert name in COMMANDS, snippet


@every_paper
def test_arguments_of_commands_exist(paper: Path) -> None:
    known = (REFERENCE / "commands.md").read_text()
    for snippet in code_of(paper):
        for name, rest in re.findall(r"(?:^|/| )vinculo ([a-z][a-z-]*)((?: [^`]*)?)", snippet):
            if COMMANDS.get(name) is None or COMMANDS[name].passes_on:
                continue
            section = known.split(f"## vinculo {name}\n")[1].split("\n## ")[0]
            for option in re.findall(r"(?<= )--[a-z-]+", rest):
                assert option in section, snippet


@every_paper
def test_make_targets_exist(paper: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for snippet in code_of(paper):
        for name in re.findall(r"(?:^|[=\w] )make ([a-z-]+)", snippet):
            assert name in targets, snippet
        if snippet.startswith("make "):
            assert snippet.split()[1].split("=")[0] in targets | {"PORT"}, snippet


@every_paper
def test_variables_exist(paper: Path) -> None:
    known = {one.name for one in variables()} | INTERNAL | OF_TESTS
    for name in re.findall(r"\bVINCULO_[A-Z0-9_]+\b", paper.read_text()):
        assert name in known, name


@every_paper
def test_actions_events_and_record_types_exist(paper: Path) -> None:
    known = set(actions()) | {entity.key for entity in entities()} | INVENTED
    known |= set(re.findall(r"`([a-z]+\.[a-z_]+)`", (REFERENCE / "events.md").read_text()))
    if paper.parent == REFERENCE:
        return
    rooms = {name.split(".")[0] for name in actions()}
    for snippet in code_of(paper):
        if not re.fullmatch(r"[a-z]+\.[a-z_]+", snippet):
            continue
        room, _dot, name = snippet.partition(".")
        if room in rooms and not (ROOT / "src" / "vinculo" / room / f"{name}.py").exists():
            assert snippet in known, snippet


# --- completeness -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_is_what_the_code_says(name: str) -> None:
    """Write it anew with `make reference`."""
    assert (REFERENCE / name).read_text() == pages()[name]


def test_the_reference_has_no_page_of_what_is_gone() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(pages())


def test_every_event_has_words() -> None:
    for line in (REFERENCE / "events.md").read_text().splitlines():
        if line.startswith("| `"):
            assert re.match(r"\| `[^`]+` \| [A-Z]", line), line


def test_operations_explains_every_setting() -> None:
    text = (DOCS / "operations.md").read_text()
    missing = [one.name for one in variables() if f"`{one.name}`" not in text]
    assert not missing, missing


def test_every_guide_is_reachable_from_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    for guide in sorted((DOCS / "guides").glob("*.md")):
        assert f"docs/guides/{guide.name}" in text, guide.name


def test_the_two_commands_stand_at_the_top() -> None:
    top = (ROOT / "README.md").read_text().splitlines()[:8]
    assert any(line.startswith("make run") for line in top)
    assert any(line.startswith("make test") for line in top)


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_every_room_says_what_it_is_in_a_few_lines(room: Path) -> None:
    """web's is the reference of the design system: as long as that takes."""
    lines = (room / "README.md").read_text().splitlines()
    assert len(lines) >= 5 and (room.name == "web" or len(lines) <= 25), len(lines)


def test_the_index_of_decisions_is_complete() -> None:
    index = (DOCS / "adr" / "README.md").read_text()
    for decision in sorted((DOCS / "adr").glob("[0-9]*.md")):
        number = int(decision.name[:4])
        title = decision.read_text().splitlines()[0].removeprefix("# ")
        title = re.sub(r"^\d+\. ", "", title)
        assert f"| {number} | [{title}]({decision.name}) |" in index, decision.name


# --- what must not stand there ----------------------------------------------------------------


@every_paper
def test_no_path_of_a_builders_machine(paper: Path) -> None:
    text = paper.read_text()
    for found in re.findall(r"(?<![\w<>/.])/(?:work|root|tmp|home)\b\S*", text):
        raise AssertionError(found)
