"""What this installation is: a demo that anybody may walk through, or a real one."""

import json
from pathlib import Path

from django.conf import settings

#: Whose customers the demo shows.
DEMO_COMPANY = "Aurora Trading"

_read: dict[str, tuple[int, bool]] = {}


def is_demo() -> bool:
    """Whether the data directory was made as a demo; read again when its note changes.

    Anything unclear counts as real: only a demo opens doors.
    """
    file = Path(settings.INSTALLATION_FILE)
    try:
        changed = file.stat().st_mtime_ns
        known = _read.get(str(file))
        if known is None or known[0] != changed:
            known = (changed, json.loads(file.read_text("utf-8")).get("kind") == "demo")
            _read[str(file)] = known
    except (OSError, ValueError, AttributeError):
        return False
    return known[1]


def company_name() -> str:
    """Whose installation this is, as the navigation says it; empty when nobody named it."""
    return settings.VINCULO_COMPANY or (DEMO_COMPANY if is_demo() else "")


def become_real() -> None:
    """Note that this installation is no demo any more: its doors close at once."""
    file = Path(settings.INSTALLATION_FILE)
    found = json.loads(file.read_text("utf-8"))
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({**found, "kind": "real"}, indent=2) + "\n", "utf-8")
    draft.replace(file)
