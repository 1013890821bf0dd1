"""Follows the how-tos in a copy of the house: a model with ten lines, a verb, and all is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: What a reader imports without being told.
VEHICLE = "from vinculo.parties.models import Vehicle\n"
FORM = (
    "from vinculo.kernel.errors import DomainError\n"
    "from vinculo.parties.forms import PartyForm\n"
    "from vinculo.records.forms import CleanText\n"
)


@pytest.mark.slow
def test_the_how_tos_are_true(tmp_path: Path) -> None:
    copy = copy_of_the_house(tmp_path)
    parties, tests = copy / "src/vinculo/parties", copy / "tests"
    model, declaration, sample = code_in("how-to-add-an-entity.md")
    assert len(declaration.splitlines()) <= 10
    append(parties / "models.py", model)
    append(parties / "entities.py", VEHICLE + declaration)
    append(tests / "samples.py", VEHICLE + sample)
    personas = tests / "personas.py"
    text = personas.read_text()
    personas.write_text(text.replace("EVERYTHING = (", 'EVERYTHING = ("parties.vehicle", ', 1))
    (verb,) = code_in("how-to-add-an-action.md")
    append(parties / "actions.py", FORM + verb)
    for name in ("vehicles", "stars"):
        shutil.copy(Path(__file__).parent / f"{name}.py", tests / "records" / f"test_{name}.py")

    # Whether the migrations fit a database is not asked: none runs yet.
    run(copy, "-W", "ignore", "-m", "django", "makemigrations", "parties")
    said = run(
        copy, "-m", "pytest", "-q", "-n0", "tests/records/test_vehicles.py",
        "tests/records/test_stars.py", "tests/records/test_surfaces.py",
        "-k", "vehicle or star or sample",
    )  # fmt: skip
    # Surfaces and refusals of the new type for every persona, and the four of ours.
    passed = re.search(r"\b(\d+) passed", said)
    assert passed and int(passed[1]) >= 18, said


def code_in(how_to: str) -> list[str]:
    """The code a reader is told to write."""
    return re.findall(r"```python\n(.*?)```", (DOCS / how_to).read_text(), re.S)


def copy_of_the_house(place: Path) -> Path:
    """What the how-to changes, and what its tests need."""
    copy = place / "copy"
    left_out = shutil.ignore_patterns("__pycache__", "browser", "walkthrough")
    for part in ("src", "tests"):
        shutil.copytree(ROOT / part, copy / part, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def append(path: Path, text: str) -> None:
    """Put code at the end of a module."""
    path.write_text(f"{path.read_text()}\n\n{text}")


def run(copy: Path, *arguments: str) -> str:
    """Python inside the copy, as a process that knows nothing of this one; what it said."""
    hidden = ("VINCULO_", "PYTEST_", "DATABASE_URL")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "vinculo.config.settings",
        "PYTHONPATH": str(copy / "src"),
        "VINCULO_DATA": str(copy.parent / "data"),
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
