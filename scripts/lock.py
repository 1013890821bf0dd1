"""Resolve the pinned locks anew: every package with its hashes, and no index address."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    *("--universal", "--python-version", "3.11", "--upgrade"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
]
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--group", "dev"]}


def main() -> int:
    """Write both locks; the exit code."""
    uv = Path(sys.executable).with_name("uv")
    for name, groups in LOCKS.items():
        done = subprocess.run(
            [str(uv), "pip", "compile", "pyproject.toml", *groups, *OPTIONS],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return done.returncode
        (ROOT / name).write_text(first_line(bool(groups)) + done.stdout)
        print(f"{name} written.")
    return 0


def first_line(dev: bool) -> str:
    """What the lock was made for; scripts/bootstrap.py refuses a lock that is stale."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"]
    if dev:
        wanted = wanted + project["dependency-groups"]["dev"]
    digest = hashlib.sha256("\n".join(sorted(wanted)).encode()).hexdigest()
    return f"# for: {digest}\n"


if __name__ == "__main__":
    sys.exit(main())
