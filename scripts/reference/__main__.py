"""Write docs/reference anew: `python -m scripts.reference`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Write every page that changed, remove pages of what is gone, and name both."""
    # A folder of its own: reading the code must not make or touch an installation.
    with tempfile.TemporaryDirectory(prefix="vinculo-reference-") as folder:
        os.environ["VINCULO_DATA"] = f"{folder}/data"
        os.environ["DJANGO_SETTINGS_MODULE"] = "vinculo.config.settings"
        import django

        django.setup()
        from scripts.reference.pages import pages

        wanted = pages()
    target = ROOT / "docs" / "reference"
    target.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        page = target / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
            print(f"written: docs/reference/{name}")
    for page in target.glob("*.md"):
        if page.name not in wanted:
            page.unlink()
            print(f"removed: docs/reference/{page.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
