"""`make check`: everything that can be known about the code without running it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def steps() -> dict[str, list[str]]:
    """Each step's name and command, in the order of how soon they fail."""
    vinculo = [str(BIN / "python"), "-m", "vinculo", "manage"]
    found = {
        "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "lint": [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."],
        "the rooms' order": [str(BIN / "lint-imports"), "--no-cache"],
        "types": [str(BIN / "mypy"), "--no-error-summary"],
        "migrations": [*vinculo, "makemigrations", "--check", "--dry-run"],
        "deployment": [*vinculo, "check", "--deploy", "--fail-level", "WARNING"],
    }
    if (ROOT / "scripts" / "messages.py").exists():
        found["translations"] = [str(BIN / "python"), "-m", "scripts.messages", "--check"]
    return found


def main() -> int:
    """Run every step even after one failed; 1 when any did."""
    failed = []
    # A folder of their own: a check must not touch, or depend on, the installation in var/.
    with tempfile.TemporaryDirectory(prefix="vinculo-check-") as folder:
        Path(folder).chmod(0o711)
        environment = {
            **os.environ,
            "VINCULO_DATA": f"{folder}/data",
            # Deployment is judged as it would be in earnest: behind TLS.
            "VINCULO_URL": "https://crm.example.com",
        }
        for name, command in steps().items():
            began = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            took = time.monotonic() - began
            print(
                f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({took:.1f} s)",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout.rstrip(), flush=True)
    if failed:
        print(f"vinculo: these checks failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
