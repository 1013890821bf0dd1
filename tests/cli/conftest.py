"""Folders for whole installations, and one that is already set up."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.serving import Serving

from vinculo.config.database import is_embedded


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter when the suite runs as root."""
    made = Path(tempfile.mkdtemp(prefix="vinculo-cli-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared() -> Iterator[Path]:
    """A data directory after its first start, to be copied."""
    if not is_embedded():
        pytest.skip("these tests are about the embedded database, and DATABASE_URL is set")
    made = Path(tempfile.mkdtemp(prefix="vinculo-cli-"))
    made.chmod(0o711)
    try:
        server = Serving(made / "data")
        server.wait_for("/healthz")
        server.wait_for("/readyz")
        server.wait_for_output(f"Vinculo runs at http://127.0.0.1:{server.port}/")
        assert server.stop() == 0
        yield made / "data"
    finally:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def data(folder: Path, prepared: Path) -> Path:
    """A data directory that is set up, and this test's own."""
    subprocess.run(["cp", "-a", str(prepared), str(folder / "data")], check=True)
    return folder / "data"


@pytest.fixture
def serving(data: Path) -> Iterator[Serving]:
    """A server on it that answers."""
    server = Serving(data)
    try:
        server.wait_for("/readyz")
        yield server
    finally:
        server.stop()
