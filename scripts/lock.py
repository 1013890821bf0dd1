"""Resolve the pinned locks anew: every package with its hashes, and no index address.

With --keep, what is pinned stays as it is, and only what pyproject.toml newly asks for is added.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    *("--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
]
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--group", "dev"]}


def main(arguments: list[str]) -> int:
    """Write both locks; the exit code."""
    if arguments not in ([], ["--keep"]):
        print("Only --keep can be asked for: leave the pinned versions as they are.")
        return 2
    uv = Path(sys.executable).with_name("uv")
    for name, groups in LOCKS.items():
        # uv takes what stands in the file it writes as wanted, unless it is to upgrade
        versions = ["--output-file", name] if arguments else ["--upgrade"]
        done = subprocess.run(
            [str(uv), "pip", "compile", "pyproject.toml", *groups, *OPTIONS, *versions],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return done.returncode
        made = (ROOT / name).read_text() if arguments else done.stdout
        (ROOT / name).write_text(first_line(bool(groups)) + made)
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
    sys.exit(main(sys.argv[1:]))
