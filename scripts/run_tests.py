"""`make test`: fetch what the suite needs, run it, and say loudly what could not be run.

Arguments go to pytest: `make test ARGS="tests/kernel -n0"`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A browser, and a font for the Chinese pages: without one every character is a box.
PACKAGES = ["chromium", "fonts-wqy-microhei"]


def main(arguments: list[str]) -> int:
    """Run the suite; pytest's exit code."""
    not_run = [] if "-m" in arguments else _missing_for_browser()
    parallel = (
        []
        if any(word.startswith("-n") for word in arguments)
        else ["-n", "2", "--dist", "worksteal"]
    )
    without_browser = ["-m", "not browser"] if not_run else []
    pytest = [sys.executable, "-m", "pytest", "-q", *parallel, *without_browser, *arguments]
    # Ours, so that a browser already installed is found wherever the machine keeps it.
    browser = browser_path()
    environment = {**os.environ, **({"VINCULO_CHROMIUM": browser} if browser else {})}
    # Parts that are not set must not be taken for empty ones.
    for name in ("PORT", "VINCULO_DATA", "DATABASE_URL"):
        if not environment.get(name):
            environment.pop(name, None)
    code = subprocess.run(pytest, cwd=ROOT, env=environment, check=False).returncode
    for reason in not_run:
        print(f"\n*** NOT RUN: {reason} ***", file=sys.stderr)
    return code


def browser_path() -> str | None:
    """The browser of this machine, if it has one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _missing_for_browser() -> list[str]:
    """Install browser and font where we may; the reasons why browser tests cannot run, if any."""
    if browser_path() and _has_chinese_font():
        return []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing a browser and a font for the browser tests.", flush=True)
        if _apt("update") and _apt("install", "-y", "--no-install-recommends", *PACKAGES):
            return []
    if browser_path():
        print("*** No Chinese font: `apt-get install fonts-wqy-microhei`. ***", file=sys.stderr)
        return []
    return [f"the browser tests, because there is no browser: apt-get install {' '.join(PACKAGES)}"]


def _has_chinese_font() -> bool:
    listing = shutil.which("fc-list")
    if listing is None:
        return False
    found = subprocess.run([listing, ":lang=zh"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def _apt(*arguments: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *arguments], env=quiet, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(done.stderr.strip()[-500:], file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
