"""For the suite: a throwaway installation with its own embedded PostgreSQL, gone afterwards.

A pytest plugin rather than a conftest, because Django reads its settings before the first
conftest is loaded. With DATABASE_URL the suite runs on that server instead. Parallel workers
share the server of the controlling process; each has its own database in it.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from vinculo.config.cluster import initialise, settings
from vinculo.config.cluster.binaries import binaries
from vinculo.config.cluster.places import database_owner, places
from vinculo.config.cluster.running import EmbeddedDatabase
from vinculo.config.database import is_embedded
from vinculo.config.datadir import ensure_installation

_is_worker = "PYTEST_XDIST_WORKER" in os.environ
_database: EmbeddedDatabase | None = None
_folder: Path | None = None

if not _is_worker:
    _folder = Path(tempfile.mkdtemp(prefix=f"vinculo-tests-{os.getpid()}-"))
    # However the run ends; also where Django's settings end it before the first test.
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    _folder.chmod(0o711)  # PostgreSQL's own user enters it when the suite runs as root
    os.environ["VINCULO_DATA"] = str(_folder / "data")
    os.environ["VINCULO_DATABASE_THROWAWAY"] = "1"
    os.environ["VINCULO_POOL_MAX"] = "0"
    os.environ.pop("VINCULO_URL", None)


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the controlling process."""
    global _database
    if _is_worker or not is_embedded() or config.option.collectonly:
        return
    _remove_what_killed_runs_left()
    ensure_installation()
    made = places()
    _copy_template()
    _database = EmbeddedDatabase(made, owning=True)
    _database.open()


def pytest_unconfigure() -> None:
    """Stop the server and remove everything it kept."""
    global _database
    if _database is not None:
        _database.close()
        shutil.rmtree(_database.places.home, ignore_errors=True)
        shutil.rmtree(_database.places.socket_dir, ignore_errors=True)
        _database = None


def _copy_template() -> None:
    """Copy an empty cluster that an earlier run made: initdb takes longer than all of a start."""
    made = places()
    recipe = b"".join(Path(str(module.__file__)).read_bytes() for module in (initialise, settings))
    digest = hashlib.sha256(recipe + str(binaries()).encode()).hexdigest()[:12]
    # In the virtual environment: private to whoever may change what we run anyway.
    template = Path(sys.prefix) / f"cluster-template-{database_owner(made).name}-{digest}"
    if template.exists():
        made.home.mkdir(parents=True, exist_ok=True)
        _copy(template, made.data)
        return
    initialise.make_cluster(made)
    draft = template.with_name(f"{template.name}.{os.getpid()}")
    _copy(made.data, draft)
    try:
        draft.rename(template)
    except OSError:  # another run was quicker
        shutil.rmtree(draft, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", "--", str(source), str(target)], check=True)


def _remove_what_killed_runs_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob("vinculo-tests-*-*"):
        pid = folder.name.split("-")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)
