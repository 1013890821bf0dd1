"""`vinculo import` and `vinculo export`, as the processes they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NEW_USER = (
    "from vinculo.platform.models import User, Role, RoleAssignment as A;"
    "u = User.objects.create_user('a@example.com', 'Ana');"
    "A.objects.create(user=u, role=Role.objects.create(name='Chief', administrator=True))"
)


def vinculo(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vinculo", *arguments],
        env={**os.environ, "VINCULO_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_file_in_and_out_again(data: Path, folder: Path) -> None:
    made = vinculo(data, "shell", "-c", NEW_USER)
    assert made.returncode == 0, made.stderr
    file = folder / "in.csv"
    file.write_text("Company name;City;Web\nÑandú;León;www.nandu.es\nBad;Rome;javascript:x\n")
    dry = vinculo(data, "import", str(file), "--dry-run", "--user", "a@example.com")
    assert dry.returncode == 0, dry.stderr
    assert "Company name → name" in dry.stdout
    refused = folder / "refused.csv"
    done = vinculo(data, "import", str(file), "--key", "name", "--refused", str(refused))
    assert done.returncode == 0, done.stderr
    assert "created          1" in done.stdout
    assert "javascript:x" in refused.read_text()
    out = folder / "out.csv"
    exported = vinculo(data, "export", str(out), "--query", "cols=name,city")
    assert exported.returncode == 0, exported.stderr
    assert out.read_text(encoding="utf-8-sig").splitlines() == ["Name,City", "Ñandú,León"]


def test_refusals_are_one_sentence(data: Path, folder: Path) -> None:
    empty = folder / "empty.csv"
    empty.write_text("")
    for arguments, said in (
        ([str(folder / "none.csv")], "There is no file"),
        ([str(empty), "--as", "parties.cats"], "no record type"),
        ([str(empty), "--user", "nobody@example.com"], "signs in as"),
    ):
        answer = vinculo(data, "import", *arguments)
        assert answer.returncode == 1
        assert said in answer.stderr
        assert len(answer.stderr.strip().splitlines()) == 1
