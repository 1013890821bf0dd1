"""scripts/bootstrap.py: what it refuses, and that an unfinished set-up is not taken for a finished one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scripts import bootstrap, lock

ROOT = Path(bootstrap.ROOT)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without dependencies, whose environment is quickly made."""
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        "[project]\ndependencies = []\n[dependency-groups]\ndev = []\n"
    )
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    for name, dev in (("requirements.lock", False), ("requirements-dev.lock", True)):
        (tmp_path / name).write_text(lock.first_line(dev))
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    return tmp_path


def test_the_committed_locks_fit_the_project() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert bootstrap.digest(name)
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text and "--index-url" not in text


def test_an_old_python(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("vinculo: Vinculo needs Python 3.11 or newer, and ")
    assert "is 3.9: install" in said
    assert not (project / ".venv").exists()


def test_a_python_without_venv(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    works = bootstrap.works
    monkeypatch.setattr(
        bootstrap, "works", lambda command: "ensurepip" not in command[-1] and works(command)
    )
    assert bootstrap.main() == 1
    assert "has no venv module" in capsys.readouterr().err
    assert not (project / ".venv").exists()


def test_a_stale_lock(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text('[project]\ndependencies = ["more"]\n')
    assert bootstrap.main() == 1
    assert "requirements.lock is stale" in capsys.readouterr().err
    assert not (project / ".venv").exists()


@pytest.mark.slow
def test_it_installs_once_and_takes_up_what_was_interrupted(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as interrupted:
        interrupted.setattr(
            bootstrap, "link_source", lambda: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        assert bootstrap.main() == 130
    assert not (project / ".venv" / ".installed").exists()

    assert bootstrap.main() == 0
    assert "Installing" in capsys.readouterr().out
    found = subprocess.run(
        [bootstrap.PYTHON, "-c", "import sys; print(sys.path[-1])"], capture_output=True, text=True
    )
    assert found.stdout.strip() == str(project / "src")

    assert bootstrap.main() == 0
    assert capsys.readouterr().out == ""
