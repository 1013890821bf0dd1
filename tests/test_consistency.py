"""What is written down agrees with what is there: documents, locks, settings, commands."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from vinculo.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/README.md")])
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def targets() -> set[str]:
    """What `make` can make."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_only_commands_that_exist(path: Path) -> None:
    text = path.read_text()
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))
    for word in re.findall(r"(?:^\s*|[`/]|\$ )vinculo ([a-z][a-z-]*)", code, re.M):
        assert word in COMMANDS, f"vinculo {word}"
    for word in re.findall(r"(?:^|[\s`])make ([a-z][a-z-]*)", code):
        assert word in targets(), f"make {word}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_link_only_to_what_is_there(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if re.match(r"[a-z]+:|#", link):
            continue
        assert (path.parent / link.split("#")[0]).exists(), link


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_locks_pin_by_hash_and_name_no_place(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"https?://|--index|--find-links|--extra|@ file:", text)
    wanted = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line, re.I)]
    assert wanted
    for line in wanted:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", line), line
        assert line.rstrip().endswith("\\"), f"{line}: no hash"


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    listed = text.split("dependencies = [", 1)[1].split("\n]", 1)[0].strip().splitlines()
    for before, line in pairwise(listed):
        if line.strip().startswith('"'):
            assert before.strip().startswith("#"), line


def test_no_path_of_a_machine_is_written_down() -> None:
    private = re.compile(r"(?<![\w.{}])/(?:work|root|home/[a-z]+|Users)/")
    found = []
    for path in [*ROOT.glob("src/**/*"), *ROOT.glob("scripts/**/*"), *DOCUMENTS]:
        if path.suffix in (".py", ".md", ".html", ".js", ".css", ".sh", ".toml"):
            found += [
                f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
                for line in path.read_text().splitlines()
                if private.search(line)
            ]
    assert not found, "\n".join(found)


def test_every_command_has_its_module_and_one_line_of_help() -> None:
    for name, command in COMMANDS.items():
        module = ROOT / "src" / Path(*command.module.split("."))
        assert module.with_suffix(".py").exists() or (module / "__init__.py").exists(), name
        assert command.help and not command.help.endswith("."), name
